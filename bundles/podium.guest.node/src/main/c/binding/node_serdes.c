/* serdes: Serializer and Deserializer of the v8 module. The library's subclasses answer what the format leaves open. */
#include "../value_serializer.h"

#include <stdlib.h>
#include <string.h>

typedef struct Serializer {
  BaseObject base; /* first */
  ValueSerializer values;
} Serializer;

typedef struct Deserializer {
  BaseObject base; /* first */
  ValueDeserializer values;
  JSValue buffer; /* whose bytes these are */
} Deserializer;

/* A method of the object the state belongs to; JS_UNDEFINED if there is none. */
static JSValue method(JSContext *ctx, JSValueConst object, const char *name)
{
  JSValue function = JS_GetPropertyStr(ctx, object, name);
  if (JS_IsException(function) || JS_IsFunction(ctx, function))
    return function;
  JS_FreeValue(ctx, function);
  return JS_UNDEFINED;
}

static JSValue plain_error(JSContext *ctx, JSValueConst message)
{
  return construct_primordial(ctx, "Error", 1, &message);
}

static JSValue throw_without_new(JSContext *ctx, const char *class)
{
  return throw_code_error(ctx, TYPE_ERROR, "ERR_CONSTRUCT_CALL_REQUIRED", "Class constructor %s cannot be invoked without 'new'",
                          class);
}

/* --- Serializer -------------------------------------------------------------------------------------------------- */

static void throw_data_clone_error(ValueSerializer *s, const char *message)
{
  JSContext *ctx = s->ctx;
  JSValueConst self = ((Serializer *)s->opaque)->base.object;
  JSValue make = method(ctx, self, "_getDataCloneError");
  JSValue text = JS_NewString(ctx, message);
  JSValue error = JS_IsFunction(ctx, make) ? JS_Call(ctx, make, self, 1, (JSValueConst *)&text)
                                           : plain_error(ctx, text);
  if (!JS_IsException(error))
    JS_Throw(ctx, error);
  JS_FreeValue(ctx, text);
  JS_FreeValue(ctx, make);
}

static bool write_host_object(ValueSerializer *s, JSValueConst object)
{
  JSContext *ctx = s->ctx;
  JSValueConst self = ((Serializer *)s->opaque)->base.object;
  JSValue write = method(ctx, self, "_writeHostObject");
  if (JS_IsUndefined(write)) {
    throw_data_clone_error(s, "#<Object> could not be cloned.");
    return false;
  }
  JSValue result = JS_Call(ctx, write, self, 1, &object);
  bool done = !JS_IsException(result);
  JS_FreeValue(ctx, result);
  JS_FreeValue(ctx, write);
  return done;
}

static bool shared_buffer_id(ValueSerializer *s, JSValueConst buffer, uint32_t *id)
{
  JSContext *ctx = s->ctx;
  JSValueConst self = ((Serializer *)s->opaque)->base.object;
  JSValue identify = method(ctx, self, "_getSharedArrayBufferId");
  if (JS_IsUndefined(identify)) {
    throw_data_clone_error(s, "#<SharedArrayBuffer> could not be cloned.");
    return false;
  }
  JSValue number = JS_Call(ctx, identify, self, 1, &buffer);
  bool done = !JS_IsException(number) && JS_ToUint32(ctx, id, number) == 0;
  JS_FreeValue(ctx, number);
  JS_FreeValue(ctx, identify);
  return done;
}

static const SerializerDelegate serializer_delegate = {.throw_data_clone_error = throw_data_clone_error,
                                                       .write_host_object = write_host_object,
                                                       .shared_buffer_id = shared_buffer_id};

static void serializer_finalize(BaseObject *base) { value_serializer_free(&((Serializer *)base)->values); }

static void serializer_mark(BaseObject *base, JSRuntime *rt, JS_MarkFunc *mark)
{
  value_serializer_mark(&((Serializer *)base)->values, rt, mark);
}

