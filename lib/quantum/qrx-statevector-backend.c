/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Lays out the memory of a batch, hands its blocks to the kernels, and adds up what they return in a fixed order.
 * Knows no mathematics. */
#include <qrx/qrx-statevector-backend.h>
#include <qrx/qrx-suggest.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include <qrx/qrx-memory.h>
#include "quantum/qrx-backend-private.h"
#include "quantum/qrx-kernel-private.h"
#include "quantum/qrx-statevector-states-private.h"

/* Between arrays, so that their equal indices do not fall on the same cache sets. */
#define STAGGER 320

struct _QrxStatevectorBackend {
  QrxBackend parent_instance;
  char *level;
};

G_DEFINE_FINAL_TYPE (QrxStatevectorBackend, qrx_statevector_backend, QRX_TYPE_BACKEND)

#define QRX_TYPE_STATEVECTOR_WORKSPACE (qrx_statevector_workspace_get_type ())
G_DECLARE_FINAL_TYPE (QrxStatevectorWorkspace, qrx_statevector_workspace, QRX, STATEVECTOR_WORKSPACE, QrxWorkspace)

struct _QrxStatevectorWorkspace {
  QrxWorkspace parent_instance;
  const QrxKernel *kernel;
  QrxEvaluation evaluation;
  QrxBlockMemory *blocks;
  QrxBlockMemory *scratches;
  _Atomic gboolean *taken; /* which of these are in use */
  gsize n_scratches;
  double *sums;     /* for each block, one for each rotation */
  double *totals;   /* for each weight */
  gpointer memory;
};

G_DEFINE_FINAL_TYPE (QrxStatevectorWorkspace, qrx_statevector_workspace, QRX_TYPE_WORKSPACE)

static void
qrx_statevector_workspace_finalize (GObject *object)
{
  QrxStatevectorWorkspace *self = QRX_STATEVECTOR_WORKSPACE (object);

  g_free (self->blocks);
  g_free (self->scratches);
  g_free (self->taken);
  free (self->memory);
  G_OBJECT_CLASS (qrx_statevector_workspace_parent_class)->finalize (object);
}

static void
qrx_statevector_workspace_class_init (QrxStatevectorWorkspaceClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = qrx_statevector_workspace_finalize;
}

static void
qrx_statevector_workspace_init (QrxStatevectorWorkspace *self G_GNUC_UNUSED)
{
}

/* Hands out pieces of one allocation; before there is one, it measures. Sizes are doubles, for they may overflow. */
typedef struct {
  char *memory;
  double used;
} Arena;

static gpointer
take (Arena *arena, double n_bytes)
{
  gpointer piece = arena->memory != NULL ? arena->memory + (gsize) arena->used : NULL;

  arena->used += (double) (((guint64) MIN (n_bytes, 0x1p62) + 63) / 64 * 64) + STAGGER;
  return piece;
}

/* The rows of a block: one for each lane, unless amplitudes are there. */
static gsize
count_block_rows (QrxProgram *program, const QrxKernel *kernel)
{
  return program->n_lane_bits > 0 ? 1 : kernel->lanes;
}

/* The vectors of a state's amplitudes, real or imaginary. */
static double
count_vectors (QrxProgram *program, const QrxKernel *kernel)
{
  return (double) ((gsize) 1 << program->n_qubits) / (program->n_lane_bits > 0 ? (double) kernel->lanes : 1);
}

static double
get_vector_size (const QrxKernel *kernel)
{
  return (double) (kernel->lanes * qrx_dtype_get_size (kernel->dtype));
}

static void
lay_out_block (QrxProgram *program, const QrxKernel *kernel, Arena *arena, QrxBlockMemory *block)
{
  guint n_upper = program->n_qubits - program->n_lane_bits, lower_half = n_upper / 2, upper_half = n_upper - lower_half;
  gsize minors = program->n_lane_bits > 0 ? ((gsize) 1 << program->n_lane_bits) / kernel->lanes : 1;
  double vector = get_vector_size (kernel), halves = (double) (1u << lower_half) + (double) (1u << upper_half);

  block->factors = take (arena, vector * QRX_KERNEL_FACTORS * program->n_row_rotations);
  block->chains = take (arena, 4 * vector * (program->chain[program->n_qubits] + program->n_qubits));
  block->products = take (arena, 2 * vector * halves * (double) (2 * minors + 1));
  block->state = take (arena, 2 * vector * count_vectors (program, kernel));
}

