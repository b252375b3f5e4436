/* performance: the process's clock and milestones. */
#include "node_perf.h"

#include <stdlib.h>
#include <string.h>

static JSValue now(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  Env *env = env_of(ctx);
  return JS_NewFloat64(ctx, ((double)uv_hrtime() - env->milestones[MILESTONE_TIME_ORIGIN]) / 1e6);
}

static JSValue loop_idle_time(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  Env *env = env_of(ctx);
  return JS_NewFloat64(ctx, env->loop ? (double)uv_metrics_idle_time(env->loop) / 1e6 : 0);
}

static JSValue mark_bootstrap_complete(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  env_of(ctx)->milestones[MILESTONE_BOOTSTRAP_COMPLETE] = (double)uv_hrtime();
  return JS_UNDEFINED;
}

static JSValue uv_metrics(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  uv_metrics_t metrics = {0};
  Env *env = env_of(ctx);
  if (env->loop)
    uv_metrics_info(env->loop, &metrics);
  JSValue array = JS_NewArray(ctx);
  JS_SetPropertyUint32(ctx, array, 0, JS_NewInt64(ctx, (int64_t)metrics.loop_count));
  JS_SetPropertyUint32(ctx, array, 1, JS_NewInt64(ctx, (int64_t)metrics.events));
  JS_SetPropertyUint32(ctx, array, 2, JS_NewInt64(ctx, (int64_t)metrics.events_waiting));
  return array;
}

/* --- observers --------------------------------------------------------------------------------------------------- */

enum { ENTRY_GC, ENTRY_HTTP, ENTRY_HTTP2, ENTRY_NET, ENTRY_DNS, ENTRY_QUIC, ENTRY_TYPES };

static const char *const entry_types[ENTRY_TYPES] = {"gc", "http", "http2", "net", "dns", "quic"};
static uint32_t observer_counts[ENTRY_TYPES]; /* shared with JavaScript */
static JSValue entry_callback = JS_UNDEFINED; /* (name, type, start, duration, details) */

static JSValue setup_observers(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  JS_FreeValue(ctx, entry_callback);
  entry_callback = JS_DupValue(ctx, argv[0]);
  return JS_UNDEFINED;
}

/* notify(type, entry) */
static JSValue notify(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  const char *type = JS_ToCString(ctx, argv[0]);
  bool observed = false;
  for (int i = 0; type && i < ENTRY_TYPES; i++)
    observed |= observer_counts[i] && !strcmp(type, entry_types[i]);
  JS_FreeCString(ctx, type);
  if (!type)
    return JS_EXCEPTION;
  JSValue result = observed ? JS_Call(ctx, entry_callback, JS_UNDEFINED, 1, &argv[1]) : JS_UNDEFINED;
  JS_FreeValue(ctx, result);
  return JS_IsException(result) ? JS_EXCEPTION : JS_UNDEFINED;
}

/* --- collections ------------------------------------------------------------------------------------------------- */

/* In V8's numbers. The engine knows one kind, of all there is. */
enum { GC_MAJOR = 4, GC_FLAGS_NO = 0, GC_FLAGS_FORCED = 4 };

typedef struct Collection {
  uint64_t start, end;
  bool forced;
} Collection;

/* Those that observers were not told of: no script can run during one. */
static struct {
  uint64_t start; /* of the one that is under way */
  Collection *pending;
  int count, capacity;
  uv_check_t check; /* holds nobody up */
  bool ready;
} collections;

static void on_collecting(bool forced, bool ended)
{
  if (!ended) {
    collections.start = uv_hrtime();
    return;
  }
  if (!observer_counts[ENTRY_GC])
    return;
  if (collections.count == collections.capacity) {
    int capacity = collections.capacity * 2 + 8;
    Collection *grown = realloc(collections.pending, (size_t)capacity * sizeof(*grown));
    if (!grown)
      return;
    collections.pending = grown;
    collections.capacity = capacity;
  }
  collections.pending[collections.count++] = (Collection){collections.start, uv_hrtime(), forced};
}

static void tell_collection(Env *env, const Collection *collection)
{
  JSContext *ctx = env->ctx;
  JSValue type = JS_NewString(ctx, entry_types[ENTRY_GC]), details = JS_NewObject(ctx);
  define_number(ctx, details, "kind", GC_MAJOR);
  define_number(ctx, details, "flags", collection->forced ? GC_FLAGS_FORCED : GC_FLAGS_NO);
  double start = ((double)collection->start - env->milestones[MILESTONE_TIME_ORIGIN]) / 1e6;
  JSValueConst arguments[] = {type, type, JS_NewFloat64(ctx, start),
                              JS_NewFloat64(ctx, (double)(collection->end - collection->start) / 1e6), details};
  JSValue result = env_make_callback(env, JS_UNDEFINED, JS_UNDEFINED, 0, 0, JS_UNDEFINED, entry_callback,
                                     COUNT_OF(arguments), arguments);
  JS_FreeValue(ctx, result);
  JS_FreeValues(ctx, type, details);
}

static void on_check(uv_check_t *check)
{
  /* Telling may collect. */
  Collection *pending = collections.pending;
  int count = collections.count;
  collections.pending = NULL;
  collections.count = collections.capacity = 0;
  for (int i = 0; i < count && observer_counts[ENTRY_GC]; i++)
    tell_collection(the_env, &pending[i]);
  free(pending);
}

