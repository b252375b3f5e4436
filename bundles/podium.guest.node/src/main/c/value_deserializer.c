/* Bytes to values. The bytes may come from anywhere: everything read is checked. */
#include "value_serializer.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Older ones were never shown to anybody; from this one on views have flags. */
enum { OLDEST_VERSION = 13, VIEW_FLAGS_VERSION = 14 };

bool value_deserializer_init(ValueDeserializer *d, JSContext *ctx, const DeserializerDelegate *delegate, void *opaque,
                             const uint8_t *bytes, size_t length)
{
  *d = (ValueDeserializer){
      .ctx = ctx, .delegate = delegate, .opaque = opaque, .bytes = bytes, .length = length, .transfers = JS_UNDEFINED};
  d->objects = JS_NewArray(ctx);
  d->transfers = JS_NewArray(ctx);
  return !JS_IsException(d->objects) && !JS_IsException(d->transfers);
}

void value_deserializer_free(ValueDeserializer *d)
{
  if (!d->ctx)
    return;
  JS_FreeValueRT(JS_GetRuntime(d->ctx), d->objects);
  JS_FreeValueRT(JS_GetRuntime(d->ctx), d->transfers);
  d->objects = d->transfers = JS_UNDEFINED;
}

void value_deserializer_mark(ValueDeserializer *d, JSRuntime *rt, JS_MarkFunc *mark)
{
  JS_MarkValue(rt, d->objects, mark);
  JS_MarkValue(rt, d->transfers, mark);
}

void deserializer_transfer(ValueDeserializer *d, uint32_t id, JSValueConst buffer)
{
  JS_DefinePropertyValueUint32(d->ctx, d->transfers, id, JS_DupValue(d->ctx, buffer), JS_PROP_C_W_E);
}

/* --- bytes ------------------------------------------------------------------------------------------------------- */

bool deserializer_read_bytes(ValueDeserializer *d, size_t length, const uint8_t **bytes)
{
  if (length > d->length - d->position)
    return false;
  *bytes = d->bytes + d->position;
  d->position += length;
  return true;
}

static bool read_varint(ValueDeserializer *d, int bits, uint64_t *value)
{
  *value = 0;
  for (int shift = 0; d->position < d->length; shift += 7) {
    uint8_t byte = d->bytes[d->position];
    if (shift >= bits)
      return true;
    d->position++;
    *value |= (uint64_t)(byte & 0x7f) << shift;
    if (!(byte & 0x80))
      return true;
  }
  return false;
}

bool deserializer_read_uint64(ValueDeserializer *d, uint64_t *value) { return read_varint(d, 64, value); }

bool deserializer_read_uint32(ValueDeserializer *d, uint32_t *value)
{
  uint64_t wide;
  if (!read_varint(d, 32, &wide))
    return false;
  *value = (uint32_t)wide;
  return true;
}

bool deserializer_read_double(ValueDeserializer *d, double *value)
{
  const uint8_t *bytes;
  if (!deserializer_read_bytes(d, sizeof(*value), &bytes))
    return false;
  memcpy(value, bytes, sizeof(*value));
  if (isnan(*value))
    *value = NAN; /* no payload comes in */
  return true;
}

/* The next tag without taking it; -1 at the end. Padding is skipped. */
static int peek_tag(ValueDeserializer *d)
{
  size_t position = d->position;
  while (position < d->length && d->bytes[position] == 0)
    position++;
  return position < d->length ? d->bytes[position] : -1;
}

static int read_tag(ValueDeserializer *d)
{
  while (d->position < d->length && d->bytes[d->position] == 0)
    d->position++;
  return d->position < d->length ? d->bytes[d->position++] : -1;
}

bool deserializer_read_header(ValueDeserializer *d)
{
  if (d->position < d->length && d->bytes[d->position] == 0xff) {
    d->position++;
    if (!deserializer_read_uint32(d, &d->version))
      d->version = 0;
  }
  if (d->version >= OLDEST_VERSION && d->version <= WIRE_FORMAT_VERSION)
    return true;
  JS_ThrowPlainError(d->ctx, "Unable to deserialize cloned data due to invalid or unsupported version.");
  return false;
}

