/* blob: immutable data made of parts, each in memory or in a file. */
#include "node_blob.h"

#include "../messaging.h"
#include "node_file.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { MAX_PARTS = 1 << 24 };

/* --- data -------------------------------------------------------------------------------------------------------- */

static void blob_finalize(BaseObject *base);

const BaseType blob_type = {"Blob", NULL, blob_finalize, NULL};
static JSValue blob_constructor = JS_UNDEFINED;
static JSValue store = JS_UNDEFINED; /* id -> [handle, length, type] of object URLs */

static void source_release(JSRuntime *rt, Source *source)
{
  if (--source->references > 0)
    return;
  JS_FreeValueRT(rt, source->buffer);
  free(source->path);
  free(source);
}

static void blob_finalize(BaseObject *base)
{
  Blob *blob = (Blob *)base;
  for (uint32_t i = 0; i < blob->count; i++)
    source_release(the_env->rt, blob->parts[i].source);
  free(blob->parts);
}

/* A blob with room for `room` parts. */
static JSValue new_blob(JSContext *ctx, size_t room, Blob **blob)
{
  if (room > MAX_PARTS)
    return throw_code_error(ctx, RANGE_ERROR, "ERR_OUT_OF_RANGE", "a blob of too many parts");
  JSValue object = base_object_new(ctx, blob_constructor, &blob_type, sizeof(**blob), blob);
  if (JS_IsException(object))
    return object;
  (*blob)->parts = calloc(room ? room : 1, sizeof(Part));
  if ((*blob)->parts)
    return object;
  JS_FreeValue(ctx, object);
  return JS_ThrowOutOfMemory(ctx);
}

static void add_part(Blob *blob, Source *source, uint64_t offset, uint64_t length)
{
  source->references++;
  blob->parts[blob->count++] = (Part){source, offset, length};
}

/* Copies the part [start, end) of `from` behind what `blob` has; there must be room. */
static void add_slice(Blob *blob, const Blob *from, uint64_t start, uint64_t end)
{
  uint64_t at = 0;
  for (uint32_t i = 0; i < from->count && at < end; i++) {
    const Part *part = &from->parts[i];
    uint64_t first = start > at ? start - at : 0, last = end - at < part->length ? end - at : part->length;
    if (first < last)
      add_part(blob, part->source, part->offset + first, last - first);
    at += part->length;
  }
}

/* --- in messages ------------------------------------------------------------------------------------------------- */

typedef struct BlobTransfer {
  TransferData transfer; /* first */
  JSValue handle;
} BlobTransfer;

/* A second handle to the same data. */
static JSValue blob_revive(JSContext *ctx, TransferData *transfer)
{
  Blob *from = base_object_peek(((BlobTransfer *)transfer)->handle, &blob_type), *blob;
  JSValue object = new_blob(ctx, from->count, &blob);
  if (!JS_IsException(object))
    add_slice(blob, from, 0, UINT64_MAX);
  return object;
}

static void blob_release(JSRuntime *rt, TransferData *transfer)
{
  JS_FreeValueRT(rt, ((BlobTransfer *)transfer)->handle);
}

static TransferMode blob_mode(JSContext *ctx, JSValueConst object) { return TRANSFER_CLONES; }

static TransferData *blob_take(JSContext *ctx, JSValueConst object)
{
  BlobTransfer *transfer = calloc(1, sizeof(*transfer));
  if (!transfer) {
    JS_ThrowOutOfMemory(ctx);
    return NULL;
  }
  *transfer = (BlobTransfer){{blob_revive, blob_release, false}, JS_DupValue(ctx, object)};
  return &transfer->transfer;
}

static const Transferable blob_transferable = {&blob_type, blob_mode, blob_take};

/* --- createBlob -------------------------------------------------------------------------------------------------- */

