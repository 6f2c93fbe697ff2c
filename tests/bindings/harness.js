// SPDX-License-Identifier: LGPL-2.1-or-later
// What the tests in JavaScript share: checks that say what was found, and a runner that says which test failed.
import Gio from 'gi://Gio';
import GLib from 'gi://GLib';
import System from 'system';

export function equal(found, expected) {
    if (JSON.stringify(found) !== JSON.stringify(expected))
        throw new Error(`${JSON.stringify(found)} is not ${JSON.stringify(expected)}`);
}

export function close(found, expected, tolerance) {
    if (found.length !== expected.length)
        throw new Error(`${found.length} numbers, not ${expected.length}`);
    for (let i = 0; i < found.length; i++) {
        if (!(Math.abs(found[i] - expected[i]) <= tolerance))
            throw new Error(`number ${i} is ${found[i]}, not ${expected[i]} within ${tolerance}`);
    }
}

export function ok(condition, what) {
    if (!condition)
        throw new Error(what);
}

export function throws(call, message) {
    let caught = null;
    try {
        call();
    } catch (error) {
        caught = error;
    }
    if (caught === null)
        throw new Error(`did not fail with ${message}`);
    if (!caught.message.match(message))
        throw new Error(`"${caught.message}" does not say ${message}`);
    return caught;
}

// Whether memory is that of a sanitizer, which keeps what was freed for a while.
export function sanitized() {
    return (GLib.getenv('LD_PRELOAD') ?? '').includes('libasan');
}

// Memory of this process in MiB.
export function resident() {
    const [, contents] = GLib.file_get_contents('/proc/self/statm');
    return Number(new TextDecoder().decode(contents).split(' ')[1]) * 4096 / 2 ** 20;
}

export function folder() {
    return GLib.dir_make_tmp('qrx-XXXXXX');
}

export function list(path) {
    const names = [];
    for (const info of Gio.File.new_for_path(path).enumerate_children('standard::name', 0, null))
        names.push(info.get_name());
    return names.sort();
}

export function run(tests) {
    let failures = 0;
    print(`1..${Object.keys(tests).length}`);
    for (const [name, test] of Object.entries(tests)) {
        try {
            test();
            print(`ok - ${name}`);
        } catch (error) {
            failures++;
            print(`not ok - ${name}: ${error}\n${error.stack ?? ''}`);
        }
    }
    System.exit(failures > 0 ? 1 : 0);
}