/* --- values ------------------------------------------------------------------------------------------------------ */

/* Functions here give JS_EXCEPTION for bad bytes too, mostly without an exception pending: the entry adds it. */
static JSValue read_object(ValueDeserializer *d);

static void remember(ValueDeserializer *d, uint32_t id, JSValueConst object)
{
  JS_DefinePropertyValueUint32(d->ctx, d->objects, id, JS_DupValue(d->ctx, object), JS_PROP_C_W_E);
}

/* Hexadecimal digits of a magnitude, or of its two's complement with one byte more. */
static void hex_of(const uint8_t *digits, size_t count, bool negative, char *text)
{
  unsigned carry = negative;
  for (size_t i = 0; i < count + negative; i++) {
    unsigned byte = i < count ? digits[i] : 0;
    if (negative) {
      byte = (~byte & 0xff) + carry;
      carry = byte >> 8;
    }
    char *at = text + 2 * (count + negative - 1 - i);
    at[0] = "0123456789abcdef"[(byte >> 4) & 15];
    at[1] = "0123456789abcdef"[byte & 15];
  }
  text[2 * (count + negative)] = 0;
}

static JSValue read_bigint(ValueDeserializer *d)
{
  JSContext *ctx = d->ctx;
  uint32_t field;
  const uint8_t *digits;
  if (!deserializer_read_uint32(d, &field) || !deserializer_read_bytes(d, field >> 1, &digits))
    return JS_EXCEPTION;
  size_t count = field >> 1;
  bool negative = (field & 1) && count;
  char *text = malloc(2 * count + 8);
  if (!text)
    return JS_ThrowOutOfMemory(ctx);
  strcpy(text, "0x0");
  hex_of(digits, count, negative, text + 3);
  JSValue string = JS_NewString(ctx, text);
  free(text);
  JSValue value = call_primordial(ctx, "BigInt", 1, (JSValueConst *)&string);
  JS_FreeValue(ctx, string);
  if (!negative || JS_IsException(value))
    return value;
  JSValueConst arguments[] = {JS_NewUint32(ctx, (uint32_t)(count + 1) * 8), value};
  JSValue result = call_primordial(ctx, "BigIntAsIntN", 2, arguments);
  JS_FreeValue(ctx, value);
  return result;
}

static JSValue read_one_byte_string(ValueDeserializer *d)
{
  uint32_t length;
  const uint8_t *bytes;
  if (!deserializer_read_uint32(d, &length) || !deserializer_read_bytes(d, length, &bytes))
    return JS_EXCEPTION;
  return engine_new_latin1(d->ctx, bytes, length);
}

static JSValue read_utf8_string(ValueDeserializer *d)
{
  uint32_t length;
  const uint8_t *bytes;
  if (!deserializer_read_uint32(d, &length) || !deserializer_read_bytes(d, length, &bytes))
    return JS_EXCEPTION;
  return JS_NewStringLen(d->ctx, (const char *)bytes, length);
}

static JSValue read_two_byte_string(ValueDeserializer *d)
{
  uint32_t length;
  const uint8_t *bytes;
  uint16_t *units;
  if (!deserializer_read_uint32(d, &length) || length % 2 || !deserializer_read_bytes(d, length, &bytes))
    return JS_EXCEPTION;
  if (length == 0)
    return JS_NewString(d->ctx, "");
  JSValue string = engine_new_utf16_buffer(d->ctx, length / 2, &units);
  if (!JS_IsException(string))
    memcpy(units, bytes, length);
  return string;
}

static JSValue read_string(ValueDeserializer *d)
{
  JSValue value = read_object(d);
  if (JS_IsString(value) || JS_IsException(value))
    return value;
  JS_FreeValue(d->ctx, value);
  return JS_EXCEPTION;
}

/* --- objects and arrays ------------------------------------------------------------------------------------------ */

