// SPDX-License-Identifier: LGPL-2.1-or-later
// Graphs in JavaScript: built, checked with every fault, run, watched, cancelled; values are typed arrays over their memory.
import Gio from 'gi://Gio';
import GLib from 'gi://GLib';
import * as qrx from '../../bindings/gjs/qrx.js';
import '../../docs/examples/my-nodes.js';

import {PIPELINE, hybrid} from './cases.js';
import {close, equal, folder, list, ok, run, throws} from './harness.js';

const {Qrx} = qrx;
const small = {ids: ['a', 'b', 'c'], columns: ['x', 'y'], values: [1, 2, 3, 4, 5, 6]};

run({
    'an array of a tensor is its memory'() {
        for (const [dtype, kind] of [[Qrx.Dtype.F32, Float32Array], [Qrx.Dtype.F64, Float64Array]]) {
            const tensor = Qrx.Tensor.new_matrix(dtype, 2, 3);
            const array = qrx.view(tensor);
            ok(array instanceof kind, 'another kind of array');
            array[4] = 7.5;
            equal(tensor.get(4), 7.5);
            tensor.set(0, -1);
            equal(array[0], -1);
        }
    },
    'a tensor of an array has its numbers and shape'() {
        const tensor = qrx.tensor([1, 2, 3, 4, 5, 6], [2, 3]);
        equal([tensor.get_rows(), tensor.get_columns(), tensor.get(5)], [2, 3, 6]);
        equal(qrx.tensor(new Float32Array(3)).get_dtype(), Qrx.Dtype.F32);
        throws(() => qrx.tensor([1, 2, 3], [2, 2]), /found 3 numbers/);
    },
    'a table has what it was given'() {
        const table = qrx.table({
            ...small,
            annotations: {tissue: ['Lung', null, 'Skin']},
            targets: {y: {values: [1, NaN, 2], unit: 'µM', orientation: 'low-is-sensitive'}},
        });
        equal(Array.from(qrx.features(table)), small.values);
        equal([table.get_annotation('tissue', 1), table.get_annotation('tissue', 2)], [null, 'Skin']);
        equal([table.get_target_unit(0), Array.from(qrx.view(table.get_target_values(0)))], ['µM', [1, NaN, 2]]);
        throws(() => qrx.table({...small, targets: {y: {values: [1, 2, 3], orientation: 'up'}}}), /orientation "up"/);
        throws(() => qrx.table({...small, ids: ['a', 'b', 'a']}), /"a"/);
    },
    'code and file are the same graph'() {
        const pipeline = hybrid({monitors: ['crowding']}).validate();
        const again = qrx.parse(pipeline.native.to_json());
        equal(again.native.to_json(), pipeline.native.to_json());
        const [one, two] = [pipeline, again].map(p => qrx.view(p.run({threads: 1}).node('fit').predictions.get_values()));
        close(one, two, 0);
    },
    'what is unknown is refused, and leaves nothing behind'() {
        const pipeline = new qrx.Pipeline();
        throws(() => pipeline.add('moderated-tanhh'), /did you mean "moderated-tanh"/);
        throws(() => pipeline.add('moderated-tanh', {b: 1}), /has no property "b"/);
        throws(() => pipeline.add('evaluator', {from: 'nobody'}), /no such node/);
        throws(() => pipeline.find('evaluator'), /there is no node/);
        equal(pipeline.ids, []);
        equal([1, 2].map(() => pipeline.add('synthetic-cohort')), ['synthetic-cohort', 'synthetic-cohort-2']);
    },
    'arrays are the source of a graph'() {
        const n = 60;
        const values = Array.from({length: n * 2}, (_, i) => Math.sin(12.9898 * i + 1));
        const pipeline = new qrx.Pipeline();
        const source = pipeline.add(qrx.table({
            ids: Array.from({length: n}, (_, i) => `L${i}`),
            columns: ['x', 'y'],
            values,
            targets: {z: {values: Array.from({length: n}, (_, i) => values[2 * i] - 2 * values[2 * i + 1])}},
        }));
        const split = pipeline.add('split', {from: source, test: 0.25});
        const head = pipeline.add('linear', {from: split, width: 1, quantity: 'prediction'});
        const fit = pipeline.add('trainer', {from: head, epochs: 300, learningRate: 0.05});
        pipeline.add('evaluator', {id: 'evaluate', from: fit});
        const {r2} = pipeline.run({threads: 1}).metrics.evaluate.test;
        ok(r2 > 0.999, `r2 is ${r2}`);
    },
    'every fault is an object with its place'() {
        let error = throws(() => qrx.load(PIPELINE, {set: {'normalize.a': -3, 'fit.epochz': 3}}), /epochz/);
        equal(new Set(error.diagnostics.map(fault => fault.node)).size, 2);
        error = throws(() => qrx.parse('{"qrx": "1",\n "nodes": {"a": {"type": "splitt"}}}', {name: 'p.json'}), /splitt/);
        const [fault] = error.diagnostics;
        equal([error.kind, fault.file, fault.line, fault.column, fault.suggestion], ['pipeline', 'p.json', 2, 26, 'split']);
        const pipeline = new qrx.Pipeline();
        pipeline.add('quantum-layer', {from: pipeline.add('mlp-encoder', {width: 4})});
        equal(throws(() => pipeline.run(), /found no link/).diagnostics.length, 2);
        equal(throws(() => qrx.load('/no/such/file.json'), /no such file/).kind, 'data');
    },
    'progress and messages arrive'() {
        const heard = [];
        const said = [];
        hybrid().run({threads: 1, progress: (...args) => heard.push(args), message: (...args) => said.push(args)});
        ok(heard.some(([node]) => node === 'fit'), 'no progress');
        ok(said.some(([node]) => node === 'cohort'), 'no message');
    },
    'what a callback throws ends the run and is thrown'() {
        const enough = new Error('enough');
        const progress = () => {
            throw enough;
        };
        ok(throws(() => hybrid({epochs: 100000}).run({progress}), /^enough$/) === enough, 'another error');
    },
    'a run can be cancelled'() {
        const cancellable = new Gio.Cancellable();
        const pipeline = hybrid({normalizer: 'my-normalizer', epochs: 100000});
        equal(throws(() => pipeline.run({cancellable, progress: () => cancellable.cancel()}), '').kind, 'cancelled');
    },
    'an output folder has what the program writes'() {
        const output = folder();
        const result = hybrid({normalizer: 'my-normalizer'}).run({threads: 1, output});
        const fitted = ['fit.history.csv', 'fit.predictions.csv', 'fit.safetensors'];
        equal(list(output), [...fitted, 'metrics.json', 'pipeline.resolved.json']);
        const [, text] = GLib.file_get_contents(GLib.build_filenamev([output, 'metrics.json']));
        equal(JSON.parse(new TextDecoder().decode(text)).scores, result.metrics);
        const model = Qrx.Predictor.load(qrx.registry(), GLib.build_filenamev([output, 'fit.safetensors']));
        const {predictions} = result.node('fit');
        const again = model.predict(predictions.get_table(), true, qrx.context({threads: 1}), null);
        close(qrx.view(again.get_values()), qrx.view(predictions.get_values()), 0);
    },
});
