/* Requests of the file system bindings: arguments, the three ways to answer, clean-up. */
#include "node_file.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const BaseType request_type = {"FSReqCallback", &req_wrap_type, async_wrap_finalize, async_wrap_mark};

typedef struct FsRequestObject {
  ReqWrap wrap; /* first */
  bool bigint;
} FsRequestObject;

static JSValue promise_constructor = JS_UNDEFINED, close_constructor = JS_UNDEFINED;

/* --- arguments --------------------------------------------------------------------------------------------------- */

char *fs_path(JSContext *ctx, JSValueConst value)
{
  uint8_t *bytes;
  size_t length;
  EngineView view;
  if (!JS_IsString(value) && !engine_view(value, &view)) {
    throw_code_error(ctx, TYPE_ERROR, "ERR_INVALID_ARG_TYPE", "path must be a string or Buffer");
    return NULL;
  }
  if (!string_bytes_get(ctx, value, UTF8, &bytes, &length))
    return NULL;
  if (length && memchr(bytes, 0, length)) {
    free(bytes);
    throw_code_error(ctx, TYPE_ERROR, "ERR_INVALID_ARG_VALUE", "path must not contain null bytes");
    return NULL;
  }
  char *path = realloc(bytes, length + 1);
  if (!path) {
    free(bytes);
    JS_ThrowOutOfMemory(ctx);
    return NULL;
  }
  path[length] = 0;
  return path;
}

static char *type_name(JSContext *ctx, JSValueConst value, char *text, size_t size)
{
  const char *type = JS_IsBool(value) ? "type boolean" : JS_IsBigInt(value) ? "type bigint" : NULL;
  JSAtom name = JS_IsObject(value) ? engine_constructor_name(ctx, value) : JS_ATOM_NULL;
  const char *shown = name != JS_ATOM_NULL ? JS_AtomToCString(ctx, name) : JS_IsSymbol(value) ? NULL : JS_ToCString(ctx, value);
  if (!shown)
    JS_FreeValue(ctx, JS_GetException(ctx));
  const char *safe = shown ? shown : "Symbol";
  if (JS_IsFunction(ctx, value))
    snprintf(text, size, "function");
  else if (JS_IsString(value) && strlen(safe) > 28)
    snprintf(text, size, "type string ('%.25s...')", safe);
  else if (JS_IsString(value))
    snprintf(text, size, "type string ('%s')", safe);
  else if (JS_IsObject(value))
    snprintf(text, size, "an instance of %s", safe);
  else if (type)
    snprintf(text, size, "%s (%s)", type, safe);
  else
    snprintf(text, size, "%s", safe);
  JS_FreeCString(ctx, shown);
  JS_FreeAtom(ctx, name);
  return text;
}

bool fs_fd(JSContext *ctx, JSValueConst value, int *fd)
{
  char text[160];
  if (!JS_IsNumber(value)) {
    throw_code_error(ctx, TYPE_ERROR, "ERR_INVALID_ARG_TYPE", "The \"fd\" argument must be of type number. Received %s",
                     type_name(ctx, value, text, sizeof(text)));
    return false;
  }
  double number = arg_double(ctx, value);
  if (number >= 0 && number <= INT32_MAX && number == floor(number)) {
    *fd = (int)number;
    return true;
  }
  bool range = (number < 0 || number > INT32_MAX) && !isinf(number);
  const char *shown = JS_ToCString(ctx, value);
  if (shown)
    throw_code_error(ctx, RANGE_ERROR, "ERR_OUT_OF_RANGE",
                     range ? "The value of \"fd\" is out of range. It must be >= 0 && <= 2147483647. Received %s"
                           : "The value of \"fd\" is out of range. It must be an integer. Received %s",
                     shown);
  JS_FreeCString(ctx, shown);
  return false;
}

JSValue fs_throw_errno(JSContext *ctx, int error, const char *syscall, const char *message, const char *path)
{
  const char *code = uv_err_name(-error);
  JSValue exception = new_code_error(ctx, ERROR, code, "%s, %s '%s'", code, message, path);
  if (JS_IsException(exception))
    return exception;
  define_number(ctx, exception, "errno", error);
  define_string(ctx, exception, "path", path);
  define_string(ctx, exception, "syscall", syscall);
  return JS_Throw(ctx, exception);
}

/* --- life -------------------------------------------------------------------------------------------------------- */

static void req_free(FsReq *req)
{
  JSContext *ctx = req->ctx;
  JS_FreeValue(ctx, req->keep);
  JS_FreeValue(ctx, req->object);
  for (int i = 0; i < 3; i++)
    JS_FreeValue(ctx, req->promise[i]);
  free(req->path);
  free(req->dest);
  free(req->data);
  free(req->buffers);
  free(req->first);
  free(req);
}

