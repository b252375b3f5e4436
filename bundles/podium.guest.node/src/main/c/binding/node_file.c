/* fs: what is asked of a path or a descriptor and answered with nothing, a string or a number. */
#include "node_file.h"

#include <fcntl.h>
#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* A mode or flags of access() and copyFile(); false with an exception. */
static bool checked_mode(JSContext *ctx, JSValueConst value, int max, int *mode)
{
  *mode = 0;
  if (JS_IsUndefined(value) || JS_IsNull(value))
    return true;
  if (!JS_IsNumber(value)) {
    throw_code_error(ctx, TYPE_ERROR, "ERR_INVALID_ARG_TYPE", "mode must be int32 or null/undefined");
    return false;
  }
  if (!isfinite(arg_double(ctx, value))) {
    throw_code_error(ctx, RANGE_ERROR, "ERR_OUT_OF_RANGE", "mode is out of range");
    return false;
  }
  *mode = arg_int32(ctx, value);
  if (*mode >= 0 && *mode <= max)
    return true;
  throw_code_error(ctx, RANGE_ERROR, "ERR_OUT_OF_RANGE", "mode is out of range: >= 0 && <= %d", max);
  return false;
}

/* --- a path ------------------------------------------------------------------------------------------------------ */

/* access(path, mode, req) */
static JSValue fs_access(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  int mode;
  if (!checked_mode(ctx, argv[1], F_OK | R_OK | W_OK | X_OK, &mode))
    return JS_EXCEPTION;
  FsReq *req = fs_req_path(ctx, "access", argv[2], argv[0]);
  return req ? fs_req_run(req, uv_fs_access(req->loop, &req->uv, req->path, mode, req->done)) : JS_EXCEPTION;
}

static JSValue fs_exists(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  char *path = fs_path(ctx, argv[0]);
  uv_fs_t uv;
  if (!path)
    return JS_EXCEPTION;
  int status = uv_fs_access(NULL, &uv, path, F_OK, NULL);
  uv_fs_req_cleanup(&uv);
  free(path);
  return JS_NewBool(ctx, status == 0);
}

/* unlink(path, req) */
static JSValue fs_unlink(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  FsReq *req = fs_req_path(ctx, "unlink", argv[1], argv[0]);
  return req ? fs_req_run(req, uv_fs_unlink(req->loop, &req->uv, req->path, req->done)) : JS_EXCEPTION;
}

/* chmod(path, mode, req) */
static JSValue fs_chmod(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  FsReq *req = fs_req_path(ctx, "chmod", argv[2], argv[0]);
  int mode = arg_int32(ctx, argv[1]);
  return req ? fs_req_run(req, uv_fs_chmod(req->loop, &req->uv, req->path, mode, req->done)) : JS_EXCEPTION;
}

typedef int ChownCall(uv_loop_t *, uv_fs_t *, const char *, uv_uid_t, uv_gid_t, uv_fs_cb);

static JSValue change_owner(JSContext *ctx, const char *syscall, ChownCall *call, JSValueConst *argv)
{
  FsReq *req = fs_req_path(ctx, syscall, argv[3], argv[0]);
  uv_uid_t uid = (uv_uid_t)arg_int64(ctx, argv[1]);
  uv_gid_t gid = (uv_gid_t)arg_int64(ctx, argv[2]);
  return req ? fs_req_run(req, call(req->loop, &req->uv, req->path, uid, gid, req->done)) : JS_EXCEPTION;
}

/* chown(path, uid, gid, req) */
static JSValue fs_chown(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  return change_owner(ctx, "chown", uv_fs_chown, argv);
}

static JSValue fs_lchown(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  return change_owner(ctx, "lchown", uv_fs_lchown, argv);
}

typedef int UtimeCall(uv_loop_t *, uv_fs_t *, const char *, double, double, uv_fs_cb);

static JSValue change_times(JSContext *ctx, const char *syscall, UtimeCall *call, JSValueConst *argv)
{
  FsReq *req = fs_req_path(ctx, syscall, argv[3], argv[0]);
  double atime = arg_double(ctx, argv[1]), mtime = arg_double(ctx, argv[2]);
  return req ? fs_req_run(req, call(req->loop, &req->uv, req->path, atime, mtime, req->done)) : JS_EXCEPTION;
}

/* utimes(path, atime, mtime, req) */
static JSValue fs_utimes(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  return change_times(ctx, "utime", uv_fs_utime, argv);
}

static JSValue fs_lutimes(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  return change_times(ctx, "lutime", uv_fs_lutime, argv);
}

/* --- a path, a string as the answer ------------------------------------------------------------------------------ */

/* readlink(path, encoding, req) */
static JSValue fs_readlink(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  FsReq *req = fs_req_path(ctx, "readlink", argv[2], argv[0]);
  if (!req)
    return JS_EXCEPTION;
  req->encoding = parse_encoding(ctx, argv[1], UTF8);
  req->result = fs_result_string;
  return fs_req_run(req, uv_fs_readlink(req->loop, &req->uv, req->path, req->done));
}

/* realpath(path, encoding, req) */
static JSValue fs_realpath(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  FsReq *req = fs_req_path(ctx, "realpath", argv[2], argv[0]);
  if (!req)
    return JS_EXCEPTION;
  req->encoding = parse_encoding(ctx, argv[1], UTF8);
  req->result = fs_result_string;
  return fs_req_run(req, uv_fs_realpath(req->loop, &req->uv, req->path, req->done));
}

/* --- two paths --------------------------------------------------------------------------------------------------- */

/* rename(oldPath, newPath, req) */
static JSValue fs_rename(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  FsReq *req = fs_req_paths(ctx, "rename", argv[2], argv[0], argv[1]);
  return req ? fs_req_run(req, uv_fs_rename(req->loop, &req->uv, req->path, req->dest, req->done)) : JS_EXCEPTION;
}

