/* fs: what cpSync leaves to C: its checks, and copying a whole directory. */
#include "node_file.h"
#include "paths.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* --- single steps: 0 or libuv's error ---------------------------------------------------------------------------- */

static int status_of(const char *path, bool follow, uv_stat_t *stat)
{
  uv_fs_t uv;
  int status = follow ? uv_fs_stat(NULL, &uv, path, NULL) : uv_fs_lstat(NULL, &uv, path, NULL);
  *stat = uv.statbuf;
  uv_fs_req_cleanup(&uv);
  return status;
}

static bool exists(const char *path)
{
  uv_stat_t stat;
  return status_of(path, true, &stat) == 0;
}

static bool is_directory(const char *path)
{
  uv_stat_t stat;
  return status_of(path, true, &stat) == 0 && S_ISDIR(stat.st_mode);
}

static bool is_kind(const char *path, unsigned kind)
{
  uv_stat_t stat;
  return status_of(path, false, &stat) == 0 && (stat.st_mode & S_IFMT) == kind;
}

static bool is_same_file(const char *a, const char *b)
{
  uv_stat_t first, second;
  return status_of(a, true, &first) == 0 && status_of(b, true, &second) == 0 && first.st_dev == second.st_dev &&
         first.st_ino == second.st_ino;
}

static int make_directory(const char *path)
{
  uv_fs_t uv;
  int status = uv_fs_mkdir(NULL, &uv, path, 0777, NULL);
  uv_fs_req_cleanup(&uv);
  return status == UV_EEXIST && is_directory(path) ? 0 : status;
}

static int make_directories(const char *path)
{
  char *parent;
  if (!path[0] || is_directory(path))
    return 0;
  if (!(parent = path_parent(path)))
    return UV_ENOMEM;
  int status = strcmp(parent, path) ? make_directories(parent) : 0;
  free(parent);
  return status ? status : make_directory(path);
}

static int remove_file(const char *path)
{
  uv_fs_t uv;
  int status = uv_fs_unlink(NULL, &uv, path, NULL);
  uv_fs_req_cleanup(&uv);
  return status;
}

static int copy_file(const char *from, const char *to, int flags)
{
  uv_fs_t uv;
  int status = uv_fs_copyfile(NULL, &uv, from, to, flags, NULL);
  uv_fs_req_cleanup(&uv);
  return status;
}

static int make_link(const char *target, const char *path)
{
  uv_fs_t uv;
  int status = uv_fs_symlink(NULL, &uv, target, path, 0, NULL);
  uv_fs_req_cleanup(&uv);
  return status;
}

/* A string libuv gives through uv.ptr: the caller frees it. */
static int take_string(int status, uv_fs_t *uv, char **text)
{
  *text = status < 0 ? NULL : strdup(uv->ptr);
  uv_fs_req_cleanup(uv);
  return status < 0 ? status : *text ? 0 : UV_ENOMEM;
}

static int read_link(const char *path, char **target)
{
  uv_fs_t uv;
  return take_string(uv_fs_readlink(NULL, &uv, path, NULL), &uv, target);
}

static int real_path(const char *path, char **real)
{
  uv_fs_t uv;
  return take_string(uv_fs_realpath(NULL, &uv, path, NULL), &uv, real);
}

/* Resolves the links of what exists of `path`; the rest is only normalized. */
static char *weakly_canonical(const char *path)
{
  char *head = path_absolute(path), *real = NULL, *result = NULL;
  size_t whole = head ? strlen(head) : 0;
  while (head && real_path(head, &real) < 0) {
    char *slash = strrchr(head, '/');
    if (!slash || slash == head)
      break;
    *slash = 0;
  }
  if (head) {
    char *absolute = path_absolute(path);
    size_t kept = real ? strlen(head) : 0;
    const char *rest = absolute && kept < whole ? absolute + kept : "";
    char *joined = absolute ? path_join(real ? real : "", rest[0] == '/' && real ? rest + 1 : rest) : NULL;
    result = joined ? path_normalize(joined) : NULL;
    free(joined);
    free(absolute);
  }
  free(real);
  free(head);
  return result;
}

static JSValue throw_step(JSContext *ctx, int status, const char *syscall, const char *path)
{
  return fs_throw_errno(ctx, -status, syscall, strerror(-status), path);
}

