# SPDX-License-Identifier: LGPL-2.1-or-later
"""Pipelines built in code or read from files, checked, and run. Knows nodes by what the registry says of them."""
import json
import os

from gi.repository import GLib, Qrx

from ._errors import PipelineError, diagnostics_from_json, translate
from ._nodes import declared
from ._runs import run as _run


def registry(plugin_path=None):
    """The node types that there are: those of the plugins, and those that node() declared in this process."""
    types = Qrx.Registry.new()
    try:
        types.load_plugins(plugin_path)
        for cls in declared.values():
            types.add(cls)
    except GLib.Error as error:
        raise translate(error) from None
    return types


def _plain(value):
    """What JSON holds of a property's value: numpy's numbers, arrays, tuples and scalars included."""
    if isinstance(value, Qrx.Scalar):
        trains = {Qrx.ScalarTrain.FIXED: "no", Qrx.ScalarTrain.SHARED: "yes", Qrx.ScalarTrain.PER_QUBIT: "per-qubit"}
        softplus = value.get_parameterization() == Qrx.Parameterization.SOFTPLUS
        return {
            "value": value.get_value(),
            "train": trains[value.get_train()],
            "rate": value.get_rate(),
            "parameterization": "softplus" if softplus else "direct",
        }
    if hasattr(value, "tolist"):
        return value.tolist()
    if isinstance(value, os.PathLike):
        return os.fspath(value)
    raise TypeError(f"found {value!r}, expected what a pipeline file can hold")


def _json(value):
    return json.dumps(value, default=_plain, allow_nan=False)


def _overrides(changes):
    """Changes as the command line writes them, from a dictionary {"node.property": value} or a list of texts."""
    if changes is None:
        return None
    if isinstance(changes, dict):
        return [f"{key}={value if key.endswith('.type') else _json(value)}" for key, value in changes.items()]
    return list(changes)


class Port:
    """An output of a node, to be linked to an input of another."""

    def __init__(self, node, name):
        self.node = node
        self.name = name

    def __str__(self):
        return f"{self.node.id}.{self.name}"


class NodeHandle:
    """A node of a pipeline. Linking it links its default output; `handle["port"]` or `handle.port` is another one."""

    def __init__(self, pipeline, native):
        self.pipeline = pipeline
        self.native = native

    @property
    def id(self):
        return self.native.get_id()

    def __getitem__(self, port):
        names = _ports(self.native, True)
        if port not in names:
            raise KeyError(f"{self.id} has no output \"{port}\"; it has {', '.join(names)}")
        return Port(self, port)

    def __getattr__(self, name):
        try:
            return self[name.replace("_", "-")]
        except KeyError as error:
            raise AttributeError(error.args[0]) from None

    def __str__(self):
        return self.id

    def __repr__(self):
        return f"<qrx node {self.id} ({self.native.get_type_name()})>"


def _ports(native, output):
    cls = type(native)
    ports = [cls.get_port(i) for i in range(cls.get_n_ports())]
    return [port.get_name() for port in ports if port.is_output() == output]


