/* BlobReader: a blob's bytes, a piece at a time. */
#include "node_blob.h"

#include <fcntl.h>
#include <stdlib.h>

/* What a pull answers. */
enum { STATUS_EOS = 0, STATUS_CONTINUE = 1, STATUS_WAIT = 3 };
enum { FILE_CHUNK = 64 * 1024 };

typedef struct Reader {
  AsyncWrap wrap; /* first */
  JSValue blob;
  JSValue wakeup; /* what the library wants to be told with; data here never comes later by itself */
  uint32_t part;
  uint64_t offset; /* in the part */
  int fd;          /* of the file being read, or -1 */
  bool checked;    /* that this file is the one it was */
  bool busy;
} Reader;

static void reader_finalize(BaseObject *base)
{
  Reader *reader = (Reader *)base;
  uv_fs_t uv;
  if (reader->fd >= 0) {
    uv_fs_close(NULL, &uv, reader->fd, NULL);
    uv_fs_req_cleanup(&uv);
  }
  JS_FreeValueRT(the_env->rt, reader->blob);
  JS_FreeValueRT(the_env->rt, reader->wakeup);
  async_wrap_finalize(base);
}

static void reader_mark(BaseObject *base, JSRuntime *rt, JS_MarkFunc *mark)
{
  Reader *reader = (Reader *)base;
  JS_MarkValue(rt, reader->blob, mark);
  JS_MarkValue(rt, reader->wakeup, mark);
  async_wrap_mark(base, rt, mark);
}

static const BaseType reader_type = {"BlobReader", &async_wrap_type, reader_finalize, reader_mark};

static void deliver(Reader *reader, JSValueConst callback, int status, JSValueConst data)
{
  JSContext *ctx = the_env->ctx;
  JSValueConst arguments[] = {JS_NewInt32(ctx, status), data};
  JS_FreeValue(ctx, async_wrap_make_callback(&reader->wrap, callback, status == STATUS_EOS ? 1 : 2, arguments));
}

/* A piece of a file on its way. */
typedef struct Pull {
  uv_work_t work;
  JSValue reader, callback;
  const Source *source;
  uint64_t offset;
  size_t length;
  int fd, status;
  char data[FILE_CHUNK];
} Pull;

/* Opens the file if that is to do; UV_EIO if it is not the file it was. */
static int open_unchanged(Pull *pull)
{
  uv_fs_t uv;
  const Source *source = pull->source;
  if (pull->fd < 0) {
    pull->fd = uv_fs_open(NULL, &uv, source->path, O_RDONLY, 0, NULL);
    uv_fs_req_cleanup(&uv);
    if (pull->fd < 0)
      return pull->fd;
  }
  int status = uv_fs_fstat(NULL, &uv, pull->fd, NULL);
  uv_stat_t stat = uv.statbuf;
  uv_fs_req_cleanup(&uv);
  if (status < 0)
    return status;
  bool same = stat.st_size == source->size && stat.st_mtim.tv_sec == source->changed.tv_sec &&
              stat.st_mtim.tv_nsec == source->changed.tv_nsec;
  return same ? 0 : UV_EIO;
}

static void pull_work(uv_work_t *work)
{
  Pull *pull = (Pull *)work;
  uv_fs_t uv;
  uv_buf_t part = uv_buf_init(pull->data, (unsigned)pull->length);
  pull->status = open_unchanged(pull);
  if (pull->status < 0)
    return;
  pull->status = uv_fs_read(NULL, &uv, pull->fd, &part, 1, (int64_t)pull->offset, NULL);
  uv_fs_req_cleanup(&uv);
}

static void pull_done(uv_work_t *work, int status)
{
  Pull *pull = (Pull *)work;
  JSContext *ctx = the_env->ctx;
  Reader *reader = base_object_peek(pull->reader, &reader_type);
  JSValue data = JS_UNDEFINED;
  reader->busy = false;
  reader->fd = pull->fd;
  if (status == 0)
    status = pull->status == 0 && pull->length ? UV_EIO : pull->status; /* shorter than it was */
  reader->checked = status >= 0;
  if (status == 0) {
    status = STATUS_CONTINUE; /* an empty file that still is */
  } else if (status > 0) {
    reader->offset += (uint64_t)status;
    data = JS_NewArrayBufferCopy(ctx, (const uint8_t *)pull->data, (size_t)status);
    status = STATUS_CONTINUE;
  }
  if (JS_IsException(data))
    report_pending_exception(the_env);
  else
    deliver(reader, pull->callback, status, data);
  JS_FreeValue(ctx, data);
  JS_FreeValue(ctx, pull->callback);
  JS_FreeValue(ctx, pull->reader);
  free(pull);
}

