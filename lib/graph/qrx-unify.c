/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The union-find of sizes. Knows numbers and texts, nothing of nodes or ports. */
#include "graph/qrx-unify-private.h"

typedef struct {
  guint parent;
  gint64 size;
  char *origin;
} SizeClass;

struct _QrxUnify {
  gatomicrefcount references;
  GArray *classes;
  guint n_settled;
};

static void
size_class_clear (gpointer data)
{
  g_free (((SizeClass *) data)->origin);
}

QrxUnify *
qrx_unify_new (void)
{
  QrxUnify *self = g_new0 (QrxUnify, 1);

  g_atomic_ref_count_init (&self->references);
  self->classes = g_array_new (FALSE, FALSE, sizeof (SizeClass));
  g_array_set_clear_func (self->classes, size_class_clear);
  return self;
}

QrxUnify *
qrx_unify_ref (QrxUnify *self)
{
  g_atomic_ref_count_inc (&self->references);
  return self;
}

void
qrx_unify_unref (QrxUnify *self)
{
  if (!g_atomic_ref_count_dec (&self->references))
    return;
  g_array_unref (self->classes);
  g_free (self);
}

guint
qrx_unify_add (QrxUnify *self)
{
  SizeClass open = { .parent = self->classes->len, .size = -1 };

  g_array_append_val (self->classes, open);
  return open.parent;
}

static SizeClass *
find_root (QrxUnify *self, guint a)
{
  SizeClass *classes = (SizeClass *) (gpointer) self->classes->data;

  while (classes[a].parent != a)
    {
      classes[a].parent = classes[classes[a].parent].parent;
      a = classes[a].parent;
    }
  return &classes[a];
}

gboolean
qrx_unify_join (QrxUnify *self, guint a, guint b)
{
  SizeClass *x = find_root (self, a), *y = find_root (self, b);

  if (x == y)
    return TRUE;
  if (x->size >= 0 && y->size >= 0 && x->size != y->size)
    return FALSE;
  if ((x->size < 0) != (y->size < 0))
    self->n_settled++;
  if (x->size < 0 || (x->origin == NULL && y->size >= 0))
    {
      SizeClass *swap = x;

      x = y;
      y = swap;
    }
  y->parent = x->parent;
  return TRUE;
}

gboolean
qrx_unify_settle (QrxUnify *self, guint a, gint64 size, const char *origin)
{
  SizeClass *root = find_root (self, a);

  if (root->size >= 0)
    return root->size == size;
  root->size = size;
  root->origin = g_strdup (origin);
  self->n_settled++;
  return TRUE;
}

gint64
qrx_unify_get_size (QrxUnify *self, guint a)
{
  return find_root (self, a)->size;
}

const char *
qrx_unify_get_origin (QrxUnify *self, guint a)
{
  return find_root (self, a)->origin;
}

guint
qrx_unify_get_n_settled (QrxUnify *self)
{
  return self->n_settled;
}
