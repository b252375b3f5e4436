/* ipc_serdes: messages between processes with `serialization: 'advanced'`: a length, and the value in V8's format. */
#include <stdlib.h>
#include <string.h>

#include "../value_serializer.h"

enum { LENGTH_BYTES = 4 };
/* What stands before a host object. */
enum { VIEW, OTHER_OBJECT };
/* A Buffer among the kinds of views. */
enum { BUFFER = 10 };

/* The kinds of views in messages, as lib/v8.js numbers them. */
static const struct { uint32_t kind; int type; uint32_t element; } kinds[] = {
    {0, JS_TYPED_ARRAY_INT8, 1}, {1, JS_TYPED_ARRAY_UINT8, 1}, {2, JS_TYPED_ARRAY_UINT8C, 1},
    {3, JS_TYPED_ARRAY_INT16, 2}, {4, JS_TYPED_ARRAY_UINT16, 2}, {5, JS_TYPED_ARRAY_INT32, 4},
    {6, JS_TYPED_ARRAY_UINT32, 4}, {7, JS_TYPED_ARRAY_FLOAT32, 4}, {8, JS_TYPED_ARRAY_FLOAT64, 8},
    {9, -1 /* DataView */, 1}, {11, JS_TYPED_ARRAY_BIG_INT64, 8}, {12, JS_TYPED_ARRAY_BIG_UINT64, 8},
    {13, JS_TYPED_ARRAY_FLOAT16, 2},
};

/* --- writing ------------------------------------------------------------------------------------------------------- */

static void throw_data_clone_error(ValueSerializer *s, const char *message)
{
  JS_Throw(s->ctx, new_error_text(s->ctx, ERROR, message));
}

static bool is_buffer(ValueSerializer *s, JSValueConst view)
{
  JSValueConst buffer_class = *(JSValueConst *)s->opaque;
  JSValue constructor = JS_GetPropertyStr(s->ctx, view, "constructor");
  bool same = JS_IsObject(constructor) && engine_same_object(constructor, buffer_class);
  JS_FreeValue(s->ctx, constructor);
  return same;
}

static bool write_view(ValueSerializer *s, JSValueConst view)
{
  EngineView bytes;
  int type = JS_GetTypedArrayType(view), i = 0;
  uint32_t kind = BUFFER;
  if (!is_buffer(s, view)) {
    while (i < COUNT_OF(kinds) - 1 && kinds[i].type != type)
      i++;
    kind = kinds[i].kind;
  }
  if (!engine_view(view, &bytes) || bytes.length > UINT32_MAX) {
    throw_data_clone_error(s, "Unserializable host object");
    return false;
  }
  serializer_write_varint(s, VIEW);
  serializer_write_varint(s, kind);
  serializer_write_varint(s, bytes.length);
  serializer_write_bytes(s, bytes.data, bytes.length);
  return true;
}

/* Of other objects of ours what a copy of their properties has. */
static bool write_host_object(ValueSerializer *s, JSValueConst object)
{
  JSContext *ctx = s->ctx;
  EngineKind kind = engine_kind(object);
  if (kind == ENGINE_TYPED_ARRAY || kind == ENGINE_DATA_VIEW)
    return write_view(s, object);
  JSPropertyEnum *names;
  uint32_t count;
  if (JS_GetOwnPropertyNames(ctx, &names, &count, object, JS_GPN_STRING_MASK | JS_GPN_ENUM_ONLY))
    return false;
  JSValue copy = JS_NewObject(ctx);
  bool good = true;
  for (uint32_t i = 0; good && i < count; i++) {
    JSValue value = JS_GetProperty(ctx, object, names[i].atom);
    good = !JS_IsException(value) && JS_DefinePropertyValue(ctx, copy, names[i].atom, value, JS_PROP_C_W_E) >= 0;
  }
  JS_FreePropertyEnum(ctx, names, count);
  serializer_write_varint(s, OTHER_OBJECT);
  good = good && serializer_write_value(s, copy);
  JS_FreeValue(ctx, copy);
  return good;
}

static bool shared_buffer_id(ValueSerializer *s, JSValueConst buffer, uint32_t *id)
{
  throw_data_clone_error(s, "#<SharedArrayBuffer> could not be cloned.");
  return false;
}

