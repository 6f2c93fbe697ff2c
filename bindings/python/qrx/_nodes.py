# SPDX-License-Identifier: LGPL-2.1-or-later
"""Node types written in Python: plain methods become the class' vfuncs, every exception an error with its text.

PyGObject prints an exception that leaves a vfunc and reports a bare failure, so each one is wrapped here. A class is
registered with GObject only after its body has run, hence the decorator that declares it.
"""
import functools
import inspect

from gi.repository import GObject, Qrx

from ._errors import failure
from ._tensors import numpy

# What a subclass may write, by the class that calls it, without the "do_" of the vfunc.
_METHODS = {
    Qrx.Node: ("resolve", "run"),
    Qrx.Layer: ("prepare", "start", "fit", "forward", "backward", "get_range"),
    Qrx.Monitor: ("measure",),
    Qrx.Block: ("read",),
    Qrx.Predictor: ("fill",),
}

declared = {}  # the classes that node() has declared, by name: a script's counterpart of a plugin


class Property(GObject.Property):
    """A property as GObject.Property has it, with a unit, or the choices that a text has."""

    def __init__(self, *args, unit=None, choices=None, **keywords):
        if choices is not None:
            keywords.setdefault("type", str)
            keywords.setdefault("default", choices[0])
        super().__init__(*args, **keywords)
        self.unit = unit
        self.choices = choices

    def describe(self, cls, name):
        if self.unit is not None or self.choices is not None:
            cls.describe_property(name, self.unit, None if self.choices is None else "|".join(self.choices))


class scalar(Property):
    """A number that a fit may learn, as `"a": 20` or `"a": {"value": 20, "train": "yes"}` in a pipeline file.

    In a layer, `step.a` has its present value for each column of the output, and `step.gradient.a` takes the gradient.
    """

    def __init__(self, default, minimum=-float("inf"), maximum=float("inf"), unit=None, blurb=""):
        super().__init__(type=Qrx.Scalar, unit=unit, blurb=blurb)
        self.range = (minimum, maximum)
        self.scalar = Qrx.Scalar.new(default, Qrx.ScalarTrain.FIXED, 1, Qrx.Parameterization.DIRECT)

    def _default_getter(self, instance):
        value = super()._default_getter(instance)
        return self.scalar if value is None else value

    def describe(self, cls, name):
        cls.describe_scalar(name, *self.range, self.scalar.get_value(), self.unit)


def _properties(cls, kind=GObject.Property):
    """The properties that a class and its Python ancestors declare, by name as pipeline files write it."""
    found = {}
    for ancestor in reversed(cls.__mro__):
        for name, value in vars(ancestor).items():
            if isinstance(value, kind):
                found[name.replace("_", "-")] = value
    return found


def _guard(method):
    """A vfunc of a method: what it raises becomes a GLib.Error; it succeeds unless it returns False."""
    code = getattr(inspect.unwrap(method), "__code__", None)
    author = None if code is None else code.co_filename

    @functools.wraps(method)
    def call(self, *args):
        try:
            return method(self, *args) is not False
        except BaseException as exception:  # whatever leaves a vfunc is lost, even an interrupt
            error = failure(exception, author, self.get_id() if isinstance(self, Qrx.Node) else None)
        raise error

    return call


def _prepare(method):
    """prepare(): trainable numbers are asked for without being named."""

    def prepare(self, plan):
        for name, entry in _properties(type(self), scalar).items():
            plan.add_scalar(name, entry.__get__(self, type(self)))
        return None if method is None else method(self, plan)

    return prepare if method is None else functools.wraps(method)(prepare)


def _get_range(method):
    """get_range(): True where the output is bounded; the bounds are arrays."""

    def get_range(self, step, low, high):
        return bool(method(self, step, numpy(low), numpy(high)))

    return functools.wraps(method)(get_range)


def _measure(method):
    """measure(): may return its statistics, {name: number}, to be put into the history."""

    def measure(self, layer, step, gradients, epoch, history):
        gradients = None if gradients is None else numpy(gradients, False)
        for name, value in (method(self, layer, step, gradients, epoch, history) or {}).items():
            history.set(epoch, f"{self.get_id()}.{name}", value)

    return functools.wraps(method)(measure)


_ADAPTERS = {"prepare": _prepare, "get_range": _get_range, "measure": _measure}


def _wrap(cls, names):
    for name in names:
        vfunc = cls.__dict__.get("do_" + name)
        method = cls.__dict__.get(name)
        if callable(vfunc):
            setattr(cls, "do_" + name, _guard(vfunc))
        elif callable(method) or (name == "prepare" and _properties(cls, scalar)):
            adapter = _ADAPTERS.get(name)
            setattr(cls, "do_" + name, _guard(method if adapter is None else adapter(method)))


def _init_subclass(base):
    def __init_subclass__(cls, **keywords):
        super(base, cls).__init_subclass__(**keywords)
        if not cls.__module__.startswith("gi."):
            for parent, names in _METHODS.items():
                if issubclass(cls, parent):
                    _wrap(cls, names)

    return classmethod(__init_subclass__)


def _declare_ports(cls, add, ports):
    for port, spec in (ports or {}).items():
        spec, blurb = (spec, None) if isinstance(spec, str) else spec
        add(port, spec, blurb)


def _check_scalars(cls):
    for name in _properties(cls, scalar):
        if hasattr(Qrx.Step, name.replace("-", "_")):
            raise TypeError(f"the scalar \"{name}\" has the name of something else that a step has; give it another")


def node(
    name, *, summary, category=None, inputs=None, outputs=None, citations=(), example=None, presets=None, scores=None,
    exclusions=(),
):
    """Declares a node type under the name that pipeline files write; for use as a decorator of its class.

    `inputs` and `outputs` are {port: spec} or {port: (spec, description)}; the first of each is the default one.
    `presets` are {name: (properties as JSON, summary)}, `scores` {name: (1 where more is better, -1 where less is, what it
    is)}, `exclusions` pairs of comma-separated property names.
    A monitor's ports need not be given.
    """

    def declare(cls):
        if not (isinstance(cls, type) and issubclass(cls, Qrx.Node)):
            raise TypeError(f"found {cls!r}, expected a class that derives from qrx.Node, qrx.Layer or qrx.Monitor")
        cls.set_name(name)
        cls.set_summary(summary)
        if category is not None:
            cls.set_category(category)
        monitor = issubclass(cls, Qrx.Monitor)
        _declare_ports(cls, cls.add_input, {"in": "flow:any[B, W]"} if monitor and inputs is None else inputs)
        _declare_ports(cls, cls.add_output, {"out": "monitor"} if monitor and outputs is None else outputs)
        _check_scalars(cls)
        for property_name, entry in _properties(cls, Property).items():
            if property_name.replace("-", "_") in vars(cls):
                entry.describe(cls, property_name)
        for citation in citations:
            cls.add_citation(citation)
        for preset, (properties, preset_summary) in (presets or {}).items():
            cls.add_preset(preset, properties, preset_summary)
        for score, (better, blurb) in (scores or {}).items():
            cls.add_score(score, better, blurb)
        for one, others in exclusions:
            cls.add_exclusion(one, others)
        if example is not None:
            cls.set_example(example)
        declared[name] = cls
        return cls

    return declare


for _base in (Qrx.Node, Qrx.Block, Qrx.Predictor):
    _base.__init_subclass__ = _init_subclass(_base)
