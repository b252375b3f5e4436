/* V8's wording where it quotes the program: "a.b is not a function". */

/* The text of the callee expression that ends at (or starts before) a position; empty if it cannot be told simply. */
static bool engine_is_word(char c)
{
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '$' ||
         (unsigned char)c >= 0x80;
}

static const char *engine_text_at(const char *text, size_t length, int line, int column, const char **end)
{
  const char *p = text;
  *end = text + length;
  while (--line > 0) {
    p = memchr(p, '\n', (size_t)(*end - p));
    if (!p)
      return NULL;
    p++;
  }
  return *end - p >= column - 1 ? p + column - 1 : NULL;
}

/* Writes the member chain around the identifier at `at`: to its left as far as it is a plain chain of names. */
static bool engine_callee_text(const char *text, const char *at, const char *end, char *out, size_t size)
{
  const char *right = at, *left = at;
  bool intermediate = false;
  if (right < end && *right == '.')
    right++;
  if (right + 4 <= end && !strncmp(right, "new ", 4))
    right = left = right + 4;
  if (right < end && *right == '#')
    right++;
  while (right < end && engine_is_word(*right))
    right++;
  if (right == left)
    return false;
  while (right < end && *right == '.' && right + 1 < end && engine_is_word(right[1])) {
    right++;
    while (right < end && engine_is_word(*right))
      right++;
  }
  for (;;) {
    while (left > text && (engine_is_word(left[-1]) || left[-1] == '#'))
      left--;
    if (left > text && left[-1] == '.') {
      const char *dot = left - 1;
      if (dot > text && dot[-1] == '?')
        dot--;
      if (dot > text && engine_is_word(dot[-1])) {
        left = dot;
        continue;
      }
      intermediate = true;
      left = dot + (*dot == '?' ? 1 : 0);
    }
    break;
  }
  int n = snprintf(out, size, "%s%.*s", intermediate ? "(intermediate value)" : "", (int)(right - left), left);
  return n > 0 && (size_t)n < size;
}

static JSValue engine_throw_callee(JSContext *ctx, const char *what)
{
  EnginePosition position;
  EngineHooks *hooks = &ctx->rt->engine->hooks;
  JSStackFrame *sf = ctx->rt->current_stack_frame;
  char callee[200];
  size_t length;
  if (sf && engine_frame_bytecode(sf) && hooks->source_text && engine_frame_position(ctx, 0, &position)) {
    const char *file = JS_AtomToCString(ctx, position.file);
    const char *text = file ? hooks->source_text(ctx, file, &length) : NULL;
    JS_FreeCString(ctx, file);
    const char *end, *at = text ? engine_text_at(text, length, position.line, position.column, &end) : NULL;
    if (at && engine_callee_text(text, at, end, callee, sizeof(callee)))
      return JS_ThrowTypeError(ctx, "%s is not a %s", callee, what);
  }
  return JS_ThrowTypeError(ctx, "(intermediate value) is not a %s", what);
}

static JSValue engine_throw_not_a_function(JSContext *ctx) { return engine_throw_callee(ctx, "function"); }

static JSValue engine_throw_not_a_constructor(JSContext *ctx) { return engine_throw_callee(ctx, "constructor"); }

/* --- syntax errors -------------------------------------------------------------------------------------------------- */

/* A syntax error about the text from `ptr` to `end`, on the line of the token before the current one. */
static int engine_syntax_error(JSParseState *s, const uint8_t *ptr, const uint8_t *end, const char *message)
{
  for (const uint8_t *p = ptr; p < s->token.ptr; p++)
    s->token.line_num -= *p == '\n';
  s->token.ptr = ptr;
  s->buf_ptr = end;
  return js_parse_error(s, "%s", message);
}

static const uint8_t *engine_word_before(JSParseState *s)
{
  const uint8_t *start = s->last_ptr;
  while (start > s->buf_start && engine_is_word((char)start[-1]))
    start--;
  return start < s->last_ptr || start == s->buf_start ? start : start - 1;
}