static JSValue pull_file(JSContext *ctx, Reader *reader, const Part *part, JSValueConst callback)
{
  Pull *pull = malloc(sizeof(*pull));
  if (!pull)
    return JS_ThrowOutOfMemory(ctx);
  uint64_t left = part->length - reader->offset;
  pull->source = part->source;
  pull->offset = part->offset + reader->offset;
  pull->length = left < FILE_CHUNK ? (size_t)left : FILE_CHUNK;
  pull->fd = reader->fd;
  int status = uv_queue_work(env_of(ctx)->loop, &pull->work, pull_work, pull_done);
  if (status < 0) {
    free(pull);
    deliver(reader, callback, status, JS_UNDEFINED);
    return JS_NewInt32(ctx, status);
  }
  reader->busy = true;
  pull->reader = JS_DupValue(ctx, reader->wrap.base.object);
  pull->callback = JS_DupValue(ctx, callback);
  return JS_NewInt32(ctx, STATUS_WAIT);
}

static JSValue pull_memory(JSContext *ctx, Reader *reader, const Part *part, JSValueConst callback)
{
  EngineView view;
  engine_view(part->source->buffer, &view);
  if (part->offset > view.length || part->length > view.length - part->offset)
    return throw_code_error(ctx, ERROR, "ERR_INVALID_STATE", "the data of the blob is gone");
  JSValue data = JS_NewArrayBufferCopy(ctx, view.data + part->offset, (size_t)part->length);
  if (JS_IsException(data))
    return data;
  reader->part++;
  deliver(reader, callback, STATUS_CONTINUE, data);
  JS_FreeValue(ctx, data);
  return JS_NewInt32(ctx, STATUS_CONTINUE);
}

/* Leaves the part that was read to its end. */
static void next_part(Reader *reader)
{
  uv_fs_t uv;
  reader->part++;
  reader->offset = 0;
  reader->checked = false;
  if (reader->fd < 0)
    return;
  uv_fs_close(NULL, &uv, reader->fd, NULL);
  uv_fs_req_cleanup(&uv);
  reader->fd = -1;
}

/* Even of an empty file one must look whether it still is. */
static bool is_read(const Reader *reader, const Part *part)
{
  return reader->offset >= part->length && (!part->source->path || reader->checked);
}

/* reader.pull(callback) */
static JSValue reader_pull(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  Reader *reader = base_object_get(ctx, self, &reader_type);
  if (!reader)
    return JS_EXCEPTION;
  if (reader->busy)
    return throw_code_error(ctx, ERROR, "ERR_INVALID_STATE", "a read is already under way");
  const Blob *blob = base_object_peek(reader->blob, &blob_type);
  while (reader->part < blob->count && is_read(reader, &blob->parts[reader->part]))
    next_part(reader);
  if (reader->part >= blob->count) {
    deliver(reader, argv[0], STATUS_EOS, JS_UNDEFINED);
    return JS_NewInt32(ctx, STATUS_EOS);
  }
  const Part *part = &blob->parts[reader->part];
  return part->source->path ? pull_file(ctx, reader, part, argv[0]) : pull_memory(ctx, reader, part, argv[0]);
}

/* reader.setWakeup(function) */
static JSValue reader_set_wakeup(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  Reader *reader = base_object_get(ctx, self, &reader_type);
  if (!reader)
    return JS_EXCEPTION;
  JS_FreeValue(ctx, reader->wakeup);
  reader->wakeup = JS_DupValue(ctx, argv[0]);
  return JS_UNDEFINED;
}

static JSValueConst reader_constructor(JSContext *ctx)
{
  static JSValue constructor = JS_UNDEFINED;
  static const BindingFunction methods[] = {{"pull", reader_pull, 1}, {"setWakeup", reader_set_wakeup, 1}};
  return define_hidden_class(ctx, &constructor, "BlobReader", async_wrap_constructor(env_of(ctx)), methods,
                             COUNT_OF(methods));
}

JSValue blob_get_reader(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  Reader *reader;
  if (!base_object_get(ctx, self, &blob_type))
    return JS_EXCEPTION;
  JSValue object = base_object_new(ctx, reader_constructor(ctx), &reader_type, sizeof(*reader), &reader);
  if (JS_IsException(object))
    return object;
  reader->blob = JS_DupValue(ctx, self);
  reader->wakeup = JS_UNDEFINED;
  reader->fd = -1;
  async_wrap_init(env_of(ctx), &reader->wrap, PROVIDER_BLOBREADER);
  return object;
}
