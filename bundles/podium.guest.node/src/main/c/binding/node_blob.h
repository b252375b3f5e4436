/* Blobs, for the bindings that pass them on. */
#ifndef PODIUM_NODE_BLOB_H
#define PODIUM_NODE_BLOB_H

#include "../env.h"

bool is_blob_handle(JSValueConst value);
/* A second handle to the same data, as structuredClone() makes. */
JSValue clone_blob_handle(JSContext *ctx, JSValueConst handle);

#endif
