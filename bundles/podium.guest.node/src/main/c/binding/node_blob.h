/* Blobs and what reads them. */
#ifndef PODIUM_NODE_BLOB_H
#define PODIUM_NODE_BLOB_H

#include "../wrap.h"

/* Where bytes come from; shared by all blobs that show some of them. */
typedef struct Source {
  int references;
  JSValue buffer; /* an ArrayBuffer nobody else has, or undefined: a file */
  char *path;
  uint64_t size;        /* of the file when the blob was made; */
  uv_timespec_t changed; /* a file that changed since cannot be read */
} Source;

typedef struct Part {
  Source *source;
  uint64_t offset, length;
} Part;

typedef struct Blob {
  BaseObject base; /* first */
  Part *parts;
  uint32_t count;
} Blob;

extern const BaseType blob_type;

/* blob.getReader() */
JSValue blob_get_reader(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv);

#endif
