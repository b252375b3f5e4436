/* What is wrong with a text for JSON.parse, or an object for JSON.stringify, in V8's words. The parser tells that a text is
   wrong; what it is, and where, is found by reading the text again. */

typedef struct EngineJson {
  const uint8_t *start, *at, *end; /* UTF-8 */
  DynBuf open;                     /* the brackets around `at` */
  DynBuf message;
} EngineJson;

static bool engine_json_ended(const EngineJson *json) { return json->at >= json->end; }

/* The byte at hand; 0, which is in no valid text, at the end. */
static int engine_json_peek(const EngineJson *json) { return engine_json_ended(json) ? 0 : *json->at; }

static void engine_json_skip_space(EngineJson *json)
{
  while (!engine_json_ended(json) && strchr(" \t\n\r", *json->at) && *json->at)
    json->at++;
}

/* Code units of UTF-16 in UTF-8. */
static size_t engine_json_units(const uint8_t *from, const uint8_t *to)
{
  size_t units = 0;
  for (; from < to; from++)
    units += (*from & 0xc0) != 0x80 ? *from >= 0xf0 ? 2 : 1 : 0;
  return units;
}

/* All these say what is wrong at `at`, and give false. */
static bool engine_json_wrong(EngineJson *json, const char *what)
{
  size_t line = 1;
  const uint8_t *line_start = json->start;
  for (const uint8_t *p = json->start; p < json->at; p++) {
    if (*p == '\n' || (*p == '\r' && !(p + 1 < json->end && p[1] == '\n'))) {
      line++;
      line_start = p + 1;
    }
  }
  dbuf_printf(&json->message, "%s JSON at position %zu (line %zu column %zu)", what,
              engine_json_units(json->start, json->at), line, engine_json_units(line_start, json->at) + 1);
  return false;
}

/* The code unit at hand: of a pair of surrogates, the first. */
static void engine_json_put_unit(EngineJson *json)
{
  const uint8_t *next = json->at + 1;
  while (next < json->end && (*next & 0xc0) == 0x80)
    next++;
  if (next - json->at < 4) {
    dbuf_put(&json->message, json->at, (size_t)(next - json->at));
    return;
  }
  uint32_t c = (json->at[0] & 7u) << 18 | (json->at[1] & 63u) << 12 | (json->at[2] & 63u) << 6 | (json->at[3] & 63u);
  uint32_t lead = 0xd7c0 + (c >> 10);
  uint8_t bytes[] = {0xed, (uint8_t)(0x80 | (lead >> 6 & 63)), (uint8_t)(0x80 | (lead & 63))};
  dbuf_put(&json->message, bytes, sizeof(bytes));
}

static bool engine_json_unexpected(EngineJson *json)
{
  enum { CONTEXT = 10 };
  static const char *const special[] = {"undefined", "NaN", "Infinity", "[object Object]"};
  size_t size = (size_t)(json->end - json->start);
  if (engine_json_ended(json)) {
    dbuf_putstr(&json->message, "Unexpected end of JSON input");
    return false;
  }
  for (size_t i = 0; i < countof(special); i++) {
    if (size == strlen(special[i]) && !memcmp(json->start, special[i], size)) {
      dbuf_printf(&json->message, "\"%s\" is not valid JSON", special[i]);
      return false;
    }
  }
  const uint8_t *from = json->start, *to = json->end;
  if (engine_json_units(from, to) > 2 * CONTEXT) {
    from = to = json->at;
    for (size_t n = 0; n < CONTEXT && from > json->start; n += *from >= 0xf0 ? 2 : 1) {
      while (--from > json->start && (*from & 0xc0) == 0x80)
        ;
    }
    for (size_t n = 0; n < CONTEXT && to < json->end;) {
      n += *to >= 0xf0 ? 2 : 1;
      while (++to < json->end && (*to & 0xc0) == 0x80)
        ;
    }
  }
  dbuf_putstr(&json->message, "Unexpected token '");
  engine_json_put_unit(json);
  dbuf_printf(&json->message, "', %s\"", from > json->start ? "..." : "");
  dbuf_put(&json->message, from, (size_t)(to - from));
  dbuf_printf(&json->message, "\"%s is not valid JSON", to < json->end ? "..." : "");
  return false;
}

/* --- the text, read as V8 reads it: false if something is wrong, which is said then -------------------------------- */

