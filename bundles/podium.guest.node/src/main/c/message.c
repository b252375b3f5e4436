/* Messages: a value written, what it moves taken along, and read at the other end. */
#include "messaging.h"

#include <stdlib.h>
#include <string.h>

enum { PLAIN_OBJECT = UINT32_MAX, MAX_TYPES = 16 };

static const char unsupported_type[] = "Cannot clone object of unsupported type.";
static const char needs_transfer[] = "Object that needs transfer was found in message but not listed in transferList";
static const char invalid_entry[] = "Found invalid value in transferList.";
static const char untransferable_type[] = "Cannot transfer object of unsupported type.";

static const Transferable *registered[MAX_TYPES];
static int registered_count;

void register_transferable(const Transferable *transferable)
{
  if (registered_count < MAX_TYPES)
    registered[registered_count++] = transferable;
}

static const Transferable *transferable_of(JSValueConst object)
{
  for (int i = 0; i < registered_count; i++) {
    if (base_object_peek(object, registered[i]->type))
      return registered[i];
  }
  return NULL;
}

void throw_data_clone(JSContext *ctx, const char *message)
{
  JSValue constructor = JS_GetPropertyStr(ctx, env_of(ctx)->per_context_exports, "DOMException");
  JSValue arguments[] = {JS_NewString(ctx, message), JS_NewString(ctx, "DataCloneError")};
  JSValue error = JS_CallConstructor(ctx, constructor, 2, (JSValueConst *)arguments);
  if (!JS_IsException(error))
    JS_Throw(ctx, error);
  JS_FreeValue(ctx, arguments[0]);
  JS_FreeValue(ctx, arguments[1]);
  JS_FreeValue(ctx, constructor);
}

/* --- life -------------------------------------------------------------------------------------------------------- */

Message *message_new(JSContext *ctx)
{
  Message *message = calloc(1, sizeof(*message));
  if (!message) {
    JS_ThrowOutOfMemory(ctx);
    return NULL;
  }
  message->references = 1;
  message->buffers = message->shared_buffers = JS_UNDEFINED;
  return message;
}

static void item_free(JSRuntime *rt, MessageItem *item)
{
  if (item->data && item->data->release)
    item->data->release(rt, item->data);
  free(item->data);
  item->data = NULL;
  JS_FreeValueRT(rt, item->info);
  JS_FreeValueRT(rt, item->object);
}

void message_free(JSRuntime *rt, Message *message)
{
  if (--message->references > 0)
    return;
  for (uint32_t i = 0; i < message->count; i++)
    item_free(rt, &message->items[i]);
  free(message->items);
  free(message->bytes);
  JS_FreeValueRT(rt, message->buffers);
  JS_FreeValueRT(rt, message->shared_buffers);
  free(message);
}

static int64_t length_of(JSContext *ctx, JSValueConst array)
{
  int64_t length = 0;
  if (JS_IsObject(array))
    JS_GetLength(ctx, array, &length);
  return length;
}

bool message_moves_something(JSContext *ctx, const Message *message)
{
  return message->count > 0 || length_of(ctx, message->buffers) > 0;
}

/* --- objects of the library -------------------------------------------------------------------------------------- */

/* The mode an object of the library's classes was marked with; TRANSFER_NONE and false if it was not. */
static bool marked_mode(JSContext *ctx, JSValueConst object, TransferMode *mode)
{
  JSAtom symbol = env_of(ctx)->sym.transfer_mode_private_symbol;
  *mode = TRANSFER_NONE;
  if (JS_GetOwnProperty(ctx, NULL, object, symbol) <= 0)
    return false;
  JSValue value = JS_GetProperty(ctx, object, symbol);
  if (JS_IsNumber(value))
    *mode = (TransferMode)arg_int32(ctx, value);
  JS_FreeValue(ctx, value);
  return true;
}

