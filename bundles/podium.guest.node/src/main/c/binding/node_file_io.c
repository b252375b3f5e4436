/* fs: opening files, reading and writing. */
#include "node_file.h"

#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { READ_CHUNK = 64 * 1024, MAX_BUFFERS = 1 << 20 };

/* --- open -------------------------------------------------------------------------------------------------------- */

static JSValue result_file_handle(JSContext *ctx, FsReq *req)
{
  int fd = (int)req->uv.result;
  JSValue handle = fs_new_file_handle(ctx, fd, req->path);
  if (JS_IsException(handle)) {
    uv_fs_t close;
    uv_fs_close(NULL, &close, fd, NULL);
    uv_fs_req_cleanup(&close);
  }
  return handle;
}

/* open(path, flags, mode, req) */
static JSValue fs_open(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  FsReq *req = fs_req_path(ctx, "open", argv[3], argv[0]);
  int flags = arg_int32(ctx, argv[1]), mode = arg_int32(ctx, argv[2]);
  if (!req)
    return JS_EXCEPTION;
  req->result = fs_result_integer;
  return fs_req_run(req, uv_fs_open(req->loop, &req->uv, req->path, flags, mode, req->done));
}

/* openFileHandle(path, flags, mode, req, context) */
static JSValue fs_open_file_handle(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  FsReq *req = fs_req_path(ctx, "open", argv[3], argv[0]);
  int flags = arg_int32(ctx, argv[1]), mode = arg_int32(ctx, argv[2]);
  if (!req)
    return JS_EXCEPTION;
  req->result = result_file_handle;
  return fs_req_run_into(req, uv_fs_open(req->loop, &req->uv, req->path, flags, mode, req->done), argv[4]);
}

/* --- buffers ----------------------------------------------------------------------------------------------------- */

/* The part [offset, offset + length) of a buffer, checked. False with an exception. */
static bool buffer_part(JSContext *ctx, JSValueConst *arguments, uv_buf_t *part)
{
  EngineView view;
  int64_t offset = arg_int64(ctx, arguments[1]), length = arg_int64(ctx, arguments[2]);
  if (!engine_view(arguments[0], &view)) {
    throw_code_error(ctx, TYPE_ERROR, "ERR_INVALID_ARG_TYPE", "argument must be a buffer");
    return false;
  }
  if (offset < 0 || length < 0 || (uint64_t)offset > view.length || (uint64_t)length > view.length - (uint64_t)offset) {
    throw_code_error(ctx, RANGE_ERROR, "ERR_OUT_OF_RANGE", "offset and length must lie within the buffer");
    return false;
  }
  *part = uv_buf_init((char *)view.data + offset, (unsigned)length);
  return true;
}

/* A position in a file: -1, the current one, for anything but an integer. */
static int64_t position_of(JSContext *ctx, JSValueConst value)
{
  return JS_IsNumber(value) || JS_IsBigInt(value) ? arg_int64(ctx, value) : -1;
}

/* read(fd, buffer, offset, length, position, req) */
static JSValue fs_read(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  uv_buf_t part;
  int fd;
  int64_t position = position_of(ctx, argv[4]);
  if (!fs_fd(ctx, argv[0], &fd) || !buffer_part(ctx, argv + 1, &part))
    return JS_EXCEPTION;
  FsReq *req = fs_req_new(ctx, "read", argv[5]);
  if (!req)
    return JS_EXCEPTION;
  req->keep = JS_DupValue(ctx, argv[1]);
  req->result = fs_result_integer;
  return fs_req_run(req, uv_fs_read(req->loop, &req->uv, fd, &part, 1, position, req->done));
}

/* writeBuffer(fd, buffer, offset, length, position, req, context) */
static JSValue fs_write_buffer(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  uv_buf_t part;
  int fd;
  int64_t position = position_of(ctx, argv[4]);
  if (!fs_fd(ctx, argv[0], &fd) || !buffer_part(ctx, argv + 1, &part))
    return JS_EXCEPTION;
  FsReq *req = fs_req_new(ctx, "write", argv[5]);
  if (!req)
    return JS_EXCEPTION;
  req->keep = JS_DupValue(ctx, argv[1]);
  req->result = fs_result_integer;
  return fs_req_run_into(req, uv_fs_write(req->loop, &req->uv, fd, &part, 1, position, req->done), argv[6]);
}

