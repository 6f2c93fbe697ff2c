// SPDX-License-Identifier: LGPL-2.1-or-later
// Pipelines built in code or read from files, checked, and run. Knows nodes by what the registry says of them.
import Gio from 'gi://Gio';
import GLib from 'gi://GLib';
import Qrx from 'gi://Qrx?version=1.0';
import System from 'system';

import {declared, raised} from './qrx-nodes.js';

const DOMAINS = new Map([
    [Qrx.Pipeline.error_quark(), 'pipeline'],
    [Qrx.data_error_quark(), 'data'],
    [Qrx.run_error_quark(), 'run'],
    [Gio.io_error_quark(), 'io'],
]);

// Any failure that the library reports. `kind` is "pipeline", "data", "run", "cancelled" or "io"; `node` the node that failed;
// `diagnostics` has every fault of a pipeline; `cause` is the exception that a node in JavaScript raised.
export class QrxError extends Error {
    constructor(error, node = null, diagnostics = []) {
        const {last} = raised;
        super(error.message, last === null ? undefined : {cause: last});
        raised.last = null;
        const cancelled = error instanceof GLib.Error && error.matches(Gio.io_error_quark(), Gio.IOErrorEnum.CANCELLED);
        this.name = 'QrxError';
        this.kind = cancelled ? 'cancelled' : DOMAINS.get(error.domain) ?? 'pipeline';
        this.node = node;
        this.diagnostics = diagnostics;
    }
}

function attempt(call, diagnose = () => []) {
    try {
        return call();
    } catch (error) {
        if (!(error instanceof GLib.Error))
            throw error;
        throw new QrxError(error, null, DOMAINS.get(error.domain) === 'pipeline' ? diagnose() : []);
    }
}

// The node types that there are: those of the plugins, and those that node() declared in this process.
export function registry(pluginPath = null) {
    const types = Qrx.Registry.new();
    attempt(() => types.load_plugins(pluginPath));
    for (const klass of declared.values())
        attempt(() => types.add(klass.$gtype));
    return types;
}

const kebab = name => name.replaceAll('_', '-').replace(/[A-Z]/g, letter => `-${letter.toLowerCase()}`);

function overridesOf(changes) {
    if (changes === null || Array.isArray(changes))
        return changes;
    const write = (key, value) => key.endsWith('.type') ? value : JSON.stringify(value);
    return Object.entries(changes).map(([key, value]) => `${key}=${write(key, value)}`);
}

const outputsOf = node => {
    const {constructor: klass} = node;
    const ports = Array.from({length: klass.get_n_ports()}, (_, i) => klass.get_port(i));
    return ports.filter(port => port.is_output()).map(port => port.get_name());
};

// What a run made. node(id) has the values at a node's outputs by port, null where one was not kept.
class Result {
    constructor(pipeline, runner, directory) {
        this.pipeline = pipeline;
        this.directory = directory;
        this.runner = runner;
    }

    node(id) {
        const node = this.pipeline.find(id);
        return Object.fromEntries(outputsOf(node).map(port => [port, this.runner.get_value(id, port)]));
    }

    // {node: {role: {score: value}}}
    get metrics() {
        const found = {};
        for (const id of this.pipeline.ids) {
            const metrics = Object.values(this.node(id)).find(value => value instanceof Qrx.Metrics);
            if (metrics)
                found[id] = JSON.parse(metrics.to_json());
        }
        return found;
    }
}

// What a run gives to its nodes; 0 threads are all processors.
export function context({seed = 0, threads = 0, data = null, baseDirectory = null, output = null} = {}) {
    return new Qrx.Context({
        seed, n_threads: threads, data_directory: data, base_directory: baseDirectory, output_directory: output,
    });
}

// A graph of nodes; `native` is the Qrx.Pipeline.
export class Pipeline {
    constructor({types = registry(), seed = 0, native = null} = {}) {
        this.native = native ?? Qrx.Pipeline.new(types);
        if (native === null)
            this.native.set_seed(seed);
    }

    get ids() {
        return Array.from({length: this.native.get_n_nodes()}, (_, i) => this.native.get_node(i).get_id());
    }

    find(id) {
        const node = this.native.find_node(id);
        if (node === null)
            throw new RangeError(`there is no node "${id}"; there are ${this.ids.join(', ')}`);
        return node;
    }