/* Keeps a buffer the library made for the blob alone; no copy. False with an exception. */
static bool add_buffer(JSContext *ctx, Blob *blob, JSValueConst value)
{
  EngineView view;
  size_t offset = 0, length;
  if (!engine_view(value, &view)) {
    throw_code_error(ctx, TYPE_ERROR, "ERR_INVALID_ARG_TYPE", "a part of a blob must be a buffer or a blob");
    return false;
  }
  JSValue buffer = JS_GetTypedArrayBuffer(ctx, value, &offset, &length, NULL);
  if (JS_IsException(buffer)) {
    JS_FreeValue(ctx, JS_GetException(ctx));
    buffer = JS_NewArrayBufferCopy(ctx, view.data, view.length);
    offset = 0;
  }
  Source *source = JS_IsException(buffer) ? NULL : calloc(1, sizeof(*source));
  if (!source) {
    JS_FreeValue(ctx, buffer);
    JS_ThrowOutOfMemory(ctx);
    return false;
  }
  source->buffer = buffer;
  add_part(blob, source, offset, view.length);
  return true;
}

/* How many parts a list of sources makes; -1 with an exception. */
static int64_t count_parts(JSContext *ctx, JSValueConst sources)
{
  int64_t length, total = 0;
  if (JS_GetLength(ctx, sources, &length) < 0)
    return -1;
  for (int64_t i = 0; i < length && total <= MAX_PARTS; i++) {
    JSValue item = JS_GetPropertyInt64(ctx, sources, i);
    Blob *blob = base_object_peek(item, &blob_type);
    total += blob ? blob->count : 1;
    JS_FreeValue(ctx, item);
  }
  return total;
}

/* createBlob(sources, length) */
static JSValue create_blob(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  Blob *blob;
  int64_t room = count_parts(ctx, argv[0]), length;
  JSValue object = room < 0 || JS_GetLength(ctx, argv[0], &length) < 0 ? JS_EXCEPTION : new_blob(ctx, (size_t)room, &blob);
  for (int64_t i = 0; !JS_IsException(object) && i < length && blob->count < room; i++) {
    JSValue item = JS_GetPropertyInt64(ctx, argv[0], i);
    Blob *part = base_object_peek(item, &blob_type);
    if (part && part->count <= room - blob->count) {
      add_slice(blob, part, 0, UINT64_MAX);
    } else if (!add_buffer(ctx, blob, item)) {
      JS_FreeValue(ctx, object);
      object = JS_EXCEPTION;
    }
    JS_FreeValue(ctx, item);
  }
  return object;
}

/* createBlobFromFilePath(path): [blob, length] */
static JSValue create_blob_from_file(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  char *path = fs_path(ctx, argv[0]);
  uv_fs_t uv;
  if (!path)
    return JS_EXCEPTION;
  int status = uv_fs_stat(NULL, &uv, path, NULL);
  uv_stat_t stat = uv.statbuf;
  uv_fs_req_cleanup(&uv);
  Source *source = status < 0 ? NULL : calloc(1, sizeof(*source));
  if (!source) {
    free(path);
    return throw_code_error(ctx, TYPE_ERROR, "ERR_INVALID_ARG_VALUE", "Unable to open file as blob");
  }
  *source = (Source){.buffer = JS_UNDEFINED, .path = path, .size = stat.st_size, .changed = stat.st_mtim};
  Blob *blob;
  JSValue object = new_blob(ctx, 1, &blob);
  if (JS_IsException(object)) {
    source_release(JS_GetRuntime(ctx), source);
    return object;
  }
  add_part(blob, source, 0, source->size);
  JSValue both = JS_NewArray(ctx);
  JS_DefinePropertyValueUint32(ctx, both, 0, object, JS_PROP_C_W_E);
  JS_DefinePropertyValueUint32(ctx, both, 1, JS_NewUint32(ctx, (uint32_t)source->size), JS_PROP_C_W_E);
  return both;
}

/* blob.slice(start, end) */
static JSValue blob_slice(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  Blob *from = base_object_get(ctx, self, &blob_type), *blob;
  if (!from)
    return JS_EXCEPTION;
  double start = arg_double(ctx, argv[0]), end = arg_double(ctx, argv[1]);
  JSValue object = new_blob(ctx, from->count, &blob);
  if (!JS_IsException(object) && start >= 0 && end > start)
    add_slice(blob, from, (uint64_t)start, (uint64_t)end);
  return object;
}