JSValue fs_req_drop(FsReq *req)
{
  req_free(req);
  return JS_EXCEPTION;
}

static void fs_done(uv_fs_t *uv);

static void answer_later(FsReq *req, FsRequestObject *object)
{
  req->wrap = &object->wrap;
  req->is_async = true;
  req->loop = env_of(req->ctx)->loop;
  req->done = fs_done;
}

/* Makes the request answer by a promise. False with an exception. */
static bool answer_by_promise(FsReq *req, AsyncProvider provider)
{
  JSContext *ctx = req->ctx;
  FsRequestObject *object;
  JSValueConst constructor = provider == PROVIDER_FILEHANDLECLOSEREQ ? close_constructor : promise_constructor;
  req->object = base_object_new(ctx, constructor, &request_type, sizeof(*object), &object);
  if (JS_IsException(req->object))
    return false;
  req->promise[0] = JS_NewPromiseCapability(ctx, &req->promise[1]);
  if (JS_IsException(req->promise[0]))
    return false;
  async_wrap_init(env_of(ctx), &object->wrap.async, provider);
  req->is_promise = true;
  answer_later(req, object);
  return true;
}

/* How the request's argument says it is to be answered. False with an exception. */
static bool choose_answer(FsReq *req, JSValueConst request)
{
  if (JS_IsUndefined(request))
    return true;
  if (JS_IsSymbol(request))
    return answer_by_promise(req, PROVIDER_FSREQPROMISE);
  FsRequestObject *object = base_object_get(req->ctx, request, &request_type);
  if (!object)
    return false;
  if (object->wrap.req) {
    throw_code_error(req->ctx, ERROR, "ERR_INVALID_STATE", "the request is already under way");
    return false;
  }
  req->object = JS_DupValue(req->ctx, request);
  req->bigint = object->bigint;
  answer_later(req, object);
  return true;
}

static FsReq *req_alloc(JSContext *ctx, const char *syscall)
{
  FsReq *req = calloc(1, sizeof(*req));
  if (!req) {
    JS_ThrowOutOfMemory(ctx);
    return NULL;
  }
  req->ctx = ctx;
  req->syscall = syscall;
  req->encoding = UTF8;
  req->keep = req->object = JS_UNDEFINED;
  for (int i = 0; i < 3; i++)
    req->promise[i] = JS_UNDEFINED;
  return req;
}

FsReq *fs_req_new(JSContext *ctx, const char *syscall, JSValueConst request)
{
  FsReq *req = req_alloc(ctx, syscall);
  if (!req || choose_answer(req, request))
    return req;
  req_free(req);
  return NULL;
}

FsReq *fs_req_promise(JSContext *ctx, const char *syscall, AsyncProvider provider)
{
  FsReq *req = req_alloc(ctx, syscall);
  if (!req || answer_by_promise(req, provider))
    return req;
  req_free(req);
  return NULL;
}

/* Paths come first: a bad one must not leave an async resource behind. */
FsReq *fs_req_paths(JSContext *ctx, const char *syscall, JSValueConst request, JSValueConst path, JSValueConst dest)
{
  char *first = fs_path(ctx, path);
  char *second = first && !JS_IsUndefined(dest) ? fs_path(ctx, dest) : NULL;
  FsReq *req = first && (second || JS_IsUndefined(dest)) ? fs_req_new(ctx, syscall, request) : NULL;
  if (!req) {
    free(first);
    free(second);
    return NULL;
  }
  req->path = first;
  req->dest = second;
  return req;
}

FsReq *fs_req_path(JSContext *ctx, const char *syscall, JSValueConst request, JSValueConst path)
{
  return fs_req_paths(ctx, syscall, request, path, JS_UNDEFINED);
}

FsReq *fs_req_fd(JSContext *ctx, const char *syscall, JSValueConst request, JSValueConst value, int *fd)
{
  return fs_fd(ctx, value, fd) ? fs_req_new(ctx, syscall, request) : NULL;
}

/* --- answers ----------------------------------------------------------------------------------------------------- */

static bool is_missing(FsReq *req, int status)
{
  return req->missing_is_undefined && (status == UV_ENOENT || status == UV_ENOTDIR);
}

/* The value of a finished request, or JS_EXCEPTION with its error pending. */
static JSValue outcome(FsReq *req)
{
  JSContext *ctx = req->ctx;
  int status = req->uv.result < 0 ? (int)req->uv.result : 0;
  JSValue value;
  if (status < 0)
    value = is_missing(req, status) ? JS_UNDEFINED
                                    : throw_uv_exception(ctx, status, req->syscall, NULL, req->path, req->dest);
  else
    value = req->result ? req->result(ctx, req) : JS_UNDEFINED;
  if (!req->run)
    uv_fs_req_cleanup(&req->uv);
  return value;
}