static void
lay_out_scratch (QrxProgram *program, const QrxKernel *kernel, Arena *arena, QrxBlockMemory *scratch)
{
  double vector = get_vector_size (kernel), size = count_vectors (program, kernel);

  scratch->angles = take (arena, 3.0 * sizeof (double) * (double) kernel->lanes * program->n_row_rotations);
  scratch->strings = take (arena, vector * program->strings->len);
  scratch->gradients = take (arena, vector * program->rotations->len);
  scratch->coset = take (arena, 2 * vector * 2 * QRX_SWEEP_MAX_CELLS);
  scratch->bra = take (arena, 2 * vector * size);
  scratch->field = take (arena, vector * size);
  scratch->work = take (arena, vector * size);
}

static void
lay_out (QrxStatevectorWorkspace *self, QrxProgram *program, gsize n_blocks, Arena *arena)
{
  QrxEvaluation *evaluation = &self->evaluation;
  double vector = get_vector_size (self->kernel);
  double size = (double) ((gsize) 1 << program->n_qubits), n_rotations = program->rotations->len;
  QrxBlockMemory measured;
  double before;

  evaluation->factors = take (arena, vector * QRX_KERNEL_FACTORS * program->n_shared_rotations);
  evaluation->tables = take (arena, 2.0 * (double) qrx_dtype_get_size (self->kernel->dtype) * size * program->n_tables);
  evaluation->angles = take (arena, sizeof (double) * (3 * n_rotations + (program->n_tables > 0 ? 3 * size : 0)));
  evaluation->flips = take (arena, sizeof (double) * n_rotations);
  evaluation->string_flips = take (arena, sizeof (double) * program->strings->len);
  evaluation->undone_scales = take (arena, sizeof (double) * 2 * program->layers->len);
  self->sums = take (arena, sizeof (double) * n_rotations * (double) n_blocks);
  self->totals = take (arena, sizeof (double) * (double) qrx_circuit_get_n_weights (program->circuit));
  for (gsize i = 0; i < self->n_scratches; i++)
    lay_out_scratch (program, self->kernel, arena, &self->scratches[i]);
  if (arena->memory != NULL)
    {
      for (gsize b = 0; b < n_blocks; b++)
        lay_out_block (program, self->kernel, arena, &self->blocks[b]);
      return;
    }
  before = arena->used;
  lay_out_block (program, self->kernel, arena, &measured);
  arena->used = before + (arena->used - before) * (double) n_blocks;
}

static QrxWorkspace *
qrx_statevector_backend_create_workspace (QrxBackend *backend, QrxProgram *program, guint64 max_rows, QrxDtype dtype,
                                          GError **error)
{
  QrxStatevectorBackend *self = QRX_STATEVECTOR_BACKEND (backend);
  g_autoptr (QrxStatevectorWorkspace) workspace =
    g_object_new (QRX_TYPE_STATEVECTOR_WORKSPACE, "program", program, "max-rows", max_rows, "dtype", (int) dtype, NULL);
  const QrxKernel *kernel = workspace->kernel = qrx_kernel_find (self->level, dtype);
  gsize n_blocks = (max_rows - 1) / count_block_rows (program, kernel) + 1;
  g_autofree char *what = NULL;
  Arena arena = { NULL, 0 };

  workspace->n_scratches = MIN (n_blocks, g_get_num_processors ());
  workspace->scratches = g_new0 (QrxBlockMemory, workspace->n_scratches);
  workspace->taken = g_new0 (_Atomic gboolean, workspace->n_scratches);
  lay_out (workspace, program, n_blocks, &arena);
  what = g_strdup_printf ("simulating %u qubits for batches of %" G_GUINT64_FORMAT " rows in %s", program->n_qubits,
                          max_rows, qrx_dtype_get_name (dtype));
  if (!qrx_memory_check (arena.used, what, error))
    return NULL;
  workspace->memory = qrx_backend_allocate ((gsize) arena.used, error);
  if (workspace->memory == NULL)
    return NULL;
  workspace->blocks = g_new0 (QrxBlockMemory, n_blocks);
  qrx_workspace_set_size (QRX_WORKSPACE (workspace), (guint64) arena.used);
  arena = (Arena){ workspace->memory, 0 };
  lay_out (workspace, program, n_blocks, &arena);
  workspace->evaluation.program = program;
  workspace->evaluation.lane_bits = program->n_lane_bits > 0 ? (guint) __builtin_ctzl (kernel->lanes) : 0;
  workspace->evaluation.n_inputs = qrx_circuit_get_n_inputs (program->circuit);
  workspace->evaluation.n_observables = qrx_circuit_get_n_observables (program->circuit);
  return QRX_WORKSPACE (g_steal_pointer (&workspace));
}

