/* http_parser: llhttp for requests and responses. */
#include "http_parser.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "../options.h"

enum { ON_MESSAGE_BEGIN, ON_HEADERS, ON_HEADERS_COMPLETE, ON_BODY, ON_MESSAGE_COMPLETE, ON_EXECUTE, ON_TIMEOUT };
enum { LENIENT_ALL = 1023, MAX_CHUNK_EXTENSIONS = 16384, READ_BUFFER = 65536 };

static llhttp_settings_t settings;

/* --- life --------------------------------------------------------------------------------------------------------- */

static void parser_finalize(BaseObject *base)
{
  Parser *parser = (Parser *)base;
  stream_remove_listener(&parser->listener);
  connections_remove(parser);
  JS_FreeValueRT(the_env->rt, parser->exception);
  free(parser->text);
  async_wrap_finalize(base);
}

static void parser_mark(BaseObject *base, JSRuntime *rt, JS_MarkFunc *mark)
{
  Parser *parser = (Parser *)base;
  JS_MarkValue(rt, parser->list_object, mark);
  JS_MarkValue(rt, parser->exception, mark);
  async_wrap_mark(base, rt, mark);
}

static const BaseType parser_type = {"HTTPParser", &async_wrap_type, parser_finalize, parser_mark};

static JSValue construct_parser(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  Parser *parser;
  JSValue object = base_object_new(ctx, self, &parser_type, sizeof(*parser), &parser);
  if (JS_IsException(object))
    return object;
  parser->list_object = JS_UNDEFINED;
  parser->exception = JS_UNINITIALIZED;
  parser->freed = true; /* until initialize() */
  return object;
}

/* --- calling the library ------------------------------------------------------------------------------------------ */

static JSValue callback_of(Parser *parser, int which)
{
  return JS_GetPropertyUint32(the_env->ctx, parser->async.base.object, (uint32_t)which);
}

static int fail(Parser *parser)
{
  JSContext *ctx = the_env->ctx;
  JSValue old = parser->exception;
  parser->exception = JS_GetException(ctx);
  parser->failed = true;
  JS_FreeValue(ctx, old);
  return -1;
}

/* Calls in the parser's async context; ticks wait until the input is parsed. */
static JSValue call_inside(Parser *parser, JSValueConst function, int argc, JSValueConst *argv)
{
  Env *env = the_env;
  CallbackScope scope;
  async_wrap_open_scope(&parser->async, &scope, SCOPE_WITHOUT_TICKS);
  JSValue result = JS_Call(env->ctx, function, parser->async.base.object, argc, argv);
  JSValue exception = JS_IsException(result) ? JS_GetException(env->ctx) : JS_UNINITIALIZED;
  callback_scope_close(env, &scope, JS_IsException(result));
  if (!JS_IsUninitialized(exception))
    JS_Throw(env->ctx, exception);
  return result;
}

/* Calls with ticks afterwards, unless JavaScript is below: then the exception is the caller's. */
static JSValue call_between(Parser *parser, JSValueConst function, int argc, JSValueConst *argv)
{
  if (the_env->callback_depth > 0)
    return call_inside(parser, function, argc, argv);
  return async_wrap_make_callback(&parser->async, function, argc, argv);
}

typedef JSValue Caller(Parser *parser, JSValueConst function, int argc, JSValueConst *argv);

/* Calls callback `which` if there is one. `*result` (may be NULL) gets the number it returns. */
static int notify(Parser *parser, Caller *call, int which, int argc, JSValueConst *argv, int *result)
{
  JSContext *ctx = the_env->ctx;
  JSValue function = callback_of(parser, which);
  int status = JS_IsException(function) ? fail(parser) : 0;
  if (!status && JS_IsFunction(ctx, function)) {
    JSValue value = call(parser, function, argc, argv);
    if (JS_IsException(value) || (result && JS_ToInt32(ctx, result, value)))
      status = fail(parser);
    JS_FreeValue(ctx, value);
  }
  JS_FreeValue(ctx, function);
  return status;
}

/* --- text ---------------------------------------------------------------------------------------------------------- */

