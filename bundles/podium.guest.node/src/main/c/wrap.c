/* AsyncWrap, HandleWrap, ReqWrap. */
#include "wrap.h"

#include <stdlib.h>

/* --- AsyncWrap --------------------------------------------------------------------------------------------------- */

const BaseType async_wrap_type = {"AsyncWrap", NULL, async_wrap_finalize, async_wrap_mark};

static const char *const provider_names[] = {
#define V(name) #name,
    ASYNC_PROVIDERS(V)
#undef V
};

static void emit_init(Env *env, AsyncWrap *wrap, JSValueConst resource)
{
  JSContext *ctx = env->ctx;
  if (!env->async_hook_fields[ASYNC_INIT] || !JS_IsFunction(ctx, env->async_hooks_init))
    return;
  JSValue type = JS_NewString(ctx, provider_names[wrap->provider]);
  JSValueConst arguments[] = {JS_NewNumber(ctx, wrap->async_id), type, JS_NewNumber(ctx, wrap->trigger_id),
                              resource};
  JSValue result = JS_Call(ctx, env->async_hooks_init, resource, 4, arguments);
  if (JS_IsException(result))
    report_pending_exception(env);
  JS_FreeValue(ctx, result);
  JS_FreeValue(ctx, type);
}

static void stand_for(Env *env, AsyncWrap *wrap, AsyncProvider provider, JSValueConst resource, double async_id)
{
  wrap->provider = provider;
  wrap->async_id = async_id ? async_id : env_new_async_id(env);
  wrap->trigger_id = env_default_trigger_id(env);
  wrap->context_frame = JS_DupValue(env->ctx, engine_continuation_data(env->rt));
  emit_init(env, wrap, resource);
}

void async_wrap_init(Env *env, AsyncWrap *wrap, AsyncProvider provider)
{
  stand_for(env, wrap, provider, wrap->base.object, 0);
}

void async_wrap_init_by(Env *env, AsyncWrap *wrap, AsyncProvider provider, const AsyncWrap *parent)
{
  double outer = env->async_id_fields[ASYNC_DEFAULT_TRIGGER_ID];
  env->async_id_fields[ASYNC_DEFAULT_TRIGGER_ID] = parent->async_id;
  async_wrap_init(env, wrap, provider);
  env->async_id_fields[ASYNC_DEFAULT_TRIGGER_ID] = outer;
}

static void stand_for_nothing(Env *env, AsyncWrap *wrap)
{
  if (!wrap->async_id)
    return;
  async_queue_destroy(env, wrap->async_id);
  JS_FreeValueRT(env->rt, wrap->context_frame);
  wrap->context_frame = JS_UNDEFINED;
  wrap->async_id = 0;
}

void async_wrap_end(Env *env, AsyncWrap *wrap)
{
  stand_for_nothing(env, wrap);
  if (wrap->has_resource) /* which the object, used for others later, must not keep */
    JS_SetProperty(env->ctx, wrap->base.object, env->sym.resource_symbol, JS_UNDEFINED);
  wrap->has_resource = false;
}

void async_wrap_reset(Env *env, AsyncWrap *wrap, AsyncProvider provider, JSValueConst resource, double async_id)
{
  async_wrap_end(env, wrap);
  wrap->has_resource = !engine_same_object(resource, wrap->base.object);
  if (wrap->has_resource)
    JS_SetProperty(env->ctx, wrap->base.object, env->sym.resource_symbol, JS_DupValue(env->ctx, resource));
  stand_for(env, wrap, provider, resource, async_id);
}

void async_wrap_finalize(BaseObject *base) { stand_for_nothing(the_env, (AsyncWrap *)base); }

void async_wrap_mark(BaseObject *base, JSRuntime *rt, JS_MarkFunc *mark)
{
  AsyncWrap *wrap = (AsyncWrap *)base;
  if (wrap->async_id)
    JS_MarkValue(rt, wrap->context_frame, mark);
}

JSValue async_wrap_make_callback(AsyncWrap *wrap, JSValueConst function, int argc, JSValueConst *argv)
{
  Env *env = the_env;
  JSContext *ctx = env->ctx;
  JSValue self = JS_DupValue(ctx, wrap->base.object);
  JSValue result = env_make_callback(env, self, self, wrap->async_id, wrap->trigger_id, wrap->context_frame, function, argc,
                                     argv);
  JS_FreeValue(ctx, self);
  return result;
}

void async_wrap_open_scope(AsyncWrap *wrap, CallbackScope *scope, int flags)
{
  callback_scope_open(the_env, scope, wrap->base.object, wrap->async_id, wrap->trigger_id, wrap->context_frame, flags);
}

