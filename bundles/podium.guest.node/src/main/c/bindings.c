/* Which bindings there are, and the loader behind internalBinding(). */
#include <stdlib.h>
#include <string.h>

#include "env.h"

/* One line a binding, in alphabetical order; its init function is in binding/<file>.c. */
#define BINDINGS(V) \
  V(async_context_frame) \
  V(async_wrap) \
  V(blob) \
  V(block_list) \
  V(buffer) \
  V(builtins) \
  V(cares_wrap) \
  V(cjs_lexer) \
  V(config) \
  V(constants) \
  V(contextify) \
  V(credentials) \
  V(crypto) \
  V(diagnostics_channel) \
  V(encoding_binding) \
  V(errors) \
  V(fs) \
  V(fs_dir) \
  V(fs_event_wrap) \
  V(http2) \
  V(http_parser) \
  V(internal_only_v8) \
  V(ipc_serdes) \
  V(js_stream) \
  V(messaging) \
  V(mksnapshot) \
  V(module_wrap) \
  V(modules) \
  V(options) \
  V(os) \
  V(performance) \
  V(permission) \
  V(pipe_wrap) \
  V(process_methods) \
  V(process_wrap) \
  V(report) \
  V(serdes) \
  V(signal_wrap) \
  V(spawn_sync) \
  V(stream_wrap) \
  V(string_decoder) \
  V(symbols) \
  V(task_queue) \
  V(tcp_wrap) \
  V(timers) \
  V(trace_events) \
  V(tty_wrap) \
  V(types) \
  V(udp_wrap) \
  V(url) \
  V(url_pattern) \
  V(util) \
  V(uv) \
  V(v8) \
  V(wasm_web_api) \
  V(worker) \
  V(zlib)

#define V(name) void init_##name(Env *env, JSContext *ctx, JSValueConst target);
BINDINGS(V)
#undef V

const Binding bindings[] = {
#define V(name) {#name, init_##name},
    BINDINGS(V)
#undef V
    {NULL, NULL},
};

/*
 * Bindings that are not there yet, by the names the library takes from them: each is a function or class that throws
 * ERR_FEATURE_UNAVAILABLE_ON_PLATFORM when used. Who writes a binding removes its line.
 */
static const struct { const char *name, *members; } unavailable[] = {
    {"heap_utils", "buildEmbedderGraph triggerHeapSnapshot createHeapSnapshotStream"},
    {"inspector", "Connection MainThreadConnection"},
    {"js_udp_wrap", "JSUDPWrap"},
    {"locks", "request query"},
    {"profiler", "setCoverageDirectory setSourceMapCacheGetter startCoverage takeCoverage stopCoverage endCoverage"},
    {"sea", "getAsset getAssetKeys"},
    {"sqlite", "DatabaseSync StatementSync Session backup"},
    {"stream_pipe", "StreamPipe"},
    {"tls_wrap", "TLSWrap wrap"},
    {"wasi", "WASI"},
    {"watchdog", "TraceSigintWatchdog"},
    {"webstorage", "Storage"},
};

static bool define_unavailable_members(JSContext *ctx, JSValueConst target, const char *name)
{
  for (int i = 0; i < COUNT_OF(unavailable); i++) {
    if (strcmp(unavailable[i].name, name))
      continue;
    char *members = strdup(unavailable[i].members), *rest;
    for (char *m = strtok_r(members, " ", &rest); m; m = strtok_r(NULL, " ", &rest))
      define_unavailable(ctx, target, name, m);
    free(members);
    return true;
  }
  return false;
}

static const Binding *find_binding(const char *name)
{
  const Binding *binding = bindings;
  while (binding->name && strcmp(binding->name, name))
    binding++;
  return binding->name ? binding : NULL;
}

bool binding_is_there(const char *name) { return find_binding(name) != NULL; }

static bool fill_binding(Env *env, JSContext *ctx, JSValueConst target, const char *name)
{
  const Binding *binding = find_binding(name);
  if (!binding)
    return define_unavailable_members(ctx, target, name);
  binding->init(env, ctx, target);
  return true;
}

JSValue get_internal_binding(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  const char *name = JS_ToCString(ctx, argv[0]);
  if (!name)
    return JS_EXCEPTION;
  JSValue target = JS_NewObject(ctx);
  bool found = fill_binding(env_of(ctx), ctx, target, name);
  if (!found) {
    JS_FreeValue(ctx, target);
    target = throw_code_error(ctx, ERROR, "ERR_INVALID_MODULE", "No such binding: %s", name);
  }
  JS_FreeCString(ctx, name);
  return target;
}