static int append(Parser *parser, Span *span, const char *at, size_t length)
{
  if (parser->text_length + length > parser->text_capacity) {
    size_t capacity = (parser->text_length + length) * 2;
    char *text = realloc(parser->text, capacity);
    if (!text) {
      llhttp_set_error_reason(&parser->llhttp, "HPE_INTERNAL:Out of memory");
      return HPE_USER;
    }
    parser->text = text;
    parser->text_capacity = capacity;
  }
  if (span->length == 0)
    span->at = parser->text_length;
  memcpy(parser->text + parser->text_length, at, length);
  parser->text_length += length;
  span->length += length;
  return 0;
}

static JSValue span_string(Parser *parser, Span span)
{
  return engine_new_latin1(the_env->ctx, (const uint8_t *)parser->text + span.at, span.length);
}

static JSValue trimmed_string(Parser *parser, Span span)
{
  while (span.length > 0 && strchr(" \t", parser->text[span.at + span.length - 1]))
    span.length--;
  return span_string(parser, span);
}

static JSValue headers_array(Parser *parser)
{
  JSContext *ctx = the_env->ctx;
  JSValue array = JS_NewArray(ctx);
  for (int i = 0; i < parser->value_count; i++) {
    JS_SetPropertyUint32(ctx, array, (uint32_t)i * 2, span_string(parser, parser->fields[i]));
    JS_SetPropertyUint32(ctx, array, (uint32_t)i * 2 + 1, trimmed_string(parser, parser->values[i]));
  }
  return array;
}

static void forget_headers(Parser *parser)
{
  parser->field_count = parser->value_count = 0;
  memset(parser->fields, 0, sizeof(parser->fields));
  memset(parser->values, 0, sizeof(parser->values));
}

static void forget_message(Parser *parser)
{
  forget_headers(parser);
  parser->url = parser->status = (Span){0, 0};
  parser->text_length = 0;
}

/* Hands over the headers so far: there are too many for one call, or they are trailers. */
static int flush_headers(Parser *parser)
{
  JSContext *ctx = the_env->ctx;
  JSValue headers = headers_array(parser), url = span_string(parser, parser->url);
  JSValueConst arguments[] = {headers, url};
  int status = notify(parser, call_between, ON_HEADERS, 2, arguments, NULL);
  JS_FreeValue(ctx, headers);
  JS_FreeValue(ctx, url);
  Span kept = parser->status;
  forget_headers(parser);
  parser->url = (Span){0, 0};
  if (!kept.length)
    parser->text_length = 0;
  parser->have_flushed = true;
  return status;
}

/* --- limits -------------------------------------------------------------------------------------------------------- */

static int overflow(Parser *parser, const char *reason)
{
  llhttp_set_error_reason(&parser->llhttp, reason);
  return HPE_USER;
}

static int track_header(Parser *parser, size_t length)
{
  parser->header_size += length;
  return parser->header_size >= parser->max_header_size ? overflow(parser, "HPE_HEADER_OVERFLOW:Header overflow") : 0;
}

static int track_pair(Parser *parser)
{
  if (parser->llhttp.type != HTTP_REQUEST)
    return 0;
  parser->header_pairs += 2;
  if (parser->max_header_pairs < 0) {
    JSContext *ctx = the_env->ctx;
    JSValue limit = JS_GetPropertyStr(ctx, parser->async.base.object, "maxHeaderPairs");
    if (JS_IsException(limit))
      return fail(parser);
    double value = arg_double(ctx, limit);
    parser->max_header_pairs = value > 0 ? value : 0;
    JS_FreeValue(ctx, limit);
  }
  if (parser->max_header_pairs > 0 && (double)parser->header_pairs > parser->max_header_pairs)
    return overflow(parser, "HPE_HEADER_OVERFLOW:Header overflow");
  return 0;
}

/* --- llhttp's callbacks -------------------------------------------------------------------------------------------- */

static Parser *parser_of(llhttp_t *llhttp) { return (Parser *)(void *)((char *)llhttp - offsetof(Parser, llhttp)); }