void async_wrap_call(AsyncWrap *wrap, const char *name, int argc, JSValueConst *argv)
{
  JSContext *ctx = the_env->ctx;
  JSValue function = JS_GetPropertyStr(ctx, wrap->base.object, name);
  if (JS_IsException(function))
    report_pending_exception(the_env);
  else if (JS_IsFunction(ctx, function))
    JS_FreeValue(ctx, async_wrap_make_callback(wrap, function, argc, argv));
  JS_FreeValue(ctx, function);
}

static JSValue get_async_id(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  AsyncWrap *wrap = base_object_peek(self, &async_wrap_type);
  return JS_NewNumber(ctx, wrap && wrap->async_id ? wrap->async_id : -1);
}

static JSValue async_reset(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  AsyncWrap *wrap = base_object_get(ctx, self, &async_wrap_type);
  if (!wrap)
    return JS_EXCEPTION;
  if (!JS_IsObject(argv[0]))
    return JS_ThrowTypeError(ctx, "asyncReset() takes the object of the new resource");
  async_wrap_reset(env_of(ctx), wrap, wrap->provider, argv[0], arg_double(ctx, argv[1]));
  return JS_UNDEFINED;
}

static JSValue get_provider_type(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  AsyncWrap *wrap = base_object_peek(self, &async_wrap_type);
  return JS_NewInt32(ctx, wrap ? (int)wrap->provider : 0);
}

static JSValue get_async_context_frame(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  AsyncWrap *wrap = base_object_peek(self, &async_wrap_type);
  return wrap && wrap->async_id ? JS_DupValue(ctx, wrap->context_frame) : JS_UNDEFINED;
}

JSValueConst async_wrap_constructor(Env *env)
{
  static const BindingFunction methods[] = {
      {"getAsyncId", get_async_id, 0}, {"asyncReset", async_reset, 2}, {"getProviderType", get_provider_type, 0},
      {"getAsyncContextFrameForDebuggingOnly", get_async_context_frame, 0}};
  return define_hidden_class(env->ctx, &env->async_wrap_class, "AsyncWrap", JS_UNDEFINED, methods, COUNT_OF(methods));
}

/* --- HandleWrap -------------------------------------------------------------------------------------------------- */

const BaseType handle_wrap_type = {"HandleWrap", &async_wrap_type, async_wrap_finalize, async_wrap_mark};

static HandleWrap *open_handles;

void handle_wrap_init(Env *env, HandleWrap *wrap, uv_handle_t *handle, AsyncProvider provider)
{
  async_wrap_init(env, &wrap->async, provider);
  handle_wrap_opened(env, wrap, handle);
}

void handle_wrap_opened(Env *env, HandleWrap *wrap, uv_handle_t *handle)
{
  wrap->handle = handle;
  handle->data = wrap;
  wrap->state = HANDLE_OPEN;
  JS_DupValue(env->ctx, wrap->async.base.object);
  wrap->next = open_handles;
  if (open_handles)
    open_handles->previous = wrap;
  open_handles = wrap;
}

static void on_handle_closed(uv_handle_t *handle)
{
  HandleWrap *wrap = handle->data;
  Env *env = the_env;
  JSContext *ctx = env->ctx;
  JSValue object = JS_DupValue(ctx, wrap->async.base.object);
  wrap->state = HANDLE_CLOSED;
  if (wrap->previous)
    wrap->previous->next = wrap->next;
  else
    open_handles = wrap->next;
  if (wrap->next)
    wrap->next->previous = wrap->previous;
  if (wrap->on_close)
    wrap->on_close(wrap);
  JSValue callback = JS_GetProperty(ctx, object, env->sym.handle_onclose);
  if (JS_IsFunction(ctx, callback))
    JS_FreeValue(ctx, async_wrap_make_callback(&wrap->async, callback, 0, NULL));
  JS_FreeValue(ctx, callback);
  async_wrap_end(env, &wrap->async); /* whoever holds the object */
  wrap->handle = NULL;
  JS_FreeValue(ctx, object);
  JS_FreeValue(ctx, object); /* the handle's own reference */
}

static void keep_close_callback(HandleWrap *wrap, JSValueConst callback)
{
  Env *env = the_env;
  wrap->state = HANDLE_CLOSING;
  if (JS_IsFunction(env->ctx, callback))
    JS_SetProperty(env->ctx, wrap->async.base.object, env->sym.handle_onclose, JS_DupValue(env->ctx, callback));
}

