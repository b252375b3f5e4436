/* process_methods: clocks, memory, working directory, signals, leaving. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../child.h"
#include "../options.h"
#include "../process.h"
#include "../wrap.h"

static JSValue hrtime(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  Env *env = env_of(ctx);
  uint64_t now = uv_hrtime();
  env->hrtime_buffer[0] = (uint32_t)((now / 1000000000) >> 32);
  env->hrtime_buffer[1] = (uint32_t)(now / 1000000000);
  env->hrtime_buffer[2] = (uint32_t)(now % 1000000000);
  return JS_UNDEFINED;
}

static JSValue hrtime_bigint(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  uint64_t now = uv_hrtime();
  memcpy(env_of(ctx)->hrtime_buffer, &now, sizeof(now));
  return JS_UNDEFINED;
}

/* Fills the Float64Array argument; false if it is too small. */
static bool fill_doubles(JSValueConst array, const double *values, int count)
{
  EngineView view;
  if (!engine_view(array, &view) || view.length < (size_t)count * sizeof(double))
    return false;
  memcpy(view.data, values, (size_t)count * sizeof(double));
  return true;
}

static JSValue usage(JSContext *ctx, JSValueConst array, int (*get)(uv_rusage_t *))
{
  uv_rusage_t r;
  int error = get(&r);
  if (error)
    return throw_uv_exception(ctx, error, "uv_getrusage", NULL, NULL, NULL);
  double values[] = {1e6 * (double)r.ru_utime.tv_sec + (double)r.ru_utime.tv_usec,
                     1e6 * (double)r.ru_stime.tv_sec + (double)r.ru_stime.tv_usec};
  fill_doubles(array, values, 2);
  return JS_UNDEFINED;
}

static JSValue cpu_usage(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  return usage(ctx, argv[0], uv_getrusage);
}

static JSValue thread_cpu_usage(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  return usage(ctx, argv[0], uv_getrusage_thread);
}

static JSValue resource_usage(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  uv_rusage_t r;
  int error = uv_getrusage(&r);
  if (error)
    return throw_uv_exception(ctx, error, "uv_getrusage", NULL, NULL, NULL);
  double values[] = {1e6 * (double)r.ru_utime.tv_sec + (double)r.ru_utime.tv_usec,
                     1e6 * (double)r.ru_stime.tv_sec + (double)r.ru_stime.tv_usec,
                     (double)r.ru_maxrss, (double)r.ru_ixrss, (double)r.ru_idrss, (double)r.ru_isrss,
                     (double)r.ru_minflt, (double)r.ru_majflt, (double)r.ru_nswap, (double)r.ru_inblock,
                     (double)r.ru_oublock, (double)r.ru_msgsnd, (double)r.ru_msgrcv, (double)r.ru_nsignals,
                     (double)r.ru_nvcsw, (double)r.ru_nivcsw};
  fill_doubles(argv[0], values, COUNT_OF(values));
  return JS_UNDEFINED;
}

static double resident_set(void)
{
  size_t bytes = 0;
#ifdef __wasm__
  bytes = __builtin_wasm_memory_size(0) * 65536;
#else
  uv_resident_set_memory(&bytes);
#endif
  return (double)bytes;
}

static JSValue memory_usage(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  JSMemoryUsage heap;
  JS_ComputeMemoryUsage(env_of(ctx)->rt, &heap);
  double rss = resident_set(), total = (double)heap.malloc_size;
  /* rss, heapTotal, heapUsed, external, arrayBuffers */
  double values[] = {rss, total > rss ? rss : total, (double)heap.memory_used_size, (double)heap.binary_object_size,
                     (double)heap.binary_object_size};
  fill_doubles(argv[0], values, 5);
  return JS_UNDEFINED;
}

static JSValue rss(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  return JS_NewFloat64(ctx, resident_set());
}

static JSValue constrained_memory(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  return JS_NewNumber(ctx, (double)uv_get_constrained_memory());
}