class Pipeline:
    """A graph of nodes. `native` is the Qrx.Pipeline."""

    def __init__(self, registry=None, seed=0, native=None):
        self.native = native if native is not None else Qrx.Pipeline.new(registry or _default_registry())
        if native is None:
            self.seed = seed
        self.diagnose = self.native.diagnose

    @property
    def registry(self):
        return self.native.get_registry()

    @property
    def seed(self):
        return self.native.get_seed()

    @seed.setter
    def seed(self, seed):
        if not 0 <= seed < 2**63:
            raise ValueError(f"found the seed {seed}, expected an integer from 0 to 2^63 - 1")
        self.native.set_seed(seed)

    @property
    def nodes(self):
        """The nodes by id; in the order of running once the pipeline is validated."""
        nodes = (self.native.get_node(i) for i in range(self.native.get_n_nodes()))
        return {node.get_id(): NodeHandle(self, node) for node in nodes}

    def __getitem__(self, id):
        node = self.native.find_node(id)
        if node is None:
            raise KeyError(f"there is no node \"{id}\"")
        return NodeHandle(self, node)

    def _free_id(self, name):
        number, id = 1, name
        while self.native.find_node(id) is not None:
            number += 1
            id = f"{name}-{number}"
        return id

    def add(self, type, *inputs, id=None, **keywords):
        """Adds a node and links its inputs.

        `type` is a type's or preset's name, a class that node() declared, a table, or a node. What follows is linked to
        the default input: a handle, "id" or "id.port". Keywords are inputs by their ports' names, or properties; write
        _ for -, and another _ behind a word that Python keeps for itself.
        """
        try:
            node, ports = self._make(type, id, keywords)
            self.native.add(node)
        except GLib.Error as error:
            raise translate(error, id) from None
        try:
            for end in inputs:
                self.link(end, node.get_id())
            for port, ends in ports.items():
                for end in ends if isinstance(ends, (list, tuple)) else [ends]:
                    self.link(end, f"{node.get_id()}.{port}")
        except PipelineError:
            self.native.remove(node.get_id())  # a node is there with its links or not at all
            raise
        return NodeHandle(self, node)

    def _make(self, type, id, keywords):
        words = {name.rstrip("_").replace("_", "-"): value for name, value in keywords.items()}
        if isinstance(type, Qrx.Table):
            type = Qrx.TableSource.new(self._free_id("table") if id is None else id, type)
        if isinstance(type, Qrx.Node):
            names = _ports(type, False)
            extra = [name for name in words if name not in names]
            if extra:
                raise TypeError(f"{type.get_id()} is made already, so its property \"{extra[0]}\" cannot be set")
            return type, words
        name = type if isinstance(type, str) else type.get_name()
        known, _ = self.registry.lookup(name)
        inputs = [port["name"] for port in json.loads(self.registry.describe(name))["inputs"]] if known else []
        ports = {word: words.pop(word) for word in list(words) if word in inputs}
        return self.registry.create(name, self._free_id(name) if id is None else id, _json(words)), ports

    def link(self, source, target):
        """Links an output (a handle, "id" or "id.port") to an input ("id" or "id.port")."""
        try:
            self.native.link(str(source), str(target))
        except GLib.Error as error:
            raise translate(error) from None

    def validate(self):
        """Checks everything that can be known before running; raises a PipelineError with every fault."""
        faults = diagnostics_from_json(self.native.diagnose())
        if faults:
            raise PipelineError("\n".join(str(fault) for fault in faults), diagnostics=faults)
        return self

    def to_json(self):
        """The text of a pipeline file with nothing left to defaults."""
        return self.native.to_json()

    def to_dot(self):
        """The graph for Graphviz, with the types on its links."""
        return self.native.to_dot()

    def run(self, threads=0, data=None, output=None, progress=None, message=None, warning=None, cancellable=None, keep=True):
        self.validate()
        return _run(self, threads, data, output, progress, message, warning, cancellable, keep)

    run.__doc__ = _run.__doc__.replace("Runs a pipeline.", "Validates the pipeline and runs all its nodes; returns a Result.", 1)

    def __repr__(self):
        nodes = [str(handle) for handle in self.nodes.values()]
        return f"<qrx pipeline, seed {self.seed}, {len(nodes)} nodes: {_shorten(nodes)}>"


def _shorten(names, most=12):
    return ", ".join(names[:most]) + (", …" if len(names) > most else "")


def _default_registry():
    return registry()


def load(path, set=None, registry=None):
    """Reads and validates a pipeline file.

    `set` changes it before: {"normalize.type": "sigmoid-pi", "seed": 3} or ["normalize.type=sigmoid-pi"].
    """
    types = registry or _default_registry()
    path, changes = os.fspath(path), _overrides(set)
    try:
        return Pipeline(native=Qrx.Pipeline.load(types, path, changes, None))
    except GLib.Error as error:
        failure = translate(error)
        if isinstance(failure, PipelineError):
            failure.diagnostics = diagnostics_from_json(Qrx.Pipeline.diagnose_file(types, path, changes))
        raise failure from None


def parse(text, name=None, base_directory=None, set=None, registry=None):
    """Reads and validates a pipeline from the text of a file, or from what a file holds as a dictionary."""
    types = registry or _default_registry()
    text, changes = text if isinstance(text, str) else _json(text), _overrides(set)
    try:
        return Pipeline(native=Qrx.Pipeline.parse(types, text, name, base_directory, changes, None))
    except GLib.Error as error:
        failure = translate(error)
        if isinstance(failure, PipelineError):
            faults = Qrx.Pipeline.diagnose_text(types, text, name, base_directory, changes)
            failure.diagnostics = diagnostics_from_json(faults)
        raise failure from None


def load_model(path, registry=None):
    """A saved model, ready to predict: `qrx.load_model("fit.safetensors").predict(table, False, qrx.context(), None)`."""
    try:
        return Qrx.Predictor.load(registry or _default_registry(), os.fspath(path))
    except GLib.Error as error:
        raise translate(error) from None
