/* The process object: what is known before any script runs. */
#include "process.h"

#include <ares_version.h>
#include <brotli/decode.h>
#include <llhttp.h>
#include <openssl/opensslv.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>
#include <zstd.h>

#include "options.h"

static void read_only(JSContext *ctx, JSValueConst object, const char *name, JSValue value)
{
  JS_DefinePropertyValueStr(ctx, object, name, value, JS_PROP_ENUMERABLE | JS_PROP_CONFIGURABLE);
}

/* Neither to be changed nor defined anew. */
static void constant(JSContext *ctx, JSValueConst object, const char *name, JSValue value)
{
  JS_DefinePropertyValueStr(ctx, object, name, value, JS_PROP_ENUMERABLE);
}

static JSValue three_numbers(JSContext *ctx, unsigned major, unsigned minor, unsigned patch)
{
  char text[48];
  snprintf(text, sizeof(text), "%u.%u.%u", major, minor, patch);
  return JS_NewString(ctx, text);
}

static JSValue new_versions(JSContext *ctx)
{
  JSValue versions = new_null_object(ctx);
  uint32_t brotli = BrotliDecoderVersion();
  for (const VersionInfo *info = version_table; info->name; info++) {
    constant(ctx, versions, info->name, JS_NewString(ctx, info->version));
    if (!strcmp(info->name, "node")) {
      constant(ctx, versions, "openssl", JS_NewString(ctx, OPENSSL_VERSION_STR));
      constant(ctx, versions, "quickjs", JS_NewString(ctx, JS_GetVersion()));
      constant(ctx, versions, "uv", JS_NewString(ctx, uv_version_string()));
      constant(ctx, versions, "ares", JS_NewString(ctx, ARES_VERSION_STR));
      constant(ctx, versions, "brotli", three_numbers(ctx, brotli >> 24, brotli >> 12 & 0xfff, brotli & 0xfff));
      constant(ctx, versions, "llhttp", three_numbers(ctx, LLHTTP_VERSION_MAJOR, LLHTTP_VERSION_MINOR, LLHTTP_VERSION_PATCH));
      constant(ctx, versions, "zlib", JS_NewString(ctx, zlibVersion()));
      constant(ctx, versions, "zstd", JS_NewString(ctx, ZSTD_versionString()));
    }
  }
  return versions;
}

static const char *node_version(void)
{
  const VersionInfo *info = version_table;
  while (info->name && strcmp(info->name, "node"))
    info++;
  return info->name ? info->version : "0.0.0";
}

static JSValue process_constructor(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  return throw_code_error(ctx, TYPE_ERROR, "ERR_ILLEGAL_CONSTRUCTOR", "Illegal constructor");
}

static JSValue get_title(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  char title[512];
  return JS_NewString(ctx, uv_get_process_title(title, sizeof(title)) ? "node" : title);
}

static JSValue set_title(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  const char *title = JS_ToCString(ctx, argv[0]);
  if (!title)
    return JS_EXCEPTION;
  uv_set_process_title(title);
  JS_FreeCString(ctx, title);
  return JS_UNDEFINED;
}

/* Kept for who asks: there is no inspector. */
static int32_t debug_port = 9229;

static JSValue get_debug_port(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  return JS_NewInt32(ctx, debug_port);
}

static JSValue set_debug_port(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  int32_t port;
  if (JS_ToInt32(ctx, &port, argv[0]))
    return JS_EXCEPTION;
  if (port != 0 && (port < 1024 || port > 65535))
    return throw_code_error(ctx, RANGE_ERROR, "ERR_OUT_OF_RANGE",
                            "process.debugPort must be 0 or in range 1024 to 65535");
  debug_port = port;
  return JS_UNDEFINED;
}

static JSValue get_ppid(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  return JS_NewInt32(ctx, uv_os_getppid());
}

JSValue new_process_object(Env *env)
{
  JSContext *ctx = env->ctx;
  JSValue holder = JS_NewObject(ctx);
  JSValueConst constructor = define_class(ctx, holder, "process", process_constructor, JS_UNDEFINED, NULL, 0);
  JSValue proto = JS_GetPropertyStr(ctx, constructor, "prototype");
  JSValue process = JS_NewObjectProto(ctx, proto);
  JS_FreeValue(ctx, proto);
  JS_FreeValue(ctx, holder);

  char version[64];
  snprintf(version, sizeof(version), "v%s", node_version());
  read_only(ctx, process, "version", JS_NewString(ctx, version));
  read_only(ctx, process, "versions", new_versions(ctx));
  read_only(ctx, process, "arch", JS_NewString(ctx, NODE_ARCH));
  read_only(ctx, process, "platform", JS_NewString(ctx, "linux"));
  JSValue release = JS_NewObject(ctx);
  read_only(ctx, release, "name", JS_NewString(ctx, "node"));
  if (release_lts[0])
    read_only(ctx, release, "lts", JS_NewString(ctx, release_lts));
  read_only(ctx, process, "release", release);
  JS_DefinePropertyValue(ctx, process, env->sym.exit_info_private_symbol,
                         engine_new_shared_view(ctx, env->exit_info, sizeof(env->exit_info), JS_TYPED_ARRAY_INT32),
                         JS_PROP_C_W_E);
  define_value(ctx, process, "env", new_env_proxy(env));
  return process;
}

static JSValue string_array(JSContext *ctx, const char *first, char **rest, int count)
{
  JSValue array = JS_NewArray(ctx);
  uint32_t n = 0;
  if (first)
    JS_SetPropertyUint32(ctx, array, n++, JS_NewString(ctx, first));
  for (int i = 0; i < count; i++)
    JS_SetPropertyUint32(ctx, array, n++, JS_NewString(ctx, rest[i]));
  return array;
}

static void accessor(JSContext *ctx, JSValueConst object, const char *name, NativeFunction *get, NativeFunction *set)
{
  JSAtom atom = JS_NewAtom(ctx, name);
  JS_DefinePropertyGetSet(ctx, object, atom, new_function(ctx, get, name, 0),
                          set ? new_function(ctx, set, name, 1) : JS_UNDEFINED, JS_PROP_ENUMERABLE);
  JS_FreeAtom(ctx, atom);
}

void patch_process_object(Env *env, JSValueConst process)
{
  JSContext *ctx = env->ctx;
  const Options *options = env->options;
  accessor(ctx, process, "title", get_title, set_title);
  define_value(ctx, process, "argv", string_array(ctx, env->argv[0], options->arguments, options->arguments_count));
  define_value(ctx, process, "execArgv", string_array(ctx, NULL, options->exec_args, options->exec_args_count));
  read_only(ctx, process, "versions", new_versions(ctx));
  read_only(ctx, process, "pid", JS_NewInt32(ctx, uv_os_getpid()));
  accessor(ctx, process, "ppid", get_ppid, NULL);
  define_string(ctx, process, "execPath", env->exec_path);
  accessor(ctx, process, "debugPort", get_debug_port, set_debug_port);
}
