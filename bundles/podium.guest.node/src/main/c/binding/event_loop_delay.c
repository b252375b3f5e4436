/* performance: the histogram of monitorEventLoopDelay. */
#include "node_histogram.h"

#include <stdlib.h>

/* The loop's delays, measured by its handles: this lives until libuv has closed them. */
typedef struct Monitor {
  Histogram *histogram;
  bool running;
  int64_t interval; /* ms between samples; 0: one for each turn of the loop */
  int open;         /* handles */
  uv_timer_t timer;
  uv_prepare_t prepare;
  uv_check_t check;
  uint64_t prepared, checked; /* when the loop began, and ended, to wait for events */
  int timeout;                /* how long it meant to, ms; -1: for ever */
} Monitor;

typedef struct MonitorObject {
  AsyncWrap wrap; /* first */
  Monitor *monitor;
} MonitorObject;

static void monitor_close(Monitor *monitor);

static void monitor_finalize(BaseObject *base)
{
  if (((MonitorObject *)base)->monitor)
    monitor_close(((MonitorObject *)base)->monitor);
  async_wrap_finalize(base);
}

const BaseType loop_delays_type = {"Histogram", &async_wrap_type, monitor_finalize, async_wrap_mark};
static JSValue monitor_class = JS_UNDEFINED;

Histogram *loop_delays_of(JSValueConst object)
{
  MonitorObject *state = base_object_peek(object, &loop_delays_type);
  return state ? state->monitor->histogram : NULL;
}

static void on_closed(uv_handle_t *handle)
{
  Monitor *monitor = handle->data;
  if (--monitor->open)
    return;
  histogram_release(monitor->histogram);
  free(monitor);
}

static void monitor_close(Monitor *monitor)
{
  if (monitor->interval) {
    uv_close((uv_handle_t *)&monitor->timer, on_closed);
    return;
  }
  uv_close((uv_handle_t *)&monitor->prepare, on_closed);
  uv_close((uv_handle_t *)&monitor->check, on_closed);
}

static void on_timer(uv_timer_t *timer)
{
  histogram_record_delta(((Monitor *)timer->data)->histogram, uv_hrtime());
}

static void on_prepare(uv_prepare_t *prepare)
{
  Monitor *monitor = prepare->data;
  monitor->prepared = uv_hrtime();
  monitor->timeout = uv_backend_timeout(prepare->loop);
}

/* A turn's delay: its work since the last wait, and how much longer than meant this wait took. */
static void on_check(uv_check_t *check)
{
  Monitor *monitor = check->data;
  uint64_t now = uv_hrtime(), waited = now - monitor->prepared, delay = monitor->prepared - monitor->checked;
  uint64_t meant = monitor->timeout < 0 ? UINT64_MAX : (uint64_t)monitor->timeout * 1000 * 1000;
  if (waited > meant)
    delay += waited - meant;
  histogram_record(monitor->histogram, delay ? (int64_t)delay : 1);
  monitor->checked = now;
}

static void open_handle(Monitor *monitor, uv_handle_t *handle)
{
  handle->data = monitor;
  monitor->open++;
  uv_unref(handle);
}

/* NULL with an exception. */
static Monitor *new_monitor(JSContext *ctx, int64_t interval)
{
  HistogramOptions options = {interval ? 1000 : 1, INT64_MAX, 3, 0, 0};
  Histogram *histogram = make_histogram(ctx, &options);
  Monitor *monitor = histogram ? calloc(1, sizeof(*monitor)) : NULL;
  if (!monitor) {
    histogram_release(histogram);
    JS_ThrowOutOfMemory(ctx);
    return NULL;
  }
  monitor->histogram = histogram;
  monitor->interval = interval;
  if (interval) {
    uv_timer_init(env_of(ctx)->loop, &monitor->timer);
    open_handle(monitor, (uv_handle_t *)&monitor->timer);
  } else {
    uv_prepare_init(env_of(ctx)->loop, &monitor->prepare);
    uv_check_init(env_of(ctx)->loop, &monitor->check);
    open_handle(monitor, (uv_handle_t *)&monitor->prepare);
    open_handle(monitor, (uv_handle_t *)&monitor->check);
  }
  return monitor;
}

static Monitor *monitor_of(JSContext *ctx, JSValueConst self)
{
  MonitorObject *object = base_object_get(ctx, self, &loop_delays_type);
  return object ? object->monitor : NULL;
}

/* start(reset) */
static JSValue monitor_start(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  Monitor *monitor = monitor_of(ctx, self);
  if (!monitor)
    return JS_EXCEPTION;
  if (monitor->running)
    return JS_UNDEFINED;
  monitor->running = true;
  if (arg_bool(ctx, argv[0]))
    histogram_reset(monitor->histogram);
  if (monitor->interval) {
    uv_timer_start(&monitor->timer, on_timer, (uint64_t)monitor->interval, (uint64_t)monitor->interval);
    return JS_UNDEFINED;
  }
  monitor->prepared = monitor->checked = uv_hrtime();
  monitor->timeout = 0;
  uv_prepare_start(&monitor->prepare, on_prepare);
  uv_check_start(&monitor->check, on_check);
  return JS_UNDEFINED;
}

static JSValue monitor_stop(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  Monitor *monitor = monitor_of(ctx, self);
  if (!monitor)
    return JS_EXCEPTION;
  monitor->running = false;
  if (monitor->interval) {
    uv_timer_stop(&monitor->timer);
    return JS_UNDEFINED;
  }
  uv_prepare_stop(&monitor->prepare);
  uv_check_stop(&monitor->check);
  return JS_UNDEFINED;
}

JSValue create_loop_delays(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  static const BindingFunction methods[] = {{"start", monitor_start, 1}, {"stop", monitor_stop, 0}};
  Env *env = env_of(ctx);
  MonitorObject *state;
  Monitor *monitor = new_monitor(ctx, arg_bool(ctx, argv[1]) ? 0 : arg_int64(ctx, argv[0]));
  if (!monitor)
    return JS_EXCEPTION;
  JSValueConst class = define_hidden_class(ctx, &monitor_class, "Histogram", async_wrap_constructor(env), NULL, 0);
  complete_histogram_class(ctx, class, methods, COUNT_OF(methods));
  JSValue object = base_object_new(ctx, class, &loop_delays_type, sizeof(*state), &state);
  if (JS_IsException(object)) {
    monitor_close(monitor);
    return object;
  }
  state->monitor = monitor;
  async_wrap_init(env, &state->wrap, PROVIDER_ELDHISTOGRAM);
  return object;
}