/* Key and value pairs up to `end`. */
static bool read_properties(ValueDeserializer *d, JSValueConst object, int end, uint32_t *count)
{
  JSContext *ctx = d->ctx;
  for (*count = 0;; ++*count) {
    int tag = peek_tag(d);
    if (tag == end) {
      read_tag(d);
      return true;
    }
    JSValue key = tag < 0 ? JS_EXCEPTION : read_object(d);
    bool valid = JS_IsString(key) || JS_IsNumber(key);
    JSAtom name = valid ? JS_ValueToAtom(ctx, key) : JS_ATOM_NULL;
    JS_FreeValue(ctx, key);
    JSValue value = name == JS_ATOM_NULL ? JS_EXCEPTION : read_object(d);
    bool done = !JS_IsException(value) && JS_DefinePropertyValue(ctx, object, name, value, JS_PROP_C_W_E) >= 0;
    JS_FreeAtom(ctx, name);
    if (!done)
      return false;
  }
}

/* Gives `object` if `done`, else frees it. */
static JSValue finished(ValueDeserializer *d, JSValue object, bool done)
{
  if (done)
    return object;
  JS_FreeValue(d->ctx, object);
  return JS_EXCEPTION;
}

static JSValue read_plain_object(ValueDeserializer *d)
{
  uint32_t count, expected;
  JSValue object = JS_NewObject(d->ctx);
  if (JS_IsException(object))
    return object;
  remember(d, d->next_id++, object);
  return finished(d, object, read_properties(d, object, '{', &count) && deserializer_read_uint32(d, &expected) &&
                                 count == expected);
}

static bool read_elements(ValueDeserializer *d, JSValueConst array, uint32_t length)
{
  for (uint32_t i = 0; i < length; i++) {
    if (peek_tag(d) == '-') {
      read_tag(d);
      continue;
    }
    JSValue value = read_object(d);
    if (JS_IsException(value) || JS_DefinePropertyValueUint32(d->ctx, array, i, value, JS_PROP_C_W_E) < 0)
      return false;
  }
  return true;
}

static JSValue read_array(ValueDeserializer *d, bool dense)
{
  uint32_t length, count, expected, expected_length;
  if (!deserializer_read_uint32(d, &length) || (dense && length > d->length - d->position))
    return JS_EXCEPTION;
  JSValue array = JS_NewArray(d->ctx);
  if (JS_IsException(array))
    return array;
  remember(d, d->next_id++, array);
  bool done = (!dense || read_elements(d, array, length)) && JS_SetLength(d->ctx, array, length) >= 0 &&
              read_properties(d, array, dense ? '$' : '@', &count) && deserializer_read_uint32(d, &expected) &&
              deserializer_read_uint32(d, &expected_length) && count == expected && length == expected_length;
  return finished(d, array, done);
}

static JSValue read_collection(ValueDeserializer *d, const char *constructor, const char *adder, int end, int size)
{
  JSContext *ctx = d->ctx;
  uint32_t count = 0, expected;
  JSValue object = construct_primordial(ctx, constructor, 0, NULL);
  if (JS_IsException(object))
    return object;
  remember(d, d->next_id++, object);
  for (int tag; (tag = peek_tag(d)) != end; count += (uint32_t)size) {
    JSValue items[2] = {tag < 0 ? JS_EXCEPTION : read_object(d), JS_UNDEFINED};
    if (size == 2 && !JS_IsException(items[0]))
      items[1] = read_object(d);
    bool read = !JS_IsException(items[0]) && !JS_IsException(items[1]);
    JSValueConst arguments[] = {object, items[0], items[1]};
    JSValue added = read ? call_primordial(ctx, adder, 1 + size, arguments) : JS_EXCEPTION;
    bool done = !JS_IsException(added);
    JS_FreeValue(ctx, added);
    JS_FreeValue(ctx, items[0]);
    JS_FreeValue(ctx, items[1]);
    if (!done)
      return finished(d, object, false);
  }
  read_tag(d);
  return finished(d, object, deserializer_read_uint32(d, &expected) && count == expected);
}

/* --- wrappers ---------------------------------------------------------------------------------------------------- */

/* Takes `value`; gives a new `constructor`(value), remembered. */
static JSValue wrapped(ValueDeserializer *d, uint32_t id, const char *constructor, JSValue value)
{
  if (JS_IsException(value))
    return value;
  JSValue object = construct_primordial(d->ctx, constructor, 1, (JSValueConst *)&value);
  JS_FreeValue(d->ctx, value);
  if (!JS_IsException(object))
    remember(d, id, object);
  return object;
}

