/*
 * Wrapped resources: objects with an async id (AsyncWrap), those that own a libuv handle (HandleWrap) and those that
 * stand for one request (ReqWrap). A binding's state starts with one of them; its BaseType's parent is the matching type.
 */
#ifndef PODIUM_NODE_WRAP_H
#define PODIUM_NODE_WRAP_H

#include "env.h"

#define ASYNC_PROVIDERS(V)                                                                                             \
  V(NONE) V(DIRHANDLE) V(DNSCHANNEL) V(ELDHISTOGRAM) V(FILEHANDLE) V(FILEHANDLECLOSEREQ) V(BLOBREADER)                 \
  V(FSEVENTWRAP) V(FSREQCALLBACK) V(FSREQPROMISE) V(GETADDRINFOREQWRAP) V(GETNAMEINFOREQWRAP) V(HEAPSNAPSHOT)          \
  V(HTTP2SESSION) V(HTTP2STREAM) V(HTTP2PING) V(HTTP2SETTINGS) V(HTTPINCOMINGMESSAGE) V(HTTPCLIENTREQUEST)             \
  V(LOCKS) V(JSSTREAM) V(JSUDPWRAP) V(MESSAGEPORT) V(PIPECONNECTWRAP) V(PIPESERVERWRAP) V(PIPEWRAP)                    \
  V(PROCESSWRAP) V(PROMISE) V(QUERYWRAP) V(QUIC_ENDPOINT) V(QUIC_LOGSTREAM) V(QUIC_SESSION) V(QUIC_STREAM)             \
  V(QUIC_UDP) V(SHUTDOWNWRAP) V(SIGNALWRAP) V(STATWATCHER) V(STREAMPIPE) V(TCPCONNECTWRAP) V(TCPSERVERWRAP)            \
  V(TCPWRAP) V(TTYWRAP) V(UDPSENDWRAP) V(UDPWRAP) V(SIGINTWATCHDOG) V(WORKER) V(WORKERCPUPROFILE)                      \
  V(WORKERCPUUSAGE) V(WORKERHEAPPROFILE) V(WORKERHEAPSNAPSHOT) V(WORKERHEAPSTATISTICS) V(WRITEWRAP) V(ZLIB)            \
  V(CHECKPRIMEREQUEST) V(PBKDF2REQUEST) V(KEYPAIRGENREQUEST) V(KEYGENREQUEST) V(KEYEXPORTREQUEST)                      \
  V(ARGON2REQUEST) V(CIPHERREQUEST) V(DERIVEBITSREQUEST) V(HASHREQUEST) V(RANDOMBYTESREQUEST)                          \
  V(RANDOMPRIMEREQUEST) V(SCRYPTREQUEST) V(SIGNREQUEST) V(TLSWRAP) V(VERIFYREQUEST)

typedef enum AsyncProvider {
#define V(name) PROVIDER_##name,
  ASYNC_PROVIDERS(V)
#undef V
} AsyncProvider;

/* --- AsyncWrap --------------------------------------------------------------------------------------------------- */

typedef struct AsyncWrap {
  BaseObject base;
  AsyncProvider provider;
  double async_id, trigger_id; /* 0 while it stands for no resource */
  bool has_resource;           /* scripts see another object for it, which is a property of its own */
  JSValue context_frame;       /* the async context the resource was made in; current again in its callbacks */
} AsyncWrap;

extern const BaseType async_wrap_type;

/* To be called by every constructor, after base_object_new: gives the ids and tells the `init` hooks. */
void async_wrap_init(Env *env, AsyncWrap *wrap, AsyncProvider provider);
/* The same for what `parent` triggers. */
void async_wrap_init_by(Env *env, AsyncWrap *wrap, AsyncProvider provider, const AsyncWrap *parent);
/* Ends the resource it stands for, if any, which the `destroy` hooks are told. */
void async_wrap_end(Env *env, AsyncWrap *wrap);
/* Ends that resource and stands for another, as asyncReset does: `resource` is what scripts see for it. `async_id` 0 is a new
   one. */