void handle_wrap_close(HandleWrap *wrap, JSValueConst callback)
{
  if (wrap->state != HANDLE_OPEN)
    return;
  keep_close_callback(wrap, callback);
  uv_close(wrap->handle, on_handle_closed);
}

int handle_wrap_reset(HandleWrap *wrap, JSValueConst callback)
{
  if (wrap->state != HANDLE_OPEN)
    return 0;
  int error = uv_tcp_close_reset((uv_tcp_t *)wrap->handle, on_handle_closed);
  if (!error)
    keep_close_callback(wrap, callback);
  return error;
}

static JSValue handle_close(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  HandleWrap *wrap = base_object_get(ctx, self, &handle_wrap_type);
  if (!wrap)
    return JS_EXCEPTION;
  handle_wrap_close(wrap, argv[0]);
  return JS_UNDEFINED;
}

static JSValue handle_has_ref(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  HandleWrap *wrap = base_object_get(ctx, self, &handle_wrap_type);
  if (!wrap)
    return JS_EXCEPTION;
  if (!wrap->handle)
    return JS_UNDEFINED;
  return JS_NewBool(ctx, wrap->state != HANDLE_CLOSED && uv_has_ref(wrap->handle));
}

static JSValue handle_ref(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  HandleWrap *wrap = base_object_peek(self, &handle_wrap_type);
  if (handle_wrap_alive(wrap))
    uv_ref(wrap->handle);
  return JS_UNDEFINED;
}

static JSValue handle_unref(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  HandleWrap *wrap = base_object_peek(self, &handle_wrap_type);
  if (handle_wrap_alive(wrap))
    uv_unref(wrap->handle);
  return JS_UNDEFINED;
}

JSValueConst handle_wrap_constructor(Env *env)
{
  static const BindingFunction methods[] = {
      {"close", handle_close, 1}, {"hasRef", handle_has_ref, 0}, {"ref", handle_ref, 0}, {"unref", handle_unref, 0}};
  return define_hidden_class(env->ctx, &env->handle_wrap_class, "HandleWrap", async_wrap_constructor(env), methods,
                             COUNT_OF(methods));
}

JSValue handle_wrap_list(Env *env)
{
  JSValue list = JS_NewArray(env->ctx);
  uint32_t n = 0;
  for (HandleWrap *wrap = open_handles; wrap; wrap = wrap->next) {
    if (wrap->state == HANDLE_OPEN && uv_has_ref(wrap->handle))
      JS_SetPropertyUint32(env->ctx, list, n++, JS_DupValue(env->ctx, wrap->async.base.object));
  }
  return list;
}

/* --- ReqWrap ----------------------------------------------------------------------------------------------------- */

const BaseType req_wrap_type = {"ReqWrap", &async_wrap_type, async_wrap_finalize, async_wrap_mark};

static ReqWrap *active_requests;

void req_wrap_dispatched(ReqWrap *wrap, uv_req_t *req)
{
  wrap->req = req;
  req->data = wrap;
  JS_DupValue(the_env->ctx, wrap->async.base.object);
  wrap->previous = NULL;
  wrap->next = active_requests;
  if (active_requests)
    active_requests->previous = wrap;
  active_requests = wrap;
}

void req_wrap_release(ReqWrap *wrap)
{
  if (wrap->previous)
    wrap->previous->next = wrap->next;
  else
    active_requests = wrap->next;
  if (wrap->next)
    wrap->next->previous = wrap->previous;
  wrap->previous = wrap->next = NULL;
  wrap->req = NULL;
  async_wrap_end(the_env, &wrap->async);
  JS_FreeValue(the_env->ctx, JS_MKPTR(JS_TAG_OBJECT, JS_VALUE_GET_PTR(wrap->async.base.object)));
}

void req_wrap_complete(ReqWrap *wrap, int argc, JSValueConst *argv)
{
  async_wrap_call(&wrap->async, "oncomplete", argc, argv);
}

JSValueConst req_wrap_constructor(Env *env)
{
  return define_hidden_class(env->ctx, &env->req_wrap_class, "ReqWrap", async_wrap_constructor(env), NULL, 0);
}

JSValue req_wrap_list(Env *env)
{
  JSValue list = JS_NewArray(env->ctx);
  uint32_t n = 0;
  for (ReqWrap *wrap = active_requests; wrap; wrap = wrap->next)
    JS_SetPropertyUint32(env->ctx, list, n++, JS_DupValue(env->ctx, wrap->async.base.object));
  return list;
}