static JSValue read_number_wrapper(ValueDeserializer *d, const char *constructor)
{
  double number;
  if (!deserializer_read_double(d, &number))
    return JS_EXCEPTION;
  return wrapped(d, d->next_id++, constructor, JS_NewNumber(d->ctx, number));
}

static JSValue read_bigint_wrapper(ValueDeserializer *d)
{
  uint32_t id = d->next_id++;
  JSValue value = read_bigint(d);
  JSValue object = JS_IsException(value) ? value : call_primordial(d->ctx, "Object", 1, (JSValueConst *)&value);
  if (!JS_IsException(object)) {
    JS_FreeValue(d->ctx, value);
    remember(d, id, object);
  }
  return object;
}

static JSValue read_string_wrapper(ValueDeserializer *d)
{
  uint32_t id = d->next_id++;
  return wrapped(d, id, "String", read_string(d));
}

static JSValue read_regexp(ValueDeserializer *d)
{
  static const char letters[] = "gimyusldv";
  char flags[10];
  uint32_t bits, id = d->next_id++, length = 0;
  JSValue source = read_string(d);
  if (JS_IsException(source) || !deserializer_read_uint32(d, &bits) || bits >= 1u << 9 || (bits & (1u << 6)))
    return finished(d, source, false);
  for (int i = 0; i < 9; i++) {
    if (bits & (1u << i))
      flags[length++] = letters[i];
  }
  JSValue text = JS_NewStringLen(d->ctx, flags, length);
  JSValueConst arguments[] = {source, text};
  JSValue regexp = construct_primordial(d->ctx, "RegExp", 2, arguments);
  JS_FreeValue(d->ctx, text);
  JS_FreeValue(d->ctx, source);
  if (!JS_IsException(regexp))
    remember(d, id, regexp);
  return regexp;
}

/* --- errors ------------------------------------------------------------------------------------------------------ */

static const char *error_class(int tag)
{
  switch (tag) {
  case 'E': return "EvalError";
  case 'R': return "RangeError";
  case 'F': return "ReferenceError";
  case 'S': return "SyntaxError";
  case 'T': return "TypeError";
  case 'U': return "URIError";
  default: return NULL;
  }
}

static int read_error_tag(ValueDeserializer *d) { return d->position < d->length ? d->bytes[d->position++] : -1; }

/* The parts of an error in their order; JS_EXCEPTION in `parts` for bad bytes. */
static JSValue new_error(ValueDeserializer *d, const char *name, int *tag, JSValue *stack)
{
  JSContext *ctx = d->ctx;
  JSValue message = JS_UNDEFINED;
  *stack = JS_UNDEFINED;
  if (*tag == 'm') {
    message = read_string(d);
    *tag = read_error_tag(d);
  }
  if (*tag == 's' && !JS_IsException(message)) {
    *stack = read_string(d);
    *tag = read_error_tag(d);
  }
  if (JS_IsException(message) || JS_IsException(*stack)) {
    JS_FreeValue(ctx, message);
    return JS_EXCEPTION;
  }
  JSValue error = construct_primordial(ctx, name, JS_IsUndefined(message) ? 0 : 1, (JSValueConst *)&message);
  JS_FreeValue(ctx, message);
  return error;
}

static JSValue read_error(ValueDeserializer *d)
{
  JSContext *ctx = d->ctx;
  uint32_t id = d->next_id++;
  int tag = read_error_tag(d);
  const char *name = error_class(tag);
  JSValue stack;
  if (name)
    tag = read_error_tag(d);
  JSValue error = new_error(d, name ? name : "Error", &tag, &stack);
  if (JS_IsException(error)) {
    JS_FreeValue(ctx, stack);
    return error;
  }
  define_hidden(ctx, error, "stack", stack);
  remember(d, id, error);
  bool done = true;
  if (tag == 'c') {
    JSValue cause = read_object(d);
    done = !JS_IsException(cause);
    if (done)
      define_hidden(ctx, error, "cause", cause);
    tag = read_error_tag(d);
  }
  return finished(d, error, done && tag == '.');
}

