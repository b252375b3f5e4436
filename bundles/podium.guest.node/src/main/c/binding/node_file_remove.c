/* fs: rmSync, the removal of whole trees. */
#include "node_file.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* A path that grows and shrinks while a tree is walked. */
typedef struct TreePath {
  char *text;
  size_t length, room;
} TreePath;

static bool path_append(TreePath *path, const char *name)
{
  size_t size = strlen(name), needed = path->length + size + 2;
  if (needed > path->room) {
    char *grown = realloc(path->text, needed * 2);
    if (!grown)
      return false;
    path->text = grown;
    path->room = needed * 2;
  }
  if (path->length == 0 || path->text[path->length - 1] != '/')
    path->text[path->length++] = '/';
  memcpy(path->text + path->length, name, size + 1);
  path->length += size;
  return true;
}

static void path_cut(TreePath *path, size_t length)
{
  path->length = length;
  path->text[length] = 0;
}

/* A directory being emptied, and where the path stood when it was entered. */
typedef struct Level {
  uv_fs_t listing;
  size_t length;
  struct Level *above;
} Level;

static int unlink_file(const char *path)
{
  uv_fs_t uv;
  int status = uv_fs_unlink(NULL, &uv, path, NULL);
  uv_fs_req_cleanup(&uv);
  return status;
}

static int remove_directory(const char *path)
{
  uv_fs_t uv;
  int status = uv_fs_rmdir(NULL, &uv, path, NULL);
  uv_fs_req_cleanup(&uv);
  return status;
}

/* UV_DIRENT_*, or an error: what is at `path` itself, no link followed. */
static int kind_of(const char *path)
{
  uv_fs_t uv;
  int status = uv_fs_lstat(NULL, &uv, path, NULL);
  if (status == 0)
    status = S_ISDIR(uv.statbuf.st_mode) ? UV_DIRENT_DIR : UV_DIRENT_FILE;
  uv_fs_req_cleanup(&uv);
  return status;
}

static int enter(Level **top, TreePath *path)
{
  Level *level = calloc(1, sizeof(*level));
  if (!level)
    return UV_ENOMEM;
  int status = uv_fs_scandir(NULL, &level->listing, path->text, 0, NULL);
  if (status < 0) {
    uv_fs_req_cleanup(&level->listing);
    free(level);
    return status;
  }
  level->length = path->length;
  level->above = *top;
  *top = level;
  return 0;
}

static void leave(Level **top)
{
  Level *level = *top;
  *top = level->above;
  uv_fs_req_cleanup(&level->listing);
  free(level);
}

/* Removes what `entry` of the innermost directory names, or enters it. */
static int remove_entry(Level **top, TreePath *path, const uv_dirent_t *entry)
{
  if (!path_append(path, entry->name))
    return UV_ENOMEM;
  int kind = entry->type == UV_DIRENT_UNKNOWN ? kind_of(path->text) : (int)entry->type;
  int status = kind < 0 ? kind : kind == UV_DIRENT_DIR ? enter(top, path) : unlink_file(path->text);
  if (kind != UV_DIRENT_DIR || status < 0)
    path_cut(path, (*top)->length);
  return status == UV_ENOENT ? 0 : status;
}

/* Removes a tree depth first, without recursion: its depth is the guest's choice. Stops at the first error. */
static int remove_tree(const char *root)
{
  TreePath path = {.text = strdup(root), .length = strlen(root), .room = strlen(root) + 1};
  Level *top = NULL;
  uv_dirent_t entry;
  int status = path.text ? enter(&top, &path) : UV_ENOMEM;
  while (status >= 0 && top) {
    status = uv_fs_scandir_next(&top->listing, &entry);
    if (status == 0) {
      status = remove_entry(&top, &path, &entry);
    } else if (status == UV_EOF) {
      status = remove_directory(path.text);
      if (status == UV_ENOENT)
        status = 0;
      leave(&top);
      if (top)
        path_cut(&path, top->length);
    }
  }
  while (top)
    leave(&top);
  free(path.text);
  return status;
}

static bool may_retry(int status)
{
  return status == UV_EBUSY || status == UV_EMFILE || status == UV_ENFILE || status == UV_ENOTEMPTY || status == UV_EPERM;
}

static JSValue throw_removal(JSContext *ctx, int status, const char *path)
{
  static const struct {
    int status;
    int error;
    const char *text;
  } known[] = {{UV_EPERM, EPERM, "Operation not permitted"},
               {UV_ENOTEMPTY, ENOTEMPTY, "Directory not empty"},
               {UV_ENOTDIR, ENOTDIR, "Not a directory"},
               {UV_EACCES, EACCES, "Permission denied"}};
  char message[4352];
  for (int i = 0; i < COUNT_OF(known); i++) {
    if (known[i].status == status) {
      snprintf(message, sizeof(message), "%s: %s", known[i].text, path);
      return fs_throw_errno(ctx, known[i].error, "rm", message, path);
    }
  }
  snprintf(message, sizeof(message), "Unknown error: %s", strerror(-status));
  return fs_throw_errno(ctx, -status, "rm", message, path);
}

/* rmSync(path, maxRetries, recursive, retryDelay) */
static JSValue fs_rm_sync(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  char *path = fs_path(ctx, argv[0]);
  if (!path)
    return JS_EXCEPTION;
  int retries = arg_int32(ctx, argv[1]), delay = arg_int32(ctx, argv[3]);
  bool recursive = arg_bool(ctx, argv[2]);
  int kind = kind_of(path), status = 0;
  JSValue result = JS_UNDEFINED;
  if (kind == UV_DIRENT_DIR && !recursive) {
    result = throw_code_error(ctx, ERROR, "ERR_FS_EISDIR", "Path is a directory: %s", path);
    retries = -1;
  } else if (kind == UV_ENOENT || kind == UV_ENOTDIR) {
    retries = -1;
  }
  for (int i = 1; retries >= 0; retries--, i++) {
    status = kind < 0 ? kind : kind == UV_DIRENT_DIR ? remove_tree(path) : unlink_file(path);
    if (status >= 0 || status == UV_ENOENT || !may_retry(status))
      break;
    if (delay > 0 && retries > 0)
      uv_sleep((unsigned)delay * (unsigned)i);
  }
  if (status < 0 && status != UV_ENOENT)
    result = throw_removal(ctx, status, path);
  free(path);
  return result;
}

void fs_init_remove(Env *env, JSContext *ctx, JSValueConst target)
{
  static const BindingFunction functions[] = {{"rmSync", fs_rm_sync, 4}};
  DEFINE_FUNCTIONS(ctx, target, functions);
}