static JSValue available_memory(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  return JS_NewNumber(ctx, (double)uv_get_available_memory());
}

static JSValue abort_process(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv) { abort(); }

static JSValue change_directory(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  char *path = arg_utf8(ctx, argv[0], NULL);
  if (!path)
    return JS_EXCEPTION;
  int error = uv_chdir(path);
  JSValue result = JS_UNDEFINED;
  if (error) {
    char cwd[4096] = "";
    size_t size = sizeof(cwd);
    uv_cwd(cwd, &size);
    result = throw_uv_exception(ctx, error, "chdir", NULL, cwd, path);
  }
  arg_free(path);
  return result;
}

static JSValue current_directory(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  char cwd[4096];
  size_t size = sizeof(cwd);
  int error = uv_cwd(cwd, &size);
  if (error) {
    char code[64], message[128], text[512];
    snprintf(text, sizeof(text), "process.cwd failed with error %s, the current working directory was likely removed without changing the working directory",
             uv_strerror_r(error, message, sizeof(message)));
    (void)code;
    return throw_uv_exception(ctx, error, "uv_cwd", error == UV_ENOENT ? text : NULL, NULL, NULL);
  }
  return JS_NewStringLen(ctx, cwd, size);
}

static JSValue set_umask(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  mode_t old;
  if (JS_IsUndefined(argv[0])) {
    old = umask(0);
    umask(old);
  } else {
    old = umask((mode_t)arg_uint32(ctx, argv[0]));
  }
  return JS_NewInt32(ctx, (int32_t)old);
}

static JSValue kill_process(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  return JS_NewInt32(ctx, uv_kill(arg_int32(ctx, argv[0]), arg_int32(ctx, argv[1])));
}

static JSValue raw_debug(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  const char *text = JS_ToCString(ctx, argv[0]);
  if (!text)
    return JS_EXCEPTION;
  env_print_error("%s\n", text);
  JS_FreeCString(ctx, text);
  return JS_UNDEFINED;
}

/* --trace-exit: who ends the process. */
static void trace_exit(Env *env, int code)
{
  JSContext *ctx = env->ctx;
  int64_t count = 0;
  env_print_error("(node:%d) WARNING: Exited the environment with code %d\n", (int)uv_os_getpid(), code);
  JSValue sites = engine_call_sites(ctx, 0, (int)option_value(env->options, "--stack-trace-limit")->integer);
  if (!JS_IsException(sites))
    JS_GetLength(ctx, sites, &count);
  for (int64_t i = 0; i < count; i++) {
    JSValue site = JS_GetPropertyInt64(ctx, sites, i);
    const char *text = JS_ToCString(ctx, site);
    env_print_error("    at %s\n", text ? text : "?");
    JS_FreeCString(ctx, text);
    JS_FreeValue(ctx, site);
  }
  JS_FreeValue(ctx, sites);
}

static JSValue really_exit(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  Env *env = env_of(ctx);
  int code = JS_IsUndefined(argv[0]) ? (env->exit_info[EXIT_HAS_CODE] ? env->exit_info[EXIT_CODE] : 0)
                                     : arg_int32(ctx, argv[0]);
  if (option_value(env->options, "--trace-exit")->boolean)
    trace_exit(env, code);
  env_exit(env, code);
}

static JSValue uptime(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  Env *env = env_of(ctx);
  return JS_NewFloat64(ctx, ((double)uv_hrtime() - env->milestones[MILESTONE_TIME_ORIGIN]) / 1e9);
}

static JSValue patch_process(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  patch_process_object(env_of(ctx), argv[0]);
  return JS_UNDEFINED;
}

static JSValue set_emit_warning_sync(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  Env *env = env_of(ctx);
  JS_FreeValue(ctx, env->emit_warning_sync);
  env->emit_warning_sync = JS_DupValue(ctx, argv[0]);
  return JS_UNDEFINED;
}

