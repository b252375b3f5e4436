/* Values to bytes. */
#include "value_serializer.h"

#include <stdlib.h>
#include <string.h>

JSValue call_primordial(JSContext *ctx, const char *name, int argc, JSValueConst *argv)
{
  JSValue function = JS_GetPropertyStr(ctx, env_of(ctx)->primordials, name);
  JSValue result = JS_Call(ctx, function, JS_UNDEFINED, argc, argv);
  JS_FreeValue(ctx, function);
  return result;
}

JSValue construct_primordial(JSContext *ctx, const char *name, int argc, JSValueConst *argv)
{
  JSValue constructor = JS_GetPropertyStr(ctx, env_of(ctx)->primordials, name);
  JSValue result = JS_CallConstructor(ctx, constructor, argc, argv);
  JS_FreeValue(ctx, constructor);
  return result;
}

/* --- life -------------------------------------------------------------------------------------------------------- */

void value_serializer_init(ValueSerializer *s, JSContext *ctx, const SerializerDelegate *delegate, void *opaque)
{
  *s = (ValueSerializer){.ctx = ctx, .delegate = delegate, .opaque = opaque};
}

void value_serializer_free(ValueSerializer *s)
{
  if (!s->ctx)
    return;
  ids_clear(&s->ids, JS_GetRuntime(s->ctx));
  ids_clear(&s->transfers, JS_GetRuntime(s->ctx));
  free(s->bytes);
  s->bytes = NULL;
}

void value_serializer_mark(ValueSerializer *s, JSRuntime *rt, JS_MarkFunc *mark)
{
  ids_mark(&s->ids, rt, mark);
  ids_mark(&s->transfers, rt, mark);
}

bool serializer_transfer(ValueSerializer *s, uint32_t id, JSValueConst buffer)
{
  return ids_add(s->ctx, &s->transfers, buffer, id);
}

/* --- bytes ------------------------------------------------------------------------------------------------------- */

void serializer_write_bytes(ValueSerializer *s, const void *bytes, size_t length)
{
  if (s->out_of_memory || length == 0)
    return;
  if (length > s->room - s->length) {
    size_t room = s->room * 2 + length + 64;
    uint8_t *grown = room > length ? realloc(s->bytes, room) : NULL;
    if (!grown) {
      s->out_of_memory = true;
      return;
    }
    s->bytes = grown;
    s->room = room;
  }
  memcpy(s->bytes + s->length, bytes, length);
  s->length += length;
}

static void write_byte(ValueSerializer *s, uint8_t byte) { serializer_write_bytes(s, &byte, 1); }

void serializer_write_varint(ValueSerializer *s, uint64_t value)
{
  for (; value >= 0x80; value >>= 7)
    write_byte(s, (uint8_t)(value | 0x80));
  write_byte(s, (uint8_t)value);
}

void serializer_write_double(ValueSerializer *s, double value) { serializer_write_bytes(s, &value, sizeof(value)); }

void serializer_write_header(ValueSerializer *s)
{
  write_byte(s, 0xff);
  serializer_write_varint(s, WIRE_FORMAT_VERSION);
}

/* --- primitives -------------------------------------------------------------------------------------------------- */

static void write_int32(ValueSerializer *s, int32_t value)
{
  write_byte(s, 'I');
  serializer_write_varint(s, ((uint32_t)value << 1) ^ (uint32_t)(value >> 31));
}

static void write_number(ValueSerializer *s, double value)
{
  bool integral = value >= INT32_MIN && value <= INT32_MAX && value == (int32_t)value && !(value == 0 && 1 / value < 0);
  if (integral) {
    write_int32(s, (int32_t)value);
  } else {
    write_byte(s, 'N');
    serializer_write_double(s, value);
  }
}

static int varint_size(uint64_t value)
{
  int size = 1;
  for (; value >= 0x80; value >>= 7)
    size++;
  return size;
}

static bool write_string(ValueSerializer *s, JSValueConst value)
{
  EngineString string;
  if (!engine_string_open(s->ctx, value, &string))
    return false;
  if (!string.wide) {
    write_byte(s, '"');
    serializer_write_varint(s, string.length);
    serializer_write_bytes(s, string.latin1, string.length);
  } else {
    size_t bytes = (size_t)string.length * 2;
    if ((s->length + 1 + (size_t)varint_size(bytes)) & 1)
      write_byte(s, 0); /* the units are aligned */
    write_byte(s, 'c');
    serializer_write_varint(s, bytes);
    serializer_write_bytes(s, string.utf16, bytes);
  }
  engine_string_close(&string);
  return true;
}