static bool engine_json_string(EngineJson *json)
{
  for (json->at++; !engine_json_ended(json) && *json->at != '"'; json->at++) {
    if (*json->at < ' ')
      return engine_json_wrong(json, "Bad control character in string literal in");
    if (*json->at != '\\')
      continue;
    json->at++;
    if (engine_json_ended(json))
      return engine_json_unexpected(json);
    if (!*json->at || !strchr("\"\\/bfnrtu", *json->at))
      return engine_json_wrong(json, "Bad escaped character in");
    for (int digits = *json->at == 'u' ? 4 : 0; digits > 0; digits--) {
      json->at++;
      if (!isxdigit(engine_json_peek(json)))
        return engine_json_wrong(json, "Bad Unicode escape in");
    }
  }
  if (engine_json_ended(json))
    return engine_json_wrong(json, "Unterminated string in");
  json->at++;
  return true;
}

static bool engine_json_digits(EngineJson *json)
{
  const uint8_t *first = json->at;
  while (isdigit(engine_json_peek(json)))
    json->at++;
  return json->at > first;
}

static bool engine_json_number(EngineJson *json)
{
  if (*json->at == '-') {
    json->at++;
    if (!isdigit(engine_json_peek(json)))
      return engine_json_wrong(json, "No number after minus sign in");
  }
  if (*json->at == '0') {
    json->at++;
    if (isdigit(engine_json_peek(json)))
      return engine_json_wrong(json, "Unexpected number in");
  }
  engine_json_digits(json);
  if (engine_json_peek(json) == '.') {
    json->at++;
    if (!engine_json_digits(json))
      return engine_json_wrong(json, "Unterminated fractional number in");
  }
  if ((engine_json_peek(json) | 32) == 'e') {
    json->at++;
    if (engine_json_peek(json) == '+' || engine_json_peek(json) == '-')
      json->at++;
    if (!engine_json_digits(json))
      return engine_json_wrong(json, "Exponent part is missing a number in");
  }
  return true;
}

static bool engine_json_literal(EngineJson *json, const char *text)
{
  for (; *text; text++, json->at++) {
    if (engine_json_peek(json) != *text)
      return engine_json_unexpected(json);
  }
  return true;
}

/* A property's name and its colon. */
static bool engine_json_name(EngineJson *json, const char *otherwise)
{
  engine_json_skip_space(json);
  if (engine_json_peek(json) != '"')
    return engine_json_wrong(json, otherwise);
  if (!engine_json_string(json))
    return false;
  engine_json_skip_space(json);
  if (engine_json_peek(json) != ':')
    return engine_json_wrong(json, "Expected ':' after property name in");
  json->at++;
  return true;
}

/* Brackets that open, and the value in them that has none. `*empty` if there is no such value. */
static bool engine_json_value(EngineJson *json, bool *empty)
{
  for (*empty = false;;) {
    engine_json_skip_space(json);
    int c = engine_json_peek(json);
    if (c != '[' && c != '{')
      break;
    dbuf_putc(&json->open, (uint8_t)c);
    json->at++;
    engine_json_skip_space(json);
    if ((*empty = engine_json_peek(json) == c + 2)) /* ] and } */
      return true;
    if (c == '{' && !engine_json_name(json, "Expected property name or '}' in"))
      return false;
  }
  switch (engine_json_peek(json)) {
  case '"': return engine_json_string(json);
  case 't': return engine_json_literal(json, "true");
  case 'f': return engine_json_literal(json, "false");
  case 'n': return engine_json_literal(json, "null");
  case '-': return engine_json_number(json);
  default: return isdigit(engine_json_peek(json)) ? engine_json_number(json) : engine_json_unexpected(json);
  }
}

/* What follows a value: brackets that close, and a comma. `*done` at the end of the text. */
static bool engine_json_continue(EngineJson *json, bool *done)
{
  for (;;) {
    engine_json_skip_space(json);
    int c = engine_json_peek(json);
    *done = json->open.size == 0;
    if (*done)
      return engine_json_ended(json) || engine_json_wrong(json, "Unexpected non-whitespace character after");
    int open = json->open.buf[json->open.size - 1];
    if (c == ',') {
      json->at++;
      return open == '[' || engine_json_name(json, "Expected double-quoted property name in");
    }
    if (c != open + 2)
      return engine_json_wrong(json, open == '[' ? "Expected ',' or ']' after array element in"
                                                 : "Expected ',' or '}' after property value in");
    json->at++;
    json->open.size--;
  }
}