static int on_message_begin(llhttp_t *llhttp)
{
  Parser *parser = parser_of(llhttp);
  if (parser->freed)
    return 0;
  forget_message(parser);
  parser->headers_completed = parser->have_flushed = false;
  parser->chunk_extension_size = 0;
  parser->max_header_pairs = -1;
  parser->message_start = uv_hrtime();
  parser->active = parser->list != NULL;
  notify(parser, call_inside, ON_MESSAGE_BEGIN, 0, NULL, NULL);
  return 0;
}

static int on_text(llhttp_t *llhttp, Span *span, const char *at, size_t length)
{
  Parser *parser = parser_of(llhttp);
  if (parser->freed)
    return 0;
  int status = track_header(parser, length);
  return status ? status : append(parser, span, at, length);
}

static int on_url(llhttp_t *llhttp, const char *at, size_t length)
{
  return on_text(llhttp, &parser_of(llhttp)->url, at, length);
}

static int on_status(llhttp_t *llhttp, const char *at, size_t length)
{
  return on_text(llhttp, &parser_of(llhttp)->status, at, length);
}

static int on_header_field(llhttp_t *llhttp, const char *at, size_t length)
{
  Parser *parser = parser_of(llhttp);
  if (parser->freed)
    return 0;
  if (parser->field_count == parser->value_count) { /* a new one begins */
    int status = track_pair(parser);
    if (!status && parser->field_count == PARSER_HEADERS - 1)
      status = flush_headers(parser);
    if (status)
      return status;
    parser->field_count++;
  }
  return on_text(llhttp, &parser->fields[parser->field_count - 1], at, length);
}

static int on_header_value(llhttp_t *llhttp, const char *at, size_t length)
{
  Parser *parser = parser_of(llhttp);
  if (parser->freed)
    return 0;
  parser->value_count = parser->field_count;
  return on_text(llhttp, &parser->values[parser->value_count - 1], at, length);
}

static int on_headers_complete(llhttp_t *llhttp)
{
  enum { MAJOR, MINOR, HEADERS, METHOD, URL, STATUS_CODE, STATUS_MESSAGE, UPGRADE, KEEP_ALIVE, ARGUMENTS };
  Parser *parser = parser_of(llhttp);
  JSContext *ctx = the_env->ctx;
  bool request = llhttp->type == HTTP_REQUEST;
  int skip = 0;
  if (parser->freed)
    return 0;
  parser->headers_completed = true;
  parser->header_size = 0;
  JSValue arguments[ARGUMENTS];
  for (int i = 0; i < ARGUMENTS; i++)
    arguments[i] = JS_UNDEFINED;
  if (parser->have_flushed) {
    flush_headers(parser);
  } else {
    arguments[HEADERS] = headers_array(parser);
    if (request)
      arguments[URL] = span_string(parser, parser->url);
  }
  if (request) {
    arguments[METHOD] = JS_NewInt32(ctx, llhttp->method);
  } else {
    arguments[STATUS_CODE] = JS_NewInt32(ctx, llhttp->status_code);
    arguments[STATUS_MESSAGE] = span_string(parser, parser->status);
  }
  arguments[MAJOR] = JS_NewInt32(ctx, llhttp->http_major);
  arguments[MINOR] = JS_NewInt32(ctx, llhttp->http_minor);
  arguments[UPGRADE] = JS_NewBool(ctx, llhttp->upgrade);
  arguments[KEEP_ALIVE] = JS_NewBool(ctx, llhttp_should_keep_alive(llhttp));
  forget_message(parser);
  parser->header_pairs = 0;
  parser->max_header_pairs = -1; /* trailers ask anew */
  int status = notify(parser, call_inside, ON_HEADERS_COMPLETE, ARGUMENTS, (JSValueConst *)arguments, &skip);
  for (int i = 0; i < ARGUMENTS; i++)
    JS_FreeValue(ctx, arguments[i]);
  return status ? status : skip;
}

static int on_body(llhttp_t *llhttp, const char *at, size_t length)
{
  Parser *parser = parser_of(llhttp);
  if (parser->freed || length == 0)
    return 0;
  JSValue bytes = new_buffer(the_env, (const uint8_t *)at, length);
  int status = JS_IsException(bytes) ? fail(parser) : notify(parser, call_between, ON_BODY, 1, (JSValueConst *)&bytes, NULL);
  JS_FreeValue(the_env->ctx, bytes);
  return status ? overflow(parser, "HPE_JS_EXCEPTION:JS Exception") : 0;
}