static const BaseType serializer_type = {"Serializer", NULL, serializer_finalize, serializer_mark};

static JSValue new_serializer(JSContext *ctx, JSValueConst new_target, int argc, JSValueConst *argv)
{
  if (JS_IsUndefined(new_target))
    return throw_without_new(ctx, "Serializer");
  Serializer *state;
  JSValue object = base_object_new(ctx, new_target, &serializer_type, sizeof(*state), &state);
  if (!JS_IsException(object))
    value_serializer_init(&state->values, ctx, &serializer_delegate, state);
  return object;
}

static ValueSerializer *serializer_of(JSContext *ctx, JSValueConst self)
{
  Serializer *state = base_object_get(ctx, self, &serializer_type);
  return state ? &state->values : NULL;
}

static JSValue write_header(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  ValueSerializer *s = serializer_of(ctx, self);
  if (!s)
    return JS_EXCEPTION;
  serializer_write_header(s);
  return JS_UNDEFINED;
}

static JSValue write_value(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  ValueSerializer *s = serializer_of(ctx, self);
  return s && serializer_write_value(s, argv[0]) ? JS_TRUE : JS_EXCEPTION;
}

static JSValue release_buffer(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  ValueSerializer *s = serializer_of(ctx, self);
  if (!s)
    return JS_EXCEPTION;
  JSValue buffer = new_buffer_taking(env_of(ctx), s->bytes, s->length);
  s->bytes = NULL;
  s->length = s->room = 0;
  return buffer;
}

static JSValue serializer_transfer_buffer(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  uint32_t id;
  ValueSerializer *s = serializer_of(ctx, self);
  if (!s || JS_ToUint32(ctx, &id, argv[0]) < 0)
    return JS_EXCEPTION;
  if (engine_kind(argv[1]) != ENGINE_ARRAY_BUFFER)
    return throw_code_error(ctx, TYPE_ERROR, "ERR_INVALID_ARG_TYPE", "arrayBuffer must be an ArrayBuffer");
  return serializer_transfer(s, id, argv[1]) ? JS_UNDEFINED : JS_EXCEPTION;
}

static JSValue write_uint32(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  uint32_t value;
  ValueSerializer *s = serializer_of(ctx, self);
  if (!s || JS_ToUint32(ctx, &value, argv[0]) < 0)
    return JS_EXCEPTION;
  serializer_write_varint(s, value);
  return JS_UNDEFINED;
}

static JSValue write_uint64(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  uint32_t high, low;
  ValueSerializer *s = serializer_of(ctx, self);
  if (!s || JS_ToUint32(ctx, &high, argv[0]) < 0 || JS_ToUint32(ctx, &low, argv[1]) < 0)
    return JS_EXCEPTION;
  serializer_write_varint(s, ((uint64_t)high << 32) | low);
  return JS_UNDEFINED;
}

static JSValue write_double(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  double value;
  ValueSerializer *s = serializer_of(ctx, self);
  if (!s || JS_ToFloat64(ctx, &value, argv[0]) < 0)
    return JS_EXCEPTION;
  serializer_write_double(s, value);
  return JS_UNDEFINED;
}

static JSValue write_raw_bytes(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  EngineView view;
  EngineKind kind = engine_kind(argv[0]);
  ValueSerializer *s = serializer_of(ctx, self);
  if (!s)
    return JS_EXCEPTION;
  if ((kind != ENGINE_TYPED_ARRAY && kind != ENGINE_DATA_VIEW) || !engine_view(argv[0], &view))
    return throw_code_error(ctx, TYPE_ERROR, "ERR_INVALID_ARG_TYPE", "source must be a TypedArray or a DataView");
  serializer_write_bytes(s, view.data, view.length);
  return JS_UNDEFINED;
}

static JSValue treat_views_as_host_objects(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  ValueSerializer *s = serializer_of(ctx, self);
  if (!s)
    return JS_EXCEPTION;
  s->views_are_host_objects = arg_bool(ctx, argv[0]);
  return JS_UNDEFINED;
}

