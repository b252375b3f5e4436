/* Stack traces as V8 has them: captured when an error is made, formatted when `stack` is first read. */

typedef struct EngineFrame {
  JSValue function;
  JSValue receiver;
  JSAtom file; /* JS_ATOM_NULL for a native function */
  int line, column;
  bool constructor;
} EngineFrame;

typedef struct EngineStack {
  JSAtom file; /* of a syntax error: where it is, which no frame is */
  int line, column, span;
  int count;
  EngineFrame frames[];
} EngineStack;

enum { ENGINE_MAX_FRAMES = 200 };

static void engine_free_frame(JSRuntime *rt, EngineFrame *frame)
{
  JS_FreeValueRT(rt, frame->function);
  JS_FreeValueRT(rt, frame->receiver);
  JS_FreeAtomRT(rt, frame->file);
}

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

static JSFunctionBytecode *engine_frame_bytecode(JSStackFrame *sf)
{
  if (JS_VALUE_GET_TAG(sf->cur_func) != JS_TAG_OBJECT)
    return NULL;
  JSObject *p = JS_VALUE_GET_OBJ(sf->cur_func);
  return js_class_has_bytecode(p->class_id) ? p->u.func.function_bytecode : NULL;
}

/* Functions of bindings do not show, nor do those of the language that V8 calls through: call, apply... */
static bool engine_frame_visible(JSStackFrame *sf)
{
  if (JS_VALUE_GET_TAG(sf->cur_func) != JS_TAG_OBJECT)
    return false;
  JSObject *p = JS_VALUE_GET_OBJ(sf->cur_func);
  if (p->is_binding || p->class_id == JS_CLASS_C_FUNCTION_DATA || p->class_id == JS_CLASS_C_CLOSURE)
    return false;
  if (p->class_id != JS_CLASS_C_FUNCTION)
    return true;
  JSCFunctionType f = p->u.cfunc.c_function;
  return f.generic != js_function_call && f.generic_magic != js_function_apply && f.generic != js_reflect_construct &&
         f.generic != js_reflect_apply &&
         f.constructor_magic != js_error_constructor;
}

static int engine_frame_line(JSContext *ctx, JSStackFrame *sf, JSFunctionBytecode *b, int *column)
{
  if (!sf->cur_pc) {
    *column = b->col_num;
    return b->line_num;
  }
  return find_line_num(ctx, b, (uint32_t)(sf->cur_pc - b->byte_code_buf - 1), column);
}

static void engine_fill_frame(JSContext *ctx, EngineFrame *frame, JSStackFrame *sf)
{
  JSFunctionBytecode *b = engine_frame_bytecode(sf);
  frame->function = js_dup(sf->cur_func);
  /* A derived constructor's receiver is not made yet, and a constructor call's is new.target: of no use to anybody. */
  frame->receiver = sf->is_constructor || JS_IsUninitialized(sf->receiver) ? JS_UNDEFINED : js_dup(sf->receiver);
  frame->constructor = sf->is_constructor;
  frame->file = JS_ATOM_NULL;
  frame->line = frame->column = -1;
  if (b) {
    frame->file = JS_DupAtom(ctx, b->filename);
    frame->line = engine_frame_line(ctx, sf, b, &frame->column);
  }
}

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
  if (prs)
    JS_DeleteProperty(ctx, error_val, JS_ATOM_stack, 0);
  JS_DefineAutoInitProperty(ctx, error_val, JS_ATOM_stack, JS_AUTOINIT_ID_STACK, stack,
                            JS_PROP_WRITABLE | JS_PROP_CONFIGURABLE);
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
  engine_attach_stack(ctx, error_val, stack);
}

/* --- call sites: the objects user code sees ---------------------------------------------------------------------- */

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

static bool engine_is_toplevel(JSContext *ctx, const EngineFrame *frame)
{
  return JS_IsUndefined(frame->receiver) || JS_IsNull(frame->receiver) ||
         engine_same_object(frame->receiver, ctx->global_obj);
}