static int hex_digit(char c) { return c <= '9' ? c - '0' : c - 'a' + 10; }

/* Sign and size, then 64-bit digits, the least significant first. */
static bool write_bigint(ValueSerializer *s, JSValueConst value)
{
  JSValue radix = JS_NewInt32(s->ctx, 16);
  JSValueConst arguments[] = {value, radix};
  JSValue text = call_primordial(s->ctx, "BigIntPrototypeToString", 2, arguments);
  const char *hex = JS_IsException(text) ? NULL : JS_ToCString(s->ctx, text);
  JS_FreeValue(s->ctx, text);
  if (!hex)
    return false;
  const char *digits = hex[0] == '-' ? hex + 1 : hex;
  size_t count = strcmp(digits, "0") ? strlen(digits) : 0, bytes = (count + 15) / 16 * 8;
  serializer_write_varint(s, (bytes << 1) | (hex[0] == '-'));
  for (size_t i = 0; i < bytes; i++) {
    size_t low = 2 * i, high = low + 1;
    int byte = low < count ? hex_digit(digits[count - 1 - low]) : 0;
    byte |= high < count ? hex_digit(digits[count - 1 - high]) << 4 : 0;
    write_byte(s, (uint8_t)byte);
  }
  JS_FreeCString(s->ctx, hex);
  return true;
}

/* --- errors ------------------------------------------------------------------------------------------------------ */

/* "... could not be cloned.", naming the value without running any script. */
static bool not_cloneable(ValueSerializer *s, JSValueConst value)
{
  JSContext *ctx = s->ctx;
  char text[512];
  const char *shown = NULL;
  if (JS_IsFunction(ctx, value)) {
    JSValue source = call_primordial(ctx, "FunctionPrototypeToString", 1, &value);
    shown = JS_IsException(source) ? NULL : JS_ToCString(ctx, source);
    JS_FreeValue(ctx, source);
  } else if (JS_IsSymbol(value)) {
    JSValue description = call_primordial(ctx, "SymbolPrototypeToString", 1, &value);
    shown = JS_IsException(description) ? NULL : JS_ToCString(ctx, description);
    JS_FreeValue(ctx, description);
  } else {
    JSAtom name = engine_constructor_name(ctx, value);
    const char *constructor = name == JS_ATOM_NULL ? NULL : JS_AtomToCString(ctx, name);
    snprintf(text, sizeof(text), "#<%s> could not be cloned.", constructor ? constructor : "Object");
    JS_FreeCString(ctx, constructor);
    JS_FreeAtom(ctx, name);
    s->delegate->throw_data_clone_error(s, text);
    return false;
  }
  if (!shown)
    return false;
  size_t size = strlen(shown) + 32;
  char *message = malloc(size);
  if (message) {
    snprintf(message, size, "%s could not be cloned.", shown);
    s->delegate->throw_data_clone_error(s, message);
  } else {
    JS_ThrowOutOfMemory(ctx);
  }
  free(message);
  JS_FreeCString(ctx, shown);
  return false;
}

/* --- objects ----------------------------------------------------------------------------------------------------- */

static bool write_object(ValueSerializer *s, JSValueConst value);

/* Takes the value's reference. */
static bool write_taken(ValueSerializer *s, JSValue value)
{
  bool done = !JS_IsException(value) && write_object(s, value);
  JS_FreeValue(s->ctx, value);
  return done;
}

/* The array index a property name is; false if it is none. */
static bool index_of(const char *name, uint32_t *index)
{
  uint64_t value = 0;
  if (!name[0] || (name[0] == '0' && name[1]))
    return false;
  for (const char *p = name; *p; p++) {
    if (*p < '0' || *p > '9' || (value = value * 10 + (uint64_t)(*p - '0')) >= UINT32_MAX)
      return false;
  }
  *index = (uint32_t)value;
  return true;
}

