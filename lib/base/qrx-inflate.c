/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Gzip streams to bytes, all members of a concatenation, refusing what is corrupt, cut off or too large. */
#include "base/qrx-inflate-private.h"

#include <string.h>
#include <zlib.h>

#define CHUNK (1u << 30) /* zlib counts in guints */
#define MAX_RATIO 1032   /* deflate cannot do better */
#define BUFFER (1u << 18)

typedef struct {
  z_stream stream;
  const guint8 *data;
  gsize size;
  gsize used; /* of data, given to zlib */
  guint8 *out;
  gsize capacity;
  gsize length;
  gsize limit;
  gsize flushed;       /* bytes that the sink took */
  QrxInflateSink sink; /* NULL where out is to hold all */
  gpointer data_of_sink;
  const char *name;
  GError **error;
} Inflation;

gboolean
qrx_inflate_is_gzip (GBytes *bytes)
{
  gsize size;
  const guint8 *data = g_bytes_get_data (bytes, &size);

  return size >= 2 && data[0] == 0x1f && data[1] == 0x8b;
}

static gboolean
fail (Inflation *self, const char *what)
{
  g_set_error (self->error, QRX_DATA_ERROR, QRX_DATA_ERROR_FORMAT,
               "%s: found %s after %" G_GSIZE_FORMAT " bytes of a gzip file, expected an intact one", self->name, what,
               self->used - self->stream.avail_in);
  return FALSE;
}

/* Empties the buffer into the sink. */
static gboolean
flush (Inflation *self)
{
  self->flushed += self->length;
  if (self->flushed <= self->limit && self->sink (self->out, self->length, self->data_of_sink))
    {
      self->length = 0;
      return TRUE;
    }
  g_set_error (self->error, QRX_RUN_ERROR, QRX_RUN_ERROR_RESOURCES,
               "%s: the content of the gzip file does not fit on the disk, or is larger than %" G_GSIZE_FORMAT
               " bytes, more than memory allows",
               self->name, self->limit);
  return FALSE;
}

static gboolean
grow (Inflation *self)
{
  gsize capacity = self->capacity >= self->limit ? 0 : MIN (self->capacity + self->capacity / 2 + 4096, self->limit);
  guint8 *out = capacity > 0 ? g_try_realloc (self->out, capacity) : NULL;

  if (out == NULL)
    {
      g_set_error (self->error, QRX_RUN_ERROR, QRX_RUN_ERROR_RESOURCES,
                   "%s: the content of the gzip file is larger than %" G_GSIZE_FORMAT " bytes, more than memory allows",
                   self->name, self->capacity);
      return FALSE;
    }
  self->out = out;
  self->capacity = capacity;
  return TRUE;
}

/* The last member states its length, which is a lie at times, so it is only where growing starts. */
static gboolean
reserve (Inflation *self)
{
  gsize claimed = 0;

  if (self->size >= 4)
    for (int i = 1; i <= 4; i++)
      claimed = claimed << 8 | self->data[self->size - (gsize) i];
  if (claimed / MAX_RATIO > self->size)
    claimed = 0;
  self->capacity = MIN (claimed, self->limit - MIN (self->limit, 4096));
  return grow (self);
}

static void
feed (Inflation *self)
{
  guint n = (guint) MIN (self->size - self->used, CHUNK);

  if (self->stream.avail_in > 0)
    return;
  self->stream.next_in = (Bytef *) self->data + self->used;
  self->stream.avail_in = n;
  self->used += n;
}

/* After a member: another, the end, or zeros that pad a tape's block. */
static gboolean
next_member (Inflation *self, gboolean *done)
{
  const guint8 *p = self->data + self->used - self->stream.avail_in, *end = self->data + self->size;

  *done = FALSE;
  if (end - p >= 2 && p[0] == 0x1f && p[1] == 0x8b)
    return inflateReset (&self->stream) == Z_OK;
  while (p < end && *p == 0)
    p++;
  *done = p == end;
  return *done ? TRUE : fail (self, "bytes of no gzip member");
}

static gboolean
run (Inflation *self)
{
  gboolean done = FALSE;

  while (!done)
    {
      guint room;
      int status;

      feed (self);
      if (self->length == self->capacity && !(self->sink != NULL ? flush (self) : grow (self)))
        return FALSE;
      room = (guint) MIN (self->capacity - self->length, CHUNK);
      self->stream.next_out = self->out + self->length;
      self->stream.avail_out = room;
      status = inflate (&self->stream, Z_NO_FLUSH);
      self->length += room - self->stream.avail_out;
      if (status == Z_STREAM_END)
        {
          if (!next_member (self, &done))
            return FALSE;
        }
      else if (status == Z_BUF_ERROR ||
               (status == Z_OK && self->stream.avail_in == 0 && self->used == self->size && self->stream.avail_out > 0))
        return fail (self, "the end");
      else if (status == Z_MEM_ERROR)
        return fail (self, "no memory");
      else if (status != Z_OK)
        return fail (self, self->stream.msg != NULL ? self->stream.msg : "corrupt data");
    }
  return TRUE;
}

static gboolean
inflate_all (Inflation *self)
{
  gboolean ok;

  if (inflateInit2 (&self->stream, 16 + MAX_WBITS) != Z_OK)
    {
      g_set_error (self->error, QRX_RUN_ERROR, QRX_RUN_ERROR_RESOURCES, "%s: zlib cannot be used", self->name);
      return FALSE;
    }
  ok = (self->sink != NULL || reserve (self)) && run (self);
  inflateEnd (&self->stream);
  return ok;
}

GBytes *
qrx_inflate (GBytes *bytes, const char *name, gsize limit, GError **error)
{
  Inflation self = { .limit = limit, .name = name, .error = error };

  self.data = g_bytes_get_data (bytes, &self.size);
  if (inflate_all (&self))
    return g_bytes_new_take (self.out, self.length);
  g_free (self.out);
  return NULL;
}

gboolean
qrx_inflate_into (GBytes *bytes, const char *name, gsize limit, QrxInflateSink sink, gpointer data, GError **error)
{
  g_autofree guint8 *buffer = g_malloc (BUFFER);
  Inflation self = {
    .limit = limit, .name = name, .error = error, .sink = sink, .data_of_sink = data, .out = buffer, .capacity = BUFFER
  };

  self.data = g_bytes_get_data (bytes, &self.size);
  return inflate_all (&self) && flush (&self);
}