/* A data property that is a string, without running code; JS_ATOM_NULL if there is none. Owned by the caller. */
static JSAtom engine_own_name(JSContext *ctx, JSValueConst function)
{
  JSProperty *pr;
  if (JS_VALUE_GET_TAG(function) != JS_TAG_OBJECT)
    return JS_ATOM_NULL;
  JSShapeProperty *prs = find_own_property(&pr, JS_VALUE_GET_OBJ(function), JS_ATOM_name);
  if (!prs || (prs->flags & JS_PROP_TMASK) != JS_PROP_NORMAL || !JS_IsString(pr->u.value))
    return JS_ATOM_NULL;
  return JS_ValueToAtom(ctx, pr->u.value);
}

static JSAtom engine_function_name(JSContext *ctx, const EngineFrame *frame)
{
  JSAtom name = engine_own_name(ctx, frame->function);
  if (name == JS_ATOM__eval_ || name == JS_ATOM_empty_string) {
    JS_FreeAtom(ctx, name);
    name = JS_ATOM_NULL;
  }
  return name;
}

/* Symbol.toStringTag, if it is a plain string. */
static JSAtom engine_string_tag(JSContext *ctx, JSObject *p)
{
  for (int depth = 0; p && p->class_id != JS_CLASS_PROXY && depth < 1000; p = p->shape->proto, depth++) {
    JSProperty *pr;
    JSShapeProperty *prs = find_own_property(&pr, p, JS_ATOM_Symbol_toStringTag);
    if (prs)
      return (prs->flags & JS_PROP_TMASK) == JS_PROP_NORMAL && JS_IsString(pr->u.value)
                 ? JS_ValueToAtom(ctx, pr->u.value)
                 : JS_ATOM_NULL;
  }
  return JS_ATOM_NULL;
}

/* V8 knows a constructor from the object's map. The library hides one (Module's) behind a getter of its own: only that
   is called. */
static JSAtom engine_library_getter_name(JSContext *ctx, JSObject *getter)
{
  if (!getter || !js_class_has_bytecode(getter->class_id))
    return JS_ATOM_NULL;
  JSAtom file = getter->u.func.function_bytecode->filename;
  const char *text = file ? JS_AtomToCString(ctx, file) : NULL;
  bool library = text && !strncmp(text, "node:", 5);
  JS_FreeCString(ctx, text);
  if (!library)
    return JS_ATOM_NULL;
  JSValue value = JS_Call(ctx, JS_MKPTR(JS_TAG_OBJECT, getter), JS_UNDEFINED, 0, NULL);
  if (JS_IsException(value))
    JS_FreeValue(ctx, JS_GetException(ctx));
  JSAtom name = engine_own_name(ctx, value);
  JS_FreeValue(ctx, value);
  return name;
}

JSAtom engine_constructor_name(JSContext *ctx, JSValueConst object)
{
  if (JS_VALUE_GET_TAG(object) != JS_TAG_OBJECT) {
    switch (JS_VALUE_GET_NORM_TAG(object)) {
    case JS_TAG_STRING: case JS_TAG_STRING_ROPE: return JS_NewAtom(ctx, "String");
    case JS_TAG_INT: case JS_TAG_FLOAT64: return JS_NewAtom(ctx, "Number");
    case JS_TAG_BOOL: return JS_NewAtom(ctx, "Boolean");
    case JS_TAG_SYMBOL: return JS_NewAtom(ctx, "Symbol");
    case JS_TAG_BIG_INT: case JS_TAG_SHORT_BIG_INT: return JS_NewAtom(ctx, "BigInt");
    default: return JS_ATOM_NULL;
    }
  }
  JSObject *p = JS_VALUE_GET_OBJ(object);
  for (int depth = 0; p && depth < 1000; p = p->shape->proto, depth++) {
    if (p->class_id == JS_CLASS_PROXY)
      break;
    JSProperty *pr;
    JSShapeProperty *prs = find_own_property(&pr, p, JS_ATOM_constructor);
    JSAtom name = JS_ATOM_NULL;
    if (prs && (prs->flags & JS_PROP_TMASK) == JS_PROP_NORMAL)
      name = engine_own_name(ctx, pr->u.value);
    else if (prs && (prs->flags & JS_PROP_TMASK) == JS_PROP_GETSET)
      name = engine_library_getter_name(ctx, pr->u.getset.getter);
    if (name == JS_ATOM_Object) {
      JSAtom tag = engine_string_tag(ctx, JS_VALUE_GET_OBJ(object));
      if (tag != JS_ATOM_NULL) {
        JS_FreeAtom(ctx, name);
        return tag;
      }
    }
    if (name != JS_ATOM_NULL && name != JS_ATOM_empty_string)
      return name;
    JS_FreeAtom(ctx, name);
  }
  return JS_IsFunction(ctx, object) ? JS_NewAtom(ctx, "Function") : JS_NewAtom(ctx, "Object");
}