/* --- buffers ----------------------------------------------------------------------------------------------------- */

static JSValue read_array_buffer(ValueDeserializer *d, bool resizable)
{
  JSContext *ctx = d->ctx;
  uint32_t id = d->next_id++, length, max = 0;
  const uint8_t *bytes;
  EngineView view;
  if (!deserializer_read_uint32(d, &length) || (resizable && (!deserializer_read_uint32(d, &max) || max < length)) ||
      !deserializer_read_bytes(d, length, &bytes))
    return JS_EXCEPTION;
  JSValue buffer;
  if (resizable) {
    JSValue options = JS_NewObject(ctx);
    define_number(ctx, options, "maxByteLength", max);
    JSValueConst arguments[] = {JS_NewUint32(ctx, length), options};
    buffer = construct_primordial(ctx, "ArrayBuffer", 2, arguments);
    JS_FreeValue(ctx, options);
    if (!JS_IsException(buffer) && engine_view(buffer, &view) && view.length == length && length)
      memcpy(view.data, bytes, length);
  } else {
    buffer = JS_NewArrayBufferCopy(ctx, bytes, length);
  }
  if (!JS_IsException(buffer))
    remember(d, id, buffer);
  return buffer;
}

static JSValue read_transferred_buffer(ValueDeserializer *d)
{
  uint32_t id = d->next_id++, number;
  if (!deserializer_read_uint32(d, &number))
    return JS_EXCEPTION;
  JSValue buffer = JS_GetPropertyUint32(d->ctx, d->transfers, number);
  if (JS_IsObject(buffer))
    remember(d, id, buffer);
  return finished(d, buffer, JS_IsObject(buffer));
}

static JSValue read_shared_buffer(ValueDeserializer *d)
{
  uint32_t id = d->next_id++, number;
  if (!deserializer_read_uint32(d, &number))
    return JS_EXCEPTION;
  JSValue buffer = d->delegate && d->delegate->shared_buffer ? d->delegate->shared_buffer(d, number)
                                                             : JS_GetPropertyUint32(d->ctx, d->transfers, number);
  if (JS_IsObject(buffer))
    remember(d, id, buffer);
  return finished(d, buffer, JS_IsObject(buffer));
}

static const char *view_class(int tag, uint32_t *element)
{
  static const struct { char tag; uint8_t element; const char *name; } views[] = {
      {'b', 1, "Int8Array"},    {'B', 1, "Uint8Array"},    {'C', 1, "Uint8ClampedArray"}, {'w', 2, "Int16Array"},
      {'W', 2, "Uint16Array"},  {'d', 4, "Int32Array"},    {'D', 4, "Uint32Array"},       {'h', 2, "Float16Array"},
      {'f', 4, "Float32Array"}, {'F', 8, "Float64Array"},  {'q', 8, "BigInt64Array"},     {'Q', 8, "BigUint64Array"},
      {'?', 1, "DataView"}};
  for (int i = 0; i < COUNT_OF(views); i++) {
    if (views[i].tag == tag) {
      *element = views[i].element;
      return views[i].name;
    }
  }
  return NULL;
}

/* A view of the buffer just read; takes the buffer. */
static JSValue read_view(ValueDeserializer *d, JSValue buffer)
{
  EngineView bytes;
  uint32_t tag, offset, length, flags = 0, element;
  bool read = deserializer_read_uint32(d, &tag) && deserializer_read_uint32(d, &offset) &&
              deserializer_read_uint32(d, &length) && (d->version < VIEW_FLAGS_VERSION || deserializer_read_uint32(d, &flags));
  const char *name = read ? view_class((int)tag, &element) : NULL;
  if (!name || !engine_view(buffer, &bytes) || offset > bytes.length || length > bytes.length - offset ||
      offset % element || length % element)
    return finished(d, buffer, false);
  uint32_t id = d->next_id++;
  JSValueConst arguments[] = {buffer, JS_NewUint32(d->ctx, offset), JS_NewUint32(d->ctx, length / element)};
  JSValue view = construct_primordial(d->ctx, name, (flags & 1) ? 2 : 3, arguments);
  JS_FreeValue(d->ctx, buffer);
  if (!JS_IsException(view))
    remember(d, id, view);
  return view;
}