void async_wrap_reset(Env *env, AsyncWrap *wrap, AsyncProvider provider, JSValueConst resource, double async_id);
/* For finalize and mark of derived types. */
void async_wrap_finalize(BaseObject *base);
void async_wrap_mark(BaseObject *base, JSRuntime *rt, JS_MarkFunc *mark);
/* Calls `function` with the wrap as receiver and in its async context. JS_UNDEFINED after an exception (which has been
   reported). The caller frees the result. */
JSValue async_wrap_make_callback(AsyncWrap *wrap, JSValueConst function, int argc, JSValueConst *argv);
/* A callback scope in the wrap's async context; callback_scope_close ends it. */
void async_wrap_open_scope(AsyncWrap *wrap, CallbackScope *scope, int flags);
/* The same for the function at property `name`; nothing happens if it is not one. */
void async_wrap_call(AsyncWrap *wrap, const char *name, int argc, JSValueConst *argv);
/* Methods of AsyncWrap.prototype: getAsyncId, asyncReset, getProviderType. The constructor is hidden. */
JSValueConst async_wrap_constructor(Env *env);
/* Has the `destroy` hooks called with the id, when the loop next comes to immediates or is about to end. */
void async_queue_destroy(Env *env, double async_id);
/* Calls them now. */
void async_tell_destroyed(Env *env);

/* --- HandleWrap -------------------------------------------------------------------------------------------------- */

typedef struct HandleWrap {
  AsyncWrap async;
  uv_handle_t *handle; /* inside the derived state; NULL once all is over */
  enum { HANDLE_OPEN = 1, HANDLE_CLOSING, HANDLE_CLOSED } state;
  void (*on_close)(struct HandleWrap *wrap); /* may be NULL */
  struct HandleWrap *previous, *next;        /* all open handles */
} HandleWrap;

extern const BaseType handle_wrap_type;

/* To be called after the uv_*_init succeeded: the object now lives until the handle is closed. */
void handle_wrap_init(Env *env, HandleWrap *wrap, uv_handle_t *handle, AsyncProvider provider);
/* The second half of that, for a class whose handle is there later than its object: it calls async_wrap_init first. */
void handle_wrap_opened(Env *env, HandleWrap *wrap, uv_handle_t *handle);
/* Starts closing; `callback` (or JS_UNDEFINED) is called when it is done. Does nothing if already closing. */
void handle_wrap_close(HandleWrap *wrap, JSValueConst callback);
/* The same for a TCP handle, with an RST to the peer. libuv's error, when it does not close. */
int handle_wrap_reset(HandleWrap *wrap, JSValueConst callback);
static inline bool handle_wrap_alive(const HandleWrap *wrap) { return wrap && wrap->state == HANDLE_OPEN; }
/* HandleWrap with close, hasRef, ref, unref: the parent of every handle class. */
JSValueConst handle_wrap_constructor(Env *env);
/* An array of the objects of all open handles. */
JSValue handle_wrap_list(Env *env);

/* --- ReqWrap ----------------------------------------------------------------------------------------------------- */

typedef struct ReqWrap {
  AsyncWrap async;
  uv_req_t *req; /* inside the derived state; NULL when nothing is under way */
  struct ReqWrap *previous, *next;
} ReqWrap;

extern const BaseType req_wrap_type;

/* After the uv call that started it succeeded: the object lives until req_wrap_done. req->data is set to the wrap. */
void req_wrap_dispatched(ReqWrap *wrap, uv_req_t *req);
/* First thing in the uv callback, after everything is read from the request: call req_wrap_release at its end. */
void req_wrap_release(ReqWrap *wrap);
/* Calls wrap.oncomplete(...argv) as the request's callback. */
void req_wrap_complete(ReqWrap *wrap, int argc, JSValueConst *argv);
/* A class `name` on target whose instances are plain requests of `provider` with `size` bytes of state. */
JSValueConst req_wrap_constructor(Env *env);
JSValue req_wrap_list(Env *env);

#endif
