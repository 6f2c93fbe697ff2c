# SPDX-License-Identifier: LGPL-2.1-or-later
"""Running a pipeline: progress, messages, cancelling, Ctrl-C, and the values that come out."""
import collections.abc
import contextlib
import os
import signal
import threading
import time

from gi.repository import Gio, GLib, Qrx

from ._errors import raised, translate

_PATIENCE = 0.5  # seconds in which a further signal is the same: timeout(1) and terminals send to process and group


class Interrupts:
    """Cancels when a signal comes, even while the main thread is in C: a thread waits for what Python's handler writes.

    The handler itself does nothing for as long: an exception out of it would strike anywhere, also within the bindings.
    `numbers` are the signals that count; None is Ctrl-C, unless the script has a handler of its own. `received` is the
    one that came. A second one ends the process if `forceful`.
    """

    def __init__(self, cancellable, numbers=None, forceful=False):
        self.cancellable = cancellable
        self.numbers = numbers
        self.forceful = forceful
        self.received = None
        self.handlers = {}

    def _wait(self, end, previous):
        since = None
        while True:
            byte = os.read(end, 1)
            if byte in (b"", b"\0"):
                return
            if previous != -1:
                with contextlib.suppress(OSError):
                    os.write(previous, byte)
            if byte[0] not in self.numbers:
                continue
            if self.received is None:
                self.received, since = byte[0], time.monotonic()
                self.cancellable.cancel()
            elif self.forceful and time.monotonic() - since > _PATIENCE:
                os._exit(128 + byte[0])

    def __enter__(self):
        self.thread = None
        if threading.current_thread() is not threading.main_thread():
            return self
        if self.numbers is None:
            self.numbers = [signal.SIGINT] if signal.getsignal(signal.SIGINT) is signal.default_int_handler else []
        self.ends = os.pipe()
        os.set_blocking(self.ends[1], False)
        self.previous = signal.set_wakeup_fd(self.ends[1], warn_on_full_buffer=False)
        self.handlers = {number: signal.signal(number, lambda *_: None) for number in self.numbers}
        self.thread = threading.Thread(target=self._wait, args=(self.ends[0], self.previous), daemon=True)
        self.thread.start()
        return self

    def __exit__(self, *exception):
        if self.thread is None:
            return
        for number, handler in self.handlers.items():
            signal.signal(number, signal.SIG_DFL if handler is None else handler)
        signal.set_wakeup_fd(self.previous)
        os.write(self.ends[1], b"\0")
        self.thread.join()
        for end in self.ends:
            os.close(end)


class NodeResult(collections.abc.Mapping):
    """The values at a node's outputs, by port: `result["fit"].predictions` or `result["fit"]["predictions"]`."""

    def __init__(self, runner, node):
        self._runner = runner
        cls = type(node)
        ports = [cls.get_port(i) for i in range(cls.get_n_ports())]
        self._id = node.get_id()
        self._ports = [port.get_name() for port in ports if port.is_output()]

    def __getitem__(self, port):
        if port not in self._ports:
            raise KeyError(f"{self._id} has no output \"{port}\"; it has {', '.join(self._ports)}")
        return self._runner.get_value(self._id, port)

    def __iter__(self):
        return iter(self._ports)

    def __len__(self):
        return len(self._ports)

    def __getattr__(self, name):
        try:
            return self[name.replace("_", "-")]
        except KeyError as error:
            raise AttributeError(error.args[0]) from None

    def __repr__(self):
        return f"<qrx results of {self._id}: {', '.join(self._ports)}>"