static JSValue throw_cp(JSContext *ctx, const char *code, const char *format, const char *a, const char *b)
{
  char text[2 * PATH_MAX + 128];
  snprintf(text, sizeof(text), "%s", format);
  const char *first = strstr(format, "%s"), *second = first ? strstr(first + 2, "%s") : NULL;
  int head = (int)(first - format);
  if (second)
    snprintf(text, sizeof(text), "%.*s%s%.*s%s%s", head, format, a, (int)(second - first - 2), first + 2, b, second + 2);
  else
    snprintf(text, sizeof(text), "%.*s%s%s", head, format, a, first + 2);
  return throw_code_error(ctx, ERROR, code, "%s", text);
}

static JSValue copy_times(JSContext *ctx, const char *from, const char *to)
{
  uv_stat_t stat;
  uv_fs_t uv;
  int status = status_of(from, true, &stat);
  if (status < 0)
    return throw_uv_exception(ctx, status, "stat", NULL, from, NULL);
  double atime = (double)stat.st_atim.tv_sec + (double)stat.st_atim.tv_nsec / 1e9;
  double mtime = (double)stat.st_mtim.tv_sec + (double)stat.st_mtim.tv_nsec / 1e9;
  status = uv_fs_utime(NULL, &uv, to, atime, mtime, NULL);
  uv_fs_req_cleanup(&uv);
  return status < 0 ? throw_uv_exception(ctx, status, "utime", NULL, to, NULL) : JS_UNDEFINED;
}

/* --- cpSyncCheckPaths -------------------------------------------------------------------------------------------- */

/* Two things that exist: may the one be copied onto the other? */
static JSValue check_existing(JSContext *ctx, const char *from, bool from_directory, const char *to, bool to_directory)
{
  if (is_same_file(from, to))
    return throw_cp(ctx, "ERR_FS_CP_EINVAL", "src and dest cannot be the same %s", to, NULL);
  if (from_directory && !to_directory)
    return throw_cp(ctx, "ERR_FS_CP_DIR_TO_NON_DIR", "Cannot overwrite non-directory %s with directory %s", to, from);
  if (!from_directory && to_directory)
    return throw_cp(ctx, "ERR_FS_CP_NON_DIR_TO_DIR", "Cannot overwrite directory %s with non-directory %s", to, from);
  return JS_UNDEFINED;
}

/* Is the parent of `to` the source itself? */
static bool is_below_itself(const char *from, const char *to_parent)
{
  char *from_parent = path_parent(from), *above = path_parent(to_parent);
  bool result = from_parent && above && strcmp(from_parent, to_parent) && above[0] && strcmp(above, to_parent) &&
                is_same_file(from, to_parent);
  free(from_parent);
  free(above);
  return result;
}

static JSValue check_kind(JSContext *ctx, unsigned kind, const char *to)
{
  if (kind == S_IFSOCK)
    return throw_cp(ctx, "ERR_FS_CP_SOCKET", "Cannot copy a socket file: %s", to, NULL);
  if (kind == S_IFIFO)
    return throw_cp(ctx, "ERR_FS_CP_FIFO_PIPE", "Cannot copy a FIFO pipe: %s", to, NULL);
  return JS_UNDEFINED;
}

static JSValue check_paths(JSContext *ctx, const char *from, const char *to, bool dereference, bool recursive)
{
  uv_stat_t stat, to_stat;
  /* Which of the two follows links is as the library expects it, odd as it looks. */
  int status = status_of(from, !dereference, &stat);
  if (status < 0)
    return throw_uv_exception(ctx, status, dereference ? "stat" : "lstat", NULL, from, NULL);
  bool there = status_of(to, dereference, &to_stat) == 0;
  bool directory = S_ISDIR(stat.st_mode) || (dereference && S_ISLNK(stat.st_mode));
  if (there) {
    JSValue checked = check_existing(ctx, from, directory, to, S_ISDIR(to_stat.st_mode));
    if (JS_IsException(checked))
      return checked;
  }
  char *slashed = path_join(from, ""), *parent = path_parent(to);
  JSValue result = JS_UNDEFINED;
  if (!slashed || !parent)
    result = JS_ThrowOutOfMemory(ctx);
  else if ((directory && strncmp(to, slashed, strlen(slashed)) == 0) || is_below_itself(from, parent))
    result = throw_cp(ctx, "ERR_FS_CP_EINVAL", "Cannot copy %s to a subdirectory of self %s", slashed, to);
  else if (directory && !recursive)
    result = throw_cp(ctx, "ERR_FS_EISDIR", "Recursive option not enabled, cannot copy a directory: %s", slashed, NULL);
  else
    result = check_kind(ctx, stat.st_mode & S_IFMT, to);
  if (!JS_IsException(result) && (!there || !exists(parent)))
    make_directories(parent); /* the copy itself reports what went wrong */
  free(slashed);
  free(parent);
  return result;
}

