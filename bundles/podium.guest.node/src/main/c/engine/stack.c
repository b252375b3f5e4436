/* Stack traces as V8 has them: captured when an error is made, formatted when `stack` is first read. */

typedef struct EngineStack {
  JSAtom file; /* of a syntax error: where it is, which no frame is */
  int line, column, span;
  int count;
  EngineFrame frames[];
} EngineStack;

enum { ENGINE_MAX_FRAMES = 200 };

static void engine_free_stack(JSRuntime *rt, void *opaque)
{
  EngineStack *stack = opaque;
  if (!stack)
    return;
  JS_FreeAtomRT(rt, stack->file);
  for (int i = 0; i < stack->count; i++)
    engine_free_frame(rt, &stack->frames[i]);
  js_free_rt(rt, stack);
}

static void engine_mark_stack(JSRuntime *rt, void *opaque, JS_MarkFunc *mark_func)
{
  EngineStack *stack = opaque;
  if (!stack)
    return;
  for (int i = 0; i < stack->count; i++) {
    JS_MarkValue(rt, stack->frames[i].function, mark_func);
    JS_MarkValue(rt, stack->frames[i].receiver, mark_func);
  }
}

/* --- capturing ---------------------------------------------------------------------------------------------------- */

/* Error.stackTraceLimit, or -1 if it is not a number: then nothing is captured. Runs no code. */
static int engine_stack_limit(JSContext *ctx)
{
  JSProperty *pr;
  static JSAtom limit_atom;
  if (JS_VALUE_GET_TAG(ctx->error_ctor) != JS_TAG_OBJECT)
    return 0;
  if (!limit_atom)
    limit_atom = JS_NewAtom(ctx, "stackTraceLimit");
  JSShapeProperty *prs = find_own_property(&pr, JS_VALUE_GET_OBJ(ctx->error_ctor), limit_atom);
  if (!prs || (prs->flags & JS_PROP_TMASK) != JS_PROP_NORMAL || !JS_IsNumber(pr->u.value))
    return -1;
  double limit;
  JS_ToFloat64(ctx, &limit, pr->u.value);
  return isnan(limit) || limit <= 0 ? 0 : limit > ENGINE_MAX_FRAMES ? ENGINE_MAX_FRAMES : (int)limit;
}

static EngineStack *engine_new_stack(JSContext *ctx, int limit)
{
  EngineStack *stack = js_malloc_rt(ctx->rt, sizeof(*stack) + (size_t)limit * sizeof(EngineFrame));
  if (stack)
    *stack = (EngineStack){.file = JS_ATOM_NULL};
  return stack;
}

/* Appends the frames from `sf` outwards. */
static void engine_capture_frames(JSContext *ctx, EngineStack *stack, int limit, JSStackFrame *sf)
{
  for (; sf && stack->count < limit; sf = sf->prev_frame) {
    JSFunctionBytecode *b = engine_frame_bytecode(sf);
    if (engine_frame_visible(sf))
      engine_fill_frame(ctx, &stack->frames[stack->count++], sf);
    if (b && b->backtrace_barrier)
      break;
  }
}

/* --- async frames ------------------------------------------------------------------------------------------------- */

/* The promise that a resolving function settles; NULL if that is not known. */
static JSPromiseData *engine_promise_data(JSRuntime *rt, JSValueConst resolve)
{
  return JS_GetOpaque(engine_promise_of(rt, resolve), JS_CLASS_PROMISE);
}

