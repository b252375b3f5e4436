/* spawn_sync: child processes that are waited for, on a loop of their own. */
#include <stdlib.h>
#include <string.h>

#include "../child.h"

typedef struct Runner Runner;

/* A descriptor of the child's that is a pipe: what is written to it, and what was read of it. */
typedef struct Pipe {
  Runner *runner;
  uv_pipe_t pipe;
  uv_write_t write;
  uv_shutdown_t shutdown;
  bool open, readable, writable; /* for the child */
  EngineView input;
  uint8_t *output;
  size_t length, capacity;
} Pipe;

struct Runner {
  uv_loop_t loop;
  uv_process_options_t options;
  uv_process_t process;
  uv_timer_t timer;
  bool timer_open;
  Pipe *pipes; /* one for each descriptor of the child */
  int pipe_count;
  double max_buffer, buffered;
  uint64_t timeout;
  int kill_signal;
  bool killed, exited;
  int64_t status;
  int term_signal;
  int error, pipe_error;
};

static void set_error(int *error, int value)
{
  if (!*error)
    *error = value;
}

/* --- the end -------------------------------------------------------------------------------------------------------- */

static void close_pipes(Runner *runner)
{
  for (int i = 0; i < runner->pipe_count; i++) {
    Pipe *pipe = &runner->pipes[i];
    if (pipe->open)
      uv_close((uv_handle_t *)&pipe->pipe, NULL);
    pipe->open = false;
  }
}

static void close_timer(Runner *runner)
{
  if (runner->timer_open)
    uv_close((uv_handle_t *)&runner->timer, NULL);
  runner->timer_open = false;
}

static void kill_child(Runner *runner)
{
  if (runner->killed)
    return;
  runner->killed = true;
  /* It may not have been started, or have ended. */
  if (!runner->exited) {
    int error = uv_process_kill(&runner->process, runner->kill_signal);
    if (error && error != UV_ESRCH) {
      /* A signal that is not there; it must end all the same. */
      set_error(&runner->error, error);
      uv_process_kill(&runner->process, SIGKILL);
    }
  }
  close_pipes(runner);
  close_timer(runner);
}

static void child_ended(uv_process_t *process, int64_t status, int signal)
{
  Runner *runner = process->data;
  runner->exited = true;
  runner->status = status;
  runner->term_signal = signal;
  /* Nothing else is to keep the loop going when the pipes have ended. */
  close_timer(runner);
  uv_close((uv_handle_t *)process, NULL);
}

static void on_timeout(uv_timer_t *timer)
{
  Runner *runner = timer->data;
  set_error(&runner->error, UV_ETIMEDOUT);
  kill_child(runner);
}

/* --- pipes ---------------------------------------------------------------------------------------------------------- */

static void on_alloc(uv_handle_t *handle, size_t suggested, uv_buf_t *buffer)
{
  Pipe *pipe = handle->data;
  if (pipe->capacity - pipe->length < suggested) {
    size_t capacity = pipe->capacity * 2 + suggested;
    uint8_t *grown = realloc(pipe->output, capacity);
    if (!grown) {
      *buffer = uv_buf_init(NULL, 0); /* on_read is told UV_ENOBUFS */
      return;
    }
    pipe->output = grown;
    pipe->capacity = capacity;
  }
  *buffer = uv_buf_init((char *)pipe->output + pipe->length, (unsigned)suggested);
}

static void on_read(uv_stream_t *stream, ssize_t count, const uv_buf_t *buffer)
{
  Pipe *pipe = stream->data;
  Runner *runner = pipe->runner;
  if (count == UV_EOF) {
    uv_read_stop(stream);
    return;
  }
  if (count < 0) {
    set_error(&runner->pipe_error, (int)count);
    uv_read_stop(stream);
    return;
  }
  pipe->length += (size_t)count;
  runner->buffered += (double)count;
  if (runner->max_buffer > 0 && runner->buffered > runner->max_buffer) {
    set_error(&runner->error, UV_ENOBUFS);
    kill_child(runner);
  }
}

static void on_write(uv_write_t *request, int status)
{
  Pipe *pipe = request->handle->data;
  /* A child need not read all it is given. */
  if (status < 0 && status != UV_EPIPE && status != UV_ECANCELED)
    set_error(&pipe->runner->pipe_error, status);
}

static void on_shutdown(uv_shutdown_t *request, int status)
{
  Pipe *pipe = request->handle->data;
  if (status < 0 && status != UV_ENOTCONN && status != UV_ECANCELED)
    set_error(&pipe->runner->pipe_error, status);
  /* Without output to read it has done its work. */
  if (!pipe->writable && pipe->open) {
    pipe->open = false;
    uv_close((uv_handle_t *)&pipe->pipe, NULL);
  }
}