/* Writes one own property; `*written` counts those that were still there. */
static bool write_property(ValueSerializer *s, JSValueConst object, JSAtom name, bool skip_indices, uint32_t *written)
{
  JSContext *ctx = s->ctx;
  uint32_t index;
  const char *text = JS_AtomToCString(ctx, name);
  if (!text)
    return false;
  bool is_index = index_of(text, &index);
  JS_FreeCString(ctx, text);
  if (is_index && skip_indices)
    return true;
  int there = JS_GetOwnProperty(ctx, NULL, object, name);
  if (there <= 0)
    return there == 0;
  JSValue value = JS_GetProperty(ctx, object, name);
  if (JS_IsException(value))
    return false;
  bool done = true;
  if (is_index)
    write_number(s, index);
  else
    done = write_taken(s, JS_AtomToString(ctx, name));
  done = done && write_object(s, value);
  JS_FreeValue(ctx, value);
  (*written)++;
  return done;
}

static bool write_properties(ValueSerializer *s, JSValueConst object, bool skip_indices, uint32_t *written)
{
  JSPropertyEnum *names;
  uint32_t count;
  bool done = true;
  *written = 0;
  if (JS_GetOwnPropertyNames(s->ctx, &names, &count, object, JS_GPN_STRING_MASK | JS_GPN_ENUM_ONLY) < 0)
    return false;
  for (uint32_t i = 0; done && i < count; i++)
    done = write_property(s, object, names[i].atom, skip_indices, written);
  JS_FreePropertyEnum(s->ctx, names, count);
  return done;
}

static bool write_plain_object(ValueSerializer *s, JSValueConst object)
{
  uint32_t written;
  write_byte(s, 'o');
  if (!write_properties(s, object, false, &written))
    return false;
  write_byte(s, '{');
  serializer_write_varint(s, written);
  return true;
}

/* An array without holes is written as its elements; 1, 0 or -1 with an exception. */
static int is_dense(JSContext *ctx, JSValueConst array, int64_t length)
{
  if (length > (1 << 25))
    return 0;
  for (int64_t i = 0; i < length; i++) {
    JSAtom index = JS_NewAtomUInt32(ctx, (uint32_t)i);
    int there = JS_GetOwnProperty(ctx, NULL, array, index);
    JS_FreeAtom(ctx, index);
    if (there <= 0)
      return there;
  }
  return 1;
}

static bool write_array(ValueSerializer *s, JSValueConst array)
{
  int64_t length;
  uint32_t written;
  int dense = JS_GetLength(s->ctx, array, &length) < 0 ? -1 : is_dense(s->ctx, array, length);
  if (dense < 0)
    return false;
  write_byte(s, dense ? 'A' : 'a');
  serializer_write_varint(s, (uint64_t)length);
  for (int64_t i = 0; dense && i < length; i++) {
    if (!write_taken(s, JS_GetPropertyInt64(s->ctx, array, i)))
      return false;
  }
  if (!write_properties(s, array, dense, &written))
    return false;
  write_byte(s, dense ? '$' : '@');
  serializer_write_varint(s, written);
  serializer_write_varint(s, (uint64_t)length);
  return true;
}

static bool write_collection(ValueSerializer *s, JSValueConst object, char begin, char end)
{
  bool pairs;
  int64_t count;
  JSValue entries = engine_preview_entries(s->ctx, object, &pairs);
  bool done = !JS_IsException(entries) && JS_GetLength(s->ctx, entries, &count) == 0;
  write_byte(s, (uint8_t)begin);
  for (int64_t i = 0; done && i < count; i++)
    done = write_taken(s, JS_GetPropertyInt64(s->ctx, entries, i));
  JS_FreeValue(s->ctx, entries);
  if (!done)
    return false;
  write_byte(s, (uint8_t)end);
  serializer_write_varint(s, (uint64_t)count);
  return true;
}

static bool write_regexp(ValueSerializer *s, JSValueConst object)
{
  static const char letters[] = "gimyusldv"; /* by bit; l is V8's own */
  JSContext *ctx = s->ctx;
  JSValue source = call_primordial(ctx, "RegExpPrototypeGetSource", 1, &object);
  JSValue flags = call_primordial(ctx, "RegExpPrototypeGetFlags", 1, &object);
  const char *text = JS_IsException(source) || JS_IsException(flags) ? NULL : JS_ToCString(ctx, flags);
  uint32_t bits = 0;
  for (const char *p = text; p && *p; p++)
    bits |= 1u << (strchr(letters, *p) - letters);
  write_byte(s, 'R');
  bool done = text && write_string(s, source);
  serializer_write_varint(s, bits);
  JS_FreeCString(ctx, text);
  JS_FreeValue(ctx, source);
  JS_FreeValue(ctx, flags);
  return done;
}