static TransferMode mode_of(JSContext *ctx, JSValueConst object)
{
  TransferMode mode;
  const Transferable *transferable = transferable_of(object);
  if (transferable)
    return transferable->mode(ctx, object);
  marked_mode(ctx, object, &mode);
  return mode;
}

static bool is_host_object(ValueSerializer *s, JSValueConst object)
{
  TransferMode mode;
  return is_base_object(object) || marked_mode(s->ctx, object, &mode);
}

/* --- writing ----------------------------------------------------------------------------------------------------- */

typedef struct Writer {
  ValueSerializer values;
  Message *message;
  JSValue hosts;  /* array of the objects the message refers to by number: those moved, then those cloned */
  uint32_t count; /* of hosts */
  uint32_t moved;
} Writer;

/* The number of `object` in the array, or -1. */
static int64_t index_in(JSContext *ctx, JSValueConst array, int64_t count, JSValueConst object)
{
  for (int64_t i = 0; i < count; i++) {
    JSValue item = JS_GetPropertyInt64(ctx, array, i);
    bool same = engine_same_object(item, object);
    JS_FreeValue(ctx, item);
    if (same)
      return i;
  }
  return -1;
}

static void append(JSContext *ctx, JSValueConst array, uint32_t index, JSValueConst value)
{
  JS_DefinePropertyValueUint32(ctx, array, index, JS_DupValue(ctx, value), JS_PROP_C_W_E);
}

static void throw_from_serializer(ValueSerializer *s, const char *message) { throw_data_clone(s->ctx, message); }

static bool write_host_object(ValueSerializer *s, JSValueConst object)
{
  Writer *writer = s->opaque;
  TransferMode mode = mode_of(s->ctx, object);
  if (mode == TRANSFER_NONE) {
    throw_data_clone(s->ctx, unsupported_type);
    return false;
  }
  int64_t number = index_in(s->ctx, writer->hosts, (mode & TRANSFER_MOVES) ? writer->moved : writer->count, object);
  if (number < 0 && (mode & TRANSFER_MOVES)) {
    throw_data_clone(s->ctx, needs_transfer);
    return false;
  }
  if (number < 0) {
    number = writer->count;
    append(s->ctx, writer->hosts, writer->count++, object);
  }
  serializer_write_varint(s, (uint64_t)number);
  return true;
}

static bool shared_buffer_id(ValueSerializer *s, JSValueConst buffer, uint32_t *id)
{
  Message *message = ((Writer *)s->opaque)->message;
  uint32_t count = (uint32_t)length_of(s->ctx, message->shared_buffers);
  int64_t found = index_in(s->ctx, message->shared_buffers, count, buffer);
  *id = found < 0 ? count : (uint32_t)found;
  if (found < 0)
    append(s->ctx, message->shared_buffers, count, buffer);
  return true;
}

static const SerializerDelegate writer_delegate = {.throw_data_clone_error = throw_from_serializer,
                                                   .is_host_object = is_host_object,
                                                   .write_host_object = write_host_object,
                                                   .shared_buffer_id = shared_buffer_id};

static bool refuse(JSContext *ctx, const char *why)
{
  throw_data_clone(ctx, why);
  return false;
}

static bool is_detached(JSContext *ctx, JSValueConst buffer)
{
  JSValue detached = call_primordial(ctx, "ArrayBufferPrototypeGetDetached", 1, &buffer);
  bool result = JS_IsBool(detached) && JS_ToBool(ctx, detached);
  JS_FreeValue(ctx, detached);
  return result;
}

static bool add_buffer(Writer *writer, JSValueConst buffer)
{
  JSContext *ctx = writer->values.ctx;
  uint32_t count = (uint32_t)length_of(ctx, writer->message->buffers);
  if (is_detached(ctx, buffer))
    return refuse(ctx, untransferable_type);
  if (index_in(ctx, writer->message->buffers, count, buffer) >= 0)
    return refuse(ctx, "Transfer list contains duplicate ArrayBuffer");
  append(ctx, writer->message->buffers, count, buffer);
  return serializer_transfer(&writer->values, count, buffer);
}

