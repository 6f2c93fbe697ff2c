/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* DepMap's Model.csv: which ids are one line, whose it is, and from which tissue. */
#pragma once

#include "line-ids.h"

G_BEGIN_DECLS

typedef struct _ModelList ModelList;

ModelList *model_list_read (const char *path, GError **error);
void model_list_free (ModelList *self);
gsize model_list_get_length (const ModelList *self);
/* The model of a line, or −1; by DepMap's id, then COSMIC's, then Sanger's, then a name that is one model's only. */
gssize model_list_find (const ModelList *self, const LineIds *lines, gsize line);
/* Adds the ids that the list knows of each line; returns how many lines it knows. */
gsize model_list_complete (const ModelList *self, LineIds *lines);
const char *model_list_get_donor (const ModelList *self, gsize model);  /* nullable */
const char *model_list_get_tissue (const ModelList *self, gsize model); /* nullable */
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ModelList, model_list_free)

G_END_DECLS
