/* fs: FileHandle, a descriptor that is closed when nobody holds it any more, and a stream to read from it. */
#include "../messaging.h"
#include "../stream.h"
#include "close_warning.h"
#include "node_file.h"

#include <stdlib.h>
#include <string.h>

enum { STREAM_CHUNK = 64 * 1024, NO_LIMIT = -1 };

typedef struct FileHandle {
  AsyncWrap wrap; /* first */
  StreamBase stream;
  int fd; /* -1: closed or released */
  bool closing;
  bool reading;        /* as a stream */
  bool read_under_way; /* one read at a time */
  int64_t offset;      /* of the next read, or -1: where the descriptor stands */
  int64_t left;        /* how much may still be read, or NO_LIMIT */
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
  stream_base_finalize(&handle->stream);
  async_wrap_finalize(base);
}

static void mark(BaseObject *base, JSRuntime *rt, JS_MarkFunc *mark_func)
{
  JS_MarkValue(rt, ((FileHandle *)base)->promise, mark_func);
  stream_base_mark(&((FileHandle *)base)->stream, rt, mark_func);
  async_wrap_mark(base, rt, mark_func);
}

/* --- as a stream ------------------------------------------------------------------------------------------------- */

typedef struct StreamRead {
  uv_fs_t uv; /* first */
  FileHandle *handle;
  uv_buf_t buffer;
} StreamRead;

static FileHandle *handle_of(StreamBase *stream) { return (FileHandle *)((char *)stream - offsetof(FileHandle, stream)); }

static void end_stream(FileHandle *handle)
{
  uv_buf_t none = uv_buf_init(NULL, 0);
  stream_read(&handle->stream, UV_EOF, &none);
}

static int read_start(StreamBase *stream);

static void on_stream_read(uv_fs_t *uv)
{
  StreamRead *read = (StreamRead *)uv;
  FileHandle *handle = read->handle;
  JSValue object = JS_MKPTR(JS_TAG_OBJECT, JS_VALUE_GET_PTR(handle->wrap.base.object)); /* held since the start */
  ssize_t length = uv->result;
  uv_fs_req_cleanup(uv);
  handle->read_under_way = false;
  if (length > 0 && handle->left >= 0) {
    length = length < handle->left ? length : (ssize_t)handle->left;
    handle->left -= length;
  }
  if (length > 0 && handle->offset >= 0)
    handle->offset += length;
  stream_read(&handle->stream, length == 0 ? UV_EOF : length, &read->buffer);
  free(read);
  if (handle->reading)
    read_start(&handle->stream);
  JS_FreeValue(the_env->ctx, object);
}

static int read_start(StreamBase *stream)
{
  FileHandle *handle = handle_of(stream);
  if (handle->fd < 0 || handle->closing)
    return UV_EOF;
  handle->reading = true;
  if (handle->read_under_way)
    return 0;
  if (handle->left == 0) {
    end_stream(handle);
    return 0;
  }
  StreamRead *read = calloc(1, sizeof(*read));
  if (!read)
    return UV_ENOMEM;
  read->handle = handle;
  read->buffer = stream_alloc(stream, handle->left > 0 && handle->left < STREAM_CHUNK ? (size_t)handle->left : STREAM_CHUNK);
  int status = uv_fs_read(the_env->loop, &read->uv, handle->fd, &read->buffer, 1, handle->offset, on_stream_read);
  if (status < 0) {
    stream_read(stream, status, &read->buffer);
    free(read);
    return status;
  }
  handle->read_under_way = true;
  JS_DupValue(the_env->ctx, handle->wrap.base.object);
  return 0;
}

static int read_stop(StreamBase *stream)
{
  handle_of(stream)->reading = false;
  return 0;
}

/* Files are written through the binding's own functions. */
static int stream_write(StreamBase *stream, WriteWrap *request, uv_buf_t *buffers, size_t count, uv_stream_t *send)
{
  return UV_ENOSYS;
}

static void mark_closed(FileHandle *handle)
{
  handle->closing = false;
  handle->fd = -1;
  if (handle->reading)
    end_stream(handle);
}

static void on_shutdown(uv_fs_t *uv)
{
  WriteWrap *request = uv->data;
  FileHandle *handle = handle_of(request->stream);
  int status = (int)uv->result;
  uv_fs_req_cleanup(uv);
  free(uv);
  mark_closed(handle);
  stream_request_done(request, status);
}

/* The end of a stream over a file is its being closed. */
static int stream_shutdown(StreamBase *stream, ReqWrap *request)
{
  FileHandle *handle = handle_of(stream);
  uv_fs_t *uv = handle->closing ? NULL : calloc(1, sizeof(*uv));
  if (!uv)
    return handle->closing ? UV_EBADF : UV_ENOMEM;
  int status = uv_fs_close(the_env->loop, uv, handle->fd, on_shutdown);
  if (status < 0) {
    free(uv);
    return status;
  }
  handle->closing = true;
  req_wrap_dispatched(request, (uv_req_t *)uv);
  return 0;
}

static int stream_descriptor(StreamBase *stream) { return handle_of(stream)->fd; }
static bool stream_alive(StreamBase *stream) { return handle_of(stream)->fd >= 0; }
static StreamBase *stream_of_handle(BaseObject *base) { return &((FileHandle *)base)->stream; }

static const StreamMethods stream_methods = {.read_start = read_start,
                                             .read_stop = read_stop,
                                             .write = stream_write,
                                             .shutdown = stream_shutdown,
                                             .descriptor = stream_descriptor,
                                             .alive = stream_alive};

/* --- life -------------------------------------------------------------------------------------------------------- */

static JSValue new_handle(JSContext *ctx, JSValueConst new_target, int fd, const char *path)
{
  FileHandle *handle;
  JSValue object = base_object_new(ctx, new_target, &handle_type, sizeof(*handle), &handle);
  if (JS_IsException(object))
    return object;
  handle->fd = fd;
  handle->path = path ? strdup(path) : NULL;
  handle->promise = JS_UNDEFINED;
  handle->offset = handle->left = NO_LIMIT;
  async_wrap_init(env_of(ctx), &handle->wrap, PROVIDER_FILEHANDLE);
  stream_base_init(&handle->stream, &stream_methods, &handle->wrap);
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
  JSValue object = new_handle(ctx, new_target, fd, NULL);
  FileHandle *handle = JS_IsException(object) ? NULL : base_object_peek(object, &handle_type);
  if (handle && argc > 1 && JS_IsNumber(argv[1]))
    handle->offset = arg_int64(ctx, argv[1]);
  if (handle && argc > 2 && JS_IsNumber(argv[2]))
    handle->left = arg_int64(ctx, argv[2]);
  return object;
}

static void after_close(FsReq *req)
{
  mark_closed(base_object_peek(req->keep, &handle_type));
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
  mark_closed(handle);
  return status < 0 ? throw_uv_exception(ctx, status, "close", NULL, NULL, NULL) : JS_UNDEFINED;
}

/* releaseFD(): the descriptor is somebody else's from now on */
static JSValue handle_release(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  FileHandle *handle = base_object_get(ctx, self, &handle_type);
  if (!handle)
    return JS_EXCEPTION;
  mark_closed(handle);
  return JS_UNDEFINED;
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
  return handle->fd < 0 || handle->closing || handle->reading ? TRANSFER_NONE : TRANSFER_MOVES;
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
  stream_register_type(&handle_type, stream_of_handle);
  stream_base_define(ctx, constructor);
  handle_constructor = JS_DupValue(ctx, constructor);
  register_transferable(&handle_transferable);
}