/* The async function that awaits the promise, or one that follows from it; NULL if there is none, or more than one. */
static JSAsyncFunctionData *engine_awaiter(JSRuntime *rt, JSPromiseData *promise)
{
  for (int depth = 0; promise && promise->promise_state == JS_PROMISE_PENDING && depth < ENGINE_MAX_FRAMES; depth++) {
    struct list_head *reactions = &promise->promise_reactions[0];
    if (list_empty(reactions) || reactions->next->next != reactions)
      return NULL;
    JSPromiseReactionData *reaction = list_entry(reactions->next, JSPromiseReactionData, link);
    JSObject *handler =
        JS_VALUE_GET_TAG(reaction->handler) == JS_TAG_OBJECT ? JS_VALUE_GET_OBJ(reaction->handler) : NULL;
    if (handler && handler->class_id == JS_CLASS_ASYNC_FUNCTION_RESOLVE)
      return handler->u.async_function_data;
    promise = engine_promise_data(rt, reaction->resolving_funcs[0]);
  }
  return NULL;
}

/* Appends who awaits the async function that a job has resumed, and who awaits that. */
static void engine_capture_awaiters(JSContext *ctx, EngineStack *stack, int limit)
{
  JSAsyncFunctionData *data = NULL;
  for (JSStackFrame *sf = ctx->rt->current_stack_frame; sf; sf = sf->prev_frame) {
    JSFunctionBytecode *b = engine_frame_bytecode(sf);
    if (b && b->func_kind == JS_FUNC_ASYNC)
      data = container_of(sf, JSAsyncFunctionData, func_state.frame);
  }
  while (data && stack->count < limit) {
    data = engine_awaiter(ctx->rt, engine_promise_data(ctx->rt, data->resolving_funcs[0]));
    if (!data || !data->is_active)
      return;
    EngineFrame *frame = &stack->frames[stack->count++];
    engine_fill_frame(ctx, frame, &data->func_state.frame);
    frame->async = true;
  }
}

/* The text of an error's only property, which is taken from it; undefined if it has none or more. */
static JSValue engine_take_message(JSContext *ctx, JSObject *p)
{
  JSProperty *pr;
  JSShapeProperty *prs = p->shape->prop_count == 1 ? find_own_property(&pr, p, JS_ATOM_message) : NULL;
  if (p->class_id != JS_CLASS_ERROR || !prs || (prs->flags & JS_PROP_TMASK) != JS_PROP_NORMAL || !JS_IsString(pr->u.value))
    return JS_UNDEFINED;
  JSValue text = js_dup(pr->u.value);
  JS_DeleteProperty(ctx, JS_MKPTR(JS_TAG_OBJECT, p), JS_ATOM_message, 0);
  return text;
}

/* A stack in place of the property there is, which keeps its place among the others. */
static void engine_replace_stack(JSContext *ctx, JSObject *p, JSShapeProperty *prs, JSProperty *pr, EngineStack *stack)
{
  if (js_shape_prepare_update(ctx, p, &prs)) {
    engine_free_stack(ctx->rt, stack);
    return;
  }
  JSProperty old = *pr;
  int old_flags = prs->flags;
  prs->flags = JS_PROP_WRITABLE | JS_PROP_CONFIGURABLE | JS_PROP_AUTOINIT;
  pr->u.init.realm_and_id = (uintptr_t)JS_DupContext(ctx) | JS_AUTOINIT_ID_STACK;
  pr->u.init.opaque = stack;
  free_property(ctx->rt, &old, old_flags);
}

static void engine_attach_stack(JSContext *ctx, JSValueConst error_val, EngineStack *stack)
{
  JSObject *p = JS_VALUE_GET_OBJ(error_val);
  JSShapeProperty *prs;
  JSProperty *pr = NULL;
  prs = find_own_property(&pr, p, JS_ATOM_stack);
  if (prs && !(prs->flags & JS_PROP_CONFIGURABLE)) {
    engine_free_stack(ctx->rt, stack);
    return;
  }
  if (prs) {
    engine_replace_stack(ctx, p, prs, pr, stack);
    return;
  }
  /* The engine's own errors have got their message before it was known where they are thrown. */
  JSValue message = engine_take_message(ctx, p);
  JS_DefineAutoInitProperty(ctx, error_val, JS_ATOM_stack, JS_AUTOINIT_ID_STACK, stack,
                            JS_PROP_WRITABLE | JS_PROP_CONFIGURABLE);
  if (!JS_IsUndefined(message))
    JS_DefinePropertyValue(ctx, error_val, JS_ATOM_message, message, JS_PROP_WRITABLE | JS_PROP_CONFIGURABLE);
}

