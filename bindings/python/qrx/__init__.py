# SPDX-License-Identifier: LGPL-2.1-or-later
"""Qrx in Python: dataflow of quantum-classical hybrid models for drug response.

Everything of the library is here by its own name (`qrx.Table` is `gi.repository.Qrx.Table`); numpy, pandas, exceptions
and decorators are added. See docs/scripting.md.
"""
from ._errors import Cancelled, DataError, Diagnostic, Error, PipelineError, RunError
from ._tensors import numpy, tensor
from . import _steps, _values  # noqa: F401  they add to the library's classes
from ._nodes import Property, declared, node, scalar
from ._pipelines import NodeHandle, Pipeline, Port, load, load_model, parse, registry
from ._runs import NodeResult, Result, context, run

from gi.repository import Qrx as _Qrx

Namespace = _Qrx


def __getattr__(name):
    return getattr(_Qrx, name)


def __dir__():
    return sorted({*globals(), *dir(_Qrx)})
