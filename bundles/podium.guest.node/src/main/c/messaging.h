/*
 * Messages: structured clones on their way from one place to another, and the ports they go through. Objects with C state
 * take part if their type is registered here; JavaScript classes of the library mark themselves with a private symbol.
 */
#ifndef PODIUM_NODE_MESSAGING_H
#define PODIUM_NODE_MESSAGING_H

#include "value_serializer.h"
#include "wrap.h"

/* As internalBinding('util').constants has them. */
typedef enum TransferMode { TRANSFER_NONE = 0, TRANSFER_MOVES = 1, TRANSFER_CLONES = 2 } TransferMode;

/* What is left of an object while its message is under way. */
typedef struct TransferData TransferData;
struct TransferData {
  /* The object at the other end; what the data had is its own then. */
  JSValue (*revive)(JSContext *ctx, TransferData *data);
  /* Frees what the data still has, not the data itself. */
  void (*release)(JSRuntime *rt, TransferData *data);
  bool is_port;
};

/* How objects of a type with C state are passed on. */
typedef struct Transferable {
  const BaseType *type;
  TransferMode (*mode)(JSContext *ctx, JSValueConst object);
  /* New data from malloc, or NULL with an exception. A moved object has nothing left. */
  TransferData *(*take)(JSContext *ctx, JSValueConst object);
} Transferable;

/* `transferable` stays where it is. */
void register_transferable(const Transferable *transferable);

/* --- messages ---------------------------------------------------------------------------------------------------- */

typedef struct MessageItem {
  TransferData *data; /* of an object with C state, or */
  JSValue info;       /* which class of the library revives it */
  JSValue object;     /* while the message is read */
} MessageItem;

typedef struct Message {
  int references;
  bool is_close; /* no more messages: the other side is gone */
  uint8_t *bytes;
  size_t length;
  JSValue buffers;        /* array of the ArrayBuffers that were moved */
  JSValue shared_buffers; /* array */
  MessageItem *items;
  uint32_t count;
} Message;

Message *message_new(JSContext *ctx);
void message_free(JSRuntime *rt, Message *message);
/* Fills a new message. `transfer` is an array; `source` the port that sends, or JS_UNDEFINED. False with an exception. */
bool message_write(JSContext *ctx, Message *message, JSValueConst value, JSValueConst transfer, JSValueConst source);
/* The value; `*ports` (may be NULL) becomes an array of the ports that came with it, or stays. */
JSValue message_read(JSContext *ctx, Message *message, JSValue *ports);
/* The transfer list out of postMessage's second argument: a list or { transfer: list }. An array. */
JSValue transfer_list(JSContext *ctx, JSValueConst value);
bool message_moves_something(JSContext *ctx, const Message *message);
void throw_data_clone(JSContext *ctx, const char *message);

/* --- ports ------------------------------------------------------------------------------------------------------- */

bool is_message_port(JSValueConst value);
void init_message_ports(Env *env, JSContext *ctx, JSValueConst target);

#endif
