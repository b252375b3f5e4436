/* builtins: the library's modules: which there are, compiling one, its text. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../builtins.h"
#include "../env.h"

static int compare_id(const void *id, const void *entry) { return strcmp(id, ((const Builtin *)entry)->id); }

static const Builtin *find_builtin(const char *id)
{
  return bsearch(id, builtins, (size_t)builtins_count, sizeof(builtins[0]), compare_id);
}

static char *read_library_file(const char *id, size_t *length)
{
  char path[4096];
  if (snprintf(path, sizeof(path), "%s/%s.js", NODE_LIB_DIR, id) >= (int)sizeof(path))
    return NULL;
  FILE *file = fopen(path, "rb");
  if (!file)
    return NULL;
  fseek(file, 0, SEEK_END);
  long size = ftell(file);
  rewind(file);
  char *text = size >= 0 ? malloc((size_t)size + 1) : NULL;
  if (text && fread(text, 1, (size_t)size, file) != (size_t)size) {
    free(text);
    text = NULL;
  }
  fclose(file);
  if (text) {
    text[size] = 0;
    *length = (size_t)size;
  }
  return text;
}

/* The text of the module, kept once read; NULL if there is none. */
const char *builtin_source(const char *id, size_t *length)
{
  static char *kept;
  static size_t kept_length;
  static char kept_id[256];
  if (!find_builtin(id))
    return NULL;
  if (!kept || strcmp(kept_id, id)) {
    char *text = read_library_file(id, &kept_length);
    if (!text)
      return NULL;
    free(kept);
    kept = text;
    snprintf(kept_id, sizeof(kept_id), "%s", id);
  }
  *length = kept_length;
  return kept;
}

/* What most programs load sooner or later. Their functions are made before the freeze, and a process takes them from
   here; calling them, and all that can be seen of it, is left to the process. */
static const char *const common_ids[] = {
    "internal/main/eval_string", "internal/main/eval_stdin", "internal/main/run_main_module",
    /* what these load */
    "internal/source_map/source_map", "internal/vm/module", "module",
    /* output and streams */
    "internal/abort_controller", "internal/fs/sync_write_stream", "internal/streams/add-abort-signal",
    "internal/streams/compose", "internal/streams/destroy", "internal/streams/duplex", "internal/streams/duplexpair",
    "internal/streams/end-of-stream", "internal/streams/from", "internal/streams/legacy",
    "internal/streams/operators", "internal/streams/passthrough", "internal/streams/pipeline",
    "internal/streams/readable", "internal/streams/state", "internal/streams/transform", "internal/streams/writable",
    "internal/tty", "internal/util/colors", "stream", "stream/promises", "string_decoder", "tty",
    /* sockets and HTTP */
    "_http_agent", "_http_client", "_http_common", "_http_incoming", "_http_outgoing", "_http_server",
    "child_process", "cluster", "dgram", "http", "internal/child_process", "internal/cluster/primary",
    "internal/cluster/round_robin_handle", "internal/cluster/shared_handle", "internal/cluster/utils",
    "internal/cluster/worker", "internal/dgram", "internal/freelist", "internal/http",
    "internal/perf/observe", "internal/perf/performance_entry", "internal/socket_list",
    "internal/stream_base_commons", "internal/util/inspector", "net",
    /* files and modules */
    "fs/promises", "internal/fs/promises", "internal/fs/streams", "internal/fs/watchers",
};
static JSValue common_functions[COUNT_OF(common_ids)];
static bool common_are_made;

static JSValue compile_anew(JSContext *ctx, const char *id)
{
  const Builtin *builtin = find_builtin(id);
  if (!builtin)
    return throw_code_error(ctx, ERROR, "ERR_UNKNOWN_BUILTIN_MODULE", "No such built-in module: %s", id);
  if (builtin->bytecode_length)
    return engine_run_bytecode(ctx, builtins_blob + builtin->bytecode, builtin->bytecode_length);
  size_t length;
  const char *source = builtin_source(id, &length);
  if (!source)
    return throw_code_error(ctx, ERROR, "ERR_UNKNOWN_BUILTIN_MODULE", "No such built-in module: %s", id);
  char file[512];
  snprintf(file, sizeof(file), "node:%s", id);
  return engine_compile_function(ctx, source, length, file, 1, builtin_parameters(id));
}