static JSValue active_requests(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  return req_wrap_list(env_of(ctx));
}

static JSValue active_handles(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  JSValue wraps = handle_wrap_list(env_of(ctx));
  Env *env = env_of(ctx);
  int64_t count = 0;
  JS_GetLength(ctx, wraps, &count);
  for (int64_t i = 0; i < count; i++) { /* the library's object, where there is one */
    JSValue wrap = JS_GetPropertyInt64(ctx, wraps, i);
    JSValue owner = JS_GetProperty(ctx, wrap, env->sym.owner_symbol);
    if (JS_IsObject(owner))
      JS_SetPropertyInt64(ctx, wraps, i, JS_DupValue(ctx, owner));
    JS_FreeValue(ctx, owner);
    JS_FreeValue(ctx, wrap);
  }
  return wraps;
}

/* What resources are called, of which only some are as their async providers are. */
static const struct { AsyncProvider provider; const char *name; } resource_names[] = {
    {PROVIDER_TCPWRAP, "TCPSocketWrap"}, {PROVIDER_TCPSERVERWRAP, "TCPServerWrap"},
    {PROVIDER_TCPCONNECTWRAP, "TCPConnectWrap"}, {PROVIDER_PIPEWRAP, "PipeWrap"}, {PROVIDER_PIPESERVERWRAP, "PipeWrap"},
    {PROVIDER_PIPECONNECTWRAP, "PipeConnectWrap"}, {PROVIDER_TTYWRAP, "TTYWrap"}, {PROVIDER_UDPWRAP, "UDPWrap"},
    {PROVIDER_UDPSENDWRAP, "UDPSendWrap"}, {PROVIDER_PROCESSWRAP, "ProcessWrap"}, {PROVIDER_SIGNALWRAP, "SignalWrap"},
    {PROVIDER_FSEVENTWRAP, "FSEventWrap"}, {PROVIDER_STATWATCHER, "StatWatcher"}, {PROVIDER_FSREQCALLBACK, "FSReqCallback"},
    {PROVIDER_FSREQPROMISE, "FSReqPromise"}, {PROVIDER_GETADDRINFOREQWRAP, "GetAddrInfoReqWrap"},
    {PROVIDER_GETNAMEINFOREQWRAP, "GetNameInfoReqWrap"}, {PROVIDER_WRITEWRAP, "WriteWrap"},
    {PROVIDER_SHUTDOWNWRAP, "ShutdownWrap"}, {PROVIDER_MESSAGEPORT, "MessagePort"},
};

static const char *resource_name(JSValueConst object)
{
  AsyncWrap *wrap = base_object_peek(object, &async_wrap_type);
  for (int i = 0; wrap && i < COUNT_OF(resource_names); i++)
    if (resource_names[i].provider == wrap->provider)
      return resource_names[i].name;
  return wrap ? wrap->base.type->name : "";
}

/* Takes the list. */
static void add_resource_names(JSContext *ctx, JSValueConst out, uint32_t *n, JSValue wraps)
{
  int64_t count = 0;
  JS_GetLength(ctx, wraps, &count);
  for (int64_t i = 0; i < count; i++) {
    JSValue wrap = JS_GetPropertyInt64(ctx, wraps, i);
    JS_SetPropertyUint32(ctx, out, (*n)++, JS_NewString(ctx, resource_name(wrap)));
    JS_FreeValue(ctx, wrap);
  }
  JS_FreeValue(ctx, wraps);
}

static JSValue active_resources_info(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  Env *env = env_of(ctx);
  JSValue out = JS_NewArray(ctx);
  uint32_t n = 0;
  add_resource_names(ctx, out, &n, req_wrap_list(env));
  add_resource_names(ctx, out, &n, handle_wrap_list(env));
  for (int32_t i = 0; i < env->timeout_info[0]; i++)
    JS_SetPropertyUint32(ctx, out, n++, JS_NewString(ctx, "Timeout"));
  for (uint32_t i = 0; i < env->immediate_info[IMMEDIATE_REF_COUNT]; i++)
    JS_SetPropertyUint32(ctx, out, n++, JS_NewString(ctx, "Immediate"));
  return out;
}