class Result(collections.abc.Mapping):
    """What a run made, by node id. Values that were not kept are None."""

    def __init__(self, pipeline, runner, directory):
        self.pipeline = pipeline
        self.directory = directory
        self._runner = runner
        self._nodes = {id: NodeResult(runner, handle.native) for id, handle in pipeline.nodes.items()}

    def __getitem__(self, id):
        if id not in self._nodes:
            raise KeyError(f"there is no node \"{id}\"; there are {', '.join(self._nodes)}")
        return self._nodes[id]

    def __iter__(self):
        return iter(self._nodes)

    def __len__(self):
        return len(self._nodes)

    @property
    def metrics(self):
        """All scores: {node: {role: {score: value}}}."""
        values = {id: [value for value in node.values() if isinstance(value, Qrx.Metrics)] for id, node in self.items()}
        return {id: found[0].to_dict() for id, found in values.items() if found}

    def __repr__(self):
        where = f", written to {self.directory}" if self.directory is not None else ""
        scores = [
            f"{id} {role} {scores['auc']:.3f}"
            for id, roles in self.metrics.items()
            for role, scores in roles.items()
            if role in ("test", "external") and scores.get("auc") is not None
        ]
        found = f", AUC: {', '.join(scores)}" if scores else ""
        return f"<qrx results of {len(self)} nodes: {', '.join(self)}{found}{where}>"


class _Listener:
    """Calls a script's functions for a runner's signals; what they raise ends the run, and is raised there."""

    def __init__(self, cancellable):
        self.cancellable = cancellable
        self.exception = None
        self.node = None

    def connect(self, runner, signal_name, function):
        def call(_runner, *args):
            if self.exception is not None:
                return
            try:
                function(*args)
            except BaseException as exception:  # it would be printed and forgotten
                self.exception = exception
                self.cancellable.cancel()

        if function is not None:
            runner.connect(signal_name, call)

    def start(self, node):
        self.node = node.get_id()


def context(seed=0, threads=0, data=None, base_directory=None, output=None):
    """What a run gives to its nodes; `threads` 0 is all processors."""
    return Qrx.Context(
        seed=seed,
        n_threads=threads,
        data_directory=None if data is None else os.fspath(data),
        base_directory=None if base_directory is None else os.fspath(base_directory),
        output_directory=None if output is None else os.fspath(output),
    )


def _check_output(pipeline, directory):
    try:
        Qrx.Recorder.check(pipeline.native, directory)
    except GLib.Error as error:
        raise translate(error) from None


def run(pipeline, threads=0, data=None, output=None, progress=None, message=None, warning=None, cancellable=None, keep=True):
    """Runs a pipeline.

    threads: how many to use at most; the result is the same. 0: all processors.
    data: a folder in which to look for data files that are not beside the pipeline file; after it, the one that the
        environment variable QRX_DATA names.
    output: a folder to write into what `qrx run` writes; None writes nothing but what nodes write.
    progress: called with (node id, its fraction, the fraction of the whole, text).
    message: called with (node id, text), warnings included.
    warning: called with (node id, text) of what looks wrong, such as crowding angles.
    cancellable: a Gio.Cancellable; its cancel() may be called from anywhere, progress() included.
    keep: whether the values of all nodes stay; else only those that no other node takes.

    Raises RunError, DataError, PipelineError or Cancelled; KeyboardInterrupt if Ctrl-C ended it; or what progress(),
    message() or warning() raised.
    """
    cancellable = cancellable or Gio.Cancellable()
    base_directory = pipeline.native.get_base_directory()
    its_context = context(pipeline.seed, threads, data, base_directory, output)
    if output is not None:
        _check_output(pipeline, os.fspath(output))
    runner = Qrx.Runner(pipeline=pipeline.native, context=its_context, keep_values=keep)
    recorder = None if output is None else Qrx.Recorder.new(runner, os.fspath(output))
    listener = _Listener(cancellable)
    listener.connect(runner, "node-started", listener.start)
    listener.connect(runner, "progress", progress)
    listener.connect(runner, "message", message)
    listener.connect(runner, "message::warning", warning)
    raised.take()
    with Interrupts(cancellable) as interrupts:
        try:
            runner.run(cancellable)
            if recorder is not None:
                recorder.finish()
        except GLib.Error as error:
            if listener.exception is not None:
                raise listener.exception
            if interrupts.received is not None:
                raise KeyboardInterrupt from None
            node = raised.node or listener.node
            raise translate(error, node) from raised.take()
    if listener.exception is not None:
        raise listener.exception
    if interrupts.received is not None:
        raise KeyboardInterrupt
    return Result(pipeline, runner, output)
