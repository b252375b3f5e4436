/* fs: making, listing and removing directories. */
#include "node_file.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* --- readdir ----------------------------------------------------------------------------------------------------- */

/* Appends `value`, whose reference it takes. */
static bool push(JSContext *ctx, JSValueConst array, uint32_t index, JSValue value)
{
  return !JS_IsException(value) && JS_DefinePropertyValueUint32(ctx, array, index, value, JS_PROP_C_W_E) >= 0;
}

/* [names, types] or names; takes both references. */
static JSValue entries(JSContext *ctx, JSValue names, JSValue types, bool with_types)
{
  if (!with_types) {
    JS_FreeValue(ctx, types);
    return names;
  }
  JSValue both = JS_NewArray(ctx);
  bool done = push(ctx, both, 0, names) && push(ctx, both, 1, types);
  if (done)
    return both;
  JS_FreeValue(ctx, both);
  return JS_EXCEPTION;
}

static JSValue result_entries(JSContext *ctx, FsReq *req)
{
  JSValue names = JS_NewArray(ctx), types = JS_NewArray(ctx);
  uv_dirent_t entry;
  int status;
  for (uint32_t i = 0; (status = uv_fs_scandir_next(&req->uv, &entry)) == 0; i++) {
    const uint8_t *name = (const uint8_t *)entry.name;
    if (!push(ctx, names, i, string_bytes_encode(ctx, name, strlen(entry.name), req->encoding)) ||
        (req->with_types && !push(ctx, types, i, JS_NewInt32(ctx, entry.type))))
      goto fail;
  }
  if (status == UV_EOF)
    return entries(ctx, names, types, req->with_types);
  throw_uv_exception(ctx, status, req->syscall, NULL, req->path, NULL);
fail:
  JS_FreeValue(ctx, names);
  JS_FreeValue(ctx, types);
  return JS_EXCEPTION;
}

/* readdir(path, encoding, withTypes, req) */
static JSValue fs_readdir(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  FsReq *req = fs_req_path(ctx, "scandir", argv[3], argv[0]);
  if (!req)
    return JS_EXCEPTION;
  req->encoding = parse_encoding(ctx, argv[1], UTF8);
  req->with_types = arg_bool(ctx, argv[2]);
  req->result = result_entries;
  return fs_req_run(req, uv_fs_scandir(req->loop, &req->uv, req->path, 0, req->done));
}

/* --- mkdir ------------------------------------------------------------------------------------------------------- */

static int make_directory(const char *path, int mode)
{
  uv_fs_t uv;
  int status = uv_fs_mkdir(NULL, &uv, path, mode, NULL);
  uv_fs_req_cleanup(&uv);
  return status;
}

/* What mkdir's `status` means when all that counts is a directory at `path`: 0 if there is one. */
static int settle_existing(const char *path, int status, bool is_ancestor)
{
  uv_fs_t uv;
  if (status == UV_EACCES || status == UV_ENOSPC || status == UV_ENOTDIR || status == UV_EPERM)
    return status;
  int found = uv_fs_stat(NULL, &uv, path, NULL);
  bool is_directory = found == 0 && S_ISDIR(uv.statbuf.st_mode);
  uv_fs_req_cleanup(&uv);
  if (found < 0)
    return found;
  if (is_directory)
    return 0;
  return status == UV_EEXIST && is_ancestor ? UV_ENOTDIR : UV_EEXIST;
}

/*
 * mkdir -p: goes back over the path until a directory can be made, then forward again. The path is cut off at `end` for
 * each try. A directory that vanishes meanwhile sends it back once more.
 */
static int work_mkdirp(FsReq *req)
{
  char *path = req->path;
  size_t length = strlen(path), end = length;
  for (;;) {
    char cut = path[end];
    path[end] = 0;
    int status = make_directory(path, req->mode);
    if (status == 0 && !req->first)
      req->first = strdup(path);
    char *slash = strrchr(path, '/');
    if (status == UV_ENOENT && slash && slash != path) {
      path[end] = cut;
      end = (size_t)(slash - path);
      continue;
    }
    if (status < 0 && (status = settle_existing(path, status, end < length)) < 0) {
      if (!req->is_async)
        path[end] = cut;
      return status;
    }
    path[end] = cut;
    if (end == length)
      return 0;
    slash = strchr(path + end + 1, '/');
    end = slash ? (size_t)(slash - path) : length;
  }
}

static JSValue result_first(JSContext *ctx, FsReq *req)
{
  if (!req->first)
    return JS_UNDEFINED;
  return string_bytes_encode(ctx, (const uint8_t *)req->first, strlen(req->first), UTF8);
}

/* mkdir(path, mode, recursive, req) */
static JSValue fs_mkdir(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  FsReq *req = fs_req_path(ctx, "mkdir", argv[3], argv[0]);
  if (!req)
    return JS_EXCEPTION;
  req->mode = arg_int32(ctx, argv[1]);
  if (!arg_bool(ctx, argv[2]))
    return fs_req_run(req, uv_fs_mkdir(req->loop, &req->uv, req->path, req->mode, req->done));
  req->result = result_first;
  return fs_req_work(req, work_mkdirp);
}

/* --- mkdtemp, rmdir ---------------------------------------------------------------------------------------------- */

static JSValue result_path(JSContext *ctx, FsReq *req)
{
  return string_bytes_encode(ctx, (const uint8_t *)req->uv.path, strlen(req->uv.path), req->encoding);
}

/* mkdtemp(prefix, encoding, req) */
static JSValue fs_mkdtemp(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  static const char suffix[] = "XXXXXX";
  FsReq *req = fs_req_path(ctx, "mkdtemp", argv[2], argv[0]);
  if (!req)
    return JS_EXCEPTION;
  char *template = realloc(req->path, strlen(req->path) + sizeof(suffix));
  if (!template) {
    JS_ThrowOutOfMemory(ctx);
    return fs_req_drop(req);
  }
  req->path = strcat(template, suffix);
  req->encoding = parse_encoding(ctx, argv[1], UTF8);
  req->result = result_path;
  return fs_req_run(req, uv_fs_mkdtemp(req->loop, &req->uv, req->path, req->done));
}

/* rmdir(path, req) */
static JSValue fs_rmdir(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  FsReq *req = fs_req_path(ctx, "rmdir", argv[1], argv[0]);
  return req ? fs_req_run(req, uv_fs_rmdir(req->loop, &req->uv, req->path, req->done)) : JS_EXCEPTION;
}

void fs_init_directory(Env *env, JSContext *ctx, JSValueConst target)
{
  static const BindingFunction functions[] = {
      {"readdir", fs_readdir, 4}, {"mkdir", fs_mkdir, 4}, {"mkdtemp", fs_mkdtemp, 3}, {"rmdir", fs_rmdir, 2}};
  DEFINE_FUNCTIONS(ctx, target, functions);
}
