/* MessagePort, MessageChannel and broadcast channels. */
#include "port_group.h"

#include <stdlib.h>
#include <string.h>

enum { BATCH = 1000 };

struct MessagePort {
  HandleWrap wrap; /* first */
  uv_async_t async;
  PortData *data; /* NULL: closed or moved away */
  bool receiving;
};

static const BaseType port_type = {"MessagePort", &handle_wrap_type, async_wrap_finalize, async_wrap_mark};
static JSValue port_constructor = JS_UNDEFINED;

bool is_message_port(JSValueConst value) { return base_object_peek(value, &port_type) != NULL; }

/* --- ports ------------------------------------------------------------------------------------------------------- */

void message_port_wake(MessagePort *port)
{
  if (port && port->wrap.state == HANDLE_OPEN)
    uv_async_send(&port->async);
}

static void on_async(uv_async_t *async);

static void on_close(HandleWrap *wrap)
{
  MessagePort *port = (MessagePort *)wrap;
  if (port->data)
    port_data_free(the_env->rt, port->data);
  port->data = NULL;
}

/* A port with `data`, which it owns even on failure. */
static JSValue port_new(JSContext *ctx, PortData *data)
{
  MessagePort *port;
  Env *env = env_of(ctx);
  JSValue object = base_object_new(ctx, port_constructor, &port_type, sizeof(*port), &port);
  int status = JS_IsException(object) ? UV_ENOMEM : uv_async_init(env->loop, &port->async, on_async);
  if (status < 0) {
    port_data_free(env->rt, data);
    if (JS_IsException(object))
      return object;
    JS_FreeValue(ctx, object);
    return throw_uv_exception(ctx, status, "uv_async_init", NULL, NULL, NULL);
  }
  handle_wrap_init(env, &port->wrap, (uv_handle_t *)&port->async, PROVIDER_MESSAGEPORT);
  port->wrap.on_close = on_close;
  port->data = data;
  data->owner = port;
  JSValue init = JS_GetProperty(ctx, object, env->sym.oninit);
  JSValue result = JS_IsFunction(ctx, init) ? JS_Call(ctx, init, object, 0, NULL) : JS_UNDEFINED;
  JS_FreeValue(ctx, init);
  if (JS_IsException(result)) {
    handle_wrap_close(&port->wrap, JS_UNDEFINED);
    JS_FreeValue(ctx, object);
    return result;
  }
  JS_FreeValue(ctx, result);
  if (data->first)
    message_port_wake(port);
  return object;
}

static JSValue illegal_constructor(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  return throw_code_error(ctx, TYPE_ERROR, "ERR_CONSTRUCT_CALL_INVALID", "Constructor cannot be called");
}

/* --- receiving --------------------------------------------------------------------------------------------------- */

/* The next message's value, or no_message_symbol. `forced` reads even from a port that was not started. */
static JSValue receive(JSContext *ctx, MessagePort *port, bool forced, JSValue *ports)
{
  PortData *data = port->data;
  bool wanted = data && data->first && (forced || port->receiving || data->first->message->is_close);
  if (!wanted)
    return JS_AtomToValue(ctx, env_of(ctx)->sym.no_message_symbol);
  Message *message = port_data_dequeue(data);
  JSValue value;
  if (message->is_close) {
    handle_wrap_close(&port->wrap, JS_UNDEFINED);
    value = JS_AtomToValue(ctx, env_of(ctx)->sym.no_message_symbol);
  } else {
    value = message_read(ctx, message, ports);
  }
  message_free(JS_GetRuntime(ctx), message);
  return value;
}

static void emit(JSContext *ctx, MessagePort *port, JSValueConst value, JSValueConst ports, const char *type)
{
  JSValue function = JS_GetPropertyStr(ctx, env_of(ctx)->per_context_exports, "emitMessage");
  JSValue name = JS_NewString(ctx, type);
  JSValueConst arguments[] = {value, ports, name};
  JS_FreeValue(ctx, async_wrap_make_callback(&port->wrap.async, function, 3, arguments));
  JS_FreeValue(ctx, name);
  JS_FreeValue(ctx, function);
}

/* Handles one message; false when there is none. */
static bool deliver_next(JSContext *ctx, MessagePort *port, bool forced)
{
  JSValue ports = JS_UNDEFINED;
  JSValue value = receive(ctx, port, forced, &ports);
  bool more = !JS_IsSymbol(value);
  if (JS_IsException(value)) {
    JSValue error = JS_GetException(ctx);
    emit(ctx, port, error, JS_UNDEFINED, "messageerror");
    JS_FreeValue(ctx, error);
  } else if (more) {
    emit(ctx, port, value, ports, "message");
  }
  JS_FreeValue(ctx, value);
  JS_FreeValue(ctx, ports);
  return more;
}

