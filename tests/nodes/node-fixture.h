/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Runs one node on files that a test writes, and keeps what it said. */
#pragma once

#include <qrx/qrx-registry.h>
#include <qrx/qrx-table.h>

typedef struct {
  QrxRegistry *registry;
  char *directory;   /* temporary; relative file names start here */
  GString *messages; /* one a line */
  guint n_threads;   /* of the context; 1 unless a test sets it */
  guint64 seed;      /* of the context; 7 likewise */
} NodeFixture;

void node_fixture_set_up (NodeFixture *fixture, gconstpointer data);
void node_fixture_tear_down (NodeFixture *fixture, gconstpointer data);
#define NODE_TEST(path, function) \
  g_test_add (path, NodeFixture, NULL, node_fixture_set_up, function, node_fixture_tear_down)

void node_fixture_write (NodeFixture *fixture, const char *name, const char *text);
/* Makes a node from single-quoted JSON and runs it on what is in a bundle; all that it puts out, or NULL with an error.
 * What it writes goes into the directory. */
QrxBundle *node_fixture_run_bundle (NodeFixture *fixture, const char *type, const char *properties, QrxBundle *in,
                                    GError **error);
/* Makes a node from single-quoted JSON and runs it; the table at "out", or NULL with an error. */
QrxTable *node_fixture_run (NodeFixture *fixture, const char *type, const char *properties, QrxTable *in,
                            GError **error);
/* The same, but nothing may fail. */
QrxTable *node_fixture_make (NodeFixture *fixture, const char *type, const char *properties, QrxTable *in);
/* Runs it and wants an error of this domain and code whose message holds every '|'-separated part. */
void node_fixture_refuse (NodeFixture *fixture, const char *type, const char *properties, QrxTable *in, GQuark domain,
                          int code, const char *parts);
/* The messages so far hold this text. */
void node_fixture_assert_said (NodeFixture *fixture, const char *text);