typedef struct {
  QrxStatevectorWorkspace *workspace;
  gpointer expectations;
  gconstpointer cotangents;
  gpointer grad_inputs;
} Work;

/* A scratch that no other thread uses; there is one for each processor. */
static gsize
take_scratch (QrxStatevectorWorkspace *self)
{
  for (;;)
    {
      for (gsize i = 0; i < self->n_scratches; i++)
        if (!atomic_exchange (&self->taken[i], TRUE))
          return i;
      g_thread_yield ();
    }
}

static QrxBlockMemory
join (const QrxBlockMemory *block, const QrxBlockMemory *scratch)
{
  QrxBlockMemory memory = *scratch;

  memory.factors = block->factors;
  memory.chains = block->chains;
  memory.products = block->products;
  memory.state = block->state;
  return memory;
}

static void
forward_block (gsize index, gpointer data)
{
  const Work *work = data;
  QrxStatevectorWorkspace *self = work->workspace;
  gsize scratch = take_scratch (self);
  QrxBlockMemory memory = join (&self->blocks[index], &self->scratches[scratch]);

  self->kernel->forward (&self->evaluation, &memory, index * count_block_rows (self->evaluation.program, self->kernel),
                         work->expectations);
  atomic_store (&self->taken[scratch], FALSE);
}

static void
backward_block (gsize index, gpointer data)
{
  const Work *work = data;
  QrxStatevectorWorkspace *self = work->workspace;
  gsize scratch = take_scratch (self);
  QrxBlockMemory memory = join (&self->blocks[index], &self->scratches[scratch]);

  self->kernel->backward (&self->evaluation, &memory, index * count_block_rows (self->evaluation.program, self->kernel),
                          work->cotangents, work->grad_inputs,
                          self->sums + index * self->evaluation.program->rotations->len);
  atomic_store (&self->taken[scratch], FALSE);
}

static gsize
count_blocks (QrxStatevectorWorkspace *self)
{
  gsize rows = count_block_rows (self->evaluation.program, self->kernel);

  return (self->evaluation.n_rows + rows - 1) / rows;
}

static gboolean
qrx_statevector_backend_expectations (QrxBackend *backend G_GNUC_UNUSED, QrxProgram *program G_GNUC_UNUSED,
                                      QrxTensor *inputs, QrxTensor *weights, QrxWorkspace *workspace,
                                      QrxTensor *expectations, QrxPool *pool, GError **error G_GNUC_UNUSED)
{
  QrxStatevectorWorkspace *self = QRX_STATEVECTOR_WORKSPACE (workspace);
  Work work = { self, qrx_tensor_peek (expectations), NULL, NULL };

  self->evaluation.inputs = qrx_tensor_peek (inputs);
  self->evaluation.weights = qrx_tensor_peek (weights);
  self->evaluation.n_rows = qrx_tensor_get_rows (inputs);
  self->kernel->prepare (&self->evaluation);
  qrx_pool_run (pool, count_blocks (self), forward_block, &work);
  self->evaluation.inputs = self->evaluation.weights = NULL; /* the factors hold all that the gradient needs */
  return TRUE;
}

/* Blocks in their order, then rotations in theirs. */
static void
add_weight_gradients (QrxStatevectorWorkspace *self, QrxTensor *gradient)
{
  QrxProgram *program = self->evaluation.program;
  const QrxRotation *rotations = &g_array_index (program->rotations, QrxRotation, 0);
  const QrxAngleTerm *terms = &g_array_index (program->terms, QrxAngleTerm, 0);
  gsize n_rotations = program->rotations->len, n_blocks = count_blocks (self), n = qrx_tensor_get_n_elements (gradient);
  double *totals = self->totals;

  for (gsize i = 0; i < n; i++)
    totals[i] = 0;
  for (gsize b = 1; b < n_blocks; b++)
    for (gsize r = 0; r < n_rotations; r++)
      self->sums[r] += self->sums[b * n_rotations + r];
  for (gsize r = 0; r < n_rotations; r++)
    for (guint t = rotations[r].first_term; t < rotations[r].first_term + rotations[r].n_terms; t++)
      if (terms[t].source == QRX_ANGLE_SOURCE_WEIGHT)
        totals[terms[t].index] += terms[t].scale * self->sums[r];
  if (self->kernel->dtype == QRX_DTYPE_F64)
    memcpy (qrx_tensor_peek (gradient), totals, n * sizeof (double));
  else
    for (gsize i = 0; i < n; i++)
      ((float *) qrx_tensor_peek (gradient))[i] = (float) totals[i];
}