/* cpSyncCheckPaths(src, dest, dereference, recursive) */
static JSValue fs_cp_check_paths(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  char *from = fs_path(ctx, argv[0]), *to = from ? fs_path(ctx, argv[1]) : NULL;
  JSValue result = to ? check_paths(ctx, from, to, arg_bool(ctx, argv[2]), arg_bool(ctx, argv[3])) : JS_EXCEPTION;
  free(from);
  free(to);
  return result;
}

/* --- cpSyncOverrideFile ------------------------------------------------------------------------------------------ */

static JSValue override_file(JSContext *ctx, const char *from, const char *to, int mode, bool times)
{
  int status = remove_file(to);
  if (status < 0)
    return throw_step(ctx, status, "unlink", to);
  status = copy_file(from, to, mode);
  if (status < 0)
    return mode ? throw_uv_exception(ctx, status, "cp", NULL, from, to) : throw_step(ctx, status, "cp", to);
  return times ? copy_times(ctx, from, to) : JS_UNDEFINED;
}

/* cpSyncOverrideFile(src, dest, mode, preserveTimestamps) */
static JSValue fs_cp_override_file(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  char *from = fs_path(ctx, argv[0]), *to = from ? fs_path(ctx, argv[1]) : NULL;
  JSValue result = to ? override_file(ctx, from, to, arg_int32(ctx, argv[2]), arg_bool(ctx, argv[3])) : JS_EXCEPTION;
  free(from);
  free(to);
  return result;
}

/* --- cpSyncCopyDir ----------------------------------------------------------------------------------------------- */

typedef struct CopyOptions {
  bool force, dereference, error_on_exist, verbatim_symlinks, preserve_timestamps;
} CopyOptions;

/* Makes room for a link at `path`, which exists. */
static JSValue replace_by_link(JSContext *ctx, const CopyOptions *o, const char *target, const char *path, const char *to)
{
  char *current;
  if (is_kind(path, S_IFREG) && (!o->dereference || (!o->force && o->error_on_exist)))
    return throw_step(ctx, UV_EEXIST, "cp", path);
  if (!is_kind(path, S_IFLNK))
    return JS_UNDEFINED;
  int status = read_link(path, &current);
  if (status < 0)
    return throw_step(ctx, status, "cp", to);
  char *target_path = path_absolute(target), *current_path = path_absolute(current);
  JSValue result = JS_UNDEFINED;
  if (!target_path || !current_path)
    result = JS_ThrowOutOfMemory(ctx);
  else if (!o->dereference && is_directory(target) && path_is_inside(target_path, current_path))
    result = throw_cp(ctx, "ERR_FS_CP_EINVAL", "Cannot copy %s to a subdirectory of self %s", target, current);
  else if (is_directory(path) && path_is_inside(current_path, target_path))
    result = throw_cp(ctx, "ERR_FS_CP_SYMLINK_TO_SUBDIRECTORY", "cannot overwrite %s with %s", current, target);
  else if ((status = remove_file(path)) < 0)
    result = throw_step(ctx, status, "cp", to);
  free(target_path);
  free(current_path);
  free(current);
  return result;
}