static int on_message_complete(llhttp_t *llhttp)
{
  Parser *parser = parser_of(llhttp);
  if (parser->freed)
    return 0;
  parser->message_start = 0;
  parser->active = false;
  if (parser->field_count > 0)
    flush_headers(parser);
  parser->header_pairs = 0;
  return notify(parser, call_inside, ON_MESSAGE_COMPLETE, 0, NULL, NULL);
}

static int on_chunk_extension(llhttp_t *llhttp, const char *at, size_t length)
{
  Parser *parser = parser_of(llhttp);
  (void)at;
  parser->chunk_extension_size += length;
  if (parser->chunk_extension_size > MAX_CHUNK_EXTENSIONS)
    return overflow(parser, "HPE_CHUNK_EXTENSIONS_OVERFLOW:Chunk extensions overflow");
  return 0;
}

static int on_chunk_header(llhttp_t *llhttp)
{
  parser_of(llhttp)->header_size = 0;
  parser_of(llhttp)->chunk_extension_size = 0;
  return 0;
}

static int on_chunk_complete(llhttp_t *llhttp)
{
  parser_of(llhttp)->header_size = 0;
  return 0;
}

/* --- parsing -------------------------------------------------------------------------------------------------------- */

static JSValue parse_error(Parser *parser, llhttp_errno_t error, size_t parsed)
{
  JSContext *ctx = the_env->ctx;
  const char *reason = llhttp_get_error_reason(&parser->llhttp), *code = llhttp_errno_name(error);
  char own_code[64];
  JSValue object = JS_NewError(ctx);
  if (error == HPE_USER) { /* ours: "CODE:reason" */
    const char *colon = reason ? strchr(reason, ':') : NULL;
    if (colon && colon - reason < (int)sizeof(own_code)) {
      memcpy(own_code, reason, (size_t)(colon - reason));
      own_code[colon - reason] = 0;
      code = own_code;
      reason = colon + 1;
    }
  }
  define_hidden(ctx, object, "message", JS_NewString(ctx, "Parse Error"));
  define_number(ctx, object, "bytesParsed", (double)parsed);
  define_string(ctx, object, "code", code);
  define_string(ctx, object, "reason", reason ? reason : "");
  return object;
}

/* Parses; `data` NULL is the end of the input. Gives the count, an error object, undefined at the end, or
   JS_EXCEPTION with what a callback threw. */
static JSValue execute(Parser *parser, const char *data, size_t length)
{
  JSContext *ctx = the_env->ctx;
  JSValue self = JS_DupValue(ctx, parser->async.base.object); /* callbacks may drop it */
  JSValue result = JS_UNDEFINED;
  size_t parsed = length;
  parser->current = data;
  parser->current_length = length;
  parser->failed = false;
  llhttp_errno_t error = data ? llhttp_execute(&parser->llhttp, data, length) : llhttp_finish(&parser->llhttp);
  if (error != HPE_OK) {
    const char *at = llhttp_get_error_pos(&parser->llhttp);
    parsed = data && at ? (size_t)(at - data) : 0;
    if (error == HPE_PAUSED_UPGRADE) { /* no pause, but the end of HTTP on this connection */
      error = HPE_OK;
      llhttp_resume_after_upgrade(&parser->llhttp);
    }
  }
  parser->current = NULL;
  parser->current_length = 0;
  if (parser->failed) {
    result = JS_Throw(ctx, parser->exception);
    parser->exception = JS_UNINITIALIZED;
  } else if (error != HPE_OK && !parser->llhttp.upgrade) {
    result = parse_error(parser, error, parsed);
  } else if (data) {
    result = JS_NewNumber(ctx, (double)parsed);
  }
  JS_FreeValue(ctx, self);
  return result;
}

/* --- reading from a stream ------------------------------------------------------------------------------------------ */

/* Most reads are parsed before the next one: one buffer serves them all. */
static struct {
  char *base;
  bool in_use;
} read_buffer;