bool make_common_builtins(Env *env)
{
  for (int i = 0; i < COUNT_OF(common_ids); i++) {
    common_functions[i] = compile_anew(env->ctx, common_ids[i]);
    if (JS_IsException(common_functions[i]))
      return false;
  }
  common_are_made = true;
  return true;
}

static JSValue compile_builtin(JSContext *ctx, const char *id)
{
  for (int i = 0; common_are_made && ctx == the_env->ctx && i < COUNT_OF(common_ids); i++) {
    if (JS_IsUndefined(common_functions[i]) || strcmp(common_ids[i], id))
      continue;
    JSValue function = common_functions[i];
    common_functions[i] = JS_UNDEFINED;
    return function;
  }
  return compile_anew(ctx, id);
}

JSValue run_builtin(Env *env, const char *id)
{
  JSContext *ctx = env->ctx;
  JSValue function = compile_builtin(ctx, id);
  if (JS_IsException(function))
    return function;
  JSValueConst arguments[] = {env->process, env->builtins_require, env->internal_binding, env->primordials};
  JSValue result = JS_Call(ctx, function, JS_UNDEFINED, 4, arguments);
  JS_FreeValue(ctx, function);
  return result;
}

static JSValue compile_function(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  const char *id = JS_ToCString(ctx, argv[0]);
  if (!id)
    return JS_EXCEPTION;
  JSValue function = compile_builtin(ctx, id);
  JS_FreeCString(ctx, id);
  return function;
}

static JSValue set_internal_loaders(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  Env *env = env_of(ctx);
  env->internal_binding = JS_DupValue(ctx, argv[0]);
  env->builtins_require = JS_DupValue(ctx, argv[1]);
  return JS_UNDEFINED;
}

static JSValue has_cached_builtins(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv) { return JS_TRUE; }

static JSValue get_natives(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  JSValue natives = JS_NewObject(ctx);
  for (int i = 0; i < builtins_count; i++) {
    size_t length;
    const char *text = builtin_source(builtins[i].id, &length);
    define_value(ctx, natives, builtins[i].id, text ? JS_NewStringLen(ctx, text, length) : JS_UNDEFINED);
  }
  return natives;
}

/* Not for require(): parts of the start-up, and modules that need HTTP/2, QUIC, the inspector or trace events. */
static bool cannot_be_required(const char *id)
{
  static const char *const groups[] = {"internal/bootstrap/", "internal/per_context/", "internal/deps/v8/tools/",
                                       "internal/main/",      "internal/http2/",       "internal/quic/",
                                       "internal/inspector/"};
  static const char *const names[] = {"inspector", "inspector/promises", "internal/util/inspector", "quic",
                                      "stream/iter", "trace_events", "zlib/iter"};
  for (int i = 0; i < COUNT_OF(groups); i++) {
    if (!strncmp(id, groups[i], strlen(groups[i])))
      return true;
  }
  for (int i = 0; i < COUNT_OF(names); i++) {
    if (!strcmp(id, names[i]))
      return true;
  }
  return false;
}

static JSValue get_categories(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  JSValue lists[2] = {JS_NewArray(ctx), JS_NewArray(ctx)};
  uint32_t counts[2] = {0, 0};
  for (int i = 0; i < builtins_count; i++) {
    int which = cannot_be_required(builtins[i].id);
    JS_SetPropertyUint32(ctx, lists[which], counts[which]++, JS_NewString(ctx, builtins[i].id));
  }
  JSValue result = JS_NewObject(ctx);
  define_value(ctx, result, "cannotBeRequired", lists[1]);
  define_value(ctx, result, "canBeRequired", lists[0]);
  return result;
}

void init_builtins(Env *env, JSContext *ctx, JSValueConst target)
{
  static const BindingFunction functions[] = {
      {"setInternalLoaders", set_internal_loaders, 2},
      {"compileFunction", compile_function, 1},
      {"hasCachedBuiltins", has_cached_builtins, 0},
  };
  DEFINE_FUNCTIONS(ctx, target, functions);
  JSValue ids = JS_NewArray(ctx);
  for (int i = 0; i < builtins_count; i++)
    JS_SetPropertyUint32(ctx, ids, (uint32_t)i, JS_NewString(ctx, builtins[i].id));
  define_value(ctx, target, "builtinIds", ids);
  define_value(ctx, target, "config",
               JS_NewStringLen(ctx, (const char *)builtins_blob + builtins_config, builtins_config_length));
  define_getter(ctx, target, "natives", get_natives, NULL);
  define_getter(ctx, target, "builtinCategories", get_categories, NULL);
}
