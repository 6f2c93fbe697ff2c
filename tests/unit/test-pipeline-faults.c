/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Bad pipelines and the exact text of every fault. In the texts, ' stands for ". */
#include "graph-types.h"

#define HEAD "{ 'qrx': '1', 'nodes': {\n"
#define SOURCE "  'c': { 'type': 'cohort' },\n  's': { 'type': 'split', 'from': 'c' },\n"
#define TAIL "\n} }"

typedef struct {
  const char *name;
  const char *text;
  int code;
  const char *message;
} Case;

static const Case cases[] = {
  { "not-json", "{ 'qrx': }", QRX_PIPELINE_ERROR_SYNTAX, "f.json:1:10: found '}', expected a JSON value" },
  { "empty", "", QRX_PIPELINE_ERROR_SYNTAX, "f.json:1:1: found an empty text, expected a JSON value" },
  { "array", "[]", QRX_PIPELINE_ERROR_VALUE, "f.json:1:1: found an array, expected an object with 'qrx' and 'nodes'" },
  { "duplicate-id", HEAD "'c': {'type': 'cohort'},\n 'c': {'type': 'cohort'}" TAIL, QRX_PIPELINE_ERROR_SYNTAX,
    "f.json:3:2: found the key 'c' again, expected it once in an object" },
  { "nothing", "{}", QRX_PIPELINE_ERROR_INVALID,
    "f.json:1:1: found no key 'qrx', expected 'qrx': '1'\n"
    "f.json:1:1: found no key 'nodes', expected 'nodes' to be an object with a node or more" },
  { "version", "{'qrx': '2', 'nodes': {'c': {'type': 'cohort'}}}", QRX_PIPELINE_ERROR_VALUE,
    "f.json:1:9: found '2', expected the format version '1'" },
  { "version-number", "{'qrx': 1, 'nodes': {'c': {'type': 'cohort'}}}", QRX_PIPELINE_ERROR_VALUE,
    "f.json:1:9: found an integer, expected the format version '1'" },
  { "no-nodes", "{'qrx': '1', 'nodes': {}}", QRX_PIPELINE_ERROR_VALUE,
    "f.json:1:23: found no nodes, expected 'nodes' to be an object with a node or more" },
  { "nodes-list", "{'qrx': '1', 'nodes': []}", QRX_PIPELINE_ERROR_VALUE,
    "f.json:1:23: found an array, expected 'nodes' to be an object with a node or more" },
  { "top-level-key", "{'qrx': '1', 'sede': 3, 'nodes': {'c': {'type': 'cohort'}}}", QRX_PIPELINE_ERROR_UNKNOWN,
    "f.json:1:14: found the unknown key 'sede'; did you mean 'seed'?" },
  { "seed-negative", "{'qrx': '1', 'seed': -3, 'nodes': {'c': {'type': 'cohort'}}}", QRX_PIPELINE_ERROR_VALUE,
    "f.json:1:22: found the seed -3, expected an integer from 0 to 9223372036854775807" },
  { "seed-fraction", "{'qrx': '1', 'seed': 1.5, 'nodes': {'c': {'type': 'cohort'}}}", QRX_PIPELINE_ERROR_VALUE,
    "f.json:1:22: found the seed 1.5, expected an integer from 0 to 9223372036854775807" },
  { "title", "{'qrx': '1', 'title': 1, 'nodes': {'c': {'type': 'cohort'}}}", QRX_PIPELINE_ERROR_VALUE,
    "f.json:1:23: found an integer, expected a string" },
  { "dropped", "{'qrx': '1', 'dropped': [1], 'nodes': {'c': {'type': 'cohort'}}}", QRX_PIPELINE_ERROR_VALUE,
    "f.json:1:25: found an array, expected a list of strings" },
  { "id", HEAD "'C.1': { 'type': 'cohort' }" TAIL, QRX_PIPELINE_ERROR_VALUE,
    "f.json:2:1: found the node id 'C.1', expected a lower-case letter, then lower-case letters, digits, - and _" },
  { "node-number", HEAD "'c': 3" TAIL, QRX_PIPELINE_ERROR_VALUE, "f.json:2:6: c: found an integer, expected an object" },
  { "no-type", HEAD "'c': { }" TAIL, QRX_PIPELINE_ERROR_VALUE, "f.json:2:6: c: found no key 'type', expected one" },
  { "type-number", HEAD "'c': { 'type': 3 }" TAIL, QRX_PIPELINE_ERROR_VALUE,
    "f.json:2:16: c: found an integer, expected a type's name" },
  { "unknown-type-blames-nobody-else",
    HEAD SOURCE "'e': { 'type': 'encodr', 'from': 's' },\n'n': { 'type': 'tanh', 'from': 'e' }" TAIL,
    QRX_PIPELINE_ERROR_UNKNOWN, "f.json:4:16: e: found the unknown type 'encodr'; did you mean 'encoder'?" },
  { "bad-property-blames-nobody-else",
    HEAD SOURCE "'e': { 'type': 'encoder', 'width': 0, 'from': 's' },\n'n': { 'type': 'tanh', 'from': 'e' }" TAIL,
    QRX_PIPELINE_ERROR_VALUE, "f.json:4:36: e: property 'width': found 0, expected an integer in [1, 64]" },
  { "unknown-property", HEAD SOURCE "'e': { 'type': 'encoder', 'widht': 3, 'from': 's' }" TAIL, QRX_PIPELINE_ERROR_UNKNOWN,
    "f.json:4:27: e: encoder has no property 'widht'; did you mean 'width'?" },
  { "unknown-source", HEAD "'s': { 'type': 'split', 'from': 'cohort' }" TAIL, QRX_PIPELINE_ERROR_UNKNOWN,
    "f.json:2:33: s: found a link from 'cohort', there is no such node; known are 's'" },
  { "unknown-output", HEAD "'c': { 'type': 'cohort' },\n's': { 'type': 'split', 'from': 'c.oot' }" TAIL,
    QRX_PIPELINE_ERROR_UNKNOWN,
    "f.json:3:33: s: found a link from 'c.oot', a node of type 'cohort' has no output of that name; did you mean 'out'?" },
  { "unknown-input", HEAD "'c': { 'type': 'cohort' },\n's': { 'type': 'split', 'from': { 'inn': 'c' } }" TAIL,
    QRX_PIPELINE_ERROR_UNKNOWN,
    "f.json:3:35: s: found the input 'inn', a node of type 'split' has none of that name; did you mean 'in'?" },
  { "unknown-list-input", HEAD "'c': { 'type': 'cohort' },\n's': { 'type': 'split', 'from': { 'inn': ['c', 'd'] } }" TAIL,
    QRX_PIPELINE_ERROR_UNKNOWN,
    "f.json:3:35: s: found the input 'inn', a node of type 'split' has none of that name; did you mean 'in'?" },
  { "no-inputs", HEAD "'c': { 'type': 'cohort', 'from': 'd' },\n'd': { 'type': 'cohort' }" TAIL, QRX_PIPELINE_ERROR_LINK,
    "f.json:2:34: c: a node of type 'cohort' has no inputs" },
  { "no-outputs", HEAD SOURCE "'w': { 'type': 'writer', 'from': 'w2' },\n'w2': { 'type': 'writer', 'from': 'w' }" TAIL,
    QRX_PIPELINE_ERROR_INVALID,
    "f.json:4:34: w: found a link from 'w2', a node of type 'writer' has no outputs\n"
    "f.json:5:35: w2: found a link from 'w', a node of type 'writer' has no outputs" },
  { "from-number", HEAD "'s': { 'type': 'split', 'from': 3 }" TAIL, QRX_PIPELINE_ERROR_VALUE,
    "f.json:2:33: s: found an integer, expected 'node', 'node.port' or a list of them" },
  { "from-list-of-numbers", HEAD "'c': { 'type': 'cohort' },\n's': { 'type': 'split', 'from': ['c', 4] }" TAIL,
    QRX_PIPELINE_ERROR_VALUE, "f.json:3:39: s: found an integer, expected 'node' or 'node.port'" },
  { "missing-link", HEAD "'s': { 'type': 'split' }" TAIL, QRX_PIPELINE_ERROR_LINK,
    "f.json:2:1: s: found no link to the input 'in', expected one that carries table" },
  { "second-link", HEAD "'c': { 'type': 'cohort' },\n's': { 'type': 'split', 'from': ['c', 'c'] }" TAIL,
    QRX_PIPELINE_ERROR_LINK, "f.json:3:39: s: found a second link, from 'c', to the input 'in'; it takes one" },
  { "self-link", HEAD "'a': { 'type': 'same', 'from': 'a' }" TAIL, QRX_PIPELINE_ERROR_CYCLE,
    "f.json:2:32: a: found a cycle, a → a; data flow one way" },
  { "cycle",
    HEAD SOURCE "'b': { 'type': 'same', 'from': 'd' },\n'a': { 'type': 'concat', 'from': ['s', 'b'] },\n"
                "'d': { 'type': 'same', 'from': 'a' },\n'z': { 'type': 'same', 'from': 'd' }" TAIL,
    QRX_PIPELINE_ERROR_CYCLE, "f.json:4:32: b: found a cycle, b → a → d → b; data flow one way" },
  { "two-cycles", HEAD "'a': { 'type': 'same', 'from': 'b' },\n'b': { 'type': 'same', 'from': 'a' },\n"
                       "'x': { 'type': 'same', 'from': 'y' },\n'y': { 'type': 'same', 'from': 'x' }" TAIL,
    QRX_PIPELINE_ERROR_INVALID,
    "f.json:2:32: a: found a cycle, a → b → a; data flow one way\n"
    "f.json:4:32: x: found a cycle, x → y → x; data flow one way" },
  { "quantity",
    HEAD SOURCE "'encode': { 'type': 'encoder', 'from': 's' },\n'quantum': { 'type': 'quantum', 'from': 'encode' }" TAIL,
    QRX_PIPELINE_ERROR_LINK,
    "f.json:5:41: encode.out carries flow:activation[B, 8]; quantum.in takes flow:angle[B, Q]: put a normalizer between, "
    "or `identity-angle` to do it on purpose" },
  { "quantity-through-any",
    HEAD SOURCE "'e': { 'type': 'encoder', 'from': 's' },\n'p': { 'type': 'same', 'from': 'e' },\n"
                "'f': { 'type': 'trainer', 'from': 'p' }" TAIL,
    QRX_PIPELINE_ERROR_LINK,
    "f.json:6:35: p.out carries flow:activation[B, 8]; f.in takes flow:prediction[B, K]: put a head between, such as "
    "`linear` with 'quantity': 'prediction'" },
  { "features-as-angles", HEAD SOURCE "'quantum': { 'type': 'quantum', 'from': 's' }" TAIL, QRX_PIPELINE_ERROR_LINK,
    "f.json:4:41: s.out carries table:split; quantum.in takes flow:angle[B, Q]: put a normalizer between, or "
    "`identity-angle` to do it on purpose" },
  { "no-split", HEAD "'c': { 'type': 'cohort' },\n'e': { 'type': 'encoder', 'from': 'c' }" TAIL, QRX_PIPELINE_ERROR_LINK,
    "f.json:3:35: c.out carries table; e.in takes flow:feature[B, G]: put a `split` between, which says what each row is for" },
  { "other-output",
    HEAD SOURCE "'h': { 'type': 'linear', 'from': 's', 'quantity': 'prediction' },\n'fit': { 'type': 'trainer', 'from': 'h' },\n"
                "'w': { 'type': 'writer', 'from': 'fit' }" TAIL,
    QRX_PIPELINE_ERROR_LINK,
    "f.json:6:34: fit.predictions carries predictions; w.model takes model; did you mean 'fit.model'?" },
  { "width",
    HEAD SOURCE "'e': { 'type': 'encoder', 'from': 's' },\n'n': { 'type': 'tanh', 'from': 'e' },\n"
                "'quantum': { 'type': 'quantum', 'qubits': 4, 'from': 'n' }" TAIL,
    QRX_PIPELINE_ERROR_LINK,
    "f.json:6:54: n.out carries flow:angle[B, 8]; quantum.in takes flow:angle[B, 4] (the circuit has 4 inputs)" },
  { "resolve", HEAD SOURCE "'e': { 'type': 'encoder', 'from': 's' },\n'n': { 'type': 'tanh', 'from': 'e' },\n"
                           "'quantum': { 'type': 'quantum', 'layers': 13, 'from': 'n' }" TAIL,
    QRX_PIPELINE_ERROR_VALUE, "f.json:6:43: quantum: property 'layers': found 13, an unlucky number" },
  { "three-at-once",
    "{ 'qrx': '1', 'seed': 'x', 'nodes': {\n" SOURCE
    "  'e': { 'type': 'encoder', 'widht': 8, 'hidden': [0],\n         'from': 'splt' },\n"
    "  'q': { 'type': 'quantum', 'from': 's' }" TAIL,
    QRX_PIPELINE_ERROR_INVALID,
    "f.json:1:23: found the seed 'x', expected an integer from 0 to 9223372036854775807\n"
    "f.json:4:29: e: encoder has no property 'widht'; did you mean 'width'?\n"
    "f.json:4:51: e: property 'hidden': found 0, expected a list of integers in [1, 4096]\n"
    "f.json:5:18: e: found a link from 'splt', there is no such node; known are 'c', 's', 'e', 'q'\n"
    "f.json:6:37: s.out carries table:split; q.in takes flow:angle[B, Q]: put a normalizer between, or "
    "`identity-angle` to do it on purpose" },
};

