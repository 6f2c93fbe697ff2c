/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* How fast a wide table of text becomes a matrix, in MB of the file as it is stored each second of the processor.
 *
 * usage: bench-delimited [FILE [FIRST-COLUMN]]
 *
 * Without a file it makes one of 2,000 genes by 500 lines, laid out as Cell_line_RMA_proc_basalExp. Columns from
 * FIRST-COLUMN (2) on are numbers; the matrix is transposed where there are more rows than columns. Whether the cache
 * is used is up to $QRX_CACHE. */
#include <qrx/qrx.h>

#include <glib/gstdio.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <time.h>

static double
now (clockid_t clock)
{
  struct timespec time;

  clock_gettime (clock, &time);
  return (double) time.tv_sec + 1e-9 * (double) time.tv_nsec;
}

static char *
write_example (void)
{
  GString *text = g_string_new ("GENE_SYMBOLS\tGENE_title");
  char *path = g_build_filename (g_get_tmp_dir (), "qrx-bench-delimited.txt", NULL);

  for (guint line = 0; line < 500; line++)
    g_string_append_printf (text, "\tDATA.%u", 683667 + line);
  for (guint gene = 0; gene < 2000; gene++)
    {
      g_string_append_printf (text, "\nGENE%u\t", gene);
      for (guint line = 0; line < 500; line++)
        g_string_append_printf (text, "\t%.14f", 2.5 + (double) ((gene * 7919 + line * 104729) % 65537) / 6553.7);
    }
  if (!g_file_set_contents (path, text->str, (gssize) text->len, NULL))
    exit (1);
  g_string_free (text, TRUE);
  return path;
}

static QrxTensor *
read_matrix (const char *path, gsize first, GError **error)
{
  g_autoptr (QrxDelimited) table = qrx_delimited_read (path, QRX_DELIMITED_ALLOW_REPEATED_NAMES, error);
  g_autofree gsize *columns = NULL;
  QrxDelimitedSelection selection = { NULL };
  gsize n;

  if (table == NULL)
    return NULL;
  n = qrx_delimited_get_n_columns (table);
  columns = g_new (gsize, n);
  for (gsize i = first; i < n; i++)
    columns[i - first] = i;
  selection.columns = columns;
  selection.n_columns = n - first;
  selection.transposed = qrx_delimited_get_n_rows (table) > n;
  return qrx_delimited_read_matrix (table, &selection, QRX_MISSING_NAN, error);
}

int
main (int argc, char **argv)
{
  g_autofree char *example = argc < 2 ? write_example () : NULL;
  const char *path = example != NULL ? example : argv[1];
  gsize first = argc > 2 ? (gsize) atoi (argv[2]) : 2;
  double processor = now (CLOCK_PROCESS_CPUTIME_ID), wall = now (CLOCK_MONOTONIC);
  g_autoptr (GError) error = NULL;
  g_autoptr (QrxTensor) matrix = read_matrix (path, first, &error);
  struct rusage usage;
  GStatBuf status;

  processor = now (CLOCK_PROCESS_CPUTIME_ID) - processor;
  wall = now (CLOCK_MONOTONIC) - wall;
  if (matrix == NULL || g_stat (path, &status) != 0)
    {
      fprintf (stderr, "%s\n", error != NULL ? error->message : path);
      return 1;
    }
  getrusage (RUSAGE_SELF, &usage);
  printf ("%s: %.1f MB, %" G_GSIZE_FORMAT " by %" G_GSIZE_FORMAT
          " numbers, %.3f s of the processor (%.3f s in all), %.0f MB/s; "
          "the matrix is %.1f MB, the peak %.1f MB\n",
          path, (double) status.st_size * 1e-6, qrx_tensor_get_rows (matrix), qrx_tensor_get_columns (matrix),
          processor, wall, (double) status.st_size * 1e-6 / processor,
          (double) qrx_tensor_get_n_elements (matrix) * 8e-6, (double) usage.ru_maxrss * 1.024e-3);
  if (example != NULL)
    g_unlink (example);
  return 0;
}
