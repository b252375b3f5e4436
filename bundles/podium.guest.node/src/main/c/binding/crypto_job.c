/* crypto: jobs, whatever they compute. */
#include "crypto_job.h"

#include <stdlib.h>

static void finalize(BaseObject *base)
{
  CryptoJob *job = (CryptoJob *)base;
  JSRuntime *rt = the_env->rt;
  if (job->type->release)
    job->type->release(job);
  bytes_free(&job->out);
  JS_FreeValueRT(rt, job->held);
  JS_FreeValueRT(rt, job->settle[0]);
  JS_FreeValueRT(rt, job->settle[1]);
  if (job->wrap.async_id)
    async_wrap_finalize(base);
}

static void mark(BaseObject *base, JSRuntime *rt, JS_MarkFunc *mark_func)
{
  CryptoJob *job = (CryptoJob *)base;
  JS_MarkValue(rt, job->held, mark_func);
  JS_MarkValue(rt, job->settle[0], mark_func);
  JS_MarkValue(rt, job->settle[1], mark_func);
  async_wrap_mark(base, rt, mark_func);
}

static const BaseType crypto_job_type = {"CryptoJob", &async_wrap_type, finalize, mark};

JSValue crypto_job_new(JSContext *ctx, JSValueConst new_target, int argc, JSValueConst *argv, const CryptoJobType *type)
{
  JSValueConst arguments[1 + JOB_ARGUMENTS];
  for (int i = 0; i < COUNT_OF(arguments); i++)
    arguments[i] = i < argc ? argv[i] : JS_UNDEFINED;
  CryptoJob *job;
  JSValue object = base_object_new(ctx, new_target, &crypto_job_type, type->size, &job);
  if (JS_IsException(object))
    return object;
  job->type = type;
  job->held = job->settle[0] = job->settle[1] = JS_UNDEFINED;
  job->mode = (CryptoJobMode)arg_uint32(ctx, arguments[0]);
  if (!JS_IsNumber(arguments[0]) || job->mode > JOB_WEB_CRYPTO) {
    JS_FreeValue(ctx, object);
    return throw_code_error(ctx, TYPE_ERROR, "ERR_INVALID_ARG_TYPE", "a crypto job needs a mode");
  }
  if (!type->configure(ctx, job, arguments + 1)) {
    JS_FreeValue(ctx, object);
    return JS_EXCEPTION;
  }
  async_wrap_init(env_of(ctx), &job->wrap, type->provider);
  return object;
}

static void compute(CryptoJob *job)
{
  ERR_clear_error();
  job->succeeded = job->type->run(job);
  crypto_errors_take(&job->errors);
}

/* What ondone and run() tell: (undefined, result) or (error, undefined). False with an exception. */
static bool outcome(JSContext *ctx, CryptoJob *job, JSValue values[2])
{
  values[0] = values[1] = JS_UNDEFINED;
  if (!job->succeeded)
    values[0] = crypto_errors_exception(ctx, &job->errors, job->type->failed);
  else if (job->type->result)
    values[1] = job->type->result(ctx, job);
  else
    values[1] = bytes_to_array_buffer(ctx, &job->out);
  return !JS_IsException(values[0]) && !JS_IsException(values[1]);
}

/* --- promises ---------------------------------------------------------------------------------------------------- */

static JSValue operation_error(JSContext *ctx, JSValueConst cause)
{
  JSValue constructor = JS_GetPropertyStr(ctx, env_of(ctx)->per_context_exports, "DOMException");
  JSValue options = JS_NewObject(ctx);
  define_string(ctx, options, "name", "OperationError");
  define_value(ctx, options, "cause", JS_DupValue(ctx, cause));
  JSValue message = JS_NewString(ctx, "The operation failed for an operation-specific reason");
  JSValueConst arguments[] = {message, options};
  JSValue error = JS_CallConstructor(ctx, constructor, 2, arguments);
  JS_FreeValue(ctx, constructor);
  JS_FreeValue(ctx, message);
  JS_FreeValue(ctx, options);
  return error;
}

/* With a `then` of the value's own, so that none of a prototype that scripts changed is called. */
static JSValue resolve(JSContext *ctx, JSValueConst resolving, JSValueConst value)
{
  JSAtom then = JS_NewAtom(ctx, "then");
  bool shadow = JS_IsObject(value) && JS_GetOwnProperty(ctx, NULL, value, then) == 0;
  if (shadow)
    JS_DefinePropertyValue(ctx, value, then, JS_UNDEFINED, JS_PROP_CONFIGURABLE | JS_PROP_WRITABLE);
  JSValue result = JS_Call(ctx, resolving, JS_UNDEFINED, 1, &value);
  if (shadow)
    JS_DeleteProperty(ctx, value, then, 0);
  JS_FreeAtom(ctx, then);
  return result;
}