static bool write_wrapper(ValueSerializer *s, JSValueConst object, char tag, const char *value_of)
{
  JSContext *ctx = s->ctx;
  double number;
  JSValue value = call_primordial(ctx, value_of, 1, &object);
  bool done = !JS_IsException(value);
  if (done && tag == 'y')
    tag = JS_ToBool(ctx, value) ? 'y' : 'x';
  write_byte(s, (uint8_t)tag);
  if (done && (tag == 'n' || tag == 'D')) {
    done = JS_ToFloat64(ctx, &number, value) == 0;
    serializer_write_double(s, number);
  } else if (done && tag == 's') {
    done = write_string(s, value);
  } else if (done && tag == 'z') {
    done = write_bigint(s, value);
  }
  JS_FreeValue(ctx, value);
  return done;
}

/* --- errors and buffers ------------------------------------------------------------------------------------------ */

/* The value of an own data property; JS_UNINITIALIZED if there is none. */
static JSValue own_data(JSContext *ctx, JSValueConst object, const char *name)
{
  JSPropertyDescriptor descriptor;
  JSAtom atom = JS_NewAtom(ctx, name);
  int there = JS_GetOwnProperty(ctx, &descriptor, object, atom);
  JS_FreeAtom(ctx, atom);
  if (there <= 0)
    return there < 0 ? JS_EXCEPTION : JS_UNINITIALIZED;
  JS_FreeValue(ctx, descriptor.getter);
  JS_FreeValue(ctx, descriptor.setter);
  if (!(descriptor.flags & JS_PROP_GETSET))
    return descriptor.value;
  JS_FreeValue(ctx, descriptor.value);
  return JS_UNINITIALIZED;
}

static char error_tag(const char *name)
{
  static const struct { const char *name; char tag; } tags[] = {
      {"EvalError", 'E'},   {"RangeError", 'R'}, {"ReferenceError", 'F'},
      {"SyntaxError", 'S'}, {"TypeError", 'T'},  {"URIError", 'U'}};
  for (int i = 0; i < COUNT_OF(tags); i++) {
    if (!strcmp(tags[i].name, name))
      return tags[i].tag;
  }
  return 0;
}

static bool write_error_text(ValueSerializer *s, char tag, JSValue value)
{
  JSValue text = JS_IsException(value) ? JS_EXCEPTION : JS_ToString(s->ctx, value);
  JS_FreeValue(s->ctx, value);
  if (JS_IsException(text))
    return false;
  write_byte(s, (uint8_t)tag);
  bool done = write_string(s, text);
  JS_FreeValue(s->ctx, text);
  return done;
}

static bool write_error(ValueSerializer *s, JSValueConst error)
{
  JSContext *ctx = s->ctx;
  JSValue message = own_data(ctx, error, "message"), cause = own_data(ctx, error, "cause");
  JSValue name_value = JS_GetPropertyStr(ctx, error, "name");
  const char *name = JS_IsException(name_value) ? NULL : JS_ToCString(ctx, name_value);
  JS_FreeValue(ctx, name_value);
  bool done = name && !JS_IsException(message) && !JS_IsException(cause);
  write_byte(s, 'r');
  if (done && error_tag(name))
    write_byte(s, (uint8_t)error_tag(name));
  JS_FreeCString(ctx, name);
  if (done && !JS_IsUninitialized(message))
    done = write_error_text(s, 'm', JS_DupValue(ctx, message));
  JSValue stack = done ? JS_GetPropertyStr(ctx, error, "stack") : JS_UNDEFINED;
  if (JS_IsString(stack))
    done = write_error_text(s, 's', JS_DupValue(ctx, stack));
  else if (JS_IsException(stack))
    done = false;
  if (done && !JS_IsUninitialized(cause)) {
    write_byte(s, 'c');
    done = write_object(s, cause);
  }
  write_byte(s, '.');
  JS_FreeValue(ctx, stack);
  JS_FreeValue(ctx, message);
  JS_FreeValue(ctx, cause);
  return done;
}