/* The receiver's type; for a method of a function (a class, mostly) that function's own name. */
static JSAtom engine_type_name(JSContext *ctx, const EngineFrame *frame)
{
  if (JS_IsFunction(ctx, frame->receiver)) {
    JSAtom name = engine_own_name(ctx, frame->receiver);
    if (name != JS_ATOM_NULL && name != JS_ATOM_empty_string)
      return name;
    JS_FreeAtom(ctx, name);
  }
  return engine_constructor_name(ctx, frame->receiver);
}

static bool engine_property_is(JSObject *p, JSAtom atom, JSValueConst function)
{
  JSProperty *pr;
  JSShapeProperty *prs = find_own_property(&pr, p, atom);
  if (!prs)
    return false;
  JSObject *f = JS_VALUE_GET_OBJ(function);
  if ((prs->flags & JS_PROP_TMASK) == JS_PROP_GETSET)
    return pr->u.getset.getter == f || pr->u.getset.setter == f;
  return (prs->flags & JS_PROP_TMASK) == JS_PROP_NORMAL && engine_same_object(pr->u.value, function);
}

/* The name under which the receiver (or a prototype of it) holds the function; JS_ATOM_NULL if none or several. */
static JSAtom engine_method_name(JSContext *ctx, const EngineFrame *frame)
{
  if (engine_is_toplevel(ctx, frame) || JS_VALUE_GET_TAG(frame->function) != JS_TAG_OBJECT)
    return JS_ATOM_NULL;
  JSObject *first;
  if (JS_VALUE_GET_TAG(frame->receiver) == JS_TAG_OBJECT)
    first = JS_VALUE_GET_OBJ(frame->receiver);
  else if (JS_IsString(frame->receiver))
    first = JS_VALUE_GET_OBJ(ctx->class_proto[JS_CLASS_STRING]);
  else
    return JS_ATOM_NULL;
  JSAtom name = engine_function_name(ctx, frame);
  JSAtom found = JS_ATOM_NULL;
  int depth = 0;
  for (JSObject *p = first; p && p->class_id != JS_CLASS_PROXY && depth < 1000; p = p->shape->proto, depth++) {
    if (name != JS_ATOM_NULL && engine_property_is(p, name, frame->function))
      return name;
  }
  JS_FreeAtom(ctx, name);
  depth = 0;
  for (JSObject *p = first; p && p->class_id != JS_CLASS_PROXY && depth < 1000; p = p->shape->proto, depth++) {
    JSShapeProperty *prs = get_shape_prop(p->shape);
    for (int i = 0; i < p->shape->prop_count; i++, prs++) {
      JSAtom atom = prs->atom;
      if (atom == JS_ATOM_NULL || !(prs->flags & JS_PROP_ENUMERABLE) ||
          JS_AtomGetKind(ctx, atom) != JS_ATOM_KIND_STRING || !engine_property_is(p, atom, frame->function))
        continue;
      if (found != JS_ATOM_NULL && found != atom) {
        JS_FreeAtom(ctx, found);
        return JS_ATOM_NULL;
      }
      if (found == JS_ATOM_NULL)
        found = JS_DupAtom(ctx, atom);
    }
  }
  return found;
}

static void engine_put_atom(JSContext *ctx, DynBuf *out, JSAtom atom)
{
  const char *text = JS_AtomToCString(ctx, atom);
  if (text)
    dbuf_putstr(out, text);
  JS_FreeCString(ctx, text);
}