/* link(existingPath, newPath, req) */
static JSValue fs_link(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  FsReq *req = fs_req_paths(ctx, "link", argv[2], argv[0], argv[1]);
  return req ? fs_req_run(req, uv_fs_link(req->loop, &req->uv, req->path, req->dest, req->done)) : JS_EXCEPTION;
}

/* symlink(target, path, flags, req) */
static JSValue fs_symlink(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  FsReq *req = fs_req_paths(ctx, "symlink", argv[3], argv[0], argv[1]);
  int flags = arg_int32(ctx, argv[2]);
  if (!req)
    return JS_EXCEPTION;
  return fs_req_run(req, uv_fs_symlink(req->loop, &req->uv, req->path, req->dest, flags, req->done));
}

/* copyFile(source, destination, flags, req) */
static JSValue fs_copy_file(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  int flags;
  int all = UV_FS_COPYFILE_EXCL | UV_FS_COPYFILE_FICLONE | UV_FS_COPYFILE_FICLONE_FORCE;
  if (!checked_mode(ctx, argv[2], all, &flags))
    return JS_EXCEPTION;
  FsReq *req = fs_req_paths(ctx, "copyfile", argv[3], argv[0], argv[1]);
  if (!req)
    return JS_EXCEPTION;
  return fs_req_run(req, uv_fs_copyfile(req->loop, &req->uv, req->path, req->dest, flags, req->done));
}

/* --- a descriptor ------------------------------------------------------------------------------------------------ */

typedef int FdCall(uv_loop_t *, uv_fs_t *, uv_file, uv_fs_cb);

/* call(fd, req) */
static JSValue on_descriptor(JSContext *ctx, const char *syscall, FdCall *call, JSValueConst *argv)
{
  int fd;
  FsReq *req = fs_req_fd(ctx, syscall, argv[1], argv[0], &fd);
  return req ? fs_req_run(req, call(req->loop, &req->uv, fd, req->done)) : JS_EXCEPTION;
}

static JSValue fs_close(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  return on_descriptor(ctx, "close", uv_fs_close, argv);
}

static JSValue fs_fsync(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  return on_descriptor(ctx, "fsync", uv_fs_fsync, argv);
}

static JSValue fs_fdatasync(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  return on_descriptor(ctx, "fdatasync", uv_fs_fdatasync, argv);
}

/* ftruncate(fd, length, req) */
static JSValue fs_ftruncate(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  int fd;
  FsReq *req = fs_req_fd(ctx, "ftruncate", argv[2], argv[0], &fd);
  int64_t length = arg_int64(ctx, argv[1]);
  return req ? fs_req_run(req, uv_fs_ftruncate(req->loop, &req->uv, fd, length, req->done)) : JS_EXCEPTION;
}

/* fchmod(fd, mode, req) */
static JSValue fs_fchmod(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  int fd;
  FsReq *req = fs_req_fd(ctx, "fchmod", argv[2], argv[0], &fd);
  int mode = arg_int32(ctx, argv[1]);
  return req ? fs_req_run(req, uv_fs_fchmod(req->loop, &req->uv, fd, mode, req->done)) : JS_EXCEPTION;
}

/* fchown(fd, uid, gid, req) */
static JSValue fs_fchown(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  int fd;
  FsReq *req = fs_req_fd(ctx, "fchown", argv[3], argv[0], &fd);
  uv_uid_t uid = (uv_uid_t)arg_int64(ctx, argv[1]);
  uv_gid_t gid = (uv_gid_t)arg_int64(ctx, argv[2]);
  return req ? fs_req_run(req, uv_fs_fchown(req->loop, &req->uv, fd, uid, gid, req->done)) : JS_EXCEPTION;
}

/* futimes(fd, atime, mtime, req) */
static JSValue fs_futimes(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  int fd;
  FsReq *req = fs_req_fd(ctx, "futime", argv[3], argv[0], &fd);
  double atime = arg_double(ctx, argv[1]), mtime = arg_double(ctx, argv[2]);
  return req ? fs_req_run(req, uv_fs_futime(req->loop, &req->uv, fd, atime, mtime, req->done)) : JS_EXCEPTION;
}

void init_fs(Env *env, JSContext *ctx, JSValueConst target)
{
  static const BindingFunction functions[] = {
      {"access", fs_access, 3},       {"existsSync", fs_exists, 1},   {"unlink", fs_unlink, 2},
      {"chmod", fs_chmod, 3},         {"chown", fs_chown, 4},         {"lchown", fs_lchown, 4},
      {"utimes", fs_utimes, 4},       {"lutimes", fs_lutimes, 4},     {"readlink", fs_readlink, 3},
      {"realpath", fs_realpath, 3},   {"rename", fs_rename, 3},       {"link", fs_link, 3},
      {"symlink", fs_symlink, 4},     {"copyFile", fs_copy_file, 4},  {"close", fs_close, 2},
      {"fsync", fs_fsync, 2},         {"fdatasync", fs_fdatasync, 2}, {"ftruncate", fs_ftruncate, 3},
      {"fchmod", fs_fchmod, 3},       {"fchown", fs_fchown, 4},       {"futimes", fs_futimes, 4},
  };
  DEFINE_FUNCTIONS(ctx, target, functions);
  fs_init_request(env, ctx, target);
  fs_init_io(env, ctx, target);
  fs_init_stat(env, ctx, target);
  fs_init_directory(env, ctx, target);
  fs_init_remove(env, ctx, target);
  fs_init_copy(env, ctx, target);
  fs_init_module(env, ctx, target);
  fs_init_handle(env, ctx, target);
  fs_init_stat_watcher(env, ctx, target);
}