static bool add_moved(Writer *writer, JSValueConst object)
{
  JSContext *ctx = writer->values.ctx;
  TransferMode mode = mode_of(ctx, object);
  if (is_message_port(object) && mode == TRANSFER_NONE)
    return refuse(ctx, "MessagePort in transfer list is already detached");
  if (index_in(ctx, writer->hosts, writer->count, object) >= 0) {
    char text[160];
    JSAtom name = engine_constructor_name(ctx, object);
    const char *shown = name == JS_ATOM_NULL ? NULL : JS_AtomToCString(ctx, name);
    snprintf(text, sizeof(text), "Transfer list contains duplicate %s", shown ? shown : "Object");
    JS_FreeCString(ctx, shown);
    JS_FreeAtom(ctx, name);
    return refuse(ctx, text);
  }
  if (mode != TRANSFER_MOVES)
    return refuse(ctx, invalid_entry);
  append(ctx, writer->hosts, writer->count++, object);
  return true;
}

/* One entry of a transfer list. */
static bool add_entry(Writer *writer, JSValueConst entry, JSValueConst source)
{
  JSContext *ctx = writer->values.ctx;
  TransferMode mode;
  if (!JS_IsObject(entry))
    return refuse(ctx, invalid_entry);
  if (JS_GetOwnProperty(ctx, NULL, entry, env_of(ctx)->sym.untransferable_object_private_symbol) > 0)
    return refuse(ctx, untransferable_type);
  if (engine_kind(entry) == ENGINE_ARRAY_BUFFER)
    return add_buffer(writer, entry);
  if (engine_same_object(entry, source))
    return refuse(ctx, "Transfer list contains source port");
  if (!is_base_object(entry) && !marked_mode(ctx, entry, &mode))
    return refuse(ctx, invalid_entry);
  return add_moved(writer, entry);
}

/* An object of the library may name further objects that move with it. */
static bool add_nested(Writer *writer, JSValueConst object)
{
  JSContext *ctx = writer->values.ctx;
  TransferMode mode;
  if (is_base_object(object))
    return true;
  JSValue method = JS_GetProperty(ctx, object, env_of(ctx)->sym.messaging_transfer_list_symbol);
  JSValue list = JS_IsFunction(ctx, method) ? JS_Call(ctx, method, object, 0, NULL) : JS_UNDEFINED;
  bool done = !JS_IsException(method) && !JS_IsException(list);
  int64_t count = done && JS_IsArray(list) ? length_of(ctx, list) : 0;
  for (int64_t i = 0; done && i < count; i++) {
    JSValue item = JS_GetPropertyInt64(ctx, list, i);
    if (JS_IsObject(item) && (is_base_object(item) || marked_mode(ctx, item, &mode))) {
      if (index_in(ctx, writer->hosts, writer->count, item) >= 0)
        done = refuse(ctx, "The transfer list is invalid.");
      else
        append(ctx, writer->hosts, writer->count++, item);
    }
    JS_FreeValue(ctx, item);
  }
  JS_FreeValue(ctx, method);
  JS_FreeValue(ctx, list);
  return done;
}

static bool add_transfer_list(Writer *writer, JSValueConst transfer, JSValueConst source)
{
  JSContext *ctx = writer->values.ctx;
  bool done = true;
  int64_t count = length_of(ctx, transfer);
  for (int64_t i = 0; done && i < count; i++) {
    JSValue entry = JS_GetPropertyInt64(ctx, transfer, i);
    done = !JS_IsException(entry) && add_entry(writer, entry, source);
    JS_FreeValue(ctx, entry);
  }
  for (uint32_t i = 0; done && i < writer->count; i++) {
    JSValue host = JS_GetPropertyUint32(ctx, writer->hosts, i);
    done = add_nested(writer, host);
    JS_FreeValue(ctx, host);
  }
  writer->moved = writer->count;
  return done;
}

