// SPDX-License-Identifier: LGPL-2.1-or-later
// Node types written in JavaScript: plain methods become the class' vfuncs, every exception an error with its text.
// Knows classes and steps, no pipeline.
import GLib from 'gi://GLib';
import GObject from 'gi://GObject';
import Qrx from 'gi://Qrx?version=1.0';

import {view} from './qrx-values.js';

const METHODS = ['resolve', 'run', 'prepare', 'start', 'fit', 'forward', 'backward', 'get_range', 'measure'];
const FLAGS = GObject.ParamFlags.READWRITE | GObject.ParamFlags.CONSTRUCT_ONLY;
const VIEWS = Symbol('views');

export const declared = new Map(); // the classes that node() has declared, by name: a script's counterpart of a plugin
export const raised = {last: null}; // the exception that a node raised last, the cause of the error that comes back

// Properties, for node(): each makes its GParamSpec, and says what that cannot hold.

// A number that a fit may learn: `"a": 20` or `"a": {"value": 20, "train": "yes"}` in a pipeline file.
export function scalar(value, {minimum = -Infinity, maximum = Infinity, unit = null, blurb = ''} = {}) {
    return {
        scalar: true,
        make: name => GObject.ParamSpec.boxed(name, null, blurb, FLAGS, Qrx.Scalar.$gtype),
        describe: (klass, name) => klass.describe_scalar(name, minimum, maximum, value, unit),
    };
}

function described(make, unit, choices = null) {
    return {
        make,
        describe: (klass, name) => {
            if (unit !== null || choices !== null)
                klass.describe_property(name, unit, choices);
        },
    };
}

export function number(value, {minimum = -Number.MAX_VALUE, maximum = Number.MAX_VALUE, unit = null, blurb = ''} = {}) {
    return described(name => GObject.ParamSpec.double(name, null, blurb, FLAGS, minimum, maximum, value), unit);
}

export function integer(value, {minimum = -(2 ** 31), maximum = 2 ** 31 - 1, unit = null, blurb = ''} = {}) {
    return described(name => GObject.ParamSpec.int(name, null, blurb, FLAGS, minimum, maximum, value), unit);
}

export function flag(value, {blurb = ''} = {}) {
    return described(name => GObject.ParamSpec.boolean(name, null, blurb, FLAGS, value), null);
}

export function text(value, {blurb = ''} = {}) {
    return described(name => GObject.ParamSpec.string(name, null, blurb, FLAGS, value), null);
}

// The first choice is the default.
export function choice(choices, {blurb = ''} = {}) {
    return described(name => GObject.ParamSpec.string(name, null, blurb, FLAGS, choices[0]), null, choices.join('|'));
}

const identifier = name => name.replaceAll('-', '_');

function define(target, names, get) {
    for (const name of names)
        target[identifier(name)] = view(get(name));
}

// A step's tensors as typed arrays, made once for each step: its tensors stay the same for a whole fit. Rows lie one after
// another: element (i, j) of a matrix of `width` columns is at i * width + j.
class StepView {
    constructor(step) {
        const plan = step.get_plan();
        const inputs = Array.from({length: plan.get_n_inputs()}, (_, i) => i);
        this.native = step;
        this.rows = step.get_n_rows();
        this.width = plan.get_output_width();
        this.widths = inputs.map(i => plan.get_input_width(i));
        this.training = step.get_mode() === Qrx.Mode.TRAIN;
        this.inputs = inputs.map(i => view(step.get_input(i)));
        this.output = view(step.get_output());
        this.target = step.get_target() === null ? null : view(step.get_target());
        define(this, plan.dup_workspace_names(), name => step.get_workspace(name));
        define(this, plan.dup_buffer_names(), name => step.get_buffer(name));
        define(this, plan.dup_parameter_names(), name => step.get_parameter(name));
        [this.input] = this.inputs;
    }

    // Gradients are for backward(), which only a step in training has.
    addGradients() {
        const step = this.native;
        this.outputGradient = view(step.get_output_gradient());
        this.inputGradients = this.inputs.map((_, i) => view(step.get_input_gradient(i)));
        [this.inputGradient] = this.inputGradients;
        this.gradient = {};
        define(this.gradient, step.get_plan().dup_parameter_names(), name => step.get_parameter_gradient(name));
        Object.freeze(this.gradient);
        return Object.freeze(this);
    }
}