/* The request's buffers out of an array of them. False with an exception. */
static bool take_buffers(FsReq *req, JSValueConst array, unsigned *count)
{
  JSContext *ctx = req->ctx;
  int64_t length;
  if (JS_GetLength(ctx, array, &length) < 0)
    return false;
  if (length < 0 || length > MAX_BUFFERS) {
    throw_code_error(ctx, RANGE_ERROR, "ERR_OUT_OF_RANGE", "too many buffers");
    return false;
  }
  req->buffers = calloc((size_t)length + 1, sizeof(uv_buf_t));
  if (!req->buffers) {
    JS_ThrowOutOfMemory(ctx);
    return false;
  }
  for (int64_t i = 0; i < length; i++) {
    EngineView view;
    JSValue item = JS_GetPropertyInt64(ctx, array, i);
    bool is_buffer = engine_view(item, &view);
    JS_FreeValue(ctx, item); /* the array holds it, and the request holds the array */
    if (!is_buffer) {
      throw_code_error(ctx, TYPE_ERROR, "ERR_INVALID_ARG_TYPE", "buffers must be an array of buffers");
      return false;
    }
    req->buffers[i] = uv_buf_init((char *)view.data, (unsigned)view.length);
  }
  req->keep = JS_DupValue(ctx, array);
  req->result = fs_result_integer;
  *count = (unsigned)length;
  return true;
}

/* readBuffers(fd, buffers, position, req) */
static JSValue fs_read_buffers(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  int fd;
  unsigned count;
  int64_t position = position_of(ctx, argv[2]);
  FsReq *req = fs_req_fd(ctx, "read", argv[3], argv[0], &fd);
  if (!req)
    return JS_EXCEPTION;
  if (!take_buffers(req, argv[1], &count))
    return fs_req_drop(req);
  return fs_req_run(req, uv_fs_read(req->loop, &req->uv, fd, req->buffers, count, position, req->done));
}

/* writeBuffers(fd, buffers, position, req) */
static JSValue fs_write_buffers(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  int fd;
  unsigned count;
  int64_t position = position_of(ctx, argv[2]);
  FsReq *req = fs_req_fd(ctx, "write", argv[3], argv[0], &fd);
  if (!req)
    return JS_EXCEPTION;
  if (!take_buffers(req, argv[1], &count))
    return fs_req_drop(req);
  return fs_req_run(req, uv_fs_write(req->loop, &req->uv, fd, req->buffers, count, position, req->done));
}

/* writeString(fd, string, position, encoding, req, context) */
static JSValue fs_write_string(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  int fd;
  size_t length;
  int64_t position = position_of(ctx, argv[2]);
  Encoding encoding = parse_encoding(ctx, argv[3], UTF8);
  FsReq *req = fs_req_fd(ctx, "write", argv[4], argv[0], &fd);
  if (!req)
    return JS_EXCEPTION;
  if (!string_bytes_get(ctx, argv[1], encoding, (uint8_t **)&req->data, &length))
    return fs_req_drop(req);
  req->result = fs_result_integer;
  uv_buf_t part = uv_buf_init(req->data, (unsigned)length);
  return fs_req_run_into(req, uv_fs_write(req->loop, &req->uv, fd, &part, 1, position, req->done), argv[5]);
}

/* --- whole files, at once ---------------------------------------------------------------------------------------- */

/* A descriptor as it is, or a path to open (`*opened`). -1 with an exception. */
static int open_target(JSContext *ctx, JSValueConst target, int flags, int mode, bool *opened)
{
  *opened = !JS_IsNumber(target);
  if (!*opened)
    return arg_int32(ctx, target);
  char *path = fs_path(ctx, target);
  if (!path)
    return -1;
  uv_fs_t uv;
  int fd = uv_fs_open(NULL, &uv, path, flags, mode, NULL);
  uv_fs_req_cleanup(&uv);
  if (fd < 0)
    throw_uv_exception(ctx, fd, "open", NULL, path, NULL);
  free(path);
  return fd < 0 ? -1 : fd;
}