/* Moves the buffers' memory out of the sender's objects. */
static bool detach_buffers(JSContext *ctx, Message *message)
{
  int64_t count = length_of(ctx, message->buffers);
  for (int64_t i = 0; i < count; i++) {
    JSValue buffer = JS_GetPropertyInt64(ctx, message->buffers, i);
    JSValue moved = call_primordial(ctx, "ArrayBufferPrototypeTransfer", 1, (JSValueConst *)&buffer);
    JS_FreeValue(ctx, buffer);
    if (JS_IsException(moved))
      return false;
    JS_DefinePropertyValueUint32(ctx, message->buffers, (uint32_t)i, moved, JS_PROP_C_W_E);
  }
  return true;
}

/* Asks a library object for what stands for it: { data, deserializeInfo }. */
static bool take_marked(Writer *writer, JSValueConst host, bool moves, MessageItem *item)
{
  JSContext *ctx = writer->values.ctx;
  Env *env = env_of(ctx);
  JSValue method = JS_GetProperty(ctx, host, moves ? env->sym.messaging_transfer_symbol : env->sym.messaging_clone_symbol);
  JSValue result = JS_IsFunction(ctx, method) ? JS_Call(ctx, method, host, 0, NULL) : JS_UNDEFINED;
  JS_FreeValue(ctx, method);
  if (JS_IsException(result))
    return false;
  if (!JS_IsObject(result)) {
    JS_FreeValue(ctx, result);
    return refuse(ctx, unsupported_type);
  }
  JSValue data = JS_GetPropertyStr(ctx, result, "data");
  item->info = JS_GetPropertyStr(ctx, result, "deserializeInfo");
  JS_FreeValue(ctx, result);
  bool done = !JS_IsException(data) && JS_IsString(item->info) && serializer_write_value(&writer->values, data);
  JS_FreeValue(ctx, data);
  return done;
}

static bool take_host(Writer *writer, uint32_t index, MessageItem *item)
{
  JSContext *ctx = writer->values.ctx;
  JSValue host = JS_GetPropertyUint32(ctx, writer->hosts, index);
  const Transferable *transferable = transferable_of(host);
  bool done;
  *item = (MessageItem){.info = JS_UNDEFINED, .object = JS_UNDEFINED};
  if (transferable)
    done = (item->data = transferable->take(ctx, host)) != NULL;
  else if (is_base_object(host))
    done = refuse(ctx, unsupported_type);
  else
    done = take_marked(writer, host, index < writer->moved, item);
  JS_FreeValue(ctx, host);
  return done;
}

/* Writing what stands for one object may bring further ones. */
static bool take_hosts(Writer *writer)
{
  Message *message = writer->message;
  for (uint32_t i = 0; i < writer->count; i++) {
    MessageItem *items = realloc(message->items, (i + 1) * sizeof(*items));
    if (!items) {
      JS_ThrowOutOfMemory(writer->values.ctx);
      return false;
    }
    message->items = items;
    message->count = i + 1;
    if (!take_host(writer, i, &items[i]))
      return false;
  }
  return true;
}

bool message_write(JSContext *ctx, Message *message, JSValueConst value, JSValueConst transfer, JSValueConst source)
{
  Writer writer = {.message = message, .hosts = JS_NewArray(ctx)};
  message->buffers = JS_NewArray(ctx);
  message->shared_buffers = JS_NewArray(ctx);
  value_serializer_init(&writer.values, ctx, &writer_delegate, &writer);
  bool done = add_transfer_list(&writer, transfer, source);
  if (done) {
    serializer_write_header(&writer.values);
    done = serializer_write_value(&writer.values, value) && detach_buffers(ctx, message) && take_hosts(&writer);
  }
  if (done) {
    message->bytes = writer.values.bytes;
    message->length = writer.values.length;
    writer.values.bytes = NULL;
  }
  value_serializer_free(&writer.values);
  JS_FreeValue(ctx, writer.hosts);
  return done;
}