static void engine_put_location(JSContext *ctx, DynBuf *out, const EngineFrame *frame)
{
  if (frame->file == JS_ATOM_NULL) {
    dbuf_putstr(out, "<anonymous>");
    return;
  }
  engine_put_atom(ctx, out, frame->file);
  if (frame->line > 0)
    dbuf_printf(out, ":%d:%d", frame->line, frame->column);
}

static bool engine_ends_with_method(const char *function, const char *method)
{
  size_t f = strlen(function), m = strlen(method);
  if (f < m || strcmp(function + f - m, method))
    return false;
  return f == m || function[f - m - 1] == '.' || function[f - m - 1] == ' ';
}

static bool engine_is_identifier(const char *text)
{
  if (!text[0] || (text[0] >= '0' && text[0] <= '9'))
    return false;
  for (; *text; text++) {
    if (!engine_is_word(*text))
      return false;
  }
  return true;
}

static void engine_put_method_call(JSContext *ctx, DynBuf *out, const EngineFrame *frame, JSAtom function_name)
{
  JSAtom type = engine_type_name(ctx, frame);
  JSAtom method = engine_method_name(ctx, frame);
  const char *type_text = type ? JS_AtomToCString(ctx, type) : NULL;
  const char *method_text = method ? JS_AtomToCString(ctx, method) : NULL;
  if (function_name) {
    const char *text = JS_AtomToCString(ctx, function_name);
    if (type_text && text && engine_is_identifier(text))
      dbuf_printf(out, "%s.", type_text);
    dbuf_putstr(out, text ? text : "");
    if (method_text && text && !engine_ends_with_method(text, method_text))
      dbuf_printf(out, " [as %s]", method_text);
    JS_FreeCString(ctx, text);
  } else {
    if (type_text)
      dbuf_printf(out, "%s.", type_text);
    dbuf_putstr(out, method_text ? method_text : "<anonymous>");
  }
  JS_FreeCString(ctx, type_text);
  JS_FreeCString(ctx, method_text);
  JS_FreeAtom(ctx, type);
  JS_FreeAtom(ctx, method);
}

static void engine_put_frame(JSContext *ctx, DynBuf *out, const EngineFrame *frame)
{
  JSAtom name = engine_function_name(ctx, frame);
  bool parens = true;
  if (frame->constructor) {
    dbuf_putstr(out, "new ");
    if (name)
      engine_put_atom(ctx, out, name);
    else
      dbuf_putstr(out, "<anonymous>");
  } else if (!engine_is_toplevel(ctx, frame)) {
    engine_put_method_call(ctx, out, frame, name);
  } else if (name) {
    engine_put_atom(ctx, out, name);
  } else {
    parens = false;
  }
  if (parens)
    dbuf_putstr(out, " (");
  engine_put_location(ctx, out, frame);
  if (parens)
    dbuf_putc(out, ')');
  JS_FreeAtom(ctx, name);
}

