/* fs_dir: directories read a batch of entries at a time. */
#include "close_warning.h"
#include "node_file.h"

#include <stdlib.h>
#include <string.h>

enum { MAX_BATCH = 1 << 16 };

typedef struct DirHandle {
  AsyncWrap wrap; /* first */
  uv_dir_t *dir;  /* NULL: closed */
  uv_dirent_t *entries;
  size_t room;
} DirHandle;

static void finalize(BaseObject *base);

static const BaseType dir_type = {"DirHandle", &async_wrap_type, finalize, async_wrap_mark};
static JSValue dir_constructor = JS_UNDEFINED;

static int close_now(uv_dir_t *dir)
{
  uv_fs_t uv;
  int status = uv_fs_closedir(NULL, &uv, dir, NULL);
  uv_fs_req_cleanup(&uv);
  return status;
}

static void finalize(BaseObject *base)
{
  DirHandle *handle = (DirHandle *)base;
  if (handle->dir) {
    int status = close_now(handle->dir);
    warn_closed_by_collection(status < 0 ? DIRECTORY_CLOSE_FAILED : DIRECTORY_CLOSED, -1, NULL, status);
  }
  free(handle->entries);
  async_wrap_finalize(base);
}

static JSValue construct(JSContext *ctx, JSValueConst new_target, int argc, JSValueConst *argv)
{
  DirHandle *handle;
  JSValue object = base_object_new(ctx, new_target, &dir_type, sizeof(*handle), &handle);
  if (!JS_IsException(object))
    async_wrap_init(env_of(ctx), &handle->wrap, PROVIDER_DIRHANDLE);
  return object;
}

static JSValue new_handle(JSContext *ctx, uv_dir_t *dir)
{
  JSValue object = construct(ctx, dir_constructor, 0, NULL);
  DirHandle *handle = JS_IsException(object) ? NULL : base_object_peek(object, &dir_type);
  dir->dirents = NULL;
  dir->nentries = 0;
  if (handle)
    handle->dir = dir;
  else
    close_now(dir);
  return object;
}

/* --- open -------------------------------------------------------------------------------------------------------- */

static JSValue result_dir(JSContext *ctx, FsReq *req) { return new_handle(ctx, req->uv.ptr); }

/* opendir(path, encoding, req) */
static JSValue fs_opendir(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  FsReq *req = fs_req_path(ctx, "opendir", argv[2], argv[0]);
  if (!req)
    return JS_EXCEPTION;
  req->result = result_dir;
  return fs_req_run(req, uv_fs_opendir(req->loop, &req->uv, req->path, req->done));
}

/* opendirSync(path): its errors show no path */
static JSValue fs_opendir_sync(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  char *path = fs_path(ctx, argv[0]);
  uv_fs_t uv;
  if (!path)
    return JS_EXCEPTION;
  int status = uv_fs_opendir(NULL, &uv, path, NULL);
  JSValue result = status < 0 ? throw_uv_exception(ctx, status, "opendir", NULL, NULL, NULL) : new_handle(ctx, uv.ptr);
  uv_fs_req_cleanup(&uv);
  free(path);
  return result;
}

/* --- read -------------------------------------------------------------------------------------------------------- */

/* [name, type, name, type, ...], or null at the end */
static JSValue result_batch(JSContext *ctx, FsReq *req)
{
  const uv_dir_t *dir = req->uv.ptr;
  if (req->uv.result == 0)
    return JS_NULL;
  JSValue list = JS_NewArray(ctx);
  for (uint32_t i = 0; i < (uint32_t)req->uv.result; i++) {
    const char *text = dir->dirents[i].name;
    JSValue name = string_bytes_encode(ctx, (const uint8_t *)text, strlen(text), req->encoding);
    if (JS_IsException(name) || JS_DefinePropertyValueUint32(ctx, list, 2 * i, name, JS_PROP_C_W_E) < 0 ||
        JS_DefinePropertyValueUint32(ctx, list, 2 * i + 1, JS_NewInt32(ctx, dir->dirents[i].type), JS_PROP_C_W_E) < 0) {
      JS_FreeValue(ctx, list);
      return JS_EXCEPTION;
    }
  }
  return list;
}

/* Room for a batch of `size`. False with an exception. */
static bool make_room(JSContext *ctx, DirHandle *handle, double size)
{
  if (!(size >= 1)) {
    throw_code_error(ctx, RANGE_ERROR, "ERR_OUT_OF_RANGE", "bufferSize is out of range");
    return false;
  }
  size_t room = size > MAX_BATCH ? MAX_BATCH : (size_t)size;
  if (room != handle->room) {
    uv_dirent_t *entries = realloc(handle->entries, room * sizeof(*entries));
    if (!entries) {
      JS_ThrowOutOfMemory(ctx);
      return false;
    }
    handle->entries = entries;
    handle->room = room;
  }
  handle->dir->dirents = handle->entries;
  handle->dir->nentries = handle->room;
  return true;
}

/* The open directory of `self`; NULL with an exception. */
static DirHandle *open_handle(JSContext *ctx, JSValueConst self)
{
  DirHandle *handle = base_object_get(ctx, self, &dir_type);
  if (handle && !handle->dir) {
    throw_code_error(ctx, ERROR, "ERR_DIR_CLOSED", "Directory handle was closed");
    return NULL;
  }
  return handle;
}

/* read(encoding, bufferSize, req) */
static JSValue dir_read(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  DirHandle *handle = open_handle(ctx, self);
  if (!handle || !make_room(ctx, handle, arg_double(ctx, argv[1])))
    return JS_EXCEPTION;
  FsReq *req = fs_req_new(ctx, "readdir", argv[2]);
  if (!req)
    return JS_EXCEPTION;
  req->keep = JS_DupValue(ctx, self);
  req->encoding = parse_encoding(ctx, argv[0], UTF8);
  req->result = result_batch;
  return fs_req_run(req, uv_fs_readdir(req->loop, &req->uv, handle->dir, req->done));
}

/* close(req) */
static JSValue dir_close(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  DirHandle *handle = open_handle(ctx, self);
  FsReq *req = handle ? fs_req_new(ctx, "closedir", argv[0]) : NULL;
  if (!req)
    return JS_EXCEPTION;
  uv_dir_t *dir = handle->dir;
  handle->dir = NULL;
  req->keep = JS_DupValue(ctx, self);
  return fs_req_run(req, uv_fs_closedir(req->loop, &req->uv, dir, req->done));
}

void init_fs_dir(Env *env, JSContext *ctx, JSValueConst target)
{
  static const BindingFunction functions[] = {{"opendir", fs_opendir, 3}, {"opendirSync", fs_opendir_sync, 1}};
  static const BindingFunction methods[] = {{"read", dir_read, 3}, {"close", dir_close, 1}};
  DEFINE_FUNCTIONS(ctx, target, functions);
  JSValueConst constructor =
      define_class(ctx, target, "DirHandle", construct, async_wrap_constructor(env), methods, COUNT_OF(methods));
  dir_constructor = JS_DupValue(ctx, constructor);
}
