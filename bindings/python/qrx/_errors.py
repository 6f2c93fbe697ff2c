# SPDX-License-Identifier: LGPL-2.1-or-later
"""Errors in both directions: what C reports as exceptions of a class each, and what a script raises as a GLib.Error.

Knows the error domains of the library, nothing of nodes or pipelines.
"""
import dataclasses
import json
import os
import traceback
import typing

from gi.repository import Gio, GLib

from ._namespace import Qrx


@dataclasses.dataclass(frozen=True)
class Diagnostic:
    """One fault of a pipeline: where it is, what was found, what is allowed; None where something is not known."""

    message: str
    file: typing.Optional[str] = None
    line: typing.Optional[int] = None
    column: typing.Optional[int] = None
    pointer: typing.Optional[str] = None
    node: typing.Optional[str] = None
    suggestion: typing.Optional[str] = None

    def __str__(self):
        place = [str(part) for part in (self.file, self.line, self.column) if part is not None]
        return ":".join(place) + (": " if place else "") + self.message


class Error(GLib.Error):
    """Any failure that the library reports. `node` is the id of the node that failed, where there is one."""

    node = None

    def __str__(self):
        return self.message


class PipelineError(Error):
    """What is wrong with a pipeline before anything runs; `diagnostics` has every fault."""

    def __init__(self, message, domain=None, code=0, diagnostics=None):
        super().__init__(message, domain or "qrx-pipeline-error-quark", code)
        self.diagnostics = [Diagnostic(message)] if diagnostics is None else diagnostics


class DataError(Error):
    """What is wrong with data or a model file."""


class RunError(Error):
    """What went wrong while a pipeline ran; an exception raised by a node in Python is its `__cause__`."""


class Cancelled(Error):
    """The run was cancelled."""


def _adopt_codes(exception, enum):
    """The codes of a domain as attributes of its exception: `qrx.DataError.FORMAT`."""
    for value in enum.__enum_values__.values():
        setattr(exception, value.value_nick.upper().replace("-", "_"), value)


_DOMAINS = {
    "qrx-pipeline-error-quark": PipelineError,
    "qrx-data-error-quark": DataError,
    "qrx-run-error-quark": RunError,
}
_adopt_codes(PipelineError, Qrx.PipelineError)
_adopt_codes(DataError, Qrx.DataError)
_adopt_codes(RunError, Qrx.RunError)


def translate(error, node=None):
    """The exception of this package for a GLib.Error."""
    if isinstance(error, Error):
        return error
    if error.matches(Gio.io_error_quark(), Gio.IOErrorEnum.CANCELLED):
        kind = Cancelled
    else:
        kind = _DOMAINS.get(error.domain, Error)
    translated = kind(error.message, error.domain, error.code)
    translated.node = node
    return translated


def diagnostics_from_json(text):
    """What the library tells as JSON, as a list."""
    return [Diagnostic(**entry) for entry in json.loads(text)["diagnostics"]]


class raised:
    """The exception that a script's node raised last, and that node's id, for the error that comes back."""

    last = None
    node = None

    @classmethod
    def take(cls):
        exception, cls.last, cls.node = cls.last, None, None
        return exception


def _place(frame):
    return f"{os.path.basename(frame.filename)}:{frame.lineno}"


def describe(exception, author=None):
    """Type, text and place of an exception; `author` is the file whose line is named where another one raised."""
    text = str(exception)
    package = os.path.dirname(__file__)
    frames = traceback.extract_tb(exception.__traceback__)
    frames = [frame for frame in frames if os.path.dirname(frame.filename) != package]
    place = ""
    if isinstance(exception, SyntaxError) and exception.filename:
        text = exception.msg
        place = f"{os.path.basename(exception.filename)}:{exception.lineno}"
    elif frames:
        place = _place(frames[-1])
        own = [frame for frame in frames if frame.filename == author]
        if own and own[-1] is not frames[-1]:
            place += f", called at {_place(own[-1])}"
    return type(exception).__qualname__ + (f": {text}" if text else "") + (f" ({place})" if place else "")


def failure(exception, author=None, node=None):
    """The GLib.Error that tells of an exception, whatever it is."""
    raised.node = node
    if isinstance(exception, GLib.Error):
        return exception
    raised.last = exception
    if isinstance(exception, KeyboardInterrupt):
        return GLib.Error.new_literal(Gio.io_error_quark(), "interrupted", Gio.IOErrorEnum.CANCELLED)
    return GLib.Error.new_literal(Qrx.run_error_quark(), describe(exception, author), Qrx.RunError.FAILED)