static uv_buf_t on_stream_alloc(StreamListener *listener, size_t suggested)
{
  (void)listener;
  if (!read_buffer.base)
    read_buffer.base = malloc(READ_BUFFER);
  if (read_buffer.base && !read_buffer.in_use) {
    read_buffer.in_use = true;
    return uv_buf_init(read_buffer.base, READ_BUFFER);
  }
  char *base = malloc(suggested);
  return uv_buf_init(base, base ? (unsigned)suggested : 0);
}

static void release_buffer(char *base)
{
  if (base == read_buffer.base)
    read_buffer.in_use = false;
  else
    free(base);
}

static void on_stream_read(StreamListener *listener, ssize_t length, const uv_buf_t *buffer)
{
  Parser *parser = (Parser *)(void *)((char *)listener - offsetof(Parser, listener));
  JSContext *ctx = the_env->ctx;
  if (length <= 0) {
    release_buffer(buffer->base);
    if (length < 0)
      stream_pass_error(listener, length);
    return;
  }
  JSValue self = JS_DupValue(ctx, parser->async.base.object);
  JSValue result = execute(parser, buffer->base, (size_t)length);
  if (JS_IsException(result)) {
    report_pending_exception(the_env);
  } else {
    JSValue function = callback_of(parser, ON_EXECUTE);
    parser->current = buffer->base; /* for getCurrentBuffer */
    parser->current_length = (size_t)length;
    if (JS_IsFunction(ctx, function))
      JS_FreeValue(ctx, async_wrap_make_callback(&parser->async, function, 1, (JSValueConst *)&result));
    parser->current = NULL;
    parser->current_length = 0;
    JS_FreeValue(ctx, function);
    JS_FreeValue(ctx, result);
  }
  release_buffer(buffer->base);
  JS_FreeValue(ctx, self);
}

/* While it consumes a stream, events keep it alive: nobody else may hold it. */
static void stop_consuming(Parser *parser)
{
  stream_remove_listener(&parser->listener);
  if (parser->consuming) {
    parser->consuming = false;
    JS_FreeValueRT(the_env->rt, JS_MKPTR(JS_TAG_OBJECT, JS_VALUE_GET_PTR(parser->async.base.object)));
  }
}

static void on_stream_destroyed(StreamListener *listener)
{
  stop_consuming((Parser *)(void *)((char *)listener - offsetof(Parser, listener)));
}

/* --- methods --------------------------------------------------------------------------------------------------------- */

static Parser *get_parser(JSContext *ctx, JSValueConst self) { return base_object_get(ctx, self, &parser_type); }

static void set_lenience(llhttp_t *llhttp, int flags)
{
  static const struct { int flag; void (*set)(llhttp_t *, int); } table[] = {
      {LENIENT_HEADERS, llhttp_set_lenient_headers},
      {LENIENT_CHUNKED_LENGTH, llhttp_set_lenient_chunked_length},
      {LENIENT_KEEP_ALIVE, llhttp_set_lenient_keep_alive},
      {LENIENT_TRANSFER_ENCODING, llhttp_set_lenient_transfer_encoding},
      {LENIENT_VERSION, llhttp_set_lenient_version},
      {LENIENT_DATA_AFTER_CLOSE, llhttp_set_lenient_data_after_close},
      {LENIENT_OPTIONAL_LF_AFTER_CR, llhttp_set_lenient_optional_lf_after_cr},
      {LENIENT_OPTIONAL_CRLF_AFTER_CHUNK, llhttp_set_lenient_optional_crlf_after_chunk},
      {LENIENT_OPTIONAL_CR_BEFORE_LF, llhttp_set_lenient_optional_cr_before_lf},
      {LENIENT_SPACES_AFTER_CHUNK_SIZE, llhttp_set_lenient_spaces_after_chunk_size},
  };
  for (int i = 0; i < COUNT_OF(table); i++) {
    if (flags & table[i].flag)
      table[i].set(llhttp, 1);
  }
}

