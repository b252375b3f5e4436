/* fs: stat and statfs. The numbers go through arrays shared with the library. */
#include "node_file.h"

#include <stdlib.h>

enum { STAT_FIELDS = 18, STATFS_FIELDS = 8 };

/* Twice: a stat watcher shows the current and the previous state at once. */
static double stat_values[2 * STAT_FIELDS];
static int64_t bigint_stat_values[2 * STAT_FIELDS];
static double statfs_values[STATFS_FIELDS];
static int64_t bigint_statfs_values[STATFS_FIELDS];

static void stat_fields(const uv_stat_t *s, int64_t *out)
{
  const uint64_t numbers[] = {s->st_dev,  s->st_mode,    s->st_nlink, s->st_uid,  s->st_gid,
                              s->st_rdev, s->st_blksize, s->st_ino,   s->st_size, s->st_blocks};
  const uv_timespec_t times[] = {s->st_atim, s->st_mtim, s->st_ctim, s->st_birthtim};
  for (int i = 0; i < COUNT_OF(numbers); i++)
    *out++ = (int64_t)numbers[i];
  for (int i = 0; i < COUNT_OF(times); i++) {
    *out++ = times[i].tv_sec;
    *out++ = times[i].tv_nsec;
  }
}

/* libuv tells the fragment size from 1.51 on. Linux file systems without fragments, which are nearly all, have it equal
   to the block size. */
#if UV_VERSION_HEX >= ((1 << 16) | (51 << 8))
#define FRAGMENT_SIZE(s) ((s)->f_frsize)
#else
#define FRAGMENT_SIZE(s) ((s)->f_bsize)
#endif

static void statfs_fields(const uv_statfs_t *s, int64_t *out)
{
  const uint64_t numbers[] = {s->f_type,  s->f_bsize,  FRAGMENT_SIZE(s), s->f_blocks,
                              s->f_bfree, s->f_bavail, s->f_files,  s->f_ffree};
  for (int i = 0; i < COUNT_OF(numbers); i++)
    out[i] = (int64_t)numbers[i];
}

static void to_doubles(const int64_t *fields, double *out, int count)
{
  for (int i = 0; i < count; i++)
    out[i] = (double)fields[i];
}

/* A promise gets an array of its own: the shared one may be overwritten before it is read. */
static JSValue own_array(JSContext *ctx, const int64_t *fields, int count, bool bigint)
{
  double numbers[STAT_FIELDS];
  to_doubles(fields, numbers, count);
  const uint8_t *bytes = bigint ? (const uint8_t *)fields : (const uint8_t *)numbers;
  JSValue arguments[] = {JS_NewArrayBufferCopy(ctx, bytes, (size_t)count * 8), JS_UNDEFINED, JS_UNDEFINED};
  if (JS_IsException(arguments[0]))
    return JS_EXCEPTION;
  JSTypedArrayEnum type = bigint ? JS_TYPED_ARRAY_BIG_INT64 : JS_TYPED_ARRAY_FLOAT64;
  JSValue array = JS_NewTypedArray(ctx, COUNT_OF(arguments), (JSValueConst *)arguments, type);
  JS_FreeValue(ctx, arguments[0]);
  return array;
}

/* The views of these the library got. */
static JSValue stat_view = JS_UNDEFINED, bigint_stat_view = JS_UNDEFINED;
static JSValue statfs_view = JS_UNDEFINED, bigint_statfs_view = JS_UNDEFINED;

JSValue fs_fill_stat(JSContext *ctx, const uv_stat_t *stat, bool bigint, bool second)
{
  int64_t fields[STAT_FIELDS];
  int offset = second ? STAT_FIELDS : 0;
  stat_fields(stat, fields);
  for (int i = 0; bigint && i < STAT_FIELDS; i++)
    bigint_stat_values[offset + i] = fields[i];
  if (!bigint)
    to_doubles(fields, stat_values + offset, STAT_FIELDS);
  return JS_DupValue(ctx, bigint ? bigint_stat_view : stat_view);
}

static JSValue result_stat(JSContext *ctx, FsReq *req)
{
  int64_t fields[STAT_FIELDS];
  if (!req->is_promise)
    return fs_fill_stat(ctx, &req->uv.statbuf, req->bigint, false);
  stat_fields(&req->uv.statbuf, fields);
  return own_array(ctx, fields, STAT_FIELDS, req->bigint);
}

