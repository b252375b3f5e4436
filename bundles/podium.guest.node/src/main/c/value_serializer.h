/*
 * Values to bytes and back, in the wire format of V8 (version 15), which v8.serialize() shows and which structured
 * clones use inside the process. What the format leaves to its user (host objects, shared memory, the error class) goes
 * through a delegate.
 */
#ifndef PODIUM_NODE_VALUE_SERIALIZER_H
#define PODIUM_NODE_VALUE_SERIALIZER_H

#include "env.h"
#include "object_ids.h"

/* Nesting is bounded because writing and reading recurse on the C stack. */
enum { WIRE_FORMAT_VERSION = 15, VALUE_DEPTH_LIMIT = 4000 };

/* --- writing ----------------------------------------------------------------------------------------------------- */

typedef struct ValueSerializer ValueSerializer;

typedef struct SerializerDelegate {
  /* Throws the error for "... could not be cloned."; takes nothing. */
  void (*throw_data_clone_error)(ValueSerializer *s, const char *message);
  /* Is the object one for write_host_object? Asked for plain objects and errors. May be NULL: those with C state are. */
  bool (*is_host_object)(ValueSerializer *s, JSValueConst object);
  /* Writes what stands for the object. False with an exception. */
  bool (*write_host_object)(ValueSerializer *s, JSValueConst object);
  /* The number that stands for shared memory. False with an exception. */
  bool (*shared_buffer_id)(ValueSerializer *s, JSValueConst buffer, uint32_t *id);
} SerializerDelegate;

struct ValueSerializer {
  JSContext *ctx;
  const SerializerDelegate *delegate;
  void *opaque; /* the delegate's */
  bool views_are_host_objects;
  uint8_t *bytes;
  size_t length, room;
  bool out_of_memory;
  int depth;
  ObjectIds ids;       /* objects written so far */
  ObjectIds transfers; /* ArrayBuffers that are not written but passed */
};

void value_serializer_init(ValueSerializer *s, JSContext *ctx, const SerializerDelegate *delegate, void *opaque);
void value_serializer_free(ValueSerializer *s);
void value_serializer_mark(ValueSerializer *s, JSRuntime *rt, JS_MarkFunc *mark);
void serializer_write_header(ValueSerializer *s);
/* False with an exception. */
bool serializer_write_value(ValueSerializer *s, JSValueConst value);
void serializer_write_varint(ValueSerializer *s, uint64_t value);
void serializer_write_double(ValueSerializer *s, double value);
void serializer_write_bytes(ValueSerializer *s, const void *bytes, size_t length);
/* The buffer will be written as number `id`. False with an exception. */
bool serializer_transfer(ValueSerializer *s, uint32_t id, JSValueConst buffer);

/* --- reading ----------------------------------------------------------------------------------------------------- */

typedef struct ValueDeserializer ValueDeserializer;

typedef struct DeserializerDelegate {
  JSValue (*read_host_object)(ValueDeserializer *d);
  /* What a shared buffer's number stands for. */
  JSValue (*shared_buffer)(ValueDeserializer *d, uint32_t id);
} DeserializerDelegate;

struct ValueDeserializer {
  JSContext *ctx;
  const DeserializerDelegate *delegate;
  void *opaque;
  const uint8_t *bytes; /* the owner's */
  size_t length, position;
  uint32_t version;
  JSValue objects;   /* array: what was read, by id */
  JSValue transfers; /* array: passed buffers, by id */
  uint32_t next_id;
  int depth;
};

bool value_deserializer_init(ValueDeserializer *d, JSContext *ctx, const DeserializerDelegate *delegate, void *opaque,
                             const uint8_t *bytes, size_t length);
void value_deserializer_free(ValueDeserializer *d);
void value_deserializer_mark(ValueDeserializer *d, JSRuntime *rt, JS_MarkFunc *mark);
/* These are false at the end of the bytes; the header's also for a version that is not known (with an exception). */
bool deserializer_read_header(ValueDeserializer *d);
bool deserializer_read_uint32(ValueDeserializer *d, uint32_t *value);
bool deserializer_read_uint64(ValueDeserializer *d, uint64_t *value);
bool deserializer_read_double(ValueDeserializer *d, double *value);
bool deserializer_read_bytes(ValueDeserializer *d, size_t length, const uint8_t **bytes);
JSValue deserializer_read_value(ValueDeserializer *d);
void deserializer_transfer(ValueDeserializer *d, uint32_t id, JSValueConst buffer);

/* --- shared ------------------------------------------------------------------------------------------------------ */

/* Calls a function of the library's primordials, which no script can have changed. */
JSValue call_primordial(JSContext *ctx, const char *name, int argc, JSValueConst *argv);
JSValue construct_primordial(JSContext *ctx, const char *name, int argc, JSValueConst *argv);

#endif
