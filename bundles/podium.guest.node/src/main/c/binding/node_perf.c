/* performance: the process's clock and milestones. */
#include "../env.h"

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

/* Entries that only C++ would notify about (garbage collections, DNS...): there are none. */
static JSValue setup_observers(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv) { return JS_UNDEFINED; }

static JSValue no_tracking(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv) { return JS_UNDEFINED; }

void init_performance(Env *env, JSContext *ctx, JSValueConst target)
{
  static const BindingFunction functions[] = {
      {"now", now, 0},
      {"loopIdleTime", loop_idle_time, 0},
      {"markBootstrapComplete", mark_bootstrap_complete, 0},
      {"uvMetricsInfo", uv_metrics, 0},
      {"setupObservers", setup_observers, 1},
      {"installGarbageCollectionTracking", no_tracking, 0},
      {"removeGarbageCollectionTracking", no_tracking, 0},
      {"notify", no_tracking, 0},
  };
  static const BindingConstant constants[] = {
      {"NODE_PERFORMANCE_ENTRY_TYPE_GC", 0},
      {"NODE_PERFORMANCE_ENTRY_TYPE_HTTP", 1},
      {"NODE_PERFORMANCE_ENTRY_TYPE_HTTP2", 2},
      {"NODE_PERFORMANCE_ENTRY_TYPE_NET", 3},
      {"NODE_PERFORMANCE_ENTRY_TYPE_DNS", 4},
      {"NODE_PERFORMANCE_ENTRY_TYPE_QUIC", 5},
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
      {"NODE_PERFORMANCE_GC_MAJOR", 4},
      {"NODE_PERFORMANCE_GC_MINOR", 1},
      {"NODE_PERFORMANCE_GC_MINOR_MARK_SWEEP", 2},
      {"NODE_PERFORMANCE_GC_INCREMENTAL", 8},
      {"NODE_PERFORMANCE_GC_WEAKCB", 16},
      {"NODE_PERFORMANCE_GC_FLAGS_NO", 0},
      {"NODE_PERFORMANCE_GC_FLAGS_CONSTRUCT_RETAINED", 2},
      {"NODE_PERFORMANCE_GC_FLAGS_FORCED", 4},
      {"NODE_PERFORMANCE_GC_FLAGS_SYNCHRONOUS_PHANTOM_PROCESSING", 8},
      {"NODE_PERFORMANCE_GC_FLAGS_ALL_AVAILABLE_GARBAGE", 16},
      {"NODE_PERFORMANCE_GC_FLAGS_ALL_EXTERNAL_MEMORY", 32},
      {"NODE_PERFORMANCE_GC_FLAGS_SCHEDULE_IDLE", 64},
  };
  static uint32_t observer_counts[6];
  DEFINE_FUNCTIONS(ctx, target, functions);
  define_unavailable(ctx, target, "performance", "createELDHistogram");
  define_unavailable(ctx, target, "performance", "Histogram");
  JSValue values = JS_NewObject(ctx);
  DEFINE_CONSTANTS(ctx, values, visible);
  for (int i = 0; i < COUNT_OF(constants); i++) /* hidden from enumeration, as in Node */
    JS_DefinePropertyValueStr(ctx, values, constants[i].name, JS_NewNumber(ctx, constants[i].value), 0);
  define_value(ctx, target, "constants", values);
  define_array(ctx, target, "observerCounts", observer_counts, sizeof(observer_counts), JS_TYPED_ARRAY_UINT32);
  define_array(ctx, target, "milestones", env->milestones, sizeof(env->milestones), JS_TYPED_ARRAY_FLOAT64);
}
