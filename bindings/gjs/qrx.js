// SPDX-License-Identifier: LGPL-2.1-or-later
// Qrx in JavaScript: `import * as qrx from 'file:///…/qrx.js'`. The library itself is `qrx.Qrx`. See docs/scripting.md.
import Qrx from 'gi://Qrx?version=1.0';

export {Qrx};
export {columns, features, table, tensor, view} from './qrx-values.js';
export {choice, flag, integer, node, number, scalar, text} from './qrx-nodes.js';
export {Pipeline, QrxError, context, load, parse, registry} from './qrx-pipelines.js';
