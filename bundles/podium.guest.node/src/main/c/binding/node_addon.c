/*
 * Native add-ons (.node files): machine code, which cannot run here. Refused as dlopen() refuses what it cannot load, with what
 * to use instead.
 */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../options.h"
#include "../process.h"
#include "node_file.h"

/* Packages whose name is, or begins with, `package` (then it ends in '-' or '/'), and what does the same without machine code. */
static const struct { const char *package, *replacement; } replacements[] = {
    {"@esbuild/", "esbuild-wasm"},
    {"@img/sharp-", "@img/sharp-wasm32 or jimp"},
    {"@next/swc-", "@next/swc-wasm-nodejs (the version of next)"},
    {"@oxc-minify/binding-", "@oxc-minify/binding-wasm32-wasi"},
    {"@oxc-parser/binding-", "@oxc-parser/binding-wasm32-wasi"},
    {"@oxc-transform/binding-", "@oxc-transform/binding-wasm32-wasi"},
    {"@parcel/watcher", "@parcel/watcher-wasm"},
    {"@parcel/watcher-", "@parcel/watcher-wasm"},
    {"@rollup/rollup-", "@rollup/wasm-node"},
    {"@swc/core", "@swc/wasm"},
    {"@swc/core-", "@swc/wasm"},
    {"argon2", "hash-wasm"},
    {"bcrypt", "bcryptjs"},
    {"better-sqlite3", "sql.js"},
    {"esbuild", "esbuild-wasm"},
    {"lightningcss", "lightningcss-wasm"},
    {"lightningcss-", "lightningcss-wasm"},
    {"node-sass", "sass"},
    {"rollup", "@rollup/wasm-node"},
    {"sharp", "@img/sharp-wasm32 or jimp"},
    {"sqlite3", "sql.js"},
};

/* The package a file is of: what follows the last "node_modules/". Empty if it is of none. */
static void package_of(const char *path, char *name, size_t size)
{
  static const char folder[] = "/node_modules/";
  const char *at = NULL;
  for (const char *p = path; (p = strstr(p, folder)); p += 1)
    at = p + sizeof(folder) - 1;
  const char *end = at ? strchr(at, '/') : NULL;
  if (end && at[0] == '@')
    end = strchr(end + 1, '/');
  snprintf(name, size, "%.*s", end ? (int)(end - at) : 0, at ? at : "");
}

static const char *replacement_of(const char *package)
{
  for (int i = 0; i < COUNT_OF(replacements); i++) {
    const char *entry = replacements[i].package;
    size_t n = strlen(entry);
    bool prefix = entry[n - 1] == '-' || entry[n - 1] == '/';
    if (prefix ? !strncmp(package, entry, n) : !strcmp(package, entry))
      return replacements[i].replacement;
  }
  return NULL;
}

/* What is wrong with the file as a shared object; NULL if it is one. */
static const char *defect_of(const char *path)
{
  enum { ELF_HEADER = 52 };
  char header[ELF_HEADER];
  int fd = open(path, O_RDONLY | O_CLOEXEC);
  if (fd < 0)
    return "cannot open shared object file: No such file or directory";
  ssize_t length = read(fd, header, sizeof(header));
  close(fd);
  if (length < ELF_HEADER)
    return "file too short";
  return memcmp(header, "\177ELF", 4) ? "invalid ELF header" : NULL;
}

static JSValue throw_refused(JSContext *ctx, const char *path)
{
  char package[256];
  package_of(path, package, sizeof(package));
  const char *defect = defect_of(path), *replacement = replacement_of(package);
  if (defect)
    return throw_code_error(ctx, ERROR, "ERR_DLOPEN_FAILED", "%s: %s", path, defect);
  if (replacement)
    return throw_code_error(ctx, ERROR, "ERR_DLOPEN_FAILED",
                            "%s: native add-ons do not run here. Instead of %s use %s", path, package, replacement);
  return throw_code_error(ctx, ERROR, "ERR_DLOPEN_FAILED",
                          "%s: native add-ons do not run here. Instead of %s use a package in JavaScript or WebAssembly", path,
                          package[0] ? package : "it");
}

/* (module, filename, flags) */
JSValue load_addon(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  if (argc < 2)
    return throw_code_error(ctx, ERROR, "ERR_MISSING_ARGS", "process.dlopen needs at least 2 arguments.");
  if (!option_is_set(env_of(ctx)->options, "--addons"))
    return throw_code_error(ctx, ERROR, "ERR_DLOPEN_DISABLED", "Cannot load native addon because loading addons is disabled.");
  JSValue text = JS_ToString(ctx, argv[1]);
  char *path = JS_IsException(text) ? NULL : fs_path(ctx, text);
  JS_FreeValue(ctx, text);
  if (!path)
    return JS_EXCEPTION;
  JSValue result = throw_refused(ctx, path);
  free(path);
  return result;
}
