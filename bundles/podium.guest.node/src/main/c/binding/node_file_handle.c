/* fs: FileHandle, a descriptor that is closed when nobody holds it any more. */
#include "../messaging.h"
#include "close_warning.h"
#include "node_file.h"

#include <stdlib.h>
#include <string.h>

typedef struct FileHandle {
  AsyncWrap wrap; /* first */
  int fd;         /* -1: closed or released */
  bool closing;
  char *path;      /* for the warning; may be NULL */
  JSValue promise; /* of close() */
} FileHandle;

static void finalize(BaseObject *base);
static void mark(BaseObject *base, JSRuntime *rt, JS_MarkFunc *mark_func);

static const BaseType handle_type = {"FileHandle", &async_wrap_type, finalize, mark};
static JSValue handle_constructor = JS_UNDEFINED;

static void finalize(BaseObject *base)
{
  FileHandle *handle = (FileHandle *)base;
  if (handle->fd >= 0) {
    uv_fs_t uv;
    int status = uv_fs_close(NULL, &uv, handle->fd, NULL);
    uv_fs_req_cleanup(&uv);
    warn_closed_by_collection(status < 0 ? FILE_CLOSE_FAILED : FILE_CLOSED, handle->fd, handle->path, status);
  }
  JS_FreeValueRT(the_env->rt, handle->promise);
  free(handle->path);
  async_wrap_finalize(base);
}

static void mark(BaseObject *base, JSRuntime *rt, JS_MarkFunc *mark_func)
{
  JS_MarkValue(rt, ((FileHandle *)base)->promise, mark_func);
  async_wrap_mark(base, rt, mark_func);
}

static JSValue new_handle(JSContext *ctx, JSValueConst new_target, int fd, const char *path)
{
  FileHandle *handle;
  JSValue object = base_object_new(ctx, new_target, &handle_type, sizeof(*handle), &handle);
  if (JS_IsException(object))
    return object;
  handle->fd = fd;
  handle->path = path ? strdup(path) : NULL;
  handle->promise = JS_UNDEFINED;
  async_wrap_init(env_of(ctx), &handle->wrap, PROVIDER_FILEHANDLE);
  return object;
}

JSValue fs_new_file_handle(JSContext *ctx, int fd, const char *path)
{
  return new_handle(ctx, handle_constructor, fd, path);
}

/* new FileHandle(fd, offset, length) */
static JSValue construct(JSContext *ctx, JSValueConst new_target, int argc, JSValueConst *argv)
{
  int fd;
  if (!fs_fd(ctx, argc > 0 ? argv[0] : JS_UNDEFINED, &fd))
    return JS_EXCEPTION;
  return new_handle(ctx, new_target, fd, NULL);
}

static void after_close(FsReq *req)
{
  FileHandle *handle = base_object_peek(req->keep, &handle_type);
  handle->closing = false;
  handle->fd = -1;
}

/* close(): a promise, the same one however often it is asked for */
static JSValue handle_close(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  FileHandle *handle = base_object_get(ctx, self, &handle_type);
  if (!handle)
    return JS_EXCEPTION;
  if (!JS_IsUndefined(handle->promise))
    return JS_DupValue(ctx, handle->promise);
  FsReq *req = fs_req_promise(ctx, "close", PROVIDER_FILEHANDLECLOSEREQ);
  if (!req)
    return JS_EXCEPTION;
  int fd = handle->fd;
  handle->closing = true;
  handle->promise = JS_DupValue(ctx, req->promise[0]);
  req->keep = JS_DupValue(ctx, self);
  req->after = after_close;
  return fs_req_run(req, uv_fs_close(req->loop, &req->uv, fd, req->done));
}

static JSValue handle_close_sync(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  FileHandle *handle = base_object_get(ctx, self, &handle_type);
  if (!handle)
    return JS_EXCEPTION;
  if (handle->fd < 0 || handle->closing)
    return JS_UNDEFINED;
  uv_fs_t uv;
  int status = uv_fs_close(NULL, &uv, handle->fd, NULL);
  uv_fs_req_cleanup(&uv);
  handle->fd = -1;
  return status < 0 ? throw_uv_exception(ctx, status, "close", NULL, NULL, NULL) : JS_UNDEFINED;
}

/* releaseFD(): the descriptor is somebody else's from now on */
static JSValue handle_release(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  FileHandle *handle = base_object_get(ctx, self, &handle_type);
  if (!handle)
    return JS_EXCEPTION;
  handle->fd = -1;
  handle->closing = false;
  return JS_UNDEFINED;
}

static JSValue handle_fd(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  FileHandle *handle = base_object_peek(self, &handle_type);
  return JS_NewInt32(ctx, !handle ? UV_EBADF : handle->fd < 0 ? UV_EINVAL : handle->fd);
}

/* --- in messages ------------------------------------------------------------------------------------------------- */

typedef struct HandleTransfer {
  TransferData transfer; /* first */
  int fd;                /* -1 once it is somebody else's */
} HandleTransfer;

static JSValue handle_revive(JSContext *ctx, TransferData *transfer)
{
  JSValue object = fs_new_file_handle(ctx, ((HandleTransfer *)transfer)->fd, NULL);
  if (!JS_IsException(object))
    ((HandleTransfer *)transfer)->fd = -1;
  return object;
}

static void handle_release_transfer(JSRuntime *rt, TransferData *transfer)
{
  uv_fs_t uv;
  if (((HandleTransfer *)transfer)->fd < 0)
    return;
  uv_fs_close(NULL, &uv, ((HandleTransfer *)transfer)->fd, NULL);
  uv_fs_req_cleanup(&uv);
}

static TransferMode handle_mode(JSContext *ctx, JSValueConst object)
{
  FileHandle *handle = base_object_peek(object, &handle_type);
  return handle->fd < 0 || handle->closing ? TRANSFER_NONE : TRANSFER_MOVES;
}

static TransferData *handle_take(JSContext *ctx, JSValueConst object)
{
  FileHandle *handle = base_object_peek(object, &handle_type);
  HandleTransfer *transfer = calloc(1, sizeof(*transfer));
  if (!transfer) {
    JS_ThrowOutOfMemory(ctx);
    return NULL;
  }
  *transfer = (HandleTransfer){{handle_revive, handle_release_transfer, false}, handle->fd};
  handle->fd = -1;
  return &transfer->transfer;
}

static const Transferable handle_transferable = {&handle_type, handle_mode, handle_take};

void fs_init_handle(Env *env, JSContext *ctx, JSValueConst target)
{
  static const BindingFunction methods[] = {
      {"close", handle_close, 0}, {"closeSync", handle_close_sync, 0}, {"releaseFD", handle_release, 0}};
  JSValueConst constructor =
      define_class(ctx, target, "FileHandle", construct, async_wrap_constructor(env), methods, COUNT_OF(methods));
  JSValue prototype = JS_GetPropertyStr(ctx, constructor, "prototype");
  define_getter(ctx, prototype, "fd", handle_fd, NULL);
  JS_FreeValue(ctx, prototype);
  handle_constructor = JS_DupValue(ctx, constructor);
  register_transferable(&handle_transferable);
}