static gboolean
qrx_statevector_backend_vjp (QrxBackend *backend G_GNUC_UNUSED, QrxProgram *program G_GNUC_UNUSED,
                             QrxWorkspace *workspace, QrxTensor *cotangents, QrxTensor *grad_inputs,
                             QrxTensor *grad_weights, QrxPool *pool, GError **error G_GNUC_UNUSED)
{
  QrxStatevectorWorkspace *self = QRX_STATEVECTOR_WORKSPACE (workspace);
  Work work = { self, NULL, qrx_tensor_peek (cotangents), grad_inputs != NULL ? qrx_tensor_peek (grad_inputs) : NULL };

  self->evaluation.n_rows = qrx_tensor_get_rows (cotangents);
  qrx_pool_run (pool, count_blocks (self), backward_block, &work);
  if (grad_weights != NULL)
    add_weight_gradients (self, grad_weights);
  return TRUE;
}

static void
qrx_statevector_backend_finalize (GObject *object)
{
  g_free (QRX_STATEVECTOR_BACKEND (object)->level);
  G_OBJECT_CLASS (qrx_statevector_backend_parent_class)->finalize (object);
}

static void
qrx_statevector_backend_class_init (QrxStatevectorBackendClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  QrxBackendClass *backend_class = QRX_BACKEND_CLASS (klass);

  object_class->finalize = qrx_statevector_backend_finalize;
  backend_class->create_workspace = qrx_statevector_backend_create_workspace;
  backend_class->expectations = qrx_statevector_backend_expectations;
  backend_class->vjp = qrx_statevector_backend_vjp;
  backend_class->states = qrx_statevector_states;
}

static void
qrx_statevector_backend_init (QrxStatevectorBackend *self)
{
  self->level = g_strdup (qrx_kernel_list_levels ()[0]);
}

/**
 * qrx_statevector_backend_new:
 *
 * Makes a backend that simulates the state with the best kernels that this processor can run.
 *
 * Returns: (transfer full): the backend
 */
QrxBackend *
qrx_statevector_backend_new (void)
{
  return g_object_new (QRX_TYPE_STATEVECTOR_BACKEND, NULL);
}

/**
 * qrx_statevector_backend_new_for_level:
 * @level: a kernel level, see [func@StatevectorBackend.list_kernel_levels]
 * @error: return location for an error
 *
 * Makes a backend with the kernels of one level. Fails with %QRX_RUN_ERROR_RESOURCES if this processor has not got it.
 *
 * Returns: (transfer full): the backend
 */
QrxBackend *
qrx_statevector_backend_new_for_level (const char *level, GError **error)
{
  QrxStatevectorBackend *self;

  g_return_val_if_fail (level != NULL, NULL);

  if (qrx_kernel_find (level, QRX_DTYPE_F64) == NULL)
    {
      g_autofree char *hint = qrx_suggest_text (level, qrx_kernel_list_levels ());

      g_set_error (error, QRX_RUN_ERROR, QRX_RUN_ERROR_RESOURCES, "this processor has no kernels of level \"%s\"%s",
                   level, hint);
      return NULL;
    }
  self = g_object_new (QRX_TYPE_STATEVECTOR_BACKEND, NULL);
  g_free (self->level);
  self->level = g_strdup (level);
  return QRX_BACKEND (self);
}

/**
 * qrx_statevector_backend_get_kernel_level:
 * @self: a backend
 *
 * Gets the level of its kernels: results are the same bit for bit on one level only.
 *
 * Returns: the level, such as "avx512"
 */
const char *
qrx_statevector_backend_get_kernel_level (QrxStatevectorBackend *self)
{
  g_return_val_if_fail (QRX_IS_STATEVECTOR_BACKEND (self), NULL);
  return self->level;
}

/**
 * qrx_statevector_backend_list_kernel_levels:
 *
 * Lists the kernel levels that this processor can run, best first.
 *
 * Returns: (transfer none) (array zero-terminated=1): the levels
 */
const char *const *
qrx_statevector_backend_list_kernel_levels (void)
{
  return qrx_kernel_list_levels ();
}