static char *
requote (const char *text)
{
  g_autoptr (GString) quoted = g_string_new (text);

  /* An apostrophe within a word is one. */
  for (gsize i = 0; i < quoted->len; i++)
    if (quoted->str[i] == '\'' && !(i > 0 && g_ascii_isalpha (quoted->str[i - 1]) && quoted->str[i + 1] == 's' &&
                                    quoted->str[i + 2] == ' '))
      quoted->str[i] = '"';
  return g_strdup (quoted->str);
}

static void
test_a_bad_pipeline_is_refused_with_every_fault_in_its_place (gconstpointer data)
{
  const Case *this = data;
  g_autoptr (QrxRegistry) registry = new_registry ();
  g_autoptr (GPtrArray) diagnostics = g_ptr_array_new_with_free_func ((GDestroyNotify) qrx_diagnostic_unref);
  g_autoptr (GError) error = NULL;
  g_autofree char *text = requote (this->text), *message = requote (this->message);
  g_auto (GStrv) lines = g_strsplit (message, "\n", -1);

  g_assert_null (qrx_pipeline_parse (registry, text, "f.json", NULL, NULL, diagnostics, &error));
  g_assert_cmpstr (error->message, ==, message);
  g_assert_error (error, QRX_PIPELINE_ERROR, this->code);
  g_assert_cmpuint (diagnostics->len, ==, g_strv_length (lines));
}