static bool primordial_flag(JSContext *ctx, const char *name, JSValueConst object)
{
  JSValue value = call_primordial(ctx, name, 1, &object);
  if (JS_IsException(value))
    JS_FreeValue(ctx, JS_GetException(ctx));
  bool result = JS_IsBool(value) && JS_ToBool(ctx, value);
  JS_FreeValue(ctx, value);
  return result;
}

static bool write_array_buffer(ValueSerializer *s, JSValueConst buffer)
{
  uint32_t id;
  EngineView view;
  if (ids_find(&s->transfers, buffer, &id)) {
    write_byte(s, 't');
    serializer_write_varint(s, id);
    return true;
  }
  if (primordial_flag(s->ctx, "ArrayBufferPrototypeGetDetached", buffer)) {
    s->delegate->throw_data_clone_error(s, "An ArrayBuffer is detached and could not be cloned.");
    return false;
  }
  engine_view(buffer, &view);
  if (primordial_flag(s->ctx, "ArrayBufferPrototypeGetResizable", buffer)) {
    JSValue max = call_primordial(s->ctx, "ArrayBufferPrototypeGetMaxByteLength", 1, &buffer);
    write_byte(s, '~');
    serializer_write_varint(s, view.length);
    serializer_write_varint(s, (uint64_t)arg_int64(s->ctx, max));
    JS_FreeValue(s->ctx, max);
  } else {
    write_byte(s, 'B');
    serializer_write_varint(s, view.length);
  }
  serializer_write_bytes(s, view.data, view.length);
  return true;
}

static bool write_shared_buffer(ValueSerializer *s, JSValueConst buffer)
{
  uint32_t id;
  if (!s->delegate->shared_buffer_id)
    return not_cloneable(s, buffer);
  if (!s->delegate->shared_buffer_id(s, buffer, &id))
    return false;
  write_byte(s, 'u');
  serializer_write_varint(s, id);
  return true;
}

static const struct { int type; char tag; } view_tags[] = {
    {JS_TYPED_ARRAY_INT8, 'b'},      {JS_TYPED_ARRAY_UINT8, 'B'},      {JS_TYPED_ARRAY_UINT8C, 'C'},
    {JS_TYPED_ARRAY_INT16, 'w'},     {JS_TYPED_ARRAY_UINT16, 'W'},     {JS_TYPED_ARRAY_INT32, 'd'},
    {JS_TYPED_ARRAY_UINT32, 'D'},    {JS_TYPED_ARRAY_FLOAT16, 'h'},    {JS_TYPED_ARRAY_FLOAT32, 'f'},
    {JS_TYPED_ARRAY_FLOAT64, 'F'},   {JS_TYPED_ARRAY_BIG_INT64, 'q'},  {JS_TYPED_ARRAY_BIG_UINT64, 'Q'}};

static char view_tag(JSValueConst view)
{
  int type = JS_GetTypedArrayType(view);
  for (int i = 0; i < COUNT_OF(view_tags); i++) {
    if (view_tags[i].type == type)
      return view_tags[i].tag;
  }
  return '?';
}

static JSValue view_property(JSContext *ctx, JSValueConst view, const char *name)
{
  char full[64];
  snprintf(full, sizeof(full), "%sPrototypeGet%s", engine_kind(view) == ENGINE_DATA_VIEW ? "DataView" : "TypedArray", name);
  return call_primordial(ctx, full, 1, &view);
}

static bool write_host_object(ValueSerializer *s, JSValueConst object)
{
  write_byte(s, '\\');
  return s->delegate->write_host_object ? s->delegate->write_host_object(s, object) : not_cloneable(s, object);
}

static bool write_view(ValueSerializer *s, JSValueConst view)
{
  JSContext *ctx = s->ctx;
  if (s->views_are_host_objects)
    return write_host_object(s, view);
  JSValue offset = view_property(ctx, view, "ByteOffset"), buffer = view_property(ctx, view, "Buffer");
  EngineView bytes;
  engine_view(view, &bytes);
  bool done = !JS_IsException(offset) && !JS_IsException(buffer);
  bool resizable = done && primordial_flag(ctx, "ArrayBufferPrototypeGetResizable", buffer);
  write_byte(s, 'V');
  serializer_write_varint(s, (uint64_t)(unsigned char)view_tag(view));
  serializer_write_varint(s, (uint64_t)arg_int64(ctx, offset));
  serializer_write_varint(s, bytes.length);
  serializer_write_varint(s, resizable ? 2 : 0);
  JS_FreeValue(ctx, offset);
  JS_FreeValue(ctx, buffer);
  return done;
}