static void settle(JSContext *ctx, CryptoJob *job)
{
  Env *env = env_of(ctx);
  JSValue values[2], result;
  CallbackScope scope;
  async_wrap_open_scope(&job->wrap, &scope, 0);
  if (!outcome(ctx, job, values))
    values[0] = JS_GetException(ctx);
  if (JS_IsUndefined(values[0])) {
    result = resolve(ctx, job->settle[0], values[1]);
  } else {
    JSValue error = operation_error(ctx, values[0]);
    result = JS_IsException(error) ? error : JS_Call(ctx, job->settle[1], JS_UNDEFINED, 1, (JSValueConst *)&error);
    JS_FreeValue(ctx, error);
  }
  bool failed = JS_IsException(result);
  if (failed)
    report_pending_exception(env);
  callback_scope_close(env, &scope, failed);
  JS_FreeValue(ctx, result);
  JS_FreeValue(ctx, values[0]);
  JS_FreeValue(ctx, values[1]);
}

/* --- running ----------------------------------------------------------------------------------------------------- */

static void work_run(uv_work_t *work) { compute(work->data); }

static void work_done(uv_work_t *work, int status)
{
  CryptoJob *job = work->data;
  JSContext *ctx = the_env->ctx;
  JSValue self = JS_MKPTR(JS_TAG_OBJECT, JS_VALUE_GET_PTR(job->wrap.base.object)); /* held since run() */
  if (job->mode == JOB_WEB_CRYPTO) {
    settle(ctx, job);
  } else if (status == 0) {
    JSValue values[2];
    int count = 2;
    if (!outcome(ctx, job, values)) {
      values[0] = JS_GetException(ctx);
      count = 1;
    }
    async_wrap_call(&job->wrap, "ondone", count, (JSValueConst *)values);
    JS_FreeValue(ctx, values[0]);
    JS_FreeValue(ctx, values[1]);
  }
  async_wrap_end(the_env, &job->wrap); /* scripts may go on to hold the object */
  JS_FreeValue(ctx, self);
}

static JSValue run_now(JSContext *ctx, CryptoJob *job)
{
  JSValue values[2];
  compute(job);
  if (!outcome(ctx, job, values))
    return JS_EXCEPTION;
  JSValue pair = JS_NewArray(ctx);
  JS_SetPropertyUint32(ctx, pair, 0, values[0]);
  JS_SetPropertyUint32(ctx, pair, 1, values[1]);
  return pair;
}

static JSValue job_run(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  CryptoJob *job = base_object_get(ctx, self, &crypto_job_type);
  if (!job)
    return JS_EXCEPTION;
  if (job->started)
    return throw_code_error(ctx, ERROR, "ERR_INVALID_STATE", "a crypto job runs once");
  job->started = true;
  if (job->mode == JOB_SYNC)
    return run_now(ctx, job);
  JSValue promise = job->mode == JOB_WEB_CRYPTO ? JS_NewPromiseCapability(ctx, job->settle) : JS_UNDEFINED;
  if (JS_IsException(promise))
    return promise;
  job->work.data = job;
  int error = uv_queue_work(env_of(ctx)->loop, &job->work, work_run, work_done);
  if (error < 0) {
    JS_FreeValue(ctx, promise);
    return throw_uv_exception(ctx, error, "uv_queue_work", NULL, NULL, NULL);
  }
  JS_DupValue(ctx, self);
  return promise;
}

void define_crypto_job(Env *env, JSContext *ctx, JSValueConst target, const CryptoJobType *type, NativeFunction *construct)
{
  static const BindingFunction methods[] = {{"run", job_run, 0}};
  define_class(ctx, target, type->name, construct, async_wrap_constructor(env), methods, COUNT_OF(methods));
}

void crypto_init_jobs(Env *env, JSContext *ctx, JSValueConst target)
{
  static const BindingConstant modes[] = {
      {"kCryptoJobAsync", JOB_ASYNC}, {"kCryptoJobSync", JOB_SYNC}, {"kCryptoJobWebCrypto", JOB_WEB_CRYPTO}};
  DEFINE_CONSTANTS(ctx, target, modes);
}