static void build_backtrace(JSContext *ctx, JSValueConst error_val, JSValueConst filter_func, const char *filename,
                            int line_num, int col_num, int backtrace_flags)
{
  JSRuntime *rt = ctx->rt;
  bool capture = backtrace_flags & JS_BACKTRACE_FLAG_FILTER_FUNC;
  if (JS_VALUE_GET_TAG(error_val) != JS_TAG_OBJECT || rt->in_out_of_memory)
    return;
  JSObject *p = JS_VALUE_GET_OBJ(error_val);
  if (!capture && ((p->class_id != JS_CLASS_ERROR && p->class_id != JS_CLASS_DOM_EXCEPTION) ||
                   find_own_property1(p, JS_ATOM_stack)))
    return;
  if (capture && (!p->extensible || p->class_id == JS_CLASS_PROXY))
    return;
  int limit = engine_stack_limit(ctx);
  if (limit < 0)
    return;
  EngineStack *stack = engine_new_stack(ctx, limit);
  if (!stack)
    return;
  if (filename) {
    stack->file = JS_NewAtom(ctx, filename);
    stack->line = line_num;
    stack->column = col_num;
    stack->span = engine_syntax_span;
  }
  JSStackFrame *sf = rt->current_stack_frame;
  if ((backtrace_flags & JS_BACKTRACE_FLAG_SKIP_FIRST_LEVEL) && sf) {
    /* Error as a base class: the constructors of the derived ones do not show. Its receiver is new.target. */
    JSStackFrame *derived = capture ? NULL : sf->prev_frame;
    while (derived && !(derived->is_constructor && engine_same_object(derived->cur_func, sf->receiver)))
      derived = derived->prev_frame;
    sf = derived && sf->is_constructor ? derived->prev_frame : sf->prev_frame;
  }
  if (capture && JS_IsFunction(ctx, filter_func)) {
    while (sf && !engine_same_object(sf->cur_func, filter_func))
      sf = sf->prev_frame;
    if (sf)
      sf = sf->prev_frame;
  }
  engine_capture_frames(ctx, stack, limit, sf);
  engine_capture_awaiters(ctx, stack, limit);
  engine_attach_stack(ctx, error_val, stack);
}

/* --- formatting -------------------------------------------------------------------------------------------------- */

static JSValue engine_stack_to_sites(JSContext *ctx, const EngineStack *stack)
{
  JSValue sites = JS_NewArray(ctx);
  if (JS_IsException(sites))
    return sites;
  for (int i = 0; i < stack->count; i++) {
    JSValue site = engine_new_call_site(ctx, &stack->frames[i]);
    if (JS_IsException(site) || JS_DefinePropertyValueUint32(ctx, sites, (uint32_t)i, site, JS_PROP_C_W_E) < 0) {
      JS_FreeValue(ctx, sites);
      return JS_EXCEPTION;
    }
  }
  return sites;
}

/* What `stack` is before the library has set its own formatter. */
static JSValue engine_format_plain(JSContext *ctx, JSValueConst error, const EngineStack *stack)
{
  DynBuf out;
  js_dbuf_init(ctx, &out);
  JSValue header = js_error_toString(ctx, error, 0, NULL);
  const char *text = JS_IsException(header) ? NULL : JS_ToCString(ctx, header);
  dbuf_putstr(&out, text ? text : "Error");
  JS_FreeCString(ctx, text);
  JS_FreeValue(ctx, header);
  for (int i = 0; i < stack->count; i++) {
    dbuf_putstr(&out, "\n    at ");
    engine_put_frame(ctx, &out, &stack->frames[i]);
  }
  JSValue result = JS_NewStringLen(ctx, (char *)out.buf, out.size);
  dbuf_free(&out);
  return result;
}

