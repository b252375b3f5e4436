/*
 * Promises as V8's hooks see them: who is whose parent, which promise a job is for, and what `await` makes besides. The hooks
 * are called where quickjs.c has them, and where edit-quickjs.py adds what V8 has and it has not.
 */

static bool engine_is_resolve(JSValueConst function)
{
  return JS_VALUE_GET_TAG(function) == JS_TAG_OBJECT &&
         JS_VALUE_GET_OBJ(function)->class_id == JS_CLASS_PROMISE_RESOLVE_FUNCTION;
}

/* The promise that a resolving function settles: one of the engine's own, or one that is noted. Else undefined. */
static JSValueConst engine_promise_of(JSRuntime *rt, JSValueConst resolve)
{
  JSProperty *noted;
  if (engine_is_resolve(resolve)) {
    JSPromiseFunctionData *data = JS_VALUE_GET_OBJ(resolve)->u.promise_function_data;
    return data ? safe_const(data->promise) : JS_UNDEFINED;
  }
  if (rt->promise_hook && JS_VALUE_GET_TAG(resolve) == JS_TAG_OBJECT &&
      find_own_property(&noted, JS_VALUE_GET_OBJ(resolve), rt->engine->promise_of_function))
    return safe_const(noted->u.value);
  return JS_UNDEFINED;
}

/* Classes may put functions of their own around the engine's, which hide whose they are. */
static void engine_note_capability(JSContext *ctx, JSValueConst promise, JSValueConst resolve)
{
  if (ctx->rt->promise_hook && JS_IsPromise(promise) && !engine_is_resolve(resolve))
    engine_set_private(ctx, resolve, ctx->rt->engine->promise_of_function, js_dup(promise));
}

static void engine_promise_hook(JSContext *ctx, JSPromiseHookType type, JSValueConst promise)
{
  JSRuntime *rt = ctx->rt;
  if (rt->promise_hook && JS_IsObject(promise))
    rt->promise_hook(ctx, type, promise, JS_UNDEFINED, rt->promise_hook_opaque);
}

/* The parent that was set is that of one promise: hooks may make others. -1 with an exception that the hook lets through. */
static int engine_promise_init_hook(JSContext *ctx, JSValueConst promise)
{
  JSRuntime *rt = ctx->rt;
  bool had_exception = JS_HasException(ctx);
  JSValueConst parent = rt->parent_promise ? rt->parent_promise->value : JS_UNDEFINED;
  rt->parent_promise = NULL;
  rt->promise_hook(ctx, JS_PROMISE_HOOK_INIT, promise, parent, rt->promise_hook_opaque);
  return !had_exception && JS_HasException(ctx) ? -1 : 0;
}

/* What `await` waits for: the value, or a new promise for it, whose parent is the promise of who awaits. */
static JSValue engine_awaited_promise(JSContext *ctx, JSValueConst value, JSValueConst outer_resolve)
{
  JSRuntime *rt = ctx->rt;
  JSValueLink link = {rt->parent_promise, engine_promise_of(rt, outer_resolve)};
  rt->parent_promise = &link;
  JSValue promise = js_promise_resolve(ctx, ctx->promise_ctor, 1, &value, 0);
  rt->parent_promise = link.next;
  return promise;
}

/* Functions of the promise that follows from the awaited one. Only hooks could see it, so without any there is none. */
static void engine_follow_awaited(JSContext *ctx, JSValueConst awaited, JSValue *resolving_funcs)
{
  JSRuntime *rt = ctx->rt;
  resolving_funcs[0] = resolving_funcs[1] = JS_UNDEFINED;
  if (!rt->promise_hook)
    return;
  JSValueLink link = {rt->parent_promise, awaited};
  rt->parent_promise = &link;
  JSValue promise = JS_NewPromiseCapability(ctx, resolving_funcs);
  rt->parent_promise = link.next;
  if (JS_IsException(promise)) /* goes on without one */
    promise = JS_GetException(ctx);
  JS_FreeValue(ctx, promise);
}

/* A resolving function was called once more. */
static void engine_settled_again(JSContext *ctx, JSValueConst promise, JSValueConst value, bool is_reject)
{
  EngineHooks *hooks = &ctx->rt->engine->hooks;
  if (hooks->settled_again)
    hooks->settled_again(ctx, promise, value, is_reject);
}
