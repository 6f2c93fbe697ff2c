// SPDX-License-Identifier: LGPL-2.1-or-later
// The base floor from JavaScript: a block written as a class, and errors that arrive as exceptions.
import GLib from 'gi://GLib';
import GObject from 'gi://GObject';
import Qrx from 'gi://Qrx?version=1.0';
import System from 'system';

const Squares = GObject.registerClass(class Squares extends Qrx.Block {
    vfunc_read(rows, out) {
        if (this.fault)
            throw this.fault;
        for (let i = 0; i < rows.get_length(); i++) {
            out.set(2 * i, rows.get(i));
            out.set(2 * i + 1, rows.get(i) ** 2);
        }
        return true;
    }
});

function assertEqual(found, expected) {
    if (JSON.stringify(found) !== JSON.stringify(expected))
        throw new Error(`${JSON.stringify(found)} is not ${JSON.stringify(expected)}`);
}

function makeTable(fault) {
    const block = new Squares({name: 'squares', columns: ['one', 'two'], n_rows: 10});
    block.fault = fault;
    const table = Qrx.Table.new(['a', 'b', 'c']);
    table.add_block(block, Qrx.Index.new([3, 1, 9]));
    return table;
}

function read(table) {
    const out = Qrx.Tensor.new_matrix(Qrx.Dtype.F64, 2, 2);
    table.read_features(Qrx.Index.new([2, 0]), out);
    return [0, 1, 2, 3].map(i => out.get(i));
}

const tests = {
    'a block in JavaScript feeds a table'() {
        assertEqual(read(makeTable(null)), [9, 81, 3, 9]);
    },
    'an exception arrives with its text'() {
        let caught = null;
        try {
            read(makeTable(new GLib.Error(Qrx.data_error_quark(), Qrx.DataError.FORMAT, 'the disk is on fire')));
        } catch (error) {
            caught = error;
        }
        assertEqual(caught !== null && caught.matches(Qrx.data_error_quark(), Qrx.DataError.FORMAT), true);
        assertEqual(caught.message, 'the disk is on fire');
    },
    'a plain exception is a failure too'() {
        let caught = null;
        try {
            read(makeTable(new Error('thrown on purpose')));
        } catch (error) {
            caught = error;
        }
        assertEqual(`${caught}`.includes('thrown on purpose'), true);
    },
    'a short annotation is refused, not read beyond'() {
        let caught = null;
        try {
            makeTable(null).add_annotation('tissue', ['lung']);
        } catch (error) {
            caught = error;
        }
        assertEqual(caught !== null && caught.matches(Qrx.data_error_quark(), Qrx.DataError.SHAPE), true);
    },
};

let failures = 0;
print(`1..${Object.keys(tests).length}`);
for (const [name, test] of Object.entries(tests)) {
    try {
        test();
        print(`ok - ${name}`);
    } catch (error) {
        failures++;
        print(`not ok - ${name}: ${error}`);
    }
}
System.exit(failures > 0 ? 1 : 0);
