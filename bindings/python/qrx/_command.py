# SPDX-License-Identifier: LGPL-2.1-or-later
"""The verbs run, validate, inspect, graph and schema as the program `qrx` has them, with node types from Python files.

Any other verb is handed to the program. Exit codes: 0 ok, 1 the run failed, 2 usage or an invalid pipeline, 128 + signal.
"""
import argparse
import importlib.util
import json
import os
import signal
import sys

from gi.repository import Gio, GLib, Qrx

from ._errors import Error, PipelineError, describe, translate
from ._inspect import describe as describe_type, print_list, print_type
from ._pipelines import load, registry
from ._progress import Progress
from ._runs import Interrupts, context, raised
from ._scores import print_scores

OK, FAILED, INVALID = 0, 1, 2


class _Stop(Exception):
    """Ends the program with a status; the message is for stderr."""

    def __init__(self, status, message=None):
        super().__init__(message)
        self.status = status


def _say(text):
    print(f"qrx: {text}", file=sys.stderr)


def import_nodes(path):
    """Runs a Python file for the node types that it declares."""
    name = os.path.splitext(os.path.basename(path))[0]
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None:
        raise _Stop(INVALID, f"--import: found \"{path}\", expected a Python file")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    try:
        spec.loader.exec_module(module)
    except FileNotFoundError as error:
        if error.filename != path and os.path.abspath(path) != error.filename:
            raise _Stop(INVALID, f"--import {path}: {describe(error, path)}") from None
        raise _Stop(INVALID, f"--import: there is no file \"{path}\"") from None
    except (Exception, SystemExit) as error:
        raise _Stop(INVALID, f"--import {path}: {describe(error, os.path.abspath(path))}") from None
    return module


def _parser():
    parser = argparse.ArgumentParser(prog="python3 -m qrx", description=__doc__)
    parser.add_argument("--version", action="version", version=Qrx.get_version())
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="VERB")
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument("--import", dest="imports", action="append", default=[], metavar="FILE.py",
                        help="a Python file that declares node types; may be repeated")
    common.add_argument("--plugin-path", metavar="DIRS", help="look for plugins in these folders first")
    common.add_argument("--json", action="store_true", help="print JSON")
    file = argparse.ArgumentParser(add_help=False)
    file.add_argument("file", metavar="FILE", help="a pipeline file")
    file.add_argument("--set", dest="changes", action="append", default=[], metavar="NODE.PROPERTY=VALUE",
                      help="set a property first; may be repeated")
    run = verbs.add_parser("run", parents=[common, file], help="run a pipeline file")
    run.add_argument("--data", metavar="DIR", help="look here for data that are not beside the pipeline file")
    run.add_argument("--seed", type=int, metavar="N", help="seed of all random streams, instead of the file's")
    run.add_argument("--threads", type=int, default=0, metavar="N", help="threads to use at most; default: all processors")
    run.add_argument("-o", "--output", metavar="DIR", help="where to write; default: results/ and the file's name")
    run.add_argument("-q", "--quiet", action="store_true", help="print nothing on stderr but errors")
    verbs.add_parser("validate", parents=[common, file], help="check a pipeline file without running it")
    inspect = verbs.add_parser("inspect", parents=[common], help="list the node types, or describe one")
    inspect.add_argument("type", nargs="?", metavar="TYPE")
    verbs.add_parser("graph", parents=[common, file], help="print a pipeline for Graphviz, with the types on its links")
    verbs.add_parser("schema", parents=[common], help="print the JSON Schema of pipeline files")
    return parser


def _open(options, types):
    """The pipeline of the file, or every fault told."""
    changes = list(options.changes)
    if getattr(options, "seed", None) is not None:
        changes.append(f"seed={options.seed}")
    try:
        return load(options.file, changes, types)
    except PipelineError as error:
        if options.json:
            print(json.dumps({"valid": False, "diagnostics": [vars(fault) for fault in error.diagnostics]}, indent=2))
        for fault in error.diagnostics:
            _say(fault)
        if len(error.diagnostics) > 1:
            _say(f"{len(error.diagnostics)} faults in {options.file}")
        raise _Stop(INVALID) from None
    except Error as error:
        raise _Stop(INVALID, error.message) from None


