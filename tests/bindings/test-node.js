// SPDX-License-Identifier: LGPL-2.1-or-later
// Node types written in JavaScript: declared on their class, registered, made by name, run; exceptions become errors.
import GObject from 'gi://GObject';
import Qrx from 'gi://Qrx?version=1.0';
import System from 'system';

const flags = GObject.ParamFlags.READWRITE | GObject.ParamFlags.CONSTRUCT_ONLY;
const JsFold = GObject.registerClass({
    Properties: {
        scale: GObject.ParamSpec.double('scale', null, 'a factor', flags, 0, 10, 1),
        mode: GObject.ParamSpec.string('mode', null, 'what to do', flags, 'work'),
    },
}, class JsFold extends Qrx.Node {
    vfunc_run(inputs, outputs) {
        if (this.mode === 'raise')
            throw new Error('a bug');
        if (this.mode !== 'forget')
            outputs.set('out', Qrx.Metrics.new());
        return true;
    }
});
JsFold.set_name('js-fold');
JsFold.set_summary('Counts.');
JsFold.add_output('out', 'metrics', 'the count');
JsFold.describe_property('mode', null, 'work|raise|forget');

function assertEqual(found, expected) {
    if (JSON.stringify(found) !== JSON.stringify(expected))
        throw new Error(`${JSON.stringify(found)} is not ${JSON.stringify(expected)}`);
}

function assertThrows(call, message) {
    try {
        call();
    } catch (error) {
        if (!error.message.includes(message))
            throw new Error(`"${error.message}" does not say "${message}"`);
        return error;
    }
    throw new Error(`did not fail with "${message}"`);
}

const registry = Qrx.Registry.new();
const context = Qrx.Context.new(1, 1, null, null);
registry.add(JsFold.$gtype);

function run(properties) {
    const out = Qrx.Bundle.new();
    registry.create('js-fold', 'f', JSON.stringify(properties)).run(Qrx.Bundle.new(), out, context, null);
    return out;
}

const tests = {
    'properties come from JSON'() {
        const node = registry.create('js-fold', 'f', '{"scale": "pi"}');
        assertEqual([node instanceof JsFold, node.scale, node.mode], [true, Math.PI, 'work']);
        assertThrows(() => registry.create('js-fold', 'f', '{"scale": 11}'),
            'f: property "scale": found 11.0, expected a number in [0, 10]');
    },
    'run is called and its output frozen'() {
        assertEqual(run({}).get('out').is_frozen(), true);
    },
    'an exception is an error with its text and the node'() {
        const error = assertThrows(() => run({mode: 'raise'}), 'f: ');
        if (!error.message.includes('a bug') || !error.matches(Qrx.run_error_quark(), Qrx.RunError.FAILED))
            throw error;
    },
    'a missing output is an error'() {
        assertThrows(() => run({mode: 'forget'}), 'f: output "out": found nothing');
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