static void
test_a_diagnostic_has_its_parts (void)
{
  g_autoptr (QrxRegistry) registry = new_registry ();
  g_autoptr (GPtrArray) diagnostics = g_ptr_array_new_with_free_func ((GDestroyNotify) qrx_diagnostic_unref);
  g_autofree char *text = requote (HEAD "'c': { 'type': 'cohort' },\n's': { 'type': 'split', 'from': ['c.oot'] }" TAIL);
  QrxDiagnostic *fault;

  g_assert_null (qrx_pipeline_parse (registry, text, "f.json", NULL, NULL, diagnostics, NULL));
  g_assert_cmpuint (diagnostics->len, ==, 1);
  fault = diagnostics->pdata[0];
  g_assert_cmpint (qrx_diagnostic_get_code (fault), ==, QRX_PIPELINE_ERROR_UNKNOWN);
  g_assert_cmpstr (qrx_diagnostic_get_file (fault), ==, "f.json");
  g_assert_cmpuint (qrx_diagnostic_get_line (fault), ==, 3);
  g_assert_cmpuint (qrx_diagnostic_get_column (fault), ==, 34);
  g_assert_cmpstr (qrx_diagnostic_get_pointer (fault), ==, "/nodes/s/from/0");
  g_assert_cmpstr (qrx_diagnostic_get_node (fault), ==, "s");
  g_assert_cmpstr (qrx_diagnostic_get_suggestion (fault), ==, "out");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = g_strconcat ("/pipeline-faults/", cases[i].name, NULL);

      g_test_add_data_func (path, &cases[i], test_a_bad_pipeline_is_refused_with_every_fault_in_its_place);
    }
  g_test_add_func ("/pipeline-faults/parts", test_a_diagnostic_has_its_parts);
  return g_test_run ();
}
