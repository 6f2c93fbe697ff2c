/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a pipeline is made of, for the files that build, check and write it. */
#pragma once

#include <json-glib/json-glib.h>
#include <qrx/qrx-pipeline.h>

#include "graph/qrx-diagnostic-private.h"
#include "graph/qrx-node-private.h"
#include "graph/qrx-shape-scope-private.h"

G_BEGIN_DECLS

typedef struct _QrxEntry QrxEntry;

typedef struct {
  QrxLink link; /* link.type is owned */
  QrxEntry *from;
  QrxPort *from_port; /* NULL where its node's type is not known */
  QrxPort *to_port;
  QrxPlace place;
} QrxEntryLink;

/* A node's place in the graph. A node that could not be built has a place all the same, so that what is linked to it is not
 * blamed; of an unknown type not even the class is known. */
struct _QrxEntry {
  char *id;
  QrxNodeClass *klass;
  QrxNode *node;
  GPtrArray *links;
  QrxShapeScope *scope; /* while the graph is checked */
  QrxPlace place;
  gboolean sorted;
};

/* The place of a node's property, without a pointer where the file does not say it; @document becomes the file that its text
 * was read from, if it was. */
typedef QrxPlace (*QrxLocateProperty) (const char *id, const char *property, char **document, gpointer data);

struct _QrxPipeline {
  GObject parent_instance;
  QrxRegistry *registry;
  char *name;
  char *base_directory;
  char *title;
  char *description;
  guint64 seed;
  GPtrArray *entries;
  GPtrArray *dropped; /* NULL-terminated */
  gboolean valid;
};

gboolean qrx_pipeline_is_id (const char *id);
char **qrx_pipeline_dup_ids (QrxPipeline *self);
QrxEntry *qrx_pipeline_find_entry (QrxPipeline *self, const char *id);
/* @klass and @node are nullable; a node's class is its own. */
QrxEntry *qrx_pipeline_add_entry (QrxPipeline *self, const char *id, QrxNodeClass *klass, QrxNode *node);
/* Links "id" or "id.port" to a port (NULL: the default), or adds a fault. */
void qrx_pipeline_connect (QrxPipeline *self, const char *from, QrxEntry *to, const char *port, const QrxPlace *place,
                           GPtrArray *faults);
/* Something is wrong with its links already, so that none is missed. */
void qrx_pipeline_excuse (QrxEntry *entry);
/* Sorts the entries, and reports cycles. */
void qrx_pipeline_sort (QrxPipeline *self, GPtrArray *faults);
/* The node of a valid pipeline that writes the file of that name, relative to the output folder; NULL if none does. */
QrxNode *qrx_pipeline_find_writer (QrxPipeline *self, const char *name);
/* Reports files that more than one node writes. */
void qrx_pipeline_check_outputs (QrxPipeline *self, QrxLocateProperty locate, gpointer data, GPtrArray *faults);
/* Cycles, links, shapes, resolve(): all faults; fills in the types of links. @locate (nullable) finds the property that a
 * message of a node begins with. */
void qrx_pipeline_check (QrxPipeline *self, QrxLocateProperty locate, gpointer data, GPtrArray *faults);

G_END_DECLS