enum {
  SITE_FILE, SITE_FUNCTION_NAME, SITE_TYPE_NAME, SITE_METHOD_NAME, SITE_LINE, SITE_COLUMN, SITE_FUNCTION, SITE_THIS,
  SITE_EVAL_ORIGIN, SITE_TOPLEVEL, SITE_EVAL, SITE_NATIVE, SITE_CONSTRUCTOR, SITE_FALSE, SITE_NULL, SITE_POSITION,
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
    return frame->file ? JS_AtomToString(ctx, frame->file) : JS_UNDEFINED;
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
  case SITE_FUNCTION: case SITE_THIS: case SITE_EVAL_ORIGIN:
    return JS_UNDEFINED; /* V8 hides function and receiver of strict code; here of all code */
  case SITE_TOPLEVEL:
    return JS_NewBool(ctx, engine_is_toplevel(ctx, frame));
  case SITE_NATIVE:
    return JS_NewBool(ctx, frame->file == JS_ATOM_NULL);
  case SITE_CONSTRUCTOR:
    return JS_NewBool(ctx, frame->constructor);
  case SITE_EVAL: case SITE_FALSE:
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
    JS_CFUNC_MAGIC_DEF("isAsync", 0, engine_call_site_get, SITE_FALSE),
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

/* --- formatting -------------------------------------------------------------------------------------------------- */

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

/* --- positions --------------------------------------------------------------------------------------------------- */

static void engine_note_throw(JSContext *ctx)
{
  EngineRuntime *engine = ctx->rt->engine;
  JSStackFrame *sf = ctx->rt->current_stack_frame;
  JSFunctionBytecode *b = sf ? engine_frame_bytecode(sf) : NULL;
  JSValue exception = ctx->rt->current_exception;
  if (!b)
    return;
  int column, line = engine_frame_line(ctx, sf, b, &column);
  if (line == 0)
    return; /* a finally throws on */
  engine->thrown = JS_VALUE_HAS_REF_COUNT(exception) ? JS_VALUE_GET_PTR(exception) : NULL;
  engine->thrown_file = b->filename;
  engine->thrown_line = line;
  engine->thrown_column = column;
}

bool engine_captured_position(JSValueConst error, EnginePosition *position)
{
  JSProperty *pr;
  if (JS_VALUE_GET_TAG(error) != JS_TAG_OBJECT)
    return false;
  JSShapeProperty *prs = find_own_property(&pr, JS_VALUE_GET_OBJ(error), JS_ATOM_stack);
  if (!prs || (prs->flags & JS_PROP_TMASK) != JS_PROP_AUTOINIT || js_autoinit_get_id(pr) != JS_AUTOINIT_ID_STACK)
    return false;
  EngineStack *stack = pr->u.init.opaque;
  if (stack && stack->file != JS_ATOM_NULL) {
    *position = (EnginePosition){stack->file, stack->line, stack->column, stack->span};
    return true;
  }
  for (int i = 0; stack && i < stack->count; i++) {
    if (stack->frames[i].file == JS_ATOM_NULL)
      continue;
    *position = (EnginePosition){stack->frames[i].file, stack->frames[i].line, stack->frames[i].column, 1};
    return true;
  }
  return false;
}

bool engine_error_position(JSContext *ctx, JSValueConst error, EnginePosition *position)
{
  EngineRuntime *engine = ctx->rt->engine;
  void *identity = JS_VALUE_HAS_REF_COUNT(error) ? JS_VALUE_GET_PTR(error) : NULL;
  if (engine->thrown_file && engine->thrown == identity) {
    *position = (EnginePosition){engine->thrown_file, engine->thrown_line, engine->thrown_column, 1};
    return true;
  }
  return engine_captured_position(error, position);
}

static JSStackFrame *engine_nth_frame(JSContext *ctx, int n)
{
  for (JSStackFrame *sf = ctx->rt->current_stack_frame; sf; sf = sf->prev_frame) {
    if (engine_frame_bytecode(sf) && n-- == 0)
      return sf;
  }
  return NULL;
}

JSAtom engine_frame_file(JSContext *ctx, int n)
{
  JSStackFrame *sf = engine_nth_frame(ctx, n);
  return sf ? engine_frame_bytecode(sf)->filename : JS_ATOM_NULL;
}

bool engine_frame_position(JSContext *ctx, int n, EnginePosition *position)
{
  JSStackFrame *sf = engine_nth_frame(ctx, n);
  if (!sf)
    return false;
  JSFunctionBytecode *b = engine_frame_bytecode(sf);
  position->file = b->filename;
  position->line = engine_frame_line(ctx, sf, b, &position->column);
  return true;
}

JSValue engine_call_sites(JSContext *ctx, int skip, int limit)
{
  if (limit > ENGINE_MAX_FRAMES)
    limit = ENGINE_MAX_FRAMES;
  EngineStack *stack = engine_new_stack(ctx, limit);
  if (!stack)
    return JS_ThrowOutOfMemory(ctx);
  engine_capture_frames(ctx, stack, limit, engine_nth_frame(ctx, skip));
  JSValue sites = engine_stack_to_sites(ctx, stack);
  engine_free_stack(ctx->rt, stack);
  return sites;
}