/* --- reading ----------------------------------------------------------------------------------------------------- */

static JSValue read_host_object(ValueDeserializer *d)
{
  const Message *message = d->opaque;
  uint32_t number;
  if (!deserializer_read_uint32(d, &number))
    return JS_EXCEPTION;
  if (number == PLAIN_OBJECT)
    return deserializer_read_value(d);
  if (number >= message->count)
    return JS_EXCEPTION;
  return JS_DupValue(d->ctx, message->items[number].object);
}

static JSValue read_shared_buffer(ValueDeserializer *d, uint32_t id)
{
  return JS_GetPropertyUint32(d->ctx, ((const Message *)d->opaque)->shared_buffers, id);
}

static const DeserializerDelegate reader_delegate = {.read_host_object = read_host_object,
                                                     .shared_buffer = read_shared_buffer};

static JSValue revive(JSContext *ctx, MessageItem *item)
{
  if (item->data)
    return item->data->revive(ctx, item->data);
  JSValue object = JS_Call(ctx, env_of(ctx)->deserializer_create_object, JS_NULL, 1, (JSValueConst *)&item->info);
  TransferMode mode;
  if (JS_IsException(object) || (JS_IsObject(object) && marked_mode(ctx, object, &mode)))
    return object;
  JS_FreeValue(ctx, object);
  return JS_ThrowTypeError(ctx, "a message holds an object of an unknown class");
}

static bool revive_items(JSContext *ctx, Message *message, JSValue *ports)
{
  uint32_t found = 0;
  for (uint32_t i = 0; i < message->count; i++) {
    MessageItem *item = &message->items[i];
    item->object = revive(ctx, item);
    if (JS_IsException(item->object)) {
      item->object = JS_UNDEFINED;
      return false;
    }
    if (!ports || !item->data || !item->data->is_port)
      continue;
    if (JS_IsUndefined(*ports))
      *ports = JS_NewArray(ctx);
    append(ctx, *ports, found++, item->object);
  }
  return true;
}

/* Gives the library's objects the data that came with them. */
static bool complete_items(JSContext *ctx, Message *message, ValueDeserializer *d)
{
  bool done = true;
  for (uint32_t i = 0; done && i < message->count; i++) {
    MessageItem *item = &message->items[i];
    if (item->data)
      continue;
    JSValue data = deserializer_read_value(d);
    JSValue method = JS_GetProperty(ctx, item->object, env_of(ctx)->sym.messaging_deserialize_symbol);
    JSValue result = JS_IsException(data) || JS_IsException(method) ? JS_EXCEPTION : JS_UNDEFINED;
    if (!JS_IsException(result) && JS_IsFunction(ctx, method))
      result = JS_Call(ctx, method, item->object, 1, (JSValueConst *)&data);
    done = !JS_IsException(result);
    JS_FreeValue(ctx, result);
    JS_FreeValue(ctx, method);
    JS_FreeValue(ctx, data);
  }
  return done;
}

JSValue message_read(JSContext *ctx, Message *message, JSValue *ports)
{
  ValueDeserializer d;
  JSValue value = JS_EXCEPTION;
  if (!value_deserializer_init(&d, ctx, &reader_delegate, message, message->bytes, message->length))
    return JS_EXCEPTION;
  int64_t buffers = length_of(ctx, message->buffers);
  for (int64_t i = 0; i < buffers; i++) {
    JSValue buffer = JS_GetPropertyInt64(ctx, message->buffers, i);
    deserializer_transfer(&d, (uint32_t)i, buffer);
    JS_FreeValue(ctx, buffer);
  }
  if (revive_items(ctx, message, ports) && deserializer_read_header(&d))
    value = deserializer_read_value(&d);
  if (!JS_IsException(value) && !complete_items(ctx, message, &d)) {
    JS_FreeValue(ctx, value);
    value = JS_EXCEPTION;
  }
  value_deserializer_free(&d);
  return value;
}