/* About the token before the current one. `format` may name `name`. */
static int engine_error_before(JSParseState *s, const char *format, JSAtom name)
{
  char text[ATOM_GET_STR_BUF_SIZE], message[ATOM_GET_STR_BUF_SIZE + 120];
  snprintf(message, sizeof(message), format, name ? JS_AtomGetStr(s->ctx, text, sizeof(text), name) : "");
  return engine_syntax_error(s, engine_word_before(s), s->last_ptr, message);
}

/* About the word at `ptr`. */
static int engine_error_at(JSParseState *s, const uint8_t *ptr, const char *message)
{
  const uint8_t *end = ptr;
  while (end < s->buf_end && engine_is_word((char)*end))
    end++;
  return engine_syntax_error(s, ptr, end, message);
}

/* Does the current token follow this word? */
static bool engine_follows(JSParseState *s, const char *word)
{
  const uint8_t *start = engine_word_before(s);
  size_t length = strlen(word);
  return (size_t)(s->last_ptr - start) == length && !memcmp(start, word, length);
}

/* --- what parsers and functions of the language refuse --------------------------------------------------------------- */

/* For String.prototype.repeat. */
static void engine_throw_count(JSContext *ctx, JSValueConst count)
{
  const char *text = JS_ToCString(ctx, count);
  if (text)
    JS_ThrowRangeError(ctx, "Invalid count value: %s", text);
  JS_FreeCString(ctx, text);
}

/* --- properties ----------------------------------------------------------------------------------------------------- */

static bool engine_throws(JSContext *ctx, int flags)
{
  return (flags & JS_PROP_THROW) || ((flags & JS_PROP_THROW_STRICT) && is_strict_mode(ctx));
}

/* An object as messages name it: "#<Class>", or "[object Tag]" if it has a tag and a toString of its own. */
static void engine_describe(JSContext *ctx, JSValueConst object, char *text, size_t size)
{
  JSValue outer = ctx->rt->current_exception;
  ctx->rt->current_exception = JS_UNINITIALIZED;
  JSValue common = JS_GetProperty(ctx, ctx->class_proto[JS_CLASS_OBJECT], JS_ATOM_toString);
  JSValue own = JS_GetProperty(ctx, object, JS_ATOM_toString);
  bool ordinary = JS_IsObject(own) && JS_IsObject(common) && JS_VALUE_GET_OBJ(own) == JS_VALUE_GET_OBJ(common);
  JSValue tag = ordinary ? JS_UNDEFINED : JS_GetProperty(ctx, object, JS_ATOM_Symbol_toStringTag);
  const char *tag_text = JS_IsString(tag) ? JS_ToCString(ctx, tag) : NULL;
  JSAtom class = tag_text ? JS_ATOM_NULL : engine_constructor_name(ctx, object);
  char name[ATOM_GET_STR_BUF_SIZE];
  if (tag_text)
    snprintf(text, size, "[object %s]", tag_text);
  else
    snprintf(text, size, "#<%s>", class == JS_ATOM_NULL ? "Object" : JS_AtomGetStr(ctx, name, sizeof(name), class));
  JS_FreeAtom(ctx, class);
  JS_FreeCString(ctx, tag_text);
  JS_FreeValue(ctx, tag);
  JS_FreeValue(ctx, own);
  JS_FreeValue(ctx, common);
  JS_FreeValue(ctx, ctx->rt->current_exception);
  ctx->rt->current_exception = outer;
}

/* What `format` says of the property, if it is to be thrown; -1 then, else false. */
static int engine_throw_property(JSContext *ctx, int flags, const char *format, JSAtom name)
{
  char text[ATOM_GET_STR_BUF_SIZE], message[ATOM_GET_STR_BUF_SIZE + 80];
  if (!engine_throws(ctx, flags))
    return false;
  snprintf(message, sizeof(message), format, JS_AtomGetStr(ctx, text, sizeof(text), name));
  JS_ThrowTypeError(ctx, "%s", message);
  return -1;
}