/* concat(buffers): one ArrayBuffer */
static JSValue blob_concat(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  int64_t length;
  size_t total = 0, at = 0;
  EngineView view;
  if (JS_GetLength(ctx, argv[0], &length) < 0)
    return JS_EXCEPTION;
  for (int64_t i = 0; i < length; i++) {
    JSValue item = JS_GetPropertyInt64(ctx, argv[0], i);
    if (engine_view(item, &view))
      total += view.length;
    JS_FreeValue(ctx, item);
  }
  JSValue result = JS_NewArrayBufferCopy(ctx, NULL, 0);
  uint8_t *bytes = js_malloc(ctx, total ? total : 1);
  if (!bytes || JS_IsException(result))
    goto done;
  for (int64_t i = 0; i < length; i++) {
    JSValue item = JS_GetPropertyInt64(ctx, argv[0], i);
    if (engine_view(item, &view) && view.length <= total - at) {
      memcpy(bytes + at, view.data, view.length);
      at += view.length;
    }
    JS_FreeValue(ctx, item);
  }
  JS_FreeValue(ctx, result);
  result = JS_NewArrayBufferCopy(ctx, bytes, at);
done:
  js_free(ctx, bytes);
  return result;
}

/* --- readers ----------------------------------------------------------------------------------------------------- */

/* --- object URLs ------------------------------------------------------------------------------------------------- */

/* storeDataObject(id, handle, length, type) */
static JSValue store_data_object(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  JSAtom id = JS_ValueToAtom(ctx, argv[0]);
  if (id == JS_ATOM_NULL || !base_object_get(ctx, argv[1], &blob_type)) {
    JS_FreeAtom(ctx, id);
    return JS_EXCEPTION;
  }
  JSValue entry = JS_NewArray(ctx);
  for (uint32_t i = 0; i < 3; i++)
    JS_DefinePropertyValueUint32(ctx, entry, i, JS_DupValue(ctx, argv[i + 1]), JS_PROP_C_W_E);
  int status = JS_SetProperty(ctx, store, id, entry);
  JS_FreeAtom(ctx, id);
  return status < 0 ? JS_EXCEPTION : JS_UNDEFINED;
}

/* getDataObject(id): [handle, length, type] */
static JSValue get_data_object(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  JSAtom id = JS_ValueToAtom(ctx, argv[0]);
  JSValue entry = id == JS_ATOM_NULL ? JS_EXCEPTION : JS_GetProperty(ctx, store, id);
  JS_FreeAtom(ctx, id);
  return entry;
}

/* revokeObjectURL("blob:nodedata:<id>"); anything else is no object URL of ours */
static JSValue revoke_object_url(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  const char *url = JS_ToCString(ctx, argv[0]);
  if (!url)
    return JS_EXCEPTION;
  const char *start = url + strspn(url, " \t\r\n");
  const char *id = strncasecmp(start, "blob:", 5) == 0 ? strchr(start + 5, ':') : NULL;
  size_t length = id ? strcspn(id + 1, ":?# \t\r\n") : 0;
  if (id && id[1 + length] != ':') {
    JSAtom atom = JS_NewAtomLen(ctx, id + 1, length);
    JS_DeleteProperty(ctx, store, atom, 0);
    JS_FreeAtom(ctx, atom);
  }
  JS_FreeCString(ctx, url);
  return JS_UNDEFINED;
}

void init_blob(Env *env, JSContext *ctx, JSValueConst target)
{
  static const BindingFunction functions[] = {{"createBlob", create_blob, 2},
                                              {"createBlobFromFilePath", create_blob_from_file, 1},
                                              {"concat", blob_concat, 1},
                                              {"storeDataObject", store_data_object, 4},
                                              {"getDataObject", get_data_object, 1},
                                              {"revokeObjectURL", revoke_object_url, 1}};
  static const BindingFunction methods[] = {{"getReader", blob_get_reader, 0}, {"slice", blob_slice, 2}};
  DEFINE_FUNCTIONS(ctx, target, functions);
  define_hidden_class(ctx, &blob_constructor, "Blob", JS_UNDEFINED, methods, COUNT_OF(methods));
  store = new_null_object(ctx);
  register_transferable(&blob_transferable);
}