/* initialize(type, resource, maxHeaderSize, lenientFlags, connectionsList) */
static JSValue initialize(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  Env *env = env_of(ctx);
  Parser *parser = get_parser(ctx, self);
  if (!parser)
    return JS_EXCEPTION;
  llhttp_type_t type = (llhttp_type_t)arg_int32(ctx, argv[0]);
  double limit = arg_double(ctx, argv[2]);
  AsyncProvider provider = type == HTTP_REQUEST ? PROVIDER_HTTPINCOMINGMESSAGE : PROVIDER_HTTPCLIENTREQUEST;
  async_wrap_reset(env, &parser->async, provider, argv[1], 0);
  llhttp_init(&parser->llhttp, type, &settings);
  set_lenience(&parser->llhttp, arg_int32(ctx, argv[3]));
  forget_message(parser);
  parser->have_flushed = parser->headers_completed = parser->freed = parser->failed = false;
  parser->header_size = 0;
  parser->header_pairs = 0;
  parser->max_header_pairs = -1;
  parser->max_header_size =
      limit > 0 ? (uint64_t)limit : (uint64_t)option_value(env->options, "--max-http-header-size")->integer;
  connections_remove(parser);
  ConnectionsList *list = argc > 4 ? connections_list_of(argv[4]) : NULL;
  if (list) {
    /* A connection that never sends anything counts as late, too. */
    parser->message_start = uv_hrtime();
    connections_add(parser, list, argv[4]);
    parser->active = true;
  }
  return JS_UNDEFINED;
}

static JSValue parser_close(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  Parser *parser = base_object_peek(self, &parser_type);
  if (parser) {
    parser->freed = true;
    connections_remove(parser);
    forget_message(parser);
    stop_consuming(parser);
  }
  return JS_UNDEFINED;
}

static JSValue parser_free(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  Parser *parser = base_object_peek(self, &parser_type);
  if (parser)
    async_wrap_end(env_of(ctx), &parser->async);
  return JS_UNDEFINED;
}

static JSValue parser_remove(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  Parser *parser = base_object_peek(self, &parser_type);
  if (parser) {
    parser->freed = true;
    connections_remove(parser);
  }
  return JS_UNDEFINED;
}

static JSValue parser_execute(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  Parser *parser = get_parser(ctx, self);
  EngineView view;
  if (!parser)
    return JS_EXCEPTION;
  if (!engine_view(argv[0], &view))
    return throw_code_error(ctx, TYPE_ERROR, "ERR_INVALID_ARG_TYPE", "The \"buffer\" argument must be a buffer");
  return execute(parser, view.data ? (const char *)view.data : "", view.length);
}

static JSValue parser_finish(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  Parser *parser = get_parser(ctx, self);
  return parser ? execute(parser, NULL, 0) : JS_EXCEPTION;
}

static JSValue parser_pause(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  Parser *parser = get_parser(ctx, self);
  if (!parser)
    return JS_EXCEPTION;
  llhttp_pause(&parser->llhttp);
  return JS_UNDEFINED;
}

static JSValue parser_resume(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  Parser *parser = get_parser(ctx, self);
  if (!parser)
    return JS_EXCEPTION;
  llhttp_resume(&parser->llhttp);
  return JS_UNDEFINED;
}

static JSValue consume(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  Parser *parser = get_parser(ctx, self);
  StreamBase *stream = stream_of(argv[0]);
  if (!parser)
    return JS_EXCEPTION;
  if (!stream)
    return JS_ThrowTypeError(ctx, "Illegal invocation");
  stop_consuming(parser);
  parser->listener.alloc = on_stream_alloc;
  parser->listener.read = on_stream_read;
  parser->listener.destroyed = on_stream_destroyed;
  stream_push_listener(stream, &parser->listener);
  parser->consuming = true;
  JS_DupValue(ctx, self);
  return JS_UNDEFINED;
}

static JSValue unconsume(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  Parser *parser = get_parser(ctx, self);
  if (!parser)
    return JS_EXCEPTION;
  stop_consuming(parser);
  return JS_UNDEFINED;
}

static JSValue get_current_buffer(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  Parser *parser = get_parser(ctx, self);
  return parser ? new_buffer(env_of(ctx), (const uint8_t *)parser->current, parser->current_length) : JS_EXCEPTION;
}