/* Copies the link `item` of directory `from` to `path` in `to`. */
static JSValue copy_link(JSContext *ctx, const CopyOptions *o, const char *from, const char *item, const char *path,
                         const char *to)
{
  char *target, *joined = NULL, *absolute = NULL;
  JSValue result = JS_UNDEFINED;
  int status = read_link(item, &target);
  if (status < 0)
    return throw_step(ctx, status, "cp", to);
  if (o->verbatim_symlinks) {
    status = make_link(target, path);
  } else {
    if (exists(path))
      result = replace_by_link(ctx, o, target, path, to);
    joined = target[0] == '/' ? strdup(target) : path_join(from, target);
    absolute = joined ? weakly_canonical(joined) : NULL;
    status = !absolute ? UV_ENOMEM : JS_IsException(result) ? 0 : make_link(absolute, path);
  }
  if (status < 0 && !JS_IsException(result))
    result = throw_step(ctx, status, "cp", to);
  free(target);
  free(joined);
  free(absolute);
  return result;
}

static JSValue copy_regular(JSContext *ctx, const CopyOptions *o, const char *item, const char *path, const char *to)
{
  int status = copy_file(item, path, o->force ? 0 : UV_FS_COPYFILE_EXCL);
  if (status == UV_EEXIST && !o->force && !o->error_on_exist)
    return JS_UNDEFINED;
  if (status == UV_EEXIST)
    return throw_cp(ctx, "ERR_FS_CP_EEXIST",
                    "[ERR_FS_CP_EEXIST]: Target already exists: cp returned EEXIST (%s already exists)", path, NULL);
  if (status < 0)
    return throw_step(ctx, status, "cp", to);
  return o->preserve_timestamps ? copy_times(ctx, item, path) : JS_UNDEFINED;
}

static JSValue copy_contents(JSContext *ctx, const CopyOptions *o, const char *from, const char *to);

static JSValue copy_entry(JSContext *ctx, const CopyOptions *o, const char *from, const char *to, const char *name)
{
  char *item = path_join(from, name), *path = path_join(to, name);
  uv_stat_t stat;
  JSValue result = JS_UNDEFINED;
  int status = item && path ? status_of(item, false, &stat) : UV_ENOMEM;
  if (status < 0) {
    result = throw_step(ctx, status, "cp", to);
  } else if (S_ISLNK(stat.st_mode)) {
    result = copy_link(ctx, o, from, item, path, to);
  } else if (S_ISDIR(stat.st_mode)) {
    status = make_directory(path);
    result = status < 0 ? throw_step(ctx, status, "cp", path) : copy_contents(ctx, o, item, path);
  } else if (S_ISREG(stat.st_mode)) {
    result = copy_regular(ctx, o, item, path, to);
  }
  free(item);
  free(path);
  return result;
}

static JSValue copy_contents(JSContext *ctx, const CopyOptions *o, const char *from, const char *to)
{
  uv_fs_t uv;
  uv_dirent_t entry;
  JSValue result = JS_UNDEFINED;
  int status = uv_fs_scandir(NULL, &uv, from, 0, NULL);
  if (status < 0)
    result = throw_step(ctx, status, "cp", from);
  while (!JS_IsException(result) && status >= 0 && uv_fs_scandir_next(&uv, &entry) == 0)
    result = copy_entry(ctx, o, from, to, entry.name);
  uv_fs_req_cleanup(&uv);
  return result;
}

/* cpSyncCopyDir(src, dest, force, dereference, errorOnExist, verbatimSymlinks, preserveTimestamps) */
static JSValue fs_cp_copy_dir(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  const CopyOptions options = {.force = arg_bool(ctx, argv[2]),
                               .dereference = arg_bool(ctx, argv[3]),
                               .error_on_exist = arg_bool(ctx, argv[4]),
                               .verbatim_symlinks = arg_bool(ctx, argv[5]),
                               .preserve_timestamps = arg_bool(ctx, argv[6])};
  char *from = fs_path(ctx, argv[0]), *to = from ? fs_path(ctx, argv[1]) : NULL;
  JSValue result = JS_EXCEPTION;
  int status = to ? make_directories(to) : 0;
  if (status < 0)
    result = throw_step(ctx, status, "cp", to);
  else if (to)
    result = copy_contents(ctx, &options, from, to);
  free(from);
  free(to);
  return result;
}

void fs_init_copy(Env *env, JSContext *ctx, JSValueConst target)
{
  static const BindingFunction functions[] = {{"cpSyncCheckPaths", fs_cp_check_paths, 4},
                                              {"cpSyncOverrideFile", fs_cp_override_file, 4},
                                              {"cpSyncCopyDir", fs_cp_copy_dir, 7}};
  DEFINE_FUNCTIONS(ctx, target, functions);
}