function viewsOf(step, backward = false) {
    const views = step[VIEWS] ??= new StepView(step);
    return backward && !Object.isFrozen(views) ? views.addGradients() : views;
}

function place(error) {
    return error.fileName ? ` (${error.fileName.replace(/^.*\//, '')}:${error.lineNumber})` : '';
}

// The GLib.Error that tells of an exception, whatever it is.
function failure(error) {
    if (error instanceof GLib.Error)
        return error;
    raised.last = error;
    const message = error instanceof Error ? `${error.name}: ${error.message}${place(error)}` : `${error}`;
    return new GLib.Error(Qrx.run_error_quark(), Qrx.RunError.FAILED, message);
}

function guard(method) {
    return function (...args) {
        try {
            return method.apply(this, args) !== false;
        } catch (error) {
            throw failure(error);
        }
    };
}

// How each method is called: with views instead of tensors.
const ADAPTERS = {
    get_range: method => function (step, low, high) {
        return method.call(this, viewsOf(step), view(low), view(high)) === true;
    },
    measure: method => function (layer, step, gradients, epoch, history) {
        const found = method.call(this, layer, step && viewsOf(step), gradients && view(gradients), epoch, history);
        for (const [name, value] of Object.entries(found ?? {}))
            history.set(epoch, `${this.get_id()}.${name}`, value);
    },
    backward: method => function (step) {
        return method.call(this, viewsOf(step, true));
    },
    forward: method => function (step) {
        return method.call(this, viewsOf(step));
    },
    fit: method => function (step) {
        return method.call(this, viewsOf(step));
    },
};

function prepareWith(scalars, method) {
    return function (plan) {
        for (const name of scalars)
            plan.add_scalar(name, this[identifier(name)]);
        return method?.call(this, plan);
    };
}

// Defined, not assigned: assigning asks the parent first, which may not have it.
function setVfunc(prototype, name, method) {
    Object.defineProperty(prototype, `vfunc_${name}`, {value: guard(method), configurable: true, writable: true});
}

function wrap(klass, scalars) {
    const {prototype} = klass;
    for (const name of METHODS.filter(known => Object.hasOwn(prototype, known)))
        setVfunc(prototype, name, ADAPTERS[name]?.(prototype[name]) ?? prototype[name]);
    if (scalars.length > 0)
        setVfunc(prototype, 'prepare', prepareWith(scalars, Object.hasOwn(prototype, 'prepare') ? prototype.prepare : null));
}

function declarePorts(klass, add, ports) {
    for (const [port, spec] of Object.entries(ports)) {
        const [what, blurb] = Array.isArray(spec) ? spec : [spec, null];
        klass[add](port, what, blurb);
    }
}

// Registers a class and declares its node type: {name, summary, category, inputs: {port: spec or [spec, description]}, outputs,
// properties: {name: scalar(…), number(…), …}, citations, presets: {name: [properties as JSON, summary]}, scores: {name: [1 where
// more is better or -1 where less is, what it is]}, example}.
export function node(declaration, klass) {
    const {name, summary, category = null, properties = {}, citations = [], presets = {}, scores = {}} = declaration;
    const {example = null} = declaration;
    const entries = Object.entries(properties);
    wrap(klass, entries.filter(([, entry]) => entry.scalar).map(([property]) => property));
    const registered = GObject.registerClass({
        GTypeName: declaration.typeName ?? `QrxJs_${identifier(name)}_${declared.size}`,
        Properties: Object.fromEntries(entries.map(([property, entry]) => [property, entry.make(property)])),
    }, klass);
    const monitor = registered.prototype instanceof Qrx.Monitor;
    registered.set_name(name);
    registered.set_summary(summary);
    if (category !== null)
        registered.set_category(category);
    declarePorts(registered, 'add_input', declaration.inputs ?? (monitor ? {in: 'flow:any[B, W]'} : {}));
    declarePorts(registered, 'add_output', declaration.outputs ?? (monitor ? {out: 'monitor'} : {}));
    entries.forEach(([property, entry]) => entry.describe(registered, property));
    citations.forEach(citation => registered.add_citation(citation));
    Object.entries(presets).forEach(([preset, [values, what]]) => registered.add_preset(preset, values, what));
    Object.entries(scores).forEach(([score, [better, what]]) => registered.add_score(score, better, what));
    if (example !== null)
        registered.set_example(example);
    declared.set(name, registered);
    return registered;
}