static int start_pipe(Pipe *pipe)
{
  uv_stream_t *stream = (uv_stream_t *)&pipe->pipe;
  int error = 0;
  if (pipe->readable && pipe->input.length) {
    uv_buf_t buffer = uv_buf_init((char *)pipe->input.data, (unsigned)pipe->input.length);
    error = uv_write(&pipe->write, stream, &buffer, 1, on_write);
  }
  if (!error && pipe->readable)
    error = uv_shutdown(&pipe->shutdown, stream, on_shutdown);
  if (!error && pipe->writable)
    error = uv_read_start(stream, on_alloc, on_read);
  return error;
}

/* --- options -------------------------------------------------------------------------------------------------------- */

/* libuv's error, or 0. */
static int fill_descriptor(JSContext *ctx, Runner *runner, int index, JSValueConst stdio)
{
  uv_stdio_container_t *to = &runner->options.stdio[index];
  Pipe *pipe = &runner->pipes[index];
  if (child_property_is(ctx, stdio, "type", "ignore")) {
    to->flags = UV_IGNORE;
    return 0;
  }
  if (!child_property_is(ctx, stdio, "type", "pipe")) {
    to->flags = UV_INHERIT_FD;
    to->data.fd = child_property_int(ctx, stdio, "fd", -1);
    return 0;
  }
  JSValue readable = JS_GetPropertyStr(ctx, stdio, "readable"), writable = JS_GetPropertyStr(ctx, stdio, "writable"),
          input = JS_GetPropertyStr(ctx, stdio, "input");
  pipe->readable = arg_bool(ctx, readable);
  pipe->writable = arg_bool(ctx, writable);
  bool nothing = !pipe->readable || JS_IsUndefined(input) || JS_IsNull(input);
  int error = nothing || engine_view(input, &pipe->input) ? 0 : UV_EINVAL;
  JS_FreeValue(ctx, input); /* the option holds it */
  if (!error)
    error = uv_pipe_init(&runner->loop, &pipe->pipe, 0);
  if (error)
    return error;
  pipe->runner = runner;
  pipe->pipe.data = pipe;
  pipe->open = true;
  to->flags = UV_CREATE_PIPE | (pipe->readable ? UV_READABLE_PIPE : 0) | (pipe->writable ? UV_WRITABLE_PIPE : 0);
  to->data.stream = (uv_stream_t *)&pipe->pipe;
  return 0;
}

static int fill_stdio(JSContext *ctx, Runner *runner, JSValueConst list)
{
  int64_t count;
  if (!JS_IsArray(list) || JS_GetLength(ctx, list, &count))
    return UV_EINVAL;
  runner->options.stdio = calloc((size_t)count + 1, sizeof(*runner->options.stdio));
  runner->pipes = calloc((size_t)count + 1, sizeof(*runner->pipes));
  if (!runner->options.stdio || !runner->pipes)
    return UV_ENOMEM;
  runner->options.stdio_count = runner->pipe_count = (int)count;
  int error = 0;
  for (int i = 0; !error && i < count; i++) {
    JSValue stdio = JS_GetPropertyInt64(ctx, list, i);
    error = JS_IsObject(stdio) ? fill_descriptor(ctx, runner, i, stdio) : UV_EINVAL;
    JS_FreeValue(ctx, stdio);
  }
  return error;
}

/* A property as a new list of texts; false with an exception. Undefined and null are none. */
static bool fill_strings(JSContext *ctx, JSValueConst object, const char *name, char ***to)
{
  JSValue value = JS_GetPropertyStr(ctx, object, name);
  bool none = JS_IsUndefined(value) || JS_IsNull(value);
  *to = none ? NULL : child_strings(ctx, value);
  JS_FreeValue(ctx, value);
  return none || *to;
}

static bool fill_string(JSContext *ctx, JSValueConst object, const char *name, const char **to)
{
  JSValue value = JS_GetPropertyStr(ctx, object, name);
  bool none = JS_IsUndefined(value) || JS_IsNull(value);
  *to = none ? NULL : JS_ToCString(ctx, value);
  JS_FreeValue(ctx, value);
  return none || *to;
}

static void fill_id(JSContext *ctx, JSValueConst object, const char *name, uv_process_options_t *options, unsigned flag)
{
  JSValue id = JS_GetPropertyStr(ctx, object, name);
  child_set_id(ctx, options, id, flag);
  JS_FreeValue(ctx, id);
}

static double number_property(JSContext *ctx, JSValueConst object, const char *name)
{
  JSValue value = JS_GetPropertyStr(ctx, object, name);
  double number = JS_IsNumber(value) ? arg_double(ctx, value) : 0;
  JS_FreeValue(ctx, value);
  return number;
}

