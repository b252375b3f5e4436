/* Call sites: frames as the objects that user code sees. */

static void engine_call_site_finalizer(JSRuntime *rt, JSValueConst val)
{
  EngineFrame *frame = JS_GetOpaque(val, rt->engine->call_site_class);
  if (frame) {
    engine_free_frame(rt, frame);
    js_free_rt(rt, frame);
  }
}

static void engine_call_site_mark(JSRuntime *rt, JSValueConst val, JS_MarkFunc *mark_func)
{
  EngineFrame *frame = JS_GetOpaque(val, rt->engine->call_site_class);
  if (frame) {
    JS_MarkValue(rt, frame->function, mark_func);
    JS_MarkValue(rt, frame->receiver, mark_func);
  }
}

static JSValue engine_new_call_site(JSContext *ctx, const EngineFrame *from)
{
  JSValue site = JS_NewObjectClass(ctx, (int)ctx->rt->engine->call_site_class);
  if (JS_IsException(site))
    return site;
  EngineFrame *frame = js_malloc(ctx, sizeof(*frame));
  if (!frame) {
    JS_FreeValue(ctx, site);
    return JS_EXCEPTION;
  }
  *frame = *from;
  js_dup(frame->function);
  js_dup(frame->receiver);
  JS_DupAtom(ctx, frame->file);
  JS_SetOpaque(site, frame);
  return site;
}

enum {
  SITE_FILE, SITE_FUNCTION_NAME, SITE_TYPE_NAME, SITE_METHOD_NAME, SITE_LINE, SITE_COLUMN, SITE_FUNCTION, SITE_THIS,
  SITE_EVAL_ORIGIN, SITE_TOPLEVEL, SITE_EVAL, SITE_NATIVE, SITE_CONSTRUCTOR, SITE_FALSE, SITE_NULL, SITE_POSITION, SITE_ASYNC,
  SITE_SCRIPT_HASH, SITE_TO_STRING,
};

static JSValue engine_atom_or(JSContext *ctx, JSAtom atom, JSValue otherwise)
{
  if (atom == JS_ATOM_NULL)
    return otherwise;
  JSValue value = JS_AtomToString(ctx, atom);
  JS_FreeAtom(ctx, atom);
  return value;
}

static JSValue engine_call_site_to_string(JSContext *ctx, const EngineFrame *frame)
{
  DynBuf out;
  js_dbuf_init(ctx, &out);
  engine_put_frame(ctx, &out, frame);
  JSValue text = dbuf_error(&out) ? JS_ThrowOutOfMemory(ctx) : JS_NewStringLen(ctx, (char *)out.buf, out.size);
  dbuf_free(&out);
  return text;
}

static JSValue engine_call_site_get(JSContext *ctx, JSValueConst this_val, int argc, JSValueConst *argv, int magic)
{
  EngineFrame *frame = JS_GetOpaque2(ctx, this_val, ctx->rt->engine->call_site_class);
  if (!frame)
    return JS_EXCEPTION;
  switch (magic) {
  case SITE_FILE:
    return frame->file && !engine_is_eval_file(ctx, frame->file) ? JS_AtomToString(ctx, frame->file) : JS_UNDEFINED;
  case SITE_FUNCTION_NAME:
    return engine_atom_or(ctx, engine_function_name(ctx, frame), JS_NULL);
  case SITE_TYPE_NAME:
    return engine_is_toplevel(ctx, frame) && !JS_IsObject(frame->receiver)
               ? JS_NULL
               : engine_atom_or(ctx, engine_type_name(ctx, frame), JS_NULL);
  case SITE_METHOD_NAME:
    return engine_atom_or(ctx, engine_method_name(ctx, frame), JS_NULL);
  case SITE_LINE:
    return frame->line > 0 ? JS_NewInt32(ctx, frame->line) : JS_NULL;
  case SITE_COLUMN:
    return frame->line > 0 ? JS_NewInt32(ctx, frame->column) : JS_NULL;
  case SITE_EVAL_ORIGIN:
    return engine_is_eval_file(ctx, frame->file) ? engine_eval_origin(ctx, frame->file) : JS_UNDEFINED;
  case SITE_EVAL:
    return JS_NewBool(ctx, engine_is_eval_file(ctx, frame->file));
  case SITE_ASYNC:
    return JS_NewBool(ctx, frame->async);
  case SITE_FUNCTION: case SITE_THIS:
    return JS_UNDEFINED; /* V8 hides function and receiver of strict code; here of all code */
  case SITE_TOPLEVEL:
    return JS_NewBool(ctx, engine_is_toplevel(ctx, frame));
  case SITE_NATIVE:
    return JS_NewBool(ctx, frame->file == JS_ATOM_NULL);
  case SITE_CONSTRUCTOR:
    return JS_NewBool(ctx, frame->constructor);
  case SITE_FALSE:
    return JS_FALSE;
  case SITE_NULL:
    return JS_NULL;
  case SITE_POSITION:
    return JS_NewInt32(ctx, 0);
  case SITE_SCRIPT_HASH:
    return JS_NewString(ctx, "");
  default:
    return engine_call_site_to_string(ctx, frame);
  }
}