static void answer_promise(FsReq *req, JSValueConst value, bool failed)
{
  JSValue done = async_wrap_make_callback(&req->wrap->async, req->promise[failed ? 2 : 1], 1, &value);
  JS_FreeValue(req->ctx, done);
}

static void answer_callback(FsReq *req, JSValueConst value, bool failed)
{
  JSValueConst arguments[] = {failed ? value : JS_NULL, value};
  req_wrap_complete(req->wrap, failed || JS_IsUndefined(value) ? 1 : 2, arguments);
}

static void settle(FsReq *req)
{
  JSContext *ctx = req->ctx;
  if (req->after)
    req->after(req);
  JSValue value = outcome(req);
  bool failed = JS_IsException(value);
  if (failed)
    value = JS_GetException(ctx);
  if (req->is_promise)
    answer_promise(req, value, failed);
  else
    answer_callback(req, value, failed);
  JS_FreeValue(ctx, value);
  req_wrap_release(req->wrap);
  req_free(req);
}

static void fs_done(uv_fs_t *uv) { settle((FsReq *)uv); }

JSValue fs_req_run(FsReq *req, int status)
{
  JSContext *ctx = req->ctx;
  if (!req->is_async) {
    if (status < 0)
      req->uv.result = status;
    if (req->after)
      req->after(req);
    JSValue value = outcome(req);
    req_free(req);
    return value;
  }
  JSValue promise = JS_DupValue(ctx, req->promise[0]);
  req_wrap_dispatched(req->wrap, (uv_req_t *)(req->run ? (void *)&req->work : &req->uv));
  if (status < 0) { /* libuv did not even take it */
    req->uv.result = status;
    settle(req);
  }
  return promise;
}

JSValue fs_req_run_into(FsReq *req, int status, JSValueConst context)
{
  if (req->is_async || status >= 0)
    return fs_req_run(req, status);
  JSContext *ctx = req->ctx;
  define_number(ctx, context, "errno", status);
  define_string(ctx, context, "syscall", req->syscall);
  uv_fs_req_cleanup(&req->uv);
  req_free(req);
  return JS_NewInt32(ctx, status);
}

static void work_run(uv_work_t *work)
{
  FsReq *req = (FsReq *)((char *)work - offsetof(FsReq, work));
  req->uv.result = req->run(req);
}

static void work_done(uv_work_t *work, int status)
{
  FsReq *req = (FsReq *)((char *)work - offsetof(FsReq, work));
  if (status < 0)
    req->uv.result = status;
  settle(req);
}

JSValue fs_req_work(FsReq *req, FsWork *work)
{
  req->run = work;
  if (!req->is_async)
    return fs_req_run(req, work(req));
  return fs_req_run(req, uv_queue_work(req->loop, &req->work, work_run, work_done));
}

JSValue fs_result_integer(JSContext *ctx, FsReq *req) { return JS_NewInt32(ctx, (int32_t)req->uv.result); }

JSValue fs_result_string(JSContext *ctx, FsReq *req)
{
  const char *text = req->uv.ptr;
  return string_bytes_encode(ctx, (const uint8_t *)text, strlen(text), req->encoding);
}

/* --- FSReqCallback ----------------------------------------------------------------------------------------------- */

static JSValue request_construct(JSContext *ctx, JSValueConst new_target, int argc, JSValueConst *argv)
{
  FsRequestObject *state;
  JSValue object = base_object_new(ctx, new_target, &request_type, sizeof(*state), &state);
  if (!JS_IsException(object)) {
    state->bigint = argc > 0 && JS_VALUE_GET_TAG(argv[0]) == JS_TAG_BOOL && JS_VALUE_GET_BOOL(argv[0]);
    async_wrap_init(env_of(ctx), &state->wrap.async, PROVIDER_FSREQCALLBACK);
  }
  return object;
}

void fs_init_request(Env *env, JSContext *ctx, JSValueConst target)
{
  JSValue hidden = JS_NewObject(ctx);
  define_class(ctx, target, "FSReqCallback", request_construct, req_wrap_constructor(env), NULL, 0);
  promise_constructor = JS_DupValue(
      ctx, define_class(ctx, hidden, "FSReqPromise", request_construct, req_wrap_constructor(env), NULL, 0));
  close_constructor = JS_DupValue(
      ctx, define_class(ctx, hidden, "FileHandleCloseReq", request_construct, req_wrap_constructor(env), NULL, 0));
  JS_FreeValue(ctx, hidden);
  define_value(ctx, target, "kUsePromises", JS_AtomToValue(ctx, env->sym.fs_use_promises_symbol));
}