def _check_run(options):
    if options.seed is not None and not 0 <= options.seed < 2**63:
        raise _Stop(INVALID, f"--seed: found {options.seed}, expected an integer from 0 to {2**63 - 1}")
    if not 0 <= options.threads <= 1024:
        raise _Stop(INVALID, f"--threads: found {options.threads}, expected an integer from 1 to 1024, or 0 for all processors")
    if options.data is not None and not os.path.isdir(options.data):
        raise _Stop(INVALID, f"--data: found \"{options.data}\", which is no folder")


def _choose_output(options):
    name = os.path.basename(options.file)
    return options.output or os.path.join("results", name[:-5] if name.endswith(".json") and name != ".json" else name)


def _run(options, types):
    _check_run(options)
    pipeline = _open(options, types)
    output = _choose_output(options)
    try:
        Qrx.Recorder.check(pipeline.native, output)
    except GLib.Error as error:
        raise _Stop(INVALID, translate(error).message) from None
    cancellable = Gio.Cancellable()
    its_context = context(pipeline.seed, options.threads, options.data, pipeline.native.get_base_directory(), output)
    runner = Qrx.Runner.new(pipeline.native, its_context)
    recorder = Qrx.Recorder.new(runner, output)
    # nohup(1) has SIGHUP ignored; shells have SIGINT ignored by what runs in the background, where kill(1) still means it.
    ignored = signal.getsignal(signal.SIGHUP) is signal.SIG_IGN
    numbers = [signal.SIGINT, signal.SIGTERM] + ([] if ignored else [signal.SIGHUP])
    with Interrupts(cancellable, numbers, forceful=True) as interrupts, Progress(runner, options.quiet):
        try:
            runner.run(cancellable)
            if not cancellable.is_cancelled():
                recorder.finish()
        except GLib.Error as error:
            if interrupts.received is None:
                raise _Stop(FAILED, translate(error).message) from raised.take()
    if interrupts.received is not None:
        raise _Stop(128 + interrupts.received, f"stopped by {signal.Signals(interrupts.received).name}")
    if options.json:
        print(recorder.dup_metrics())
        return
    print_scores(recorder, pipeline, sys.stdout)
    print(f"written to {output}")


def _validate(options, types):
    pipeline = _open(options, types)
    if options.json:
        print(json.dumps({"valid": True, "diagnostics": []}, indent=2))
    else:
        print(f"{options.file} is valid: {len(pipeline.nodes)} nodes")


def _inspect(options, types):
    if options.type is not None:
        try:
            found = describe_type(types, options.type)
        except GLib.Error as error:
            raise _Stop(INVALID, error.message) from None
        if options.json:
            print(json.dumps(found, indent=2, ensure_ascii=False))
        else:
            print_type(found)
    elif options.json:
        found = [json.loads(types.describe(name)) for name in types.dup_names(False)]
        print(json.dumps({"types": found}, indent=2, ensure_ascii=False))
    else:
        print_list(types)


def _graph(options, types):
    print(_open(options, types).to_dot(), end="")


def _schema(_options, types):
    print(types.schema())


_VERBS = {"run": _run, "validate": _validate, "inspect": _inspect, "graph": _graph, "schema": _schema}


def main(arguments=None):
    arguments = sys.argv[1:] if arguments is None else arguments
    if arguments and arguments[0] not in _VERBS and not arguments[0].startswith("-"):
        try:
            os.execvp("qrx", ["qrx", *arguments])
        except OSError as error:
            _say(f"cannot run the program qrx: {error.strerror}")
            return FAILED
    options = _parser().parse_args(arguments)
    try:
        for path in options.imports:
            import_nodes(path)
        try:
            types = registry(options.plugin_path)
        except PipelineError as error:
            raise _Stop(INVALID, error.message) from None
        except Error as error:
            raise _Stop(FAILED, error.message) from None
        _VERBS[options.verb](options, types)
    except _Stop as stop:
        if stop.args[0] is not None:
            _say(stop)
        return stop.status
    return OK