/* Takes the value. */
static int engine_call_setter(JSContext *ctx, JSObject *setter, JSValueConst object, JSAtom name, JSValue value, int flags)
{
  char text[ATOM_GET_STR_BUF_SIZE], described[ATOM_GET_STR_BUF_SIZE + 16];
  if (setter)
    return call_setter(ctx, setter, object, value, flags);
  JS_FreeValue(ctx, value);
  if (!engine_throws(ctx, flags))
    return false;
  engine_describe(ctx, object, described, sizeof(described));
  JS_ThrowTypeError(ctx, "Cannot set property %s of %s which has only a getter",
                    JS_AtomGetStr(ctx, text, sizeof(text), name), described);
  return -1;
}

static void engine_throw_delete(JSContext *ctx, JSValueConst object, JSAtom name)
{
  char text[ATOM_GET_STR_BUF_SIZE], described[ATOM_GET_STR_BUF_SIZE + 16];
  engine_describe(ctx, object, described, sizeof(described));
  JS_ThrowTypeError(ctx, "Cannot delete property '%s' of %s", JS_AtomGetStr(ctx, text, sizeof(text), name), described);
}

/* `method` is one of the class whose private names the receiver has not. */
static void engine_throw_brand(JSContext *ctx, JSValueConst method)
{
  char text[ATOM_GET_STR_BUF_SIZE];
  JSObject *home = JS_VALUE_GET_OBJ(method)->u.func.home_object;
  JSAtom class = home ? engine_constructor_name(ctx, JS_MKPTR(JS_TAG_OBJECT, home)) : JS_ATOM_NULL;
  JS_ThrowTypeError(ctx, "Receiver must be an instance of class %s",
                    class == JS_ATOM_NULL ? "anonymous" : JS_AtomGetStr(ctx, text, sizeof(text), class));
  JS_FreeAtom(ctx, class);
}

/* A constructor was called as a function is. */
static JSValue engine_throw_no_new(JSContext *ctx, JSValueConst function)
{
  JSObject *p = JS_VALUE_GET_OBJ(function);
  JSProperty *property;
  JSShapeProperty *shape = find_own_property(&property, p, JS_ATOM_name);
  bool named = shape && (shape->flags & JS_PROP_TMASK) == JS_PROP_NORMAL && JS_IsString(property->u.value);
  const char *name = named ? JS_ToCString(ctx, property->u.value) : NULL;
  if (p->class_id == JS_CLASS_BYTECODE_FUNCTION && name && *name)
    JS_ThrowTypeError(ctx, "Class constructor %s cannot be invoked without 'new'", name);
  else if (p->class_id == JS_CLASS_BYTECODE_FUNCTION || !name)
    JS_ThrowTypeError(ctx, "Class constructors cannot be invoked without 'new'");
  else if (engine_same_object(function, ctx->promise_ctor))
    JS_ThrowTypeError(ctx, "Promise constructor cannot be invoked without 'new'");
  else
    JS_ThrowTypeError(ctx, "Constructor %s requires 'new'", name);
  JS_FreeCString(ctx, name);
  return JS_EXCEPTION;
}

/* --- numbers -------------------------------------------------------------------------------------------------------- */

/* The length a typed array is to have. */
static int engine_to_array_length(JSContext *ctx, uint64_t *length, JSValueConst value)
{
  double number;
  if (!JS_IsNumber(value) || JS_ToFloat64(ctx, &number, value))
    return JS_ToIndex(ctx, length, value);
  if (number != number || (number > -1 && number <= 9007199254740991.0))
    return JS_ToIndex(ctx, length, value);
  const char *text = JS_ToCString(ctx, value);
  if (text)
    JS_ThrowRangeError(ctx, "Invalid typed array length: %s", text);
  JS_FreeCString(ctx, text);
  return -1;
}