/* --- the binding ----------------------------------------------------------------------------------------------------- */

static void fill_settings(void)
{
  llhttp_settings_init(&settings);
  settings.on_message_begin = on_message_begin;
  settings.on_url = on_url;
  settings.on_status = on_status;
  settings.on_header_field = on_header_field;
  settings.on_header_value = on_header_value;
  settings.on_chunk_extension_name = on_chunk_extension;
  settings.on_chunk_extension_value = on_chunk_extension;
  settings.on_headers_complete = on_headers_complete;
  settings.on_body = on_body;
  settings.on_message_complete = on_message_complete;
  settings.on_chunk_header = on_chunk_header;
  settings.on_chunk_complete = on_chunk_complete;
}

static JSValue names_array(JSContext *ctx, const char *const *names, int count)
{
  JSValue array = JS_NewArray(ctx);
  for (int i = 0; i < count; i++)
    JS_SetPropertyUint32(ctx, array, (uint32_t)i, JS_NewString(ctx, names[i]));
  return array;
}

void init_http_parser(Env *env, JSContext *ctx, JSValueConst target)
{
  static const BindingFunction methods[] = {
      {"close", parser_close, 0},
      {"free", parser_free, 0},
      {"remove", parser_remove, 0},
      {"execute", parser_execute, 1},
      {"finish", parser_finish, 0},
      {"initialize", initialize, 5},
      {"pause", parser_pause, 0},
      {"resume", parser_resume, 0},
      {"consume", consume, 1},
      {"unconsume", unconsume, 0},
      {"getCurrentBuffer", get_current_buffer, 0},
  };
  static const BindingConstant constants[] = {
      {"REQUEST", HTTP_REQUEST},
      {"RESPONSE", HTTP_RESPONSE},
      {"kOnMessageBegin", ON_MESSAGE_BEGIN},
      {"kOnHeaders", ON_HEADERS},
      {"kOnHeadersComplete", ON_HEADERS_COMPLETE},
      {"kOnBody", ON_BODY},
      {"kOnMessageComplete", ON_MESSAGE_COMPLETE},
      {"kOnExecute", ON_EXECUTE},
      {"kOnTimeout", ON_TIMEOUT},
      {"kLenientNone", 0},
      {"kLenientHeaders", LENIENT_HEADERS},
      {"kLenientChunkedLength", LENIENT_CHUNKED_LENGTH},
      {"kLenientKeepAlive", LENIENT_KEEP_ALIVE},
      {"kLenientTransferEncoding", LENIENT_TRANSFER_ENCODING},
      {"kLenientVersion", LENIENT_VERSION},
      {"kLenientDataAfterClose", LENIENT_DATA_AFTER_CLOSE},
      {"kLenientOptionalLFAfterCR", LENIENT_OPTIONAL_LF_AFTER_CR},
      {"kLenientOptionalCRLFAfterChunk", LENIENT_OPTIONAL_CRLF_AFTER_CHUNK},
      {"kLenientOptionalCRBeforeLF", LENIENT_OPTIONAL_CR_BEFORE_LF},
      {"kLenientSpacesAfterChunkSize", LENIENT_SPACES_AFTER_CHUNK_SIZE},
      /* llhttp has it from 9.4 on: 0 tells the library that it is not there. */
      {"kLenientHeaderValueRelaxed", 0},
      {"kLenientAll", LENIENT_ALL},
  };
#define V(number, name, string) #string,
  static const char *const usual[] = {HTTP_METHOD_MAP(V)};
  static const char *const all[] = {HTTP_ALL_METHOD_MAP(V)};
#undef V
  fill_settings();
  JSValueConst constructor = define_class(ctx, target, "HTTPParser", construct_parser, async_wrap_constructor(env), methods,
                                          COUNT_OF(methods));
  DEFINE_CONSTANTS(ctx, constructor, constants);
  connections_define(env, ctx, target);
  define_value(ctx, target, "methods", names_array(ctx, usual, COUNT_OF(usual)));
  define_value(ctx, target, "allMethods", names_array(ctx, all, COUNT_OF(all)));
}
