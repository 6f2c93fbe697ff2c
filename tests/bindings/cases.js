// SPDX-License-Identifier: LGPL-2.1-or-later
// What the tests in JavaScript share: a small hybrid, and the pipeline of the documentation.
import GLib from 'gi://GLib';
import * as qrx from '../../bindings/gjs/qrx.js';

const [here] = GLib.filename_from_uri(import.meta.url);
export const PIPELINE = GLib.canonicalize_filename('../../docs/examples/custom-normalizer.json', GLib.path_get_dirname(here));

export function hybrid(options = {}) {
    const {normalizer = 'moderated-tanh', precision = 'float64', epochs = 5, monitors = [], seed = 7, ...rest} = options;
    const pipeline = new qrx.Pipeline({seed});
    const cohort = pipeline.add('synthetic-cohort', {id: 'cohort', lines: 120, genes: 20});
    const split = pipeline.add('split', {from: cohort, test: 0.25});
    const scale = pipeline.add('standardize', {id: 'scale', from: split});
    const encode = pipeline.add('mlp-encoder', {id: 'encode', from: scale, hidden: [8], width: 3});
    const normalize = pipeline.add(normalizer, {id: 'normalize', from: encode, ...rest});
    const quantum = pipeline.add('quantum-layer', {id: 'quantum', from: normalize, layers: 1});
    const head = pipeline.add('linear', {id: 'head', from: quantum, width: 1, quantity: 'prediction'});
    const watching = monitors.map(type => pipeline.add(type, {from: normalize}));
    const fit = pipeline.add('trainer', {id: 'fit', from: {in: head, monitors: watching}, epochs, precision});
    pipeline.add('evaluator', {id: 'evaluate', from: fit});
    return pipeline;
}