/* False with an exception; wrong options are an error of the run. */
static bool fill_options(JSContext *ctx, Runner *runner, JSValueConst object)
{
  uv_process_options_t *options = &runner->options;
  options->exit_cb = child_ended;
  if (!fill_string(ctx, object, "file", &options->file) || !fill_strings(ctx, object, "args", &options->args) ||
      !fill_string(ctx, object, "cwd", &options->cwd) || !fill_strings(ctx, object, "envPairs", &options->env))
    return false;
  fill_id(ctx, object, "uid", options, UV_PROCESS_SETUID);
  fill_id(ctx, object, "gid", options, UV_PROCESS_SETGID);
  JSValue detached = JS_GetPropertyStr(ctx, object, "detached"), stdio = JS_GetPropertyStr(ctx, object, "stdio");
  if (arg_bool(ctx, detached))
    options->flags |= UV_PROCESS_DETACHED;
  double timeout = number_property(ctx, object, "timeout");
  runner->timeout = timeout > 0 ? (uint64_t)timeout : 0;
  runner->max_buffer = number_property(ctx, object, "maxBuffer");
  runner->kill_signal = child_property_int(ctx, object, "killSignal", SIGTERM);
  set_error(&runner->error, options->file ? fill_stdio(ctx, runner, stdio) : UV_EINVAL);
  JS_FreeValue(ctx, stdio);
  return true;
}

/* --- the run --------------------------------------------------------------------------------------------------------- */

static void run(Runner *runner)
{
  if (runner->timeout) {
    uv_timer_init(&runner->loop, &runner->timer);
    runner->timer.data = runner;
    runner->timer_open = true;
    uv_unref((uv_handle_t *)&runner->timer);
    uv_timer_start(&runner->timer, on_timeout, runner->timeout, 0);
  }
  int error = uv_spawn(&runner->loop, &runner->process, &runner->options);
  runner->process.data = runner;
  if (error) {
    set_error(&runner->error, error);
    uv_close((uv_handle_t *)&runner->process, NULL);
    return;
  }
  for (int i = 0; i < runner->pipe_count && !error; i++)
    if (runner->pipes[i].open)
      error = start_pipe(&runner->pipes[i]);
  if (error) {
    set_error(&runner->pipe_error, error);
    kill_child(runner);
  }
  uv_run(&runner->loop, UV_RUN_DEFAULT);
}

/* Closes what is open, and with it the loop. */
static void finish(Runner *runner)
{
  close_pipes(runner);
  close_timer(runner);
  uv_run(&runner->loop, UV_RUN_DEFAULT);
  uv_loop_close(&runner->loop);
}

static JSValue output_array(JSContext *ctx, Runner *runner)
{
  JSValue list = JS_NewArray(ctx);
  for (int i = 0; i < runner->pipe_count; i++) {
    Pipe *pipe = &runner->pipes[i];
    JSValue output = JS_NULL;
    if (pipe->writable)
      output = new_buffer(env_of(ctx), pipe->output, pipe->length);
    JS_SetPropertyUint32(ctx, list, (uint32_t)i, output);
  }
  return list;
}

static JSValue result_of(JSContext *ctx, Runner *runner)
{
  JSValue result = JS_NewObject(ctx);
  int error = runner->error ? runner->error : runner->pipe_error;
  bool ended = runner->exited && runner->status >= 0;
  if (error)
    define_number(ctx, result, "error", error);
  bool by_signal = ended && runner->term_signal > 0;
  define_value(ctx, result, "status", ended && !by_signal ? JS_NewInt64(ctx, runner->status) : JS_NULL);
  define_value(ctx, result, "signal", by_signal ? JS_NewString(ctx, signal_name(runner->term_signal)) : JS_NULL);
  define_value(ctx, result, "output", ended ? output_array(ctx, runner) : JS_NULL);
  define_number(ctx, result, "pid", runner->process.pid);
  return result;
}

static void free_runner(JSContext *ctx, Runner *runner)
{
  for (int i = 0; i < runner->pipe_count; i++)
    free(runner->pipes[i].output);
  free(runner->pipes);
  free(runner->options.stdio);
  JS_FreeCString(ctx, runner->options.file);
  JS_FreeCString(ctx, runner->options.cwd);
  child_strings_free(runner->options.args);
  child_strings_free(runner->options.env);
  free(runner);
}

static JSValue spawn(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  Runner *runner = calloc(1, sizeof(*runner));
  if (!runner)
    return JS_ThrowOutOfMemory(ctx);
  JSValue result = JS_EXCEPTION;
  int error = uv_loop_init(&runner->loop);
  if (error) {
    runner->error = error;
    result = result_of(ctx, runner);
  } else {
    bool understood = fill_options(ctx, runner, argv[0]);
    if (understood && !runner->error)
      run(runner);
    finish(runner);
    if (understood)
      result = result_of(ctx, runner);
  }
  free_runner(ctx, runner);
  return result;
}

void init_spawn_sync(Env *env, JSContext *ctx, JSValueConst target)
{
  static const BindingFunction functions[] = {{"spawn", spawn, 1}};
  DEFINE_FUNCTIONS(ctx, target, functions);
}