static JSValue engine_format_stack(JSContext *ctx, JSValueConst error, const EngineStack *stack)
{
  EngineHooks *hooks = &ctx->rt->engine->hooks;
  if (!hooks->prepare_stack)
    return engine_format_plain(ctx, error, stack);
  JSValue sites = engine_stack_to_sites(ctx, stack);
  if (JS_IsException(sites))
    return sites;
  JSValue text = hooks->prepare_stack(ctx, error, sites);
  JS_FreeValue(ctx, sites);
  return text;
}

/* The first read of `stack`: the property becomes a plain one before user code may run, then gets its text. */
static int engine_materialize_stack(JSContext *ctx, JSObject *p, JSAtom prop, JSProperty *pr, JSShapeProperty *prs)
{
  JSContext *realm = js_autoinit_get_realm(pr);
  EngineStack *stack = pr->u.init.opaque;
  pr->u.init.opaque = NULL;
  JS_DupContext(realm);
  js_autoinit_free(ctx->rt, pr);
  prs->flags &= ~JS_PROP_TMASK;
  pr->u.value = JS_UNDEFINED;
  JSValue object = js_dup(JS_MKPTR(JS_TAG_OBJECT, p));
  JSValue pending = JS_GetException(ctx);
  JSValue text = engine_format_stack(realm, object, stack);
  engine_free_stack(ctx->rt, stack);
  if (JS_IsException(text)) { /* the formatter threw: the reader gets that, as in V8 */
    JS_FreeValue(ctx, pending);
  } else {
    JS_Throw(ctx, pending);
    prs = find_own_property(&pr, p, prop);
    if (prs && (prs->flags & JS_PROP_TMASK) == JS_PROP_NORMAL && JS_IsUndefined(pr->u.value))
      pr->u.value = text;
    else
      JS_FreeValue(ctx, text);
  }
  JS_FreeContext(realm);
  JS_FreeValue(ctx, object);
  return JS_IsException(text) ? -1 : 0;
}

/* Is a stack that nobody has read to become another value, or an accessor? */
static bool engine_is_to_redefine(const JSProperty *pr, int flags)
{
  return js_autoinit_get_id((JSProperty *)pr) == JS_AUTOINIT_ID_STACK &&
         (flags & (JS_PROP_HAS_VALUE | JS_PROP_HAS_GET | JS_PROP_HAS_SET));
}

/* What V8's setter would set is only seen by the getter that is gone. */
static JSValue engine_set_stack(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  return JS_UNDEFINED;
}

/* In V8 it is an accessor before: a new getter leaves the setter, a new value cannot be written unless that is said. */
static int engine_redefine_stack(JSContext *ctx, JSObject *p, JSProperty *pr, JSShapeProperty *prs, int flags)
{
  bool keep_setter = (flags & (JS_PROP_HAS_GET | JS_PROP_HAS_SET)) == JS_PROP_HAS_GET;
  JSValue setter = keep_setter ? JS_NewCFunction(ctx, engine_set_stack, "", 1) : JS_UNDEFINED;
  if (JS_IsException(setter) || js_shape_prepare_update(ctx, p, &prs)) {
    JS_FreeValue(ctx, setter);
    return -1;
  }
  js_autoinit_free(ctx->rt, pr);
  prs->flags &= JS_PROP_CONFIGURABLE | JS_PROP_ENUMERABLE;
  pr->u.value = JS_UNDEFINED;
  if (keep_setter) {
    prs->flags |= JS_PROP_GETSET;
    pr->u.getset.getter = NULL;
    pr->u.getset.setter = JS_VALUE_GET_OBJ(setter);
  }
  return 0;
}