static int close_target(int fd)
{
  uv_fs_t uv;
  int status = uv_fs_close(NULL, &uv, fd, NULL);
  uv_fs_req_cleanup(&uv);
  return status;
}

static int transfer(int fd, bool write, char *data, size_t length)
{
  uv_fs_t uv;
  uv_buf_t part = uv_buf_init(data, (unsigned)(length < INT_MAX ? length : INT_MAX));
  int status = write ? uv_fs_write(NULL, &uv, fd, &part, 1, -1, NULL) : uv_fs_read(NULL, &uv, fd, &part, 1, -1, NULL);
  uv_fs_req_cleanup(&uv);
  return status;
}

/* A first guess of how much there is to read, and a byte more to see the end. */
static size_t size_hint(int fd)
{
  uv_fs_t uv;
  size_t hint = READ_CHUNK;
  if (uv_fs_fstat(NULL, &uv, fd, NULL) == 0 && S_ISREG(uv.statbuf.st_mode) && uv.statbuf.st_size < INT_MAX)
    hint = (size_t)uv.statbuf.st_size + 1;
  uv_fs_req_cleanup(&uv);
  return hint;
}

/* Reads to the end; UV_ENOMEM or libuv's error, else 0. The caller frees `*data` in any case. */
static int read_all(int fd, char **data, size_t *length)
{
  size_t room = size_hint(fd);
  *length = 0;
  *data = malloc(room);
  for (;;) {
    if (!*data)
      return UV_ENOMEM;
    int n = transfer(fd, false, *data + *length, room - *length);
    if (n <= 0)
      return n;
    *length += (size_t)n;
    if (*length < room)
      continue;
    size_t more = room < READ_CHUNK ? READ_CHUNK : room;
    char *grown = *length < INT_MAX - more ? realloc(*data, room + more) : NULL;
    if (!grown)
      return UV_ENOMEM;
    *data = grown;
    room += more;
  }
}

/* readFileUtf8(pathOrFd, flags) */
static JSValue fs_read_file_utf8(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  bool opened;
  char *data = NULL;
  size_t length;
  int fd = open_target(ctx, argv[0], arg_int32(ctx, argv[1]), 0666, &opened);
  if (opened && fd < 0)
    return JS_EXCEPTION;
  int status = read_all(fd, &data, &length);
  if (opened)
    close_target(fd);
  JSValue text = status < 0 ? throw_uv_exception(ctx, status, "read", NULL, NULL, NULL)
                            : string_bytes_encode(ctx, (const uint8_t *)data, length, UTF8);
  free(data);
  return text;
}

/* writeFileUtf8(pathOrFd, data, flags, mode) */
static JSValue fs_write_file_utf8(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  bool opened;
  size_t length;
  char *data;
  if (!string_bytes_get(ctx, argv[1], UTF8, (uint8_t **)&data, &length))
    return JS_EXCEPTION;
  int fd = open_target(ctx, argv[0], arg_int32(ctx, argv[2]), arg_int32(ctx, argv[3]), &opened);
  if (opened && fd < 0) {
    free(data);
    return JS_EXCEPTION;
  }
  int status = 0, closing = 0;
  for (size_t done = 0; done < length && status >= 0; done += (size_t)status)
    status = transfer(fd, true, data + done, length - done);
  if (opened)
    closing = close_target(fd);
  free(data);
  if (status < 0)
    return throw_uv_exception(ctx, status, "write", NULL, NULL, NULL);
  return closing < 0 ? throw_uv_exception(ctx, closing, "close", NULL, NULL, NULL) : JS_UNDEFINED;
}

void fs_init_io(Env *env, JSContext *ctx, JSValueConst target)
{
  static const BindingFunction functions[] = {
      {"open", fs_open, 4},
      {"openFileHandle", fs_open_file_handle, 5},
      {"read", fs_read, 6},
      {"readBuffers", fs_read_buffers, 4},
      {"writeBuffer", fs_write_buffer, 7},
      {"writeBuffers", fs_write_buffers, 4},
      {"writeString", fs_write_string, 6},
      {"readFileUtf8", fs_read_file_utf8, 2},
      {"writeFileUtf8", fs_write_file_utf8, 4},
  };
  DEFINE_FUNCTIONS(ctx, target, functions);
}
