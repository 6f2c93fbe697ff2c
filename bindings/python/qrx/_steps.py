# SPDX-License-Identifier: LGPL-2.1-or-later
"""A step's tensors as numpy arrays, made once for each step: its tensors stay the same for a whole fit.

What is read is a view on the library's memory; what is assigned is written into it. Inputs, parameters, the target and
the output's gradient are read-only, for they belong to others. Knows steps and plans only.
"""
from gi.repository import Qrx

from ._tensors import numpy


class _Kept:
    """An attribute that is computed once for each object."""

    def __init__(self, compute):
        self.compute = compute
        self.name = compute.__name__[1:]
        self.__doc__ = compute.__doc__

    def __get__(self, instance, owner):
        if instance is None:
            return self
        value = self.compute(instance)
        instance.__dict__[self.name] = value
        return value


class _Gradients:
    """Gradients of the loss with respect to parameters and scalars, by name: `step.gradient.a = …`."""

    def __init__(self, step):
        for name in step.get_plan().dup_parameter_names():
            self.__dict__[name.replace("-", "_")] = numpy(step.get_parameter_gradient(name))

    def __setattr__(self, name, value):
        _write(self, name, value)


def _write(owner, name, value):
    """Assigning writes into the tensor; `x += 1` assigns what it has changed already."""
    array = getattr(owner, name)
    if value is not array:
        array[...] = value


def _input(self):
    """The first input, (rows, width)."""
    return self.inputs[0]


def _inputs(self):
    """All inputs, in the order of the ports."""
    return [numpy(self.get_input(i), False) for i in range(self.get_plan().get_n_inputs())]


def _output(self):
    """The output, (rows, width), which forward() fills."""
    return numpy(self.get_output())


def _output_gradient(self):
    """The gradient of the loss with respect to the output, which backward() reads."""
    return numpy(self.get_output_gradient(), False)


def _input_gradient(self):
    """The gradient with respect to the first input, which backward() fills."""
    return self.input_gradients[0]


def _input_gradients(self):
    """The gradients with respect to all inputs."""
    return [numpy(self.get_input_gradient(i)) for i in range(self.get_plan().get_n_inputs())]


def _gradient(self):
    """The gradients with respect to parameters and scalars, by name, which backward() fills."""
    return _Gradients(self)


def _target(self):
    """The training rows' targets, (rows, 1), in fit() only."""
    values = self.get_target()
    return None if values is None else numpy(values, False)


def _training(self):
    """Whether this is a minibatch of training rows."""
    return self.get_mode() == Qrx.Mode.TRAIN


_VIEWS = (
    _input,
    _inputs,
    _output,
    _output_gradient,
    _input_gradient,
    _input_gradients,
    _gradient,
    _target,
    _training,
)


def _find(step, name):
    """A parameter, scalar, buffer or workspace by name, with - or _."""
    plan = step.get_plan()
    for names, get, writeable in (
        (plan.dup_parameter_names(), step.get_parameter, False),
        (plan.dup_buffer_names(), step.get_buffer, True),
        (plan.dup_workspace_names(), step.get_workspace, True),
    ):
        for known in names:
            if known.replace("-", "_") == name:
                return numpy(get(known), writeable)
    return None


def _getattr(self, name):
    value = None if name.startswith("_") else _find(self, name)
    if value is None:
        raise AttributeError(f"this step has no parameter, scalar, buffer or workspace \"{name}\"")
    self.__dict__[name] = value
    return value


def _setattr(self, name, value):
    if name.startswith("_"):
        object.__setattr__(self, name, value)
    else:
        _write(self, name, value)


for _view in _VIEWS:
    setattr(Qrx.Step, _view.__name__[1:], _Kept(_view))
Qrx.Step.__getattr__ = _getattr
Qrx.Step.__setattr__ = _setattr
Qrx.Step.rows = property(Qrx.Step.get_n_rows)
Qrx.Step.random = property(lambda self: self.get_random())