static JSValue read_host_object(ValueDeserializer *d)
{
  uint32_t id = d->next_id++;
  if (!d->delegate || !d->delegate->read_host_object)
    return JS_EXCEPTION;
  JSValue object = d->delegate->read_host_object(d);
  if (!JS_IsException(object))
    remember(d, id, object);
  return object;
}

/* --- dispatch ---------------------------------------------------------------------------------------------------- */

static JSValue read_reference(ValueDeserializer *d)
{
  uint32_t id;
  if (!deserializer_read_uint32(d, &id) || id >= d->next_id)
    return JS_EXCEPTION;
  JSValue object = JS_GetPropertyUint32(d->ctx, d->objects, id);
  return finished(d, object, JS_IsObject(object));
}

static JSValue read_number(ValueDeserializer *d, int tag)
{
  uint32_t integer;
  double number;
  if (tag == 'N')
    return deserializer_read_double(d, &number) ? JS_NewNumber(d->ctx, number) : JS_EXCEPTION;
  if (!deserializer_read_uint32(d, &integer))
    return JS_EXCEPTION;
  if (tag == 'U')
    return JS_NewUint32(d->ctx, integer);
  return JS_NewInt32(d->ctx, (int32_t)((integer >> 1) ^ -(integer & 1)));
}

static JSValue read_by_tag(ValueDeserializer *d, int tag)
{
  uint32_t count;
  switch (tag) {
  case '?': return deserializer_read_uint32(d, &count) ? read_object(d) : JS_EXCEPTION;
  case '_': return JS_UNDEFINED;
  case '0': return JS_NULL;
  case 'T': return JS_TRUE;
  case 'F': return JS_FALSE;
  case 'I': case 'U': case 'N': return read_number(d, tag);
  case 'Z': return read_bigint(d);
  case 'S': return read_utf8_string(d);
  case '"': return read_one_byte_string(d);
  case 'c': return read_two_byte_string(d);
  case '^': return read_reference(d);
  case 'o': return read_plain_object(d);
  case 'a': return read_array(d, false);
  case 'A': return read_array(d, true);
  case 'D': return read_number_wrapper(d, "Date");
  case 'y': return wrapped(d, d->next_id++, "Boolean", JS_TRUE);
  case 'x': return wrapped(d, d->next_id++, "Boolean", JS_FALSE);
  case 'n': return read_number_wrapper(d, "Number");
  case 'z': return read_bigint_wrapper(d);
  case 's': return read_string_wrapper(d);
  case 'R': return read_regexp(d);
  case ';': return read_collection(d, "Map", "MapPrototypeSet", ':', 2);
  case '\'': return read_collection(d, "Set", "SetPrototypeAdd", ',', 1);
  case 'B': return read_array_buffer(d, false);
  case '~': return read_array_buffer(d, true);
  case 't': return read_transferred_buffer(d);
  case 'u': return read_shared_buffer(d);
  case 'r': return read_error(d);
  case '\\': return read_host_object(d);
  default: return JS_EXCEPTION;
  }
}

static JSValue read_object(ValueDeserializer *d)
{
  if (d->depth >= VALUE_DEPTH_LIMIT)
    return JS_ThrowRangeError(d->ctx, "Maximum call stack size exceeded");
  d->depth++;
  JSValue value = read_by_tag(d, read_tag(d));
  EngineKind kind = JS_IsObject(value) ? engine_kind(value) : ENGINE_NOT_OBJECT;
  if ((kind == ENGINE_ARRAY_BUFFER || kind == ENGINE_SHARED_ARRAY_BUFFER) && peek_tag(d) == 'V') {
    read_tag(d);
    value = read_view(d, value);
  }
  d->depth--;
  return value;
}

JSValue deserializer_read_value(ValueDeserializer *d)
{
  JSValue value = read_object(d);
  if (JS_IsException(value) && !JS_HasException(d->ctx))
    JS_ThrowPlainError(d->ctx, "Unable to deserialize cloned data.");
  return value;
}