    // Adds a node: a type's or preset's name, a class that node() declared, a table, or a node made already; with `id`, `from` as
    // pipeline files have it ("node", "node.port", a list, or {port: …}), and properties. Returns the id.
    add(type, {id = null, from = {}, ...properties} = {}) {
        const members = Object.fromEntries(Object.entries(properties).map(([name, value]) => [kebab(name), value]));
        return attempt(() => {
            const node = this.#make(type, id, members);
            this.native.add(node);
            this.#link(node.get_id(), typeof from === 'string' || Array.isArray(from) ? {'': from} : from);
            return node.get_id();
        });
    }

    // A node is there with its links or not at all.
    #link(id, ends) {
        try {
            for (const [port, sources] of Object.entries(ends)) {
                for (const source of [sources].flat())
                    this.native.link(source, port === '' ? id : `${id}.${port}`);
            }
        } catch (error) {
            this.native.remove(id);
            throw error;
        }
    }

    #freeId(name) {
        let id = name;
        for (let i = 2; this.native.find_node(id) !== null; i++)
            id = `${name}-${i}`;
        return id;
    }

    #make(type, id, members) {
        if (type instanceof Qrx.Table)
            return Qrx.TableSource.new(id ?? this.#freeId('table'), type);
        if (type instanceof Qrx.Node)
            return type;
        const name = typeof type === 'string' ? type : type.get_name();
        return this.native.get_registry().create(name, id ?? this.#freeId(name), JSON.stringify(members));
    }

    // Checks everything that can be known before running; throws a QrxError with every fault.
    validate() {
        const {diagnostics} = JSON.parse(this.native.diagnose());
        if (diagnostics.length > 0)
            throw new QrxError(new Error(diagnostics.map(fault => fault.message).join('\n')), null, diagnostics);
        return this;
    }

    // Validates and runs all nodes. progress(node, fraction of it, fraction of the whole, text), message(node, text) and
    // warning(node, text), of what looks wrong, are called on the way; what they throw ends the run and is thrown here.
    // `output` is a folder to write into what `qrx run` writes.
    run({threads = 0, data = null, output = null, progress = null, message = null, warning = null, cancellable = null,
        keep = true} = {}) {
        const cancel = cancellable ?? new Gio.Cancellable();
        const baseDirectory = this.native.get_base_directory();
        const its = context({seed: this.native.get_seed(), threads, data, baseDirectory, output});
        const runner = new Qrx.Runner({pipeline: this.native, context: its, keep_values: keep});
        const recorder = output === null ? null : Qrx.Recorder.new(runner, output);
        const state = {node: null, thrown: null};
        const listen = (signal, call) => call && runner.connect(signal, (_, ...args) => {
            try {
                if (state.thrown === null)
                    call(...args);
            } catch (error) {
                state.thrown = {error};
                cancel.cancel();
            }
        });
        this.validate();
        if (output !== null)
            attempt(() => Qrx.Recorder.check(this.native, output));
        listen('node-started', node => (state.node = node.get_id()));
        listen('progress', progress);
        listen('message', message);
        listen('message::warning', warning);
        raised.last = null;
        try {
            runner.run(cancel);
            recorder?.finish();
        } catch (error) {
            throw state.thrown !== null ? state.thrown.error : new QrxError(error, state.node);
        } finally {
            System.gc(); // views hold tensors, whose size the collector does not see
        }
        if (state.thrown !== null)
            throw state.thrown.error;
        return new Result(this, runner, output);
    }
}

// Reads and validates a pipeline file; `set` changes it before, as {'normalize.type': 'sigmoid-pi'} or
// ['normalize.type=sigmoid-pi'].
export function load(path, {set = null, types = registry()} = {}) {
    const changes = overridesOf(set);
    const native = attempt(() => Qrx.Pipeline.load(types, path, changes, null),
        () => JSON.parse(Qrx.Pipeline.diagnose_file(types, path, changes)).diagnostics);
    return new Pipeline({types, native});
}

// Reads and validates a pipeline from a file's text, or from what a file holds as an object.
export function parse(source, {name = null, baseDirectory = null, set = null, types = registry()} = {}) {
    const changes = overridesOf(set);
    const content = typeof source === 'string' ? source : JSON.stringify(source);
    const native = attempt(() => Qrx.Pipeline.parse(types, content, name, baseDirectory, changes, null),
        () => JSON.parse(Qrx.Pipeline.diagnose_text(types, content, name, baseDirectory, changes)).diagnostics);
    return new Pipeline({types, native});
}
