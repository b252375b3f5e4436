/* process_wrap: child processes. */
#include <stdlib.h>

#include "../child.h"
#include "../stream.h"

enum { DETACHED = 1, WINDOWS_HIDE = 2, WINDOWS_VERBATIM_ARGUMENTS = 4 };

typedef struct ProcessWrap {
  HandleWrap handle;
  uv_process_t process;
} ProcessWrap;

static const BaseType process_type = {"Process", &handle_wrap_type, async_wrap_finalize, async_wrap_mark};

static JSValue new_process(JSContext *ctx, JSValueConst new_target, int argc, JSValueConst *argv)
{
  ProcessWrap *wrap;
  JSValue object = base_object_new(ctx, new_target, &process_type, sizeof(*wrap), &wrap);
  if (!JS_IsException(object))
    async_wrap_init(env_of(ctx), &wrap->handle.async, PROVIDER_PROCESSWRAP);
  return object;
}

static void child_ended(uv_process_t *process, int64_t status, int signal)
{
  ProcessWrap *wrap = process->data;
  JSContext *ctx = the_env->ctx;
  JSValue arguments[] = {JS_NewInt64(ctx, status), JS_NewString(ctx, signal_name(signal))};
  async_wrap_call(&wrap->handle.async, "onexit", 2, (JSValueConst *)arguments);
  JS_FreeValue(ctx, arguments[1]);
}

/* --- what it gets -------------------------------------------------------------------------------------------------- */

/* {type, handle?, fd?}. False with an exception. */
static bool fill_descriptor(JSContext *ctx, JSValueConst stdio, uv_stdio_container_t *to)
{
  bool pipe = child_property_is(ctx, stdio, "type", "pipe") || child_property_is(ctx, stdio, "type", "overlapped");
  if (child_property_is(ctx, stdio, "type", "ignore")) {
    to->flags = UV_IGNORE;
  } else if (pipe || child_property_is(ctx, stdio, "type", "wrap")) {
    JSValue handle = JS_GetPropertyStr(ctx, stdio, "handle");
    LibuvStream *stream = base_object_get(ctx, handle, &libuv_stream_type);
    JS_FreeValue(ctx, handle); /* the option holds it */
    if (!stream)
      return false;
    to->flags = pipe ? UV_CREATE_PIPE | UV_READABLE_PIPE | UV_WRITABLE_PIPE : UV_INHERIT_STREAM;
    to->data.stream = &stream->uv.stream;
  } else {
    to->flags = UV_INHERIT_FD;
    to->data.fd = child_property_int(ctx, stdio, "fd", -1);
  }
  return true;
}

static bool fill_stdio(JSContext *ctx, JSValueConst list, uv_process_options_t *options)
{
  int64_t count = 0;
  if (!JS_IsArray(list)) {
    throw_code_error(ctx, TYPE_ERROR, "ERR_INVALID_ARG_TYPE", "options.stdio must be an array");
    return false;
  }
  if (JS_GetLength(ctx, list, &count))
    return false;
  options->stdio = calloc((size_t)count + 1, sizeof(*options->stdio));
  if (!options->stdio) {
    JS_ThrowOutOfMemory(ctx);
    return false;
  }
  options->stdio_count = (int)count;
  bool good = true;
  for (int64_t i = 0; good && i < count; i++) {
    JSValue stdio = JS_GetPropertyInt64(ctx, list, i);
    good = fill_descriptor(ctx, stdio, &options->stdio[i]);
    JS_FreeValue(ctx, stdio);
  }
  return good;
}

/* (file, args, cwd, envPairs, stdio, flags, uid, gid). False with an exception; free_options in every case. */
static bool fill_options(JSContext *ctx, JSValueConst *argv, uv_process_options_t *options)
{
  options->exit_cb = child_ended;
  options->file = JS_ToCString(ctx, argv[0]);
  if (!options->file || (JS_IsArray(argv[1]) && !(options->args = child_strings(ctx, argv[1]))) ||
      (JS_IsString(argv[2]) && !(options->cwd = JS_ToCString(ctx, argv[2]))) ||
      (JS_IsArray(argv[3]) && !(options->env = child_strings(ctx, argv[3]))) || !fill_stdio(ctx, argv[4], options))
    return false;
  if (arg_uint32(ctx, argv[5]) & DETACHED)
    options->flags |= UV_PROCESS_DETACHED;
  child_set_id(ctx, options, argv[6], UV_PROCESS_SETUID);
  child_set_id(ctx, options, argv[7], UV_PROCESS_SETGID);
  return true;
}

static void free_options(JSContext *ctx, uv_process_options_t *options)
{
  JS_FreeCString(ctx, options->file);
  JS_FreeCString(ctx, options->cwd);
  child_strings_free(options->args);
  child_strings_free(options->env);
  free(options->stdio);
}

/* --- methods ------------------------------------------------------------------------------------------------------- */

static JSValue spawn(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  Env *env = env_of(ctx);
  ProcessWrap *wrap = base_object_get(ctx, self, &process_type);
  if (!wrap)
    return JS_EXCEPTION;
  if (wrap->handle.state)
    return JS_NewInt32(ctx, UV_EINVAL);
  uv_process_options_t options = {0};
  JSValue result = JS_EXCEPTION;
  if (fill_options(ctx, argv, &options)) {
    if (options.cwd && !*options.cwd) {
      JS_FreeCString(ctx, options.cwd);
      options.cwd = NULL;
    }
    int error = uv_spawn(env->loop, &wrap->process, &options);
    /* A process that could not be started is a handle to be closed, too. */
    handle_wrap_opened(env, &wrap->handle, (uv_handle_t *)&wrap->process);
    if (!error)
      JS_SetPropertyStr(ctx, self, "pid", JS_NewInt32(ctx, wrap->process.pid));
    result = JS_NewInt32(ctx, error);
  }
  free_options(ctx, &options);
  return result;
}

static JSValue kill_process(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  ProcessWrap *wrap = base_object_get(ctx, self, &process_type);
  if (!wrap)
    return JS_EXCEPTION;
  /* Without a child there is no pid, and 0 would be everyone in our group. */
  bool started = handle_wrap_alive(&wrap->handle) && wrap->process.pid > 0;
  return JS_NewInt32(ctx, started ? uv_process_kill(&wrap->process, arg_int32(ctx, argv[0])) : UV_ESRCH);
}

void init_process_wrap(Env *env, JSContext *ctx, JSValueConst target)
{
  static const BindingFunction methods[] = {{"spawn", spawn, 8}, {"kill", kill_process, 1}};
  static const BindingConstant constants[] = {
      {"kProcessFlagDetached", DETACHED},
      {"kProcessFlagWindowsHide", WINDOWS_HIDE},
      {"kProcessFlagWindowsVerbatimArguments", WINDOWS_VERBATIM_ARGUMENTS},
  };
  define_class(ctx, target, "Process", new_process, handle_wrap_constructor(env), methods, COUNT_OF(methods));
  JSValue values = JS_NewObject(ctx);
  DEFINE_CONSTANTS(ctx, values, constants);
  define_value(ctx, target, "constants", values);
}
