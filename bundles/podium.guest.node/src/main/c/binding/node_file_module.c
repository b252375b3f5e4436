/* fs: what the module loaders ask: is it a file, which file is a package's main, is it WebAssembly. */
#include "node_file.h"
#include "paths.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { FORMAT_JAVASCRIPT = 0, FORMAT_WASM = 1 };

/* 0 for a file, 1 for a directory, else libuv's error. */
static int module_stat(const char *path)
{
  uv_fs_t uv;
  int status = uv_fs_stat(NULL, &uv, path, NULL);
  if (status == 0)
    status = S_ISDIR(uv.statbuf.st_mode);
  uv_fs_req_cleanup(&uv);
  return status;
}

static JSValue fs_internal_module_stat(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  size_t length;
  char *path = arg_utf8(ctx, argv[0], &length);
  if (!path)
    return JS_EXCEPTION;
  int status = memchr(path, 0, length) ? UV_ENOENT : module_stat(path);
  arg_free(path);
  return JS_NewInt32(ctx, status);
}

static bool starts_as_wasm(const char *path)
{
  static const char magic[4] = {0, 'a', 's', 'm'};
  char start[4];
  uv_fs_t uv;
  int fd = uv_fs_open(NULL, &uv, path, O_RDONLY, 0, NULL);
  uv_fs_req_cleanup(&uv);
  if (fd < 0)
    return false;
  uv_buf_t part = uv_buf_init(start, sizeof(start));
  int n = uv_fs_read(NULL, &uv, fd, &part, 1, 0, NULL);
  uv_fs_req_cleanup(&uv);
  uv_fs_close(NULL, &uv, fd, NULL);
  uv_fs_req_cleanup(&uv);
  return n == sizeof(start) && memcmp(start, magic, sizeof(magic)) == 0;
}

static JSValue fs_get_format(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  char *path = fs_path(ctx, argv[0]);
  if (!path)
    return JS_EXCEPTION;
  bool wasm = starts_as_wasm(path);
  free(path);
  return JS_NewInt32(ctx, wasm ? FORMAT_WASM : FORMAT_JAVASCRIPT);
}

/* --- legacyMainResolve ------------------------------------------------------------------------------------------- */

/* What is tried behind a package's "main"; from the eighth on behind "index". The index is the answer. */
static const char *const main_suffixes[] = {"",          ".js",  ".json", ".node", "/index.js", "/index.json",
                                            "/index.node", ".js", ".json", ".node"};
enum { MAIN_SUFFIXES = 7, ALL_SUFFIXES = 10 };

/* The first of the suffixes that makes `stem` a file, or -1. */
static int find_suffix(const char *stem, int from, int to)
{
  size_t length = strlen(stem);
  char *path = malloc(length + 16);
  int found = -1;
  for (int i = from; path && found < 0 && i < to; i++) {
    memcpy(path, stem, length);
    strcpy(path + length, main_suffixes[i]);
    if (module_stat(path) == 0)
      found = i;
  }
  free(path);
  return found;
}

/* The path of a file: URL, by the library's own function. */
static JSValue path_of_url(JSContext *ctx, JSValueConst url)
{
  JSValue id = JS_NewString(ctx, "internal/url");
  JSValue module = JS_Call(ctx, env_of(ctx)->builtins_require, JS_UNDEFINED, 1, (JSValueConst *)&id);
  JS_FreeValue(ctx, id);
  if (JS_IsException(module))
    return module;
  JSValue convert = JS_GetPropertyStr(ctx, module, "fileURLToPath");
  JS_FreeValue(ctx, module);
  JSValue path = JS_Call(ctx, convert, JS_UNDEFINED, 1, &url);
  JS_FreeValue(ctx, convert);
  return path;
}

static JSValue throw_no_main(JSContext *ctx, const char *wanted, JSValueConst base)
{
  if (!JS_IsString(base))
    return throw_code_error(ctx, TYPE_ERROR, "ERR_INVALID_ARG_TYPE",
                            "The \"base\" argument must be of type string or an instance of URL.");
  JSValue path = path_of_url(ctx, base);
  const char *from = JS_IsException(path) ? NULL : JS_ToCString(ctx, path);
  if (from)
    throw_code_error(ctx, ERROR, "ERR_MODULE_NOT_FOUND", "Cannot find package '%s' imported from %s", wanted, from);
  JS_FreeCString(ctx, from);
  JS_FreeValue(ctx, path);
  return JS_EXCEPTION;
}

/* legacyMainResolve(packagePath, main, base) */
static JSValue fs_legacy_main_resolve(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  char *package = fs_path(ctx, argv[0]);
  char *main = package && JS_IsString(argv[1]) ? fs_path(ctx, argv[1]) : NULL;
  if (!package || (JS_IsString(argv[1]) && !main)) {
    free(package);
    return JS_EXCEPTION;
  }
  char *stem = main ? path_resolve(package, main) : NULL, *index = path_resolve(package, "./index");
  JSValue result;
  if (!index || (main && !stem)) {
    result = JS_ThrowOutOfMemory(ctx);
  } else {
    int found = stem ? find_suffix(stem, 0, MAIN_SUFFIXES) : -1;
    if (found < 0)
      found = find_suffix(index, MAIN_SUFFIXES, ALL_SUFFIXES);
    char wanted[4096];
    snprintf(wanted, sizeof(wanted), stem ? "%s" : "%s.js", stem ? stem : index);
    result = found >= 0 ? JS_NewInt32(ctx, found) : throw_no_main(ctx, wanted, argv[2]);
  }
  free(package);
  free(main);
  free(stem);
  free(index);
  return result;
}

void fs_init_module(Env *env, JSContext *ctx, JSValueConst target)
{
  static const BindingFunction functions[] = {{"internalModuleStat", fs_internal_module_stat, 1},
                                              {"getFormatOfExtensionlessFile", fs_get_format, 1},
                                              {"legacyMainResolve", fs_legacy_main_resolve, 3}};
  DEFINE_FUNCTIONS(ctx, target, functions);
}
