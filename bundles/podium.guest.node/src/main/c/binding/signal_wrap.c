/* signal_wrap: signals as events. */
#include "../wrap.h"

typedef struct SignalWrap {
  HandleWrap handle;
  uv_signal_t signal;
} SignalWrap;

static const BaseType signal_type = {"Signal", &handle_wrap_type, async_wrap_finalize, async_wrap_mark};

static void on_signal(uv_signal_t *handle, int number)
{
  SignalWrap *wrap = handle->data;
  JSValue value = JS_NewInt32(the_env->ctx, number);
  async_wrap_call(&wrap->handle.async, "onsignal", 1, (JSValueConst *)&value);
}

static JSValue new_signal(JSContext *ctx, JSValueConst new_target, int argc, JSValueConst *argv)
{
  Env *env = env_of(ctx);
  SignalWrap *wrap;
  JSValue object = base_object_new(ctx, new_target, &signal_type, sizeof(*wrap), &wrap);
  if (JS_IsException(object))
    return object;
  int error = uv_signal_init(env->loop, &wrap->signal);
  if (error) {
    JS_FreeValue(ctx, object);
    return throw_uv_exception(ctx, error, "uv_signal_init", NULL, NULL, NULL);
  }
  handle_wrap_init(env, &wrap->handle, (uv_handle_t *)&wrap->signal, PROVIDER_SIGNALWRAP);
  return object;
}

static JSValue start(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  SignalWrap *wrap = base_object_get(ctx, self, &signal_type);
  if (!wrap)
    return JS_EXCEPTION;
  if (!handle_wrap_alive(&wrap->handle))
    return JS_NewInt32(ctx, UV_EBADF);
  return JS_NewInt32(ctx, uv_signal_start(&wrap->signal, on_signal, arg_int32(ctx, argv[0])));
}

static JSValue stop(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  SignalWrap *wrap = base_object_get(ctx, self, &signal_type);
  if (!wrap)
    return JS_EXCEPTION;
  return JS_NewInt32(ctx, handle_wrap_alive(&wrap->handle) ? uv_signal_stop(&wrap->signal) : UV_EBADF);
}

void init_signal_wrap(Env *env, JSContext *ctx, JSValueConst target)
{
  static const BindingFunction methods[] = {{"start", start, 1}, {"stop", stop, 0}};
  define_class(ctx, target, "Signal", new_signal, handle_wrap_constructor(env), methods, COUNT_OF(methods));
}