static const JSCFunctionListEntry engine_call_site_functions[] = {
    JS_CFUNC_MAGIC_DEF("getColumnNumber", 0, engine_call_site_get, SITE_COLUMN),
    JS_CFUNC_MAGIC_DEF("getEnclosingColumnNumber", 0, engine_call_site_get, SITE_COLUMN),
    JS_CFUNC_MAGIC_DEF("getEnclosingLineNumber", 0, engine_call_site_get, SITE_LINE),
    JS_CFUNC_MAGIC_DEF("getEvalOrigin", 0, engine_call_site_get, SITE_EVAL_ORIGIN),
    JS_CFUNC_MAGIC_DEF("getFileName", 0, engine_call_site_get, SITE_FILE),
    JS_CFUNC_MAGIC_DEF("getFunction", 0, engine_call_site_get, SITE_FUNCTION),
    JS_CFUNC_MAGIC_DEF("getFunctionName", 0, engine_call_site_get, SITE_FUNCTION_NAME),
    JS_CFUNC_MAGIC_DEF("getLineNumber", 0, engine_call_site_get, SITE_LINE),
    JS_CFUNC_MAGIC_DEF("getMethodName", 0, engine_call_site_get, SITE_METHOD_NAME),
    JS_CFUNC_MAGIC_DEF("getPosition", 0, engine_call_site_get, SITE_POSITION),
    JS_CFUNC_MAGIC_DEF("getPromiseIndex", 0, engine_call_site_get, SITE_NULL),
    JS_CFUNC_MAGIC_DEF("getScriptNameOrSourceURL", 0, engine_call_site_get, SITE_FILE),
    JS_CFUNC_MAGIC_DEF("getScriptHash", 0, engine_call_site_get, SITE_SCRIPT_HASH),
    JS_CFUNC_MAGIC_DEF("getThis", 0, engine_call_site_get, SITE_THIS),
    JS_CFUNC_MAGIC_DEF("getTypeName", 0, engine_call_site_get, SITE_TYPE_NAME),
    JS_CFUNC_MAGIC_DEF("isAsync", 0, engine_call_site_get, SITE_ASYNC),
    JS_CFUNC_MAGIC_DEF("isConstructor", 0, engine_call_site_get, SITE_CONSTRUCTOR),
    JS_CFUNC_MAGIC_DEF("isEval", 0, engine_call_site_get, SITE_EVAL),
    JS_CFUNC_MAGIC_DEF("isNative", 0, engine_call_site_get, SITE_FALSE),
    JS_CFUNC_MAGIC_DEF("isPromiseAll", 0, engine_call_site_get, SITE_FALSE),
    JS_CFUNC_MAGIC_DEF("isToplevel", 0, engine_call_site_get, SITE_TOPLEVEL),
    JS_CFUNC_MAGIC_DEF("toString", 0, engine_call_site_get, SITE_TO_STRING),
};

static int engine_init_call_sites(JSContext *ctx)
{
  static const JSClassDef definition = {
      "CallSite", .finalizer = engine_call_site_finalizer, .gc_mark = engine_call_site_mark};
  EngineRuntime *engine = ctx->rt->engine;
  JS_NewClassID(ctx->rt, &engine->call_site_class);
  if (!JS_IsRegisteredClass(ctx->rt, engine->call_site_class) &&
      JS_NewClass(ctx->rt, engine->call_site_class, &definition))
    return -1;
  JSValue proto = JS_NewObject(ctx);
  if (JS_IsException(proto) ||
      JS_SetPropertyFunctionList(ctx, proto, engine_call_site_functions, countof(engine_call_site_functions)) < 0)
    return -1;
  JS_SetClassProto(ctx, engine->call_site_class, proto);
  return 0;
}