/* The pending SyntaxError about this text gets V8's message. */
static void engine_reword_json_error(JSContext *ctx, const char *text, size_t length)
{
  JSValue error = ctx->rt->current_exception;
  if (JS_VALUE_GET_TAG(error) != JS_TAG_OBJECT ||
      !engine_same_object(JS_MKPTR(JS_TAG_OBJECT, JS_VALUE_GET_OBJ(error)->shape->proto),
                          ctx->native_error_proto[JS_SYNTAX_ERROR]))
    return;
  const uint8_t *start = (const uint8_t *)text;
  EngineJson json = {.start = start, .at = start, .end = start + length};
  js_dbuf_init(ctx, &json.open);
  js_dbuf_init(ctx, &json.message);
  bool done = false, empty;
  while (!done && engine_json_value(&json, &empty) && engine_json_continue(&json, &done))
    ;
  if (json.message.size && !dbuf_error(&json.message))
    JS_DefinePropertyValue(ctx, error, JS_ATOM_message, JS_NewStringLen(ctx, (char *)json.message.buf, json.message.size),
                           JS_PROP_WRITABLE | JS_PROP_CONFIGURABLE);
  dbuf_free(&json.message);
  dbuf_free(&json.open);
}

/* --- circles ---------------------------------------------------------------------------------------------------------- */

/* " property 'x'" or "index 1": what the object holds the other by. Runs no code. */
static void engine_put_key_of(JSContext *ctx, DynBuf *out, JSValueConst object, JSValueConst value)
{
  JSValue *elements;
  uint32_t count;
  if (js_get_fast_array(ctx, unsafe_unconst(object), &elements, &count)) {
    for (uint32_t i = 0; i < count; i++) {
      if (engine_same_object(elements[i], value)) {
        dbuf_printf(out, "index %u", i);
        return;
      }
    }
  }
  JSObject *p = JS_VALUE_GET_OBJ(object);
  JSShapeProperty *prs = get_shape_prop(p->shape);
  for (int i = 0; i < p->shape->prop_count; i++) {
    if (prs[i].atom == JS_ATOM_NULL || (prs[i].flags & JS_PROP_TMASK) != JS_PROP_NORMAL ||
        !engine_same_object(p->prop[i].u.value, value))
      continue;
    dbuf_putstr(out, "property '");
    engine_put_atom(ctx, out, prs[i].atom);
    dbuf_putstr(out, "'");
    return;
  }
  dbuf_putstr(out, "something"); /* what a getter, toJSON or a replacer gave */
}

static void engine_put_constructor(JSContext *ctx, DynBuf *out, JSValueConst object)
{
  JSAtom name = engine_constructor_name(ctx, object);
  dbuf_putstr(out, "object with constructor '");
  engine_put_atom(ctx, out, name);
  dbuf_putstr(out, "'");
  JS_FreeAtom(ctx, name);
}

/* `value` is in the stack of what is being written, and is to be written again. Shows two objects behind the first, and
   the last. */
static void engine_throw_circular(JSContext *ctx, JSValueConst stack, JSValueConst value)
{
  JSValue *held;
  uint32_t count, first = 0;
  if (!js_get_fast_array(ctx, unsafe_unconst(stack), &held, &count))
    count = 0;
  while (first < count && !engine_same_object(held[first], value))
    first++;
  if (first == count) {
    JS_ThrowTypeError(ctx, "Converting circular structure to JSON");
    return;
  }
  DynBuf out;
  js_dbuf_init(ctx, &out);
  dbuf_putstr(&out, "Converting circular structure to JSON\n    --> starting at ");
  engine_put_constructor(ctx, &out, value);
  for (uint32_t i = first + 1; i < count; i++) {
    if (i == first + 3 && i + 1 < count) {
      dbuf_putstr(&out, "\n    |     ...");
      i = count - 1;
    }
    dbuf_putstr(&out, "\n    |     ");
    engine_put_key_of(ctx, &out, held[i - 1], held[i]);
    dbuf_putstr(&out, " -> ");
    engine_put_constructor(ctx, &out, held[i]);
  }
  dbuf_putstr(&out, "\n    --- ");
  engine_put_key_of(ctx, &out, held[count - 1], value);
  dbuf_putstr(&out, " closes the circle");
  dbuf_putc(&out, 0);
  JSValue error = JS_NewObjectProtoClass(ctx, ctx->native_error_proto[JS_TYPE_ERROR], JS_CLASS_ERROR);
  JSValue message = dbuf_error(&out) ? JS_ThrowOutOfMemory(ctx) : JS_NewString(ctx, (char *)out.buf);
  dbuf_free(&out);
  if (JS_IsException(error) || JS_IsException(message)) {
    JS_FreeValue(ctx, error);
    JS_FreeValue(ctx, message);
    return;
  }
  build_backtrace(ctx, error, JS_UNDEFINED, NULL, 0, 0, 0);
  JS_DefinePropertyValue(ctx, error, JS_ATOM_message, message, JS_PROP_WRITABLE | JS_PROP_CONFIGURABLE);
  JS_Throw(ctx, error);
}