static JSValue result_statfs(JSContext *ctx, FsReq *req)
{
  int64_t fields[STATFS_FIELDS];
  statfs_fields(req->uv.ptr, fields);
  if (req->is_promise)
    return own_array(ctx, fields, STATFS_FIELDS, req->bigint);
  for (int i = 0; req->bigint && i < STATFS_FIELDS; i++)
    bigint_statfs_values[i] = fields[i];
  if (!req->bigint)
    to_doubles(fields, statfs_values, STATFS_FIELDS);
  return JS_DupValue(ctx, req->bigint ? bigint_statfs_view : statfs_view);
}

static bool is_true(JSValueConst value) { return JS_VALUE_GET_TAG(value) == JS_TAG_BOOL && JS_VALUE_GET_BOOL(value); }
static bool is_false(JSValueConst value) { return JS_VALUE_GET_TAG(value) == JS_TAG_BOOL && !JS_VALUE_GET_BOOL(value); }

/* A callback's request knows whether it wants BigInts; else the argument tells. */
static void want_stat(FsReq *req, JSValueConst bigint, FsResult *result)
{
  if (!req->is_async || req->is_promise)
    req->bigint = is_true(bigint);
  req->result = result;
}

/* stat(path, bigint, req, throwIfNoEntry) */
static JSValue fs_stat(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  FsReq *req = fs_req_path(ctx, "stat", argv[2], argv[0]);
  if (!req)
    return JS_EXCEPTION;
  want_stat(req, argv[1], result_stat);
  req->missing_is_undefined = is_false(argv[3]);
  return fs_req_run(req, uv_fs_stat(req->loop, &req->uv, req->path, req->done));
}

/* lstat(path, bigint, req, throwIfNoEntry) */
static JSValue fs_lstat(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  FsReq *req = fs_req_path(ctx, "lstat", argv[2], argv[0]);
  if (!req)
    return JS_EXCEPTION;
  want_stat(req, argv[1], result_stat);
  int status = uv_fs_lstat(req->loop, &req->uv, req->path, req->done);
  req->missing_is_undefined = !req->is_async && is_false(argv[3]) && status == UV_ENOENT;
  return fs_req_run(req, status);
}

/* fstat(fd, bigint, req) */
static JSValue fs_fstat(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  int fd;
  FsReq *req = fs_req_fd(ctx, "fstat", argv[2], argv[0], &fd);
  if (!req)
    return JS_EXCEPTION;
  want_stat(req, argv[1], result_stat);
  return fs_req_run(req, uv_fs_fstat(req->loop, &req->uv, fd, req->done));
}

/* statfs(path, bigint, req) */
static JSValue fs_statfs(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  FsReq *req = fs_req_path(ctx, "statfs", argv[2], argv[0]);
  if (!req)
    return JS_EXCEPTION;
  want_stat(req, argv[1], result_statfs);
  return fs_req_run(req, uv_fs_statfs(req->loop, &req->uv, req->path, req->done));
}

/* Gives the library a view of `memory` and keeps it. */
static JSValue share(JSContext *ctx, JSValueConst target, const char *name, void *memory, size_t bytes,
                     JSTypedArrayEnum type)
{
  JSValue view = engine_new_shared_view(ctx, memory, bytes, type);
  define_value(ctx, target, name, JS_DupValue(ctx, view));
  return view;
}

void fs_init_stat(Env *env, JSContext *ctx, JSValueConst target)
{
  static const BindingFunction functions[] = {
      {"stat", fs_stat, 4}, {"lstat", fs_lstat, 4}, {"fstat", fs_fstat, 3}, {"statfs", fs_statfs, 3}};
  DEFINE_FUNCTIONS(ctx, target, functions);
  define_number(ctx, target, "kFsStatsFieldsNumber", STAT_FIELDS);
  stat_view = share(ctx, target, "statValues", stat_values, sizeof(stat_values), JS_TYPED_ARRAY_FLOAT64);
  bigint_stat_view = share(ctx, target, "bigintStatValues", bigint_stat_values, sizeof(bigint_stat_values),
                           JS_TYPED_ARRAY_BIG_INT64);
  statfs_view = share(ctx, target, "statFsValues", statfs_values, sizeof(statfs_values), JS_TYPED_ARRAY_FLOAT64);
  bigint_statfs_view = share(ctx, target, "bigintStatFsValues", bigint_statfs_values, sizeof(bigint_statfs_values),
                             JS_TYPED_ARRAY_BIG_INT64);
}