/* --- Deserializer ------------------------------------------------------------------------------------------------ */

static JSValue call_read_host_object(ValueDeserializer *d)
{
  JSContext *ctx = d->ctx;
  JSValueConst self = ((Deserializer *)d->opaque)->base.object;
  JSValue read = method(ctx, self, "_readHostObject");
  if (!JS_IsFunction(ctx, read))
    return JS_EXCEPTION;
  JSValue object = JS_Call(ctx, read, self, 0, NULL);
  JS_FreeValue(ctx, read);
  if (JS_IsException(object) || JS_IsObject(object))
    return object;
  JS_FreeValue(ctx, object);
  return JS_ThrowTypeError(ctx, "readHostObject must return an object");
}

static const DeserializerDelegate deserializer_delegate = {.read_host_object = call_read_host_object};

static void deserializer_finalize(BaseObject *base)
{
  Deserializer *state = (Deserializer *)base;
  value_deserializer_free(&state->values);
  JS_FreeValueRT(the_env->rt, state->buffer);
}

static void deserializer_mark(BaseObject *base, JSRuntime *rt, JS_MarkFunc *mark)
{
  Deserializer *state = (Deserializer *)base;
  value_deserializer_mark(&state->values, rt, mark);
  JS_MarkValue(rt, state->buffer, mark);
}

static const BaseType deserializer_type = {"Deserializer", NULL, deserializer_finalize, deserializer_mark};

/* new Deserializer(view) */
static JSValue new_deserializer(JSContext *ctx, JSValueConst new_target, int argc, JSValueConst *argv)
{
  if (JS_IsUndefined(new_target))
    return throw_without_new(ctx, "Deserializer");
  Deserializer *state;
  EngineView view;
  EngineKind kind = argc > 0 ? engine_kind(argv[0]) : ENGINE_NOT_OBJECT;
  if ((kind != ENGINE_TYPED_ARRAY && kind != ENGINE_DATA_VIEW) || !engine_view(argv[0], &view))
    return throw_code_error(ctx, TYPE_ERROR, "ERR_INVALID_ARG_TYPE", "buffer must be a TypedArray or a DataView");
  JSValue object = base_object_new(ctx, new_target, &deserializer_type, sizeof(*state), &state);
  if (JS_IsException(object))
    return object;
  state->buffer = JS_DupValue(ctx, argv[0]);
  define_value(ctx, object, "buffer", JS_DupValue(ctx, argv[0]));
  if (value_deserializer_init(&state->values, ctx, &deserializer_delegate, state, view.data, view.length))
    return object;
  JS_FreeValue(ctx, object);
  return JS_EXCEPTION;
}

/* The reader of `self`, looking at where the buffer's bytes are now: scripts may have detached or shrunk it. */
static ValueDeserializer *deserializer_of(JSContext *ctx, JSValueConst self)
{
  EngineView view;
  Deserializer *state = base_object_get(ctx, self, &deserializer_type);
  if (!state || !engine_view(state->buffer, &view))
    return NULL;
  state->values.bytes = view.data;
  state->values.length = view.length;
  if (state->values.position > view.length)
    state->values.position = view.length;
  return &state->values;
}

static JSValue read_header(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  ValueDeserializer *d = deserializer_of(ctx, self);
  return d && deserializer_read_header(d) ? JS_TRUE : JS_EXCEPTION;
}

static JSValue read_value(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  ValueDeserializer *d = deserializer_of(ctx, self);
  return d ? deserializer_read_value(d) : JS_EXCEPTION;
}

static JSValue get_wire_format_version(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  ValueDeserializer *d = deserializer_of(ctx, self);
  return d ? JS_NewUint32(ctx, d->version) : JS_EXCEPTION;
}

