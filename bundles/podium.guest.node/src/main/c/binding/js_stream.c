/* js_stream: a stream whose work functions of JavaScript do, so that any Duplex can stand where a socket can. */
#include <stddef.h>
#include <string.h>

#include "../stream.h"

typedef struct JSStream {
  AsyncWrap wrap;
  StreamBase stream;
} JSStream;

static void js_stream_finalize(BaseObject *base)
{
  stream_base_finalize(&((JSStream *)base)->stream);
  async_wrap_finalize(base);
}

static void js_stream_mark(BaseObject *base, JSRuntime *rt, JS_MarkFunc *mark)
{
  stream_base_mark(&((JSStream *)base)->stream, rt, mark);
  async_wrap_mark(base, rt, mark);
}

static const BaseType js_stream_type = {"JSStream", &async_wrap_type, js_stream_finalize, js_stream_mark};

static StreamBase *stream_of_object(BaseObject *base) { return &((JSStream *)base)->stream; }

/* --- what the stream is asked, and JavaScript answers --------------------------------------------------------------- */

/* What the function at `name` answers, an error number; UV_EPROTO if it answers nothing, or throws (which is reported). */
static int ask(StreamBase *stream, const char *name, int argc, JSValueConst *argv)
{
  JSContext *ctx = the_env->ctx;
  JSValue function = JS_GetPropertyStr(ctx, stream->wrap->base.object, name);
  int answer = UV_EPROTO;
  if (JS_IsException(function)) {
    report_pending_exception(the_env);
  } else if (JS_IsFunction(ctx, function)) {
    JSValue value = async_wrap_make_callback(stream->wrap, function, argc, argv);
    if (JS_IsNumber(value))
      answer = arg_int32(ctx, value);
    JS_FreeValue(ctx, value);
  }
  JS_FreeValue(ctx, function);
  return answer;
}

static int read_start(StreamBase *stream) { return ask(stream, "onreadstart", 0, NULL); }
static int read_stop(StreamBase *stream) { return ask(stream, "onreadstop", 0, NULL); }
static int descriptor(StreamBase *stream) { return -1; }
static bool alive(StreamBase *stream) { return true; }

/* A request may be finished while it is being started. */
static int start_request(StreamBase *stream, WriteWrap *request, const char *name, int argc, JSValueConst *argv)
{
  req_wrap_dispatched(&request->req, (uv_req_t *)&request->uv);
  int error = ask(stream, name, argc, argv);
  if (error && request->req.req)
    req_wrap_release(&request->req);
  return error;
}

static int write_buffers(StreamBase *stream, WriteWrap *request, uv_buf_t *buffers, size_t count, uv_stream_t *send)
{
  JSContext *ctx = the_env->ctx;
  JSValue list = JS_NewArray(ctx);
  for (size_t i = 0; i < count; i++)
    JS_SetPropertyUint32(ctx, list, (uint32_t)i, new_buffer(the_env, (uint8_t *)buffers[i].base, buffers[i].len));
  JSValueConst arguments[] = {request->req.async.base.object, list};
  int error = start_request(stream, request, "onwrite", 2, arguments);
  JS_FreeValue(ctx, list);
  return error;
}

static int shutdown_stream(StreamBase *stream, ReqWrap *request)
{
  JSValueConst object = request->async.base.object;
  return start_request(stream, (WriteWrap *)request, "onshutdown", 1, &object);
}

static const StreamMethods methods = {.read_start = read_start,
                                      .read_stop = read_stop,
                                      .write = write_buffers,
                                      .shutdown = shutdown_stream,
                                      .descriptor = descriptor,
                                      .alive = alive};

/* --- what JavaScript tells -------------------------------------------------------------------------------------------- */

static JSValue new_js_stream(JSContext *ctx, JSValueConst new_target, int argc, JSValueConst *argv)
{
  JSStream *stream;
  JSValue object = base_object_new(ctx, new_target, &js_stream_type, sizeof(*stream), &stream);
  if (JS_IsException(object))
    return object;
  async_wrap_init(env_of(ctx), &stream->wrap, PROVIDER_JSSTREAM);
  stream_base_init(&stream->stream, &methods, &stream->wrap);
  return object;
}

/* (request, status) */
static JSValue finish(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  WriteWrap *request = stream_request(ctx, argv[0]);
  if (!request)
    return JS_EXCEPTION;
  if (request->req.req)
    stream_request_done(request, arg_int32(ctx, argv[1]));
  return JS_UNDEFINED;
}

static JSValue read_buffer(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  JSStream *stream = base_object_get(ctx, self, &js_stream_type);
  EngineView view;
  if (!stream)
    return JS_EXCEPTION;
  /* Readers run scripts, which may change the buffer: what is left is looked at anew each time. */
  for (size_t done = 0; engine_view(argv[0], &view) && done < view.length;) {
    size_t left = view.length - done;
    uv_buf_t buffer = stream_alloc(&stream->stream, left);
    size_t length = buffer.len < left ? buffer.len : left;
    if (!length) {
      stream_read(&stream->stream, UV_ENOBUFS, &buffer);
      break;
    }
    memcpy(buffer.base, view.data + done, length);
    done += length;
    stream_read(&stream->stream, (ssize_t)length, &buffer);
  }
  return JS_UNDEFINED;
}

static JSValue emit_eof(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  JSStream *stream = base_object_get(ctx, self, &js_stream_type);
  uv_buf_t none = uv_buf_init(NULL, 0);
  if (!stream)
    return JS_EXCEPTION;
  stream_read(&stream->stream, UV_EOF, &none);
  return JS_UNDEFINED;
}

void init_js_stream(Env *env, JSContext *ctx, JSValueConst target)
{
  static const BindingFunction functions[] = {
      {"finishWrite", finish, 2}, {"finishShutdown", finish, 2}, {"readBuffer", read_buffer, 1}, {"emitEOF", emit_eof, 0}};
  JSValueConst constructor = define_class(ctx, target, "JSStream", new_js_stream, async_wrap_constructor(env), functions,
                                          COUNT_OF(functions));
  stream_register_type(&js_stream_type, stream_of_object);
  stream_base_define(ctx, constructor);
}
