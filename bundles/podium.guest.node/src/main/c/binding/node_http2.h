/* What HTTP/2 has for constants: tables out of the release (src/main/build/dump-lib.js). */
#ifndef PODIUM_NODE_HTTP2_H
#define PODIUM_NODE_HTTP2_H

#include <stdbool.h>

typedef struct Http2Constant {
  const char *name, *text; /* `text` is NULL for a number */
  double number;
  bool enumerable;
} Http2Constant;

typedef struct Http2Field {
  const char *name;
  int value;
} Http2Field;

/* What the library and a session share. */
typedef struct Http2Array {
  const char *name;
  int length;
  bool is_double; /* else 32-bit numbers */
} Http2Array;

/* Each ended by a NULL name. */
extern const Http2Constant http2_constants[];
extern const Http2Field http2_fields[];
extern const Http2Array http2_arrays[];
extern const char *const http2_error_names[];

#endif