static JSValue deserializer_transfer_buffer(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  uint32_t id;
  ValueDeserializer *d = deserializer_of(ctx, self);
  EngineKind kind = engine_kind(argv[1]);
  if (!d || JS_ToUint32(ctx, &id, argv[0]) < 0)
    return JS_EXCEPTION;
  if (kind != ENGINE_ARRAY_BUFFER && kind != ENGINE_SHARED_ARRAY_BUFFER)
    return throw_code_error(ctx, TYPE_ERROR, "ERR_INVALID_ARG_TYPE",
                            "arrayBuffer must be an ArrayBuffer or SharedArrayBuffer");
  deserializer_transfer(d, id, argv[1]);
  return JS_UNDEFINED;
}

static JSValue read_uint32(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  uint32_t value;
  ValueDeserializer *d = deserializer_of(ctx, self);
  if (!d)
    return JS_EXCEPTION;
  if (!deserializer_read_uint32(d, &value))
    return JS_ThrowPlainError(ctx, "ReadUint32() failed");
  return JS_NewUint32(ctx, value);
}

static JSValue read_uint64(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  uint64_t value;
  ValueDeserializer *d = deserializer_of(ctx, self);
  if (!d)
    return JS_EXCEPTION;
  if (!deserializer_read_uint64(d, &value))
    return JS_ThrowPlainError(ctx, "ReadUint64() failed");
  JSValue halves = JS_NewArray(ctx);
  JS_DefinePropertyValueUint32(ctx, halves, 0, JS_NewUint32(ctx, (uint32_t)(value >> 32)), JS_PROP_C_W_E);
  JS_DefinePropertyValueUint32(ctx, halves, 1, JS_NewUint32(ctx, (uint32_t)value), JS_PROP_C_W_E);
  return halves;
}

static JSValue read_double(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  double value;
  ValueDeserializer *d = deserializer_of(ctx, self);
  if (!d)
    return JS_EXCEPTION;
  if (!deserializer_read_double(d, &value))
    return JS_ThrowPlainError(ctx, "ReadDouble() failed");
  return JS_NewNumber(ctx, value);
}

/* _readRawBytes(length): where in the buffer they start */
static JSValue read_raw_bytes(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  int64_t length;
  const uint8_t *bytes;
  ValueDeserializer *d = deserializer_of(ctx, self);
  if (!d || JS_ToInt64(ctx, &length, argv[0]) < 0)
    return JS_EXCEPTION;
  size_t offset = d->position;
  if (length < 0 || !deserializer_read_bytes(d, (uint64_t)length > SIZE_MAX ? SIZE_MAX : (size_t)length, &bytes))
    return JS_ThrowPlainError(ctx, "ReadRawBytes() failed");
  return JS_NewNumber(ctx, (double)offset);
}

void init_serdes(Env *env, JSContext *ctx, JSValueConst target)
{
  static const BindingFunction writing[] = {
      {"writeHeader", write_header, 0},
      {"writeValue", write_value, 1},
      {"releaseBuffer", release_buffer, 0},
      {"transferArrayBuffer", serializer_transfer_buffer, 2},
      {"writeUint32", write_uint32, 1},
      {"writeUint64", write_uint64, 2},
      {"writeDouble", write_double, 1},
      {"writeRawBytes", write_raw_bytes, 1},
      {"_setTreatArrayBufferViewsAsHostObjects", treat_views_as_host_objects, 1},
  };
  static const BindingFunction reading[] = {
      {"readHeader", read_header, 0},
      {"readValue", read_value, 0},
      {"getWireFormatVersion", get_wire_format_version, 0},
      {"transferArrayBuffer", deserializer_transfer_buffer, 2},
      {"readUint32", read_uint32, 0},
      {"readUint64", read_uint64, 0},
      {"readDouble", read_double, 0},
      {"_readRawBytes", read_raw_bytes, 1},
  };
  define_class(ctx, target, "Serializer", new_serializer, JS_UNDEFINED, writing, COUNT_OF(writing));
  define_class(ctx, target, "Deserializer", new_deserializer, JS_UNDEFINED, reading, COUNT_OF(reading));
}