/* So that two ports that talk without end do not keep everything else waiting, a turn handles a bounded number. */
static void deliver(MessagePort *port, bool forced)
{
  if (!port->data || port->wrap.state != HANDLE_OPEN)
    return;
  JSContext *ctx = the_env->ctx;
  JSValue held = JS_DupValue(ctx, port->wrap.async.base.object);
  int left = BATCH;
  for (Queued *q = port->data->first; q; q = q->next)
    left++;
  /* A port that is closed meanwhile still gets what was there. */
  while (port->data && !the_env->exiting) {
    if (!forced && left-- == 0) {
      message_port_wake(port);
      break;
    }
    if (!deliver_next(ctx, port, forced))
      break;
  }
  JS_FreeValue(ctx, held);
}

static void on_async(uv_async_t *async) { deliver(async->data, false); }

/* --- sending ----------------------------------------------------------------------------------------------------- */

static void warn(JSContext *ctx, const char *text)
{
  JSAtom name = JS_NewAtom(ctx, "emitWarning");
  JSValue message = JS_NewString(ctx, text);
  JSValue result = JS_Invoke(ctx, env_of(ctx)->process, name, 1, (JSValueConst *)&message);
  if (JS_IsException(result))
    report_pending_exception(env_of(ctx));
  JS_FreeValue(ctx, result);
  JS_FreeValue(ctx, message);
  JS_FreeAtom(ctx, name);
}

static bool carries(const Message *message, const PortData *data);

/* Puts the message into the queues of all others of the group. */
static JSValue dispatch(JSContext *ctx, PortData *source, Message *message)
{
  PortGroup *group = source->group;
  if (!group || group->count <= 1)
    return JS_FALSE;
  if (group->count > 2 && message_moves_something(ctx, message)) {
    warn(ctx, "Transferables cannot be used with multiple destinations.");
    return JS_UNDEFINED;
  }
  for (PortData *data = group->members; data; data = data->next) {
    if (data == source)
      continue;
    if (carries(message, data)) {
      warn(ctx, "The target port was posted to itself, and the communication channel was lost");
      return JS_TRUE;
    }
    port_data_enqueue(data, message);
  }
  return JS_TRUE;
}

/* postMessage(value, transferList) */
static JSValue post_message(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  MessagePort *port = base_object_get(ctx, self, &port_type);
  if (!port)
    return JS_EXCEPTION;
  if (argc == 0)
    return throw_code_error(ctx, TYPE_ERROR, "ERR_MISSING_ARGS", "Not enough arguments to MessagePort.postMessage");
  JSValue list = transfer_list(ctx, argv[1]);
  Message *message = JS_IsException(list) ? NULL : message_new(ctx);
  JSValue result = JS_EXCEPTION;
  /* Even of a closed port the message is written: what it moves is gone afterwards. */
  if (message && message_write(ctx, message, argv[0], list, self))
    result = port->data && port->wrap.state == HANDLE_OPEN ? dispatch(ctx, port->data, message) : JS_UNDEFINED;
  if (message)
    message_free(JS_GetRuntime(ctx), message);
  JS_FreeValue(ctx, list);
  return result;
}

/* --- moving a port ----------------------------------------------------------------------------------------------- */

typedef struct PortTransfer {
  TransferData transfer; /* first */
  PortData *data;
} PortTransfer;

static bool carries(const Message *message, const PortData *data)
{
  for (uint32_t i = 0; i < message->count; i++) {
    const TransferData *transfer = message->items[i].data;
    if (transfer && transfer->is_port && ((const PortTransfer *)transfer)->data == data)
      return true;
  }
  return false;
}

static JSValue port_revive(JSContext *ctx, TransferData *transfer)
{
  PortData *data = ((PortTransfer *)transfer)->data;
  ((PortTransfer *)transfer)->data = NULL;
  return port_new(ctx, data);
}

static void port_release(JSRuntime *rt, TransferData *transfer)
{
  PortData *data = ((PortTransfer *)transfer)->data;
  if (data)
    port_data_free(rt, data);
}

static TransferMode port_mode(JSContext *ctx, JSValueConst object)
{
  MessagePort *port = base_object_peek(object, &port_type);
  return port->data && port->wrap.state == HANDLE_OPEN ? TRANSFER_MOVES : TRANSFER_NONE;
}

static TransferData *port_take(JSContext *ctx, JSValueConst object)
{
  MessagePort *port = base_object_peek(object, &port_type);
  PortTransfer *transfer = calloc(1, sizeof(*transfer));
  if (!transfer) {
    JS_ThrowOutOfMemory(ctx);
    return NULL;
  }
  *transfer = (PortTransfer){{port_revive, port_release, true}, port->data};
  port->data->owner = NULL;
  port->data = NULL;
  handle_wrap_close(&port->wrap, JS_UNDEFINED);
  return &transfer->transfer;
}