static JSValue track_collections(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  if (!collections.ready) {
    uv_check_init(env_of(ctx)->loop, &collections.check);
    uv_unref((uv_handle_t *)&collections.check);
    collections.ready = true;
  }
  uv_check_start(&collections.check, on_check);
  engine_hooks(JS_GetRuntime(ctx))->collecting = on_collecting;
  return JS_UNDEFINED;
}

static JSValue ignore_collections(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  engine_hooks(JS_GetRuntime(ctx))->collecting = NULL;
  if (collections.ready)
    uv_check_stop(&collections.check);
  return JS_UNDEFINED;
}

void init_performance(Env *env, JSContext *ctx, JSValueConst target)
{
  static const BindingFunction functions[] = {
      {"now", now, 0},
      {"loopIdleTime", loop_idle_time, 0},
      {"markBootstrapComplete", mark_bootstrap_complete, 0},
      {"uvMetricsInfo", uv_metrics, 0},
      {"setupObservers", setup_observers, 1},
      {"installGarbageCollectionTracking", track_collections, 0},
      {"removeGarbageCollectionTracking", ignore_collections, 0},
      {"notify", notify, 2},
  };
  static const BindingConstant constants[] = {
      {"NODE_PERFORMANCE_ENTRY_TYPE_GC", ENTRY_GC},
      {"NODE_PERFORMANCE_ENTRY_TYPE_HTTP", ENTRY_HTTP},
      {"NODE_PERFORMANCE_ENTRY_TYPE_HTTP2", ENTRY_HTTP2},
      {"NODE_PERFORMANCE_ENTRY_TYPE_NET", ENTRY_NET},
      {"NODE_PERFORMANCE_ENTRY_TYPE_DNS", ENTRY_DNS},
      {"NODE_PERFORMANCE_ENTRY_TYPE_QUIC", ENTRY_QUIC},
      {"NODE_PERFORMANCE_MILESTONE_TIME_ORIGIN_TIMESTAMP", MILESTONE_TIME_ORIGIN_TIMESTAMP},
      {"NODE_PERFORMANCE_MILESTONE_TIME_ORIGIN", MILESTONE_TIME_ORIGIN},
      {"NODE_PERFORMANCE_MILESTONE_ENVIRONMENT", MILESTONE_ENVIRONMENT},
      {"NODE_PERFORMANCE_MILESTONE_NODE_START", MILESTONE_NODE_START},
      {"NODE_PERFORMANCE_MILESTONE_V8_START", MILESTONE_V8_START},
      {"NODE_PERFORMANCE_MILESTONE_LOOP_START", MILESTONE_LOOP_START},
      {"NODE_PERFORMANCE_MILESTONE_LOOP_EXIT", MILESTONE_LOOP_EXIT},
      {"NODE_PERFORMANCE_MILESTONE_BOOTSTRAP_COMPLETE", MILESTONE_BOOTSTRAP_COMPLETE},
  };
  /* The library gives these to users with perf_hooks.constants. */
  static const BindingConstant visible[] = {
      {"NODE_PERFORMANCE_GC_MAJOR", GC_MAJOR},
      {"NODE_PERFORMANCE_GC_MINOR", 1},
      {"NODE_PERFORMANCE_GC_MINOR_MARK_SWEEP", 2},
      {"NODE_PERFORMANCE_GC_INCREMENTAL", 8},
      {"NODE_PERFORMANCE_GC_WEAKCB", 16},
      {"NODE_PERFORMANCE_GC_FLAGS_NO", GC_FLAGS_NO},
      {"NODE_PERFORMANCE_GC_FLAGS_CONSTRUCT_RETAINED", 2},
      {"NODE_PERFORMANCE_GC_FLAGS_FORCED", GC_FLAGS_FORCED},
      {"NODE_PERFORMANCE_GC_FLAGS_SYNCHRONOUS_PHANTOM_PROCESSING", 8},
      {"NODE_PERFORMANCE_GC_FLAGS_ALL_AVAILABLE_GARBAGE", 16},
      {"NODE_PERFORMANCE_GC_FLAGS_ALL_EXTERNAL_MEMORY", 32},
      {"NODE_PERFORMANCE_GC_FLAGS_SCHEDULE_IDLE", 64},
  };
  DEFINE_FUNCTIONS(ctx, target, functions);
  perf_init_histograms(env, ctx, target);
  JSValue values = JS_NewObject(ctx);
  DEFINE_CONSTANTS(ctx, values, visible);
  for (int i = 0; i < COUNT_OF(constants); i++) /* hidden from enumeration, as in Node */
    JS_DefinePropertyValueStr(ctx, values, constants[i].name, JS_NewNumber(ctx, constants[i].value), 0);
  define_value(ctx, target, "constants", values);
  define_array(ctx, target, "observerCounts", observer_counts, sizeof(observer_counts), JS_TYPED_ARRAY_UINT32);
  define_array(ctx, target, "milestones", env->milestones, sizeof(env->milestones), JS_TYPED_ARRAY_FLOAT64);
}