static const SerializerDelegate writing = {.throw_data_clone_error = throw_data_clone_error,
                                           .write_host_object = write_host_object,
                                           .shared_buffer_id = shared_buffer_id};

/* (value, Buffer) */
static JSValue serialize(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  static const uint8_t place[LENGTH_BYTES];
  ValueSerializer s;
  JSValueConst buffer_class = argv[1];
  JSValue result = JS_EXCEPTION;
  value_serializer_init(&s, ctx, &writing, &buffer_class);
  s.views_are_host_objects = true;
  serializer_write_bytes(&s, place, sizeof(place));
  serializer_write_header(&s);
  if (serializer_write_value(&s, argv[0])) {
    if (s.out_of_memory) {
      JS_ThrowOutOfMemory(ctx);
    } else {
      uint32_t length = (uint32_t)(s.length - LENGTH_BYTES);
      for (int i = 0; i < LENGTH_BYTES; i++)
        s.bytes[i] = (uint8_t)(length >> (8 * (LENGTH_BYTES - 1 - i)));
      result = new_buffer(env_of(ctx), s.bytes, s.length);
    }
  }
  value_serializer_free(&s);
  return result;
}

/* --- reading ------------------------------------------------------------------------------------------------------- */

static JSValue malformed(JSContext *ctx, const char *what)
{
  return throw_code_error(ctx, ERROR, "ERR_INVALID_STATE", "%s", what);
}

static JSValue new_view(JSContext *ctx, uint32_t kind, const uint8_t *bytes, uint32_t length)
{
  if (kind == BUFFER)
    return new_buffer(env_of(ctx), bytes, length);
  int i = 0;
  while (i < COUNT_OF(kinds) && kinds[i].kind != kind)
    i++;
  if (i == COUNT_OF(kinds) || length % kinds[i].element)
    return malformed(ctx, "Invalid host object type index");
  JSValue memory = JS_NewArrayBufferCopy(ctx, bytes, length);
  if (JS_IsException(memory))
    return memory;
  JSValueConst arguments[] = {memory, JS_NewInt32(ctx, 0), JS_UNDEFINED};
  JSValue view = kinds[i].type < 0 ? construct_primordial(ctx, "DataView", 1, arguments)
                                   : JS_NewTypedArray(ctx, 3, arguments, (JSTypedArrayEnum)kinds[i].type);
  JS_FreeValue(ctx, memory);
  return view;
}

static JSValue read_host_object(ValueDeserializer *d)
{
  JSContext *ctx = d->ctx;
  uint32_t tag, kind, length;
  const uint8_t *bytes;
  if (!deserializer_read_uint32(d, &tag))
    return malformed(ctx, "Invalid host object");
  if (tag == OTHER_OBJECT) {
    JSValue value = deserializer_read_value(d);
    if (JS_IsException(value) || JS_IsObject(value))
      return value;
    JS_FreeValue(ctx, value);
    return malformed(ctx, "Host object must be an object");
  }
  if (tag != VIEW)
    return malformed(ctx, "Invalid host object tag");
  if (!deserializer_read_uint32(d, &kind) || !deserializer_read_uint32(d, &length) ||
      !deserializer_read_bytes(d, length, &bytes))
    return malformed(ctx, "Invalid host object");
  return new_view(ctx, kind, bytes, length);
}

static const DeserializerDelegate reading = {.read_host_object = read_host_object};

/* (bytes without the length) */
static JSValue deserialize(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  EngineView view;
  ValueDeserializer d;
  if (!engine_view(argv[0], &view))
    return throw_code_error(ctx, TYPE_ERROR, "ERR_INVALID_ARG_TYPE", "buffer must be a TypedArray or a DataView");
  if (!value_deserializer_init(&d, ctx, &reading, NULL, view.data, view.length))
    return JS_EXCEPTION;
  JSValue value = JS_EXCEPTION;
  if (deserializer_read_header(&d))
    value = deserializer_read_value(&d);
  else if (!JS_HasException(ctx))
    malformed(ctx, "Unable to deserialize cloned data.");
  value_deserializer_free(&d);
  return value;
}

void init_ipc_serdes(Env *env, JSContext *ctx, JSValueConst target)
{
  static const BindingFunction functions[] = {{"serialize", serialize, 2}, {"deserialize", deserialize, 1}};
  DEFINE_FUNCTIONS(ctx, target, functions);
}