/* --- environment, program ---------------------------------------------------------------------------------------- */

/* (path) */
static JSValue load_environment(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  char *path = JS_IsUndefined(argv[0]) ? NULL : arg_utf8(ctx, argv[0], NULL);
  if (!path && !JS_IsUndefined(argv[0]))
    return JS_EXCEPTION;
  int error = load_env_file(ctx, path ? path : ".env");
  JSValue result = error ? throw_uv_exception(ctx, UV_ENOENT, "open", NULL, path ? path : ".env", NULL) : JS_UNDEFINED;
  arg_free(path);
  return result;
}

/* The standard streams stay open. */
static void inherit_standard_streams(void)
{
  for (int fd = 0; fd <= 2; fd++) {
    int flags = fcntl(fd, F_GETFD);
    if (flags >= 0)
      fcntl(fd, F_SETFD, flags & ~FD_CLOEXEC);
  }
}

/* (path, arguments, environment): the process goes on as another program, or not at all. */
static JSValue execute(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  const char *path = JS_ToCString(ctx, argv[0]);
  char **arguments = path ? child_strings(ctx, argv[1]) : NULL;
  char **environment = arguments ? child_strings(ctx, argv[2]) : NULL;
  if (!environment) {
    child_strings_free(arguments);
    JS_FreeCString(ctx, path);
    return JS_EXCEPTION;
  }
  inherit_standard_streams();
  execve(path, arguments, environment);
  env_print_error("process.execve failed with error code %s\n", uv_err_name(-errno));
  JS_FreeValue(ctx, throw_uv_exception(ctx, -errno, "execve", NULL, path, NULL));
  JSValue error = JS_GetException(ctx), stack = JS_GetPropertyStr(ctx, error, "stack");
  const char *text = JS_ToCString(ctx, stack);
  env_print_error("%s\n", text ? text : "");
  abort();
}

void init_process_methods(Env *env, JSContext *ctx, JSValueConst target)
{
  static const BindingFunction functions[] = {
      {"hrtime", hrtime, 0},
      {"hrtimeBigInt", hrtime_bigint, 0},
      {"cpuUsage", cpu_usage, 1},
      {"threadCpuUsage", thread_cpu_usage, 1},
      {"resourceUsage", resource_usage, 1},
      {"memoryUsage", memory_usage, 1},
      {"rss", rss, 0},
      {"constrainedMemory", constrained_memory, 0},
      {"availableMemory", available_memory, 0},
      {"abort", abort_process, 0},
      {"causeSegfault", abort_process, 0},
      {"chdir", change_directory, 1},
      {"cwd", current_directory, 0},
      {"umask", set_umask, 1},
      {"_kill", kill_process, 2},
      {"_rawDebug", raw_debug, 1},
      {"reallyExit", really_exit, 1},
      {"uptime", uptime, 0},
      {"patchProcessObject", patch_process, 1},
      {"setEmitWarningSync", set_emit_warning_sync, 1},
      {"_getActiveRequests", active_requests, 0},
      {"_getActiveHandles", active_handles, 0},
      {"getActiveResourcesInfo", active_resources_info, 0},
      {"loadEnvFile", load_environment, 1},
      {"execve", execute, 3},
      {"dlopen", load_addon, 0},
  };
  static const char *const unavailable[] = {"_debugProcess", "_debugEnd", "resetStdioForTesting"};
  DEFINE_FUNCTIONS(ctx, target, functions);
  for (int i = 0; i < COUNT_OF(unavailable); i++)
    define_unavailable(ctx, target, "process_methods", unavailable[i]);
  define_array(ctx, target, "hrtimeBuffer", env->hrtime_buffer, sizeof(env->hrtime_buffer), JS_TYPED_ARRAY_UINT32);
}