/* --- dispatch ---------------------------------------------------------------------------------------------------- */

static bool is_host_object(ValueSerializer *s, JSValueConst object)
{
  return s->delegate->is_host_object ? s->delegate->is_host_object(s, object) : is_base_object(object);
}

static bool write_receiver_body(ValueSerializer *s, JSValueConst object)
{
  switch (engine_kind(object)) {
  case ENGINE_ARRAY: return write_array(s, object);
  case ENGINE_OBJECT: case ENGINE_ARGUMENTS:
    return is_host_object(s, object) ? write_host_object(s, object) : write_plain_object(s, object);
  case ENGINE_ERROR: return is_host_object(s, object) ? write_host_object(s, object) : write_error(s, object);
  case ENGINE_DATE: return write_wrapper(s, object, 'D', "DatePrototypeGetTime");
  case ENGINE_BOOLEAN_OBJECT: return write_wrapper(s, object, 'y', "BooleanPrototypeValueOf");
  case ENGINE_NUMBER_OBJECT: return write_wrapper(s, object, 'n', "NumberPrototypeValueOf");
  case ENGINE_BIGINT_OBJECT: return write_wrapper(s, object, 'z', "BigIntPrototypeValueOf");
  case ENGINE_STRING_OBJECT: return write_wrapper(s, object, 's', "StringPrototypeValueOf");
  case ENGINE_REGEXP: return write_regexp(s, object);
  case ENGINE_MAP: return write_collection(s, object, ';', ':');
  case ENGINE_SET: return write_collection(s, object, '\'', ',');
  case ENGINE_ARRAY_BUFFER: return write_array_buffer(s, object);
  case ENGINE_SHARED_ARRAY_BUFFER: return write_shared_buffer(s, object);
  case ENGINE_TYPED_ARRAY: case ENGINE_DATA_VIEW: return write_view(s, object);
  default: return not_cloneable(s, object);
  }
}

static bool write_receiver(ValueSerializer *s, JSValueConst object)
{
  uint32_t id;
  if (ids_find(&s->ids, object, &id)) {
    write_byte(s, '^');
    serializer_write_varint(s, id);
    return true;
  }
  if (s->depth >= VALUE_DEPTH_LIMIT) {
    JS_ThrowRangeError(s->ctx, "Maximum call stack size exceeded");
    return false;
  }
  s->depth++;
  bool done = ids_add(s->ctx, &s->ids, object, s->ids.count) && write_receiver_body(s, object);
  s->depth--;
  return done;
}

/* A view's buffer comes before the view, unless the view was written already. */
static bool write_buffer_of(ValueSerializer *s, JSValueConst view)
{
  uint32_t id;
  EngineKind kind = engine_kind(view);
  if ((kind != ENGINE_TYPED_ARRAY && kind != ENGINE_DATA_VIEW) || s->views_are_host_objects || ids_find(&s->ids, view, &id))
    return true;
  JSValue buffer = view_property(s->ctx, view, "Buffer");
  bool done = !JS_IsException(buffer) && write_receiver(s, buffer);
  JS_FreeValue(s->ctx, buffer);
  return done;
}

static bool write_object(ValueSerializer *s, JSValueConst value)
{
  if (JS_IsUndefined(value))
    write_byte(s, '_');
  else if (JS_IsNull(value))
    write_byte(s, '0');
  else if (JS_IsBool(value))
    write_byte(s, JS_ToBool(s->ctx, value) ? 'T' : 'F');
  else if (JS_IsNumber(value))
    write_number(s, arg_double(s->ctx, value));
  else if (JS_IsString(value))
    return write_string(s, value);
  else if (JS_IsObject(value))
    return write_buffer_of(s, value) && write_receiver(s, value);
  else if (JS_IsBigInt(value)) {
    write_byte(s, 'Z');
    return write_bigint(s, value);
  } else
    return not_cloneable(s, value);
  return true;
}

bool serializer_write_value(ValueSerializer *s, JSValueConst value)
{
  if (!write_object(s, value))
    return false;
  if (s->out_of_memory)
    s->delegate->throw_data_clone_error(s, "Data cannot be cloned, out of memory.");
  return !s->out_of_memory;
}
