/*
 * Streams: what sockets, pipes, terminals and file handles share towards JavaScript (StreamBase), and the one kind that is a
 * libuv stream (LibuvStream). A stream's incoming bytes go to its innermost listener; the first listener calls `onread` in
 * JavaScript, and others (the HTTP parser, a user's own buffer) can be put before it.
 */
#ifndef PODIUM_NODE_STREAM_H
#define PODIUM_NODE_STREAM_H

#include "wrap.h"

typedef struct StreamBase StreamBase;
typedef struct StreamListener StreamListener;
typedef struct WriteWrap WriteWrap;

/* --- listeners --------------------------------------------------------------------------------------------------- */

struct StreamListener {
  uv_buf_t (*alloc)(StreamListener *listener, size_t suggested);
  /* Takes the buffer back in every case. `length` is a count, or a negative error. */
  void (*read)(StreamListener *listener, ssize_t length, const uv_buf_t *buffer);
  /* The stream dies; it is no longer the listener's. May be NULL. */
  void (*destroyed)(StreamListener *listener);
  StreamBase *stream;
  StreamListener *previous;
};

void stream_push_listener(StreamBase *stream, StreamListener *listener);
void stream_remove_listener(StreamListener *listener);
/* Gives an error or the end of the stream to the listener before this one. */
void stream_pass_error(StreamListener *listener, ssize_t error);

/* --- streams ----------------------------------------------------------------------------------------------------- */

typedef struct StreamMethods {
  int (*read_start)(StreamBase *stream);
  int (*read_stop)(StreamBase *stream);
  /* Writes what goes at once, and moves *buffers and *count past it. May be NULL. */
  int (*try_write)(StreamBase *stream, uv_buf_t **buffers, size_t *count);
  /* Starts writing all of it; stream_write_done follows. An error means that nothing was started. */
  int (*write)(StreamBase *stream, WriteWrap *request, uv_buf_t *buffers, size_t count, uv_stream_t *send);
  /* Starts ending the stream; the request completes with req_wrap_complete. */
  int (*shutdown)(StreamBase *stream, ReqWrap *request);
  int (*descriptor)(StreamBase *stream);
  bool (*alive)(StreamBase *stream);
  bool (*takes_handles)(StreamBase *stream); /* an IPC pipe; may be NULL */
} StreamMethods;

/* Indices of env.stream_base_state. */
enum { READ_BYTES_OR_ERROR, ARRAY_BUFFER_OFFSET, BYTES_WRITTEN, LAST_WRITE_WAS_ASYNC };

struct StreamBase {
  const StreamMethods *methods;
  AsyncWrap *wrap; /* whose object is the stream's */
  JSValue onread;
  StreamListener *listener;
  StreamListener script;       /* calls onread */
  StreamListener *user_buffer; /* owned; NULL without useUserBuffer */
  double bytes_read, bytes_written;
};

/* To be called by the constructor of the object that embeds it. */
void stream_base_init(StreamBase *stream, const StreamMethods *methods, AsyncWrap *wrap);
/* For finalize and mark of the embedding type. */
void stream_base_finalize(StreamBase *stream);
void stream_base_mark(StreamBase *stream, JSRuntime *rt, JS_MarkFunc *mark);
/* Puts StreamBase's methods and accessors on a class's prototype. */
void stream_base_define(JSContext *ctx, JSValueConst constructor);
/* Those of them that write. */
void stream_define_writing(JSContext *ctx, JSValueConst proto);
/* The stream of an object: a LibuvStream or a type announced with stream_register_type; NULL for others. */
StreamBase *stream_of(JSValueConst object);
/* The same, if it can be used still. */
StreamBase *stream_living(JSValueConst object);
void stream_register_type(const BaseType *type, StreamBase *(*of)(BaseObject *base));
/* What methods->read_start's callbacks do. */
uv_buf_t stream_alloc(StreamBase *stream, size_t suggested);
void stream_read(StreamBase *stream, ssize_t length, const uv_buf_t *buffer);

/* --- requests ---------------------------------------------------------------------------------------------------- */

struct WriteWrap {
  ReqWrap req;
  union {
    uv_write_t write;
    uv_shutdown_t shutdown;
    uv_connect_t connect;
  } uv;
  StreamBase *stream;
  char *storage; /* bytes that must outlive the write; owned */
};

/* Classes WriteWrap and ShutdownWrap, and requests like them: plain objects until they are dispatched. */
JSValueConst stream_define_request(Env *env, JSValueConst target, const char *name);
WriteWrap *stream_request(JSContext *ctx, JSValueConst object);
/* Gives the request its async id, triggered by `parent`, before the uv call. */
void stream_request_start(Env *env, WriteWrap *request, AsyncProvider provider, AsyncWrap *parent);
/* The uv call failed: nothing of the request is left to do. */
void stream_request_cancel(WriteWrap *request);
/* Tells JavaScript: oncomplete(status, stream, undefined). */
void stream_request_done(WriteWrap *request, int status);

/* --- libuv streams ------------------------------------------------------------------------------------------------ */

typedef struct LibuvStream {
  HandleWrap handle;
  StreamBase stream;
  int fd; /* as given by open(), else -1 */
  union {
    uv_stream_t stream;
    uv_tcp_t tcp;
    uv_pipe_t pipe;
    uv_tty_t tty;
  } uv;
} LibuvStream;

extern const BaseType libuv_stream_type;

/* After uv_*_init(&stream->uv...): makes it a handle and a stream. */
void libuv_stream_init(Env *env, LibuvStream *stream, AsyncProvider provider);
/* The parent class of TCP, Pipe and TTY. */
JSValueConst libuv_stream_constructor(Env *env);
/* The stream of `self`; NULL, without an exception, if it is none or is closing: methods then return UV_EBADF. */
LibuvStream *libuv_stream_open(JSValueConst self);

/* --- connections -------------------------------------------------------------------------------------------------- */

/* uv_listen's callback: makes an object of `constructor` for the accepted connection and calls onconnection(status,
   client). */
void connection_accept(LibuvStream *server, int status, JSValueConst constructor, int type);
/* uv_*_connect's callback: oncomplete(status, handle, request, readable, writable). */
void connection_done(uv_connect_t *connect, int status);
/* The address of a text and a port, of family AF_INET or AF_INET6. 0 or libuv's error, without an exception. */
int address_from_js(JSContext *ctx, int family, JSValueConst text, JSValueConst port, struct sockaddr_storage *address);
/* Sets address, family and port of `info` (made when undefined). */
JSValue address_to_js(JSContext *ctx, const struct sockaddr *address, JSValueConst info);

#endif
