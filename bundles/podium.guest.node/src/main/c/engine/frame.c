/* A frame of a stack trace: where it is, and what V8 would call it. */

typedef struct EngineFrame {
  JSValue function;
  JSValue receiver;
  JSAtom file; /* JS_ATOM_NULL for a native function */
  int line, column;
  bool constructor;
  bool async; /* it awaits what runs */
} EngineFrame;

static JSAtom engine_function_name(JSContext *ctx, const EngineFrame *frame);

static void engine_free_frame(JSRuntime *rt, EngineFrame *frame)
{
  JS_FreeValueRT(rt, frame->function);
  JS_FreeValueRT(rt, frame->receiver);
  JS_FreeAtomRT(rt, frame->file);
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
  frame->async = false;
  frame->file = JS_ATOM_NULL;
  frame->line = frame->column = -1;
  if (b) {
    frame->file = JS_DupAtom(ctx, b->filename);
    frame->line = engine_frame_line(ctx, sf, b, &frame->column);
  }
}

/* --- evaluated code ------------------------------------------------------------------------------------------------- */

/* Code of eval() and new Function has a file name of its own: "eval at FUNCTION (FILE:LINE:COLUMN), <anonymous>". */
static const char engine_eval_prefix[] = "eval at ", engine_eval_suffix[] = ", <anonymous>";

static bool engine_is_eval_file(JSContext *ctx, JSAtom file)
{
  const char *text = file == JS_ATOM_NULL ? NULL : JS_AtomToCString(ctx, file);
  bool is = text && !strncmp(text, engine_eval_prefix, strlen(engine_eval_prefix));
  JS_FreeCString(ctx, text);
  return is;
}

/* The origin of evaluated code, which is its file without the end. Owned by the caller. */
static JSValue engine_eval_origin(JSContext *ctx, JSAtom file)
{
  const char *text = JS_AtomToCString(ctx, file);
  JSValue origin = text ? JS_NewStringLen(ctx, text, strlen(text) - strlen(engine_eval_suffix)) : JS_EXCEPTION;
  JS_FreeCString(ctx, text);
  return origin;
}

/* The file name for code that the running function evaluates. NULL if there is none. Free it with js_free. */
static char *engine_eval_file(JSContext *ctx)
{
  JSStackFrame *sf = ctx->rt->current_stack_frame;
  while (sf && !engine_frame_bytecode(sf))
    sf = sf->prev_frame;
  if (!sf)
    return NULL;
  EngineFrame frame;
  DynBuf out;
  js_dbuf_init(ctx, &out);
  engine_fill_frame(ctx, &frame, sf);
  JSAtom name = engine_function_name(ctx, &frame);
  const char *name_text = name ? JS_AtomToCString(ctx, name) : NULL, *file = JS_AtomToCString(ctx, frame.file);
  bool nested = file && engine_is_eval_file(ctx, frame.file);
  bool named = name_text && !nested && !strchr(name_text, '('); /* parentheses tell where the file starts */
  dbuf_printf(&out, "%s%s (", engine_eval_prefix, named ? name_text : "<anonymous>");
  if (nested)
    dbuf_put(&out, (const uint8_t *)file, strlen(file) - strlen(engine_eval_suffix));
  else
    dbuf_printf(&out, "%s:%d:%d", file ? file : "", frame.line, frame.column);
  dbuf_printf(&out, ")%s", engine_eval_suffix);
  dbuf_putc(&out, 0);
  JS_FreeCString(ctx, name_text);
  JS_FreeCString(ctx, file);
  JS_FreeAtom(ctx, name);
  engine_free_frame(ctx->rt, &frame);
  if (!dbuf_error(&out))
    return (char *)out.buf;
  dbuf_free(&out);
  return NULL;
}

JSValue engine_root_file(JSContext *ctx, JSValueConst file)
{
  size_t length;
  const char *text = JS_ToCStringLen(ctx, &length, file), *at = text;
  size_t prefix = strlen(engine_eval_prefix);
  if (!text || strncmp(text, engine_eval_prefix, prefix)) {
    JS_FreeCString(ctx, text);
    return text ? js_dup(file) : JS_EXCEPTION;
  }
  const char *end = text + length - strlen(engine_eval_suffix);
  for (; !strncmp(at, engine_eval_prefix, prefix) && strchr(at, '('); end--) /* a ")" each */
    at = strchr(at, '(') + 1;
  for (int colons = 0; colons < 2 && end > at; colons += *end == ':')
    end--;
  JSValue root = JS_NewStringLen(ctx, at, (size_t)(end - at));
  JS_FreeCString(ctx, text);
  return root;
}

/* --- names -------------------------------------------------------------------------------------------------------- */

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
  if (engine_is_eval_file(ctx, frame->file)) {
    char text[ATOM_GET_STR_BUF_SIZE];
    if (name == JS_ATOM_NULL || name == JS_ATOM__eval_ || name == JS_ATOM_empty_string ||
        !strcmp(JS_AtomGetStr(ctx, text, sizeof(text), name), "anonymous")) {
      JS_FreeAtom(ctx, name);
      return JS_DupAtom(ctx, JS_ATOM_eval);
    }
  }
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
  JSProperty *kept;
  if (find_own_property(&kept, p, ctx->rt->engine->constructor_name))
    return JS_ValueToAtom(ctx, kept->u.value);
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

/* Does an object with this prototype have a constructor that can be found? Most chains end in Object.prototype, which has. */
static bool engine_tells_constructor(JSContext *ctx, JSObject *proto)
{
  JSProperty *pr;
  JSObject *p = proto;
  while (p && p->shape->proto)
    p = p->shape->proto;
  if (p && (p == JS_VALUE_GET_OBJ(ctx->class_proto[JS_CLASS_OBJECT]) || p->class_id == JS_CLASS_PROXY))
    return true;
  for (p = proto; p; p = p->shape->proto) {
    if (find_own_property(&pr, p, JS_ATOM_constructor))
      return true;
  }
  return false;
}

/* An object gets a prototype that does not tell its constructor, which V8 knows even then. */
static int engine_keep_constructor_name(JSContext *ctx, JSValueConst object, JSObject *proto)
{
  if (!ctx->rt->engine || engine_tells_constructor(ctx, proto))
    return 0;
  /* An array is one whatever its prototype was. */
  JSAtom name = JS_VALUE_GET_OBJ(object)->class_id == JS_CLASS_ARRAY ? JS_DupAtom(ctx, JS_ATOM_Array)
                                                                    : engine_constructor_name(ctx, object);
  int result = 0;
  if (name != JS_ATOM_NULL && name != JS_ATOM_Object && name != JS_ATOM_Function)
    result = engine_set_private(ctx, object, ctx->rt->engine->constructor_name, JS_AtomToString(ctx, name));
  JS_FreeAtom(ctx, name);
  return result;
}

static void engine_note_constructor(JSContext *ctx, JSValueConst object, JSValueConst constructor)
{
  if (JS_VALUE_GET_TAG(object) != JS_TAG_OBJECT || !ctx->rt->engine ||
      engine_tells_constructor(ctx, JS_VALUE_GET_OBJ(object)->shape->proto))
    return;
  JSAtom name = engine_own_name(ctx, constructor);
  /* Without memory for it only a name is lost. */
  if (name != JS_ATOM_NULL && name != JS_ATOM_empty_string)
    engine_set_private(ctx, object, ctx->rt->engine->constructor_name, JS_AtomToString(ctx, name));
  JS_FreeAtom(ctx, name);
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

/* --- text --------------------------------------------------------------------------------------------------------- */

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
  if (frame->async)
    dbuf_putstr(out, "async ");
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
