// SPDX-License-Identifier: LGPL-2.1-or-later
// Tensors as typed arrays over their own memory, tables from arrays. Knows values only.
import Qrx from 'gi://Qrx?version=1.0';

const {byteArray} = imports;

const ORIENTATIONS = {
    'none': Qrx.Orientation.NONE,
    'low-is-sensitive': Qrx.Orientation.LOW_IS_SENSITIVE,
    'high-is-sensitive': Qrx.Orientation.HIGH_IS_SENSITIVE,
};

// The tensor's own memory, row by row: what is written into the array is in the tensor. It keeps the tensor alive.
// JavaScript has no read-only arrays: do not write where tensor.is_read_only() says so.
export function view(tensor) {
    const bytes = byteArray.fromGBytes(tensor.ref_bytes());
    const Kind = tensor.get_dtype() === Qrx.Dtype.F64 ? Float64Array : Float32Array;
    return new Kind(bytes.buffer, bytes.byteOffset, tensor.get_n_elements());
}

// A tensor of an array's numbers, copied once: float32 of a Float32Array, else float64. Without dims it is a vector.
export function tensor(array, dims = [array.length]) {
    if (dims.reduce((product, dim) => product * dim, 1) !== array.length)
        throw new RangeError(`found ${array.length} numbers, expected those of the shape [${dims}]`);
    const made = Qrx.Tensor.new(array instanceof Float32Array ? Qrx.Dtype.F32 : Qrx.Dtype.F64, dims);
    view(made).set(array);
    return made;
}

// A table: {ids, columns: [feature names], values: numbers row by row, annotations: {name: [texts]},
// targets: {name: {values, unit, orientation}}}. What is not known is null, of a target's values NaN.
export function table({ids, columns: names = [], values = [], annotations = {}, targets = {}}) {
    const made = Qrx.Table.new(ids);
    if (names.length > 0)
        made.add_block(Qrx.DenseBlock.new('features', names, tensor(values, [ids.length, names.length])), null);
    for (const [name, texts] of Object.entries(annotations))
        made.add_annotation(name, texts.map(text => text ?? ''));
    for (const [name, {values: numbers, unit = '', orientation = 'none'}] of Object.entries(targets)) {
        if (!(orientation in ORIENTATIONS))
            throw new RangeError(`found the orientation "${orientation}", expected one of ${Object.keys(ORIENTATIONS)}`);
        made.add_target(name, unit, ORIENTATIONS[orientation], tensor(Float64Array.from(numbers)));
    }
    return made;
}

// The features of all rows of a table, row by row.
export function features(rows) {
    const n = rows.get_n_rows();
    const out = Qrx.Tensor.new_matrix(Qrx.Dtype.F64, n, rows.get_n_features());
    rows.read_features(Qrx.Index.new_range(0, n), out);
    return view(out);
}

// What a fit recorded: {column: [a number for each epoch]}, NaN where nothing was.
export function columns(history) {
    const epochs = Array.from({length: history.get_n_epochs()}, (_, epoch) => epoch);
    return Object.fromEntries(history.dup_names().map(name => [name, epochs.map(epoch => history.get(epoch, name))]));
}