static const Transferable port_transferable = {&port_type, port_mode, port_take};

/* --- the binding's functions ------------------------------------------------------------------------------------- */

static JSValue port_start(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  MessagePort *port = base_object_get(ctx, self, &port_type);
  if (!port)
    return JS_EXCEPTION;
  if (port->data) {
    port->receiving = true;
    if (port->data->first)
      message_port_wake(port);
  }
  return JS_UNDEFINED;
}

static JSValue stop_message_port(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  MessagePort *port = base_object_get(ctx, argv[0], &port_type);
  if (!port)
    return JS_EXCEPTION;
  port->receiving = false;
  return JS_UNDEFINED;
}

static JSValue drain_message_port(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  MessagePort *port = base_object_get(ctx, argv[0], &port_type);
  if (!port)
    return JS_EXCEPTION;
  deliver(port, true);
  return JS_UNDEFINED;
}

static JSValue receive_message_on_port(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  MessagePort *port = base_object_peek(argv[0], &port_type);
  if (!port)
    return throw_code_error(ctx, TYPE_ERROR, "ERR_INVALID_ARG_TYPE",
                            "The \"port\" argument must be a MessagePort instance");
  return receive(ctx, port, true, NULL);
}

/* moveMessagePortToContext(port, context): there is one context only */
static JSValue move_to_context(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  MessagePort *port = base_object_peek(argv[0], &port_type);
  if (!port)
    return throw_code_error(ctx, TYPE_ERROR, "ERR_INVALID_ARG_TYPE",
                            "The \"port\" argument must be a MessagePort instance");
  if (!port->data || port->wrap.state != HANDLE_OPEN)
    return throw_code_error(ctx, ERROR, "ERR_CLOSED_MESSAGE_PORT", "Cannot send data on closed MessagePort");
  return throw_unavailable(ctx, "messaging.moveMessagePortToContext");
}

/* new MessageChannel(): { port1, port2 } */
static JSValue new_channel(JSContext *ctx, JSValueConst new_target, int argc, JSValueConst *argv)
{
  if (JS_IsUndefined(new_target))
    return throw_code_error(ctx, TYPE_ERROR, "ERR_CONSTRUCT_CALL_REQUIRED", "Cannot call constructor without `new`");
  PortData *a = port_data_new(ctx), *b = a ? port_data_new(ctx) : NULL;
  PortGroup *group = b ? port_group_named(NULL) : NULL;
  if (!group) {
    free(a);
    free(b);
    return JS_ThrowOutOfMemory(ctx);
  }
  port_group_join(group, a);
  port_group_join(group, b);
  JSValue prototype = JS_GetPropertyStr(ctx, new_target, "prototype");
  JSValue channel = JS_NewObjectProto(ctx, prototype);
  JS_FreeValue(ctx, prototype);
  JSValue first = port_new(ctx, a), second = port_new(ctx, b);
  if (JS_IsException(first) || JS_IsException(second) || JS_IsException(channel)) {
    JS_FreeValue(ctx, first);
    JS_FreeValue(ctx, second);
    JS_FreeValue(ctx, channel);
    return JS_EXCEPTION;
  }
  define_value(ctx, channel, "port1", first);
  define_value(ctx, channel, "port2", second);
  return channel;
}

/* broadcastChannel(name): a port */
static JSValue broadcast_channel(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  const char *name = JS_ToCString(ctx, argv[0]);
  if (!name)
    return JS_EXCEPTION;
  PortData *data = port_data_new(ctx);
  PortGroup *group = data ? port_group_named(name) : NULL;
  JS_FreeCString(ctx, name);
  if (!group) {
    free(data);
    return JS_ThrowOutOfMemory(ctx);
  }
  port_group_join(group, data);
  return port_new(ctx, data);
}

void init_message_ports(Env *env, JSContext *ctx, JSValueConst target)
{
  static const BindingFunction methods[] = {{"postMessage", post_message, 2}, {"start", port_start, 0}};
  static const BindingFunction functions[] = {{"stopMessagePort", stop_message_port, 1},
                                              {"drainMessagePort", drain_message_port, 1},
                                              {"receiveMessageOnPort", receive_message_on_port, 1},
                                              {"moveMessagePortToContext", move_to_context, 2},
                                              {"broadcastChannel", broadcast_channel, 1}};
  DEFINE_FUNCTIONS(ctx, target, functions);
  define_class(ctx, target, "MessageChannel", new_channel, JS_UNDEFINED, NULL, 0);
  port_constructor = JS_DupValue(ctx, define_class(ctx, target, "MessagePort", illegal_constructor,
                                                   handle_wrap_constructor(env), methods, COUNT_OF(methods)));
  register_transferable(&port_transferable);
}
