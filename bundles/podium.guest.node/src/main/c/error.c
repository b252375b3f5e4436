/* Errors: those C throws, and those nobody catches. */
#include "env.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "options.h"

void env_print_error(const char *format, ...)
{
  va_list list;
  char stack_text[1024], *text = stack_text;
  va_start(list, format);
  int n = vsnprintf(stack_text, sizeof(stack_text), format, list);
  va_end(list);
  if (n >= (int)sizeof(stack_text) && (text = malloc((size_t)n + 1))) {
    va_start(list, format);
    vsnprintf(text, (size_t)n + 1, format, list);
    va_end(list);
  }
  for (ssize_t done = 0, m; text && done < n; done += m) {
    m = write(2, text + done, (size_t)(n - done));
    if (m <= 0)
      break;
  }
  if (text != stack_text)
    free(text);
}

/* --- thrown by C ------------------------------------------------------------------------------------------------- */

JSValue new_error_text(JSContext *ctx, ErrorClass which, const char *text)
{
  static const char *const names[] = {"Error", "TypeError", "RangeError", "SyntaxError"};
  JSValue global = JS_GetGlobalObject(ctx);
  JSValue constructor = JS_GetPropertyStr(ctx, global, names[which]);
  JSValue message = JS_NewString(ctx, text);
  JSValue error = JS_CallConstructor(ctx, constructor, 1, (JSValueConst *)&message);
  JS_FreeValue(ctx, message);
  JS_FreeValue(ctx, constructor);
  JS_FreeValue(ctx, global);
  return error;
}

static JSValue new_code_error_list(JSContext *ctx, ErrorClass which, const char *code, const char *format, va_list list)
{
  char text[2048];
  vsnprintf(text, sizeof(text), format, list);
  JSValue error = new_error_text(ctx, which, text);
  if (JS_IsObject(error))
    define_string(ctx, error, "code", code);
  return error;
}

JSValue new_code_error(JSContext *ctx, ErrorClass which, const char *code, const char *format, ...)
{
  va_list list;
  va_start(list, format);
  JSValue error = new_code_error_list(ctx, which, code, format, list);
  va_end(list);
  return error;
}

JSValue throw_code_error(JSContext *ctx, ErrorClass which, const char *code, const char *format, ...)
{
  va_list list;
  va_start(list, format);
  JSValue error = new_code_error_list(ctx, which, code, format, list);
  va_end(list);
  return JS_IsException(error) ? error : JS_Throw(ctx, error);
}

JSValue throw_unavailable(JSContext *ctx, const char *feature)
{
  return throw_code_error(ctx, TYPE_ERROR, "ERR_FEATURE_UNAVAILABLE_ON_PLATFORM",
                          "The feature %s is unavailable on the current platform, which is being used to run Node.js",
                          feature);
}

JSValue new_uv_exception(JSContext *ctx, int error, const char *syscall, const char *message, const char *path,
                         const char *dest)
{
  char text[8448], code[32];
  uv_err_name_r(error, code, sizeof(code));
  char description[128];
  if (!message || !message[0])
    message = uv_strerror_r(error, description, sizeof(description));
  int n = snprintf(text, sizeof(text), "%s: %s, %s", code, message, syscall);
  if (path && n < (int)sizeof(text))
    n += snprintf(text + n, sizeof(text) - (size_t)n, " '%s'", path);
  if (dest && n < (int)sizeof(text))
    snprintf(text + n, sizeof(text) - (size_t)n, " -> '%s'", dest);
  JSValue exception = new_error_text(ctx, ERROR, text);
  if (!JS_IsObject(exception))
    return exception;
  define_number(ctx, exception, "errno", error);
  define_string(ctx, exception, "code", code);
  define_string(ctx, exception, "syscall", syscall);
  if (path)
    define_string(ctx, exception, "path", path);
  if (dest)
    define_string(ctx, exception, "dest", dest);
  return exception;
}

JSValue throw_errno_exception(JSContext *ctx, int error, const char *syscall)
{
  char text[256], code[32];
  uv_err_name_r(-error, code, sizeof(code));
  snprintf(text, sizeof(text), "%s, %s", code, strerror(error));
  JSValue exception = new_error_text(ctx, ERROR, text);
  if (!JS_IsObject(exception))
    return exception;
  define_number(ctx, exception, "errno", error);
  define_string(ctx, exception, "code", code);
  define_string(ctx, exception, "syscall", syscall);
  return JS_Throw(ctx, exception);
}

JSValue throw_uv_exception(JSContext *ctx, int error, const char *syscall, const char *message, const char *path,
                           const char *dest)
{
  JSValue exception = new_uv_exception(ctx, error, syscall, message, path, dest);
  return JS_IsException(exception) ? exception : JS_Throw(ctx, exception);
}

bool env_emit_warning_sync(Env *env, const char *text)
{
  JSContext *ctx = env->ctx;
  JSValue message = JS_NewString(ctx, text);
  JSValue result = JS_Call(ctx, env->emit_warning_sync, env->process, 1, (JSValueConst *)&message);
  JS_FreeValues(ctx, message, result);
  return !JS_IsException(result);
}

void env_emit_warning(Env *env, const char *text, const char *type, const char *code)
{
  JSContext *ctx = env->ctx;
  JSValue emit = JS_GetPropertyStr(ctx, env->process, "emitWarning");
  JSValue arguments[] = {JS_NewString(ctx, text), type ? JS_NewString(ctx, type) : JS_UNDEFINED,
                         code ? JS_NewString(ctx, code) : JS_UNDEFINED};
  JSValue result = JS_Call(ctx, emit, env->process, type ? 3 : 1, (JSValueConst *)arguments);
  if (JS_IsException(result))
    report_pending_exception(env);
  JS_FreeValue(ctx, result);
  for (int i = 0; i < 3; i++)
    JS_FreeValue(ctx, arguments[i]);
  JS_FreeValue(ctx, emit);
}

/* --- uncaught ---------------------------------------------------------------------------------------------------- */

void env_exit(Env *env, int code)
{
  env->exiting = true;
  fflush(NULL);
  _exit(code);
}

/* Lines of the library's that throw what tells of another place are not to be shown; they say so. */
static bool is_to_be_hidden(const char *line, int size)
{
  static const char mark[] = "node-do-not-add-exception-line";
  return memmem(line, (size_t)size, mark, sizeof mark - 1) != NULL;
}

static char *arrow_at(Env *env, EnginePosition at)
{
  JSContext *ctx = env->ctx;
  size_t length;
  const char *file = JS_AtomToCString(ctx, at.file);
  const char *text = file ? engine_hooks(env->rt)->source_text(ctx, file, &length) : NULL;
  char *arrow = NULL;
  if (text) {
    const char *line = text, *end = text + length;
    for (int n = at.line; n > 1 && line; n--) {
      line = memchr(line, '\n', (size_t)(end - line));
      line = line ? line + 1 : NULL;
    }
    const char *stop = line ? memchr(line, '\n', (size_t)(end - line)) : NULL;
    int size = line ? (int)((stop ? stop : end) - line) : 0;
    size_t room = strlen(file) + (size_t)size * 3 + 64;
    if (line && !is_to_be_hidden(line, size) && (arrow = malloc(room))) {
      int n = snprintf(arrow, room, "%s:%d\n%.*s\n", file, at.line, size, line);
      for (int i = 0; i < at.column - 1 && i < size; i++)
        arrow[n++] = line[i] == '\t' ? '\t' : ' ';
      arrow[n++] = '^';
      for (int i = at.column; i < at.column - 1 + at.span && i < size; i++)
        arrow[n++] = '^';
      memcpy(arrow + n, "\n", 2);
    }
  }
  JS_FreeCString(ctx, file);
  return arrow;
}

char *error_arrow(Env *env, JSValueConst error)
{
  EnginePosition at;
  bool known = engine_error_position(env->ctx, error, &at) && at.file != JS_ATOM_NULL;
  return known ? arrow_at(env, at) : NULL;
}

/* Of a rejection: where the error was made, not where it was thrown on. */
static char *rejection_arrow(Env *env, JSValueConst error)
{
  EnginePosition at;
  bool known = engine_captured_position(error, &at) && at.file != JS_ATOM_NULL;
  return known ? arrow_at(env, at) : NULL;
}

/* Runs a stack enhancer of the library on `error`; errors in it count for nothing. */
static void enhance(Env *env, JSValueConst enhancer, JSValueConst error)
{
  JSContext *ctx = env->ctx;
  if (!JS_IsFunction(ctx, enhancer))
    return;
  JSValue text = JS_Call(ctx, enhancer, JS_UNDEFINED, 1, &error);
  if (JS_IsException(text))
    JS_FreeValue(ctx, JS_GetException(ctx));
  else if (JS_IsString(text))
    JS_SetPropertyStr(ctx, error, "stack", JS_DupValue(ctx, text));
  JS_FreeValue(ctx, text);
}

static char *value_text(JSContext *ctx, JSValueConst value)
{
  const char *text = JS_ToCString(ctx, value);
  if (!text) {
    JS_FreeValue(ctx, JS_GetException(ctx));
    return NULL;
  }
  char *copy = strdup(text);
  JS_FreeCString(ctx, text);
  return copy;
}

/* A string property, without exceptions; NULL if it is not a string. The caller frees it. */
static char *string_property(JSContext *ctx, JSValueConst object, JSAtom name)
{
  JSValue value = JS_GetProperty(ctx, object, name);
  if (JS_IsException(value))
    JS_FreeValue(ctx, JS_GetException(ctx));
  char *text = JS_IsString(value) ? value_text(ctx, value) : NULL;
  JS_FreeValue(ctx, value);
  return text;
}

static bool property_is_true(JSContext *ctx, JSValueConst object, JSAtom name)
{
  JSValue value = JS_GetProperty(ctx, object, name);
  bool result = JS_IsBool(value) && JS_ToBool(ctx, value);
  JS_FreeValue(ctx, value);
  return result;
}

static char *named_string_property(JSContext *ctx, JSValueConst object, const char *name)
{
  JSAtom atom = JS_NewAtom(ctx, name);
  char *text = string_property(ctx, object, atom);
  JS_FreeAtom(ctx, atom);
  return text;
}

bool is_out_of_stack(JSContext *ctx, JSValueConst error)
{
  if (engine_has_stack(JS_GetRuntime(ctx), HANDLER_STACK))
    return false;
  JSAtom name = engine_kind(error) == ENGINE_ERROR ? engine_constructor_name(ctx, error) : JS_ATOM_NULL;
  const char *class = name ? JS_AtomToCString(ctx, name) : NULL;
  char *message = class && !strcmp(class, "RangeError") ? named_string_property(ctx, error, "message") : NULL;
  bool result = message && !strcmp(message, "Maximum call stack size exceeded");
  free(message);
  JS_FreeCString(ctx, class);
  JS_FreeAtom(ctx, name);
  return result;
}

/* What util.inspect makes of a thrown value that is not an error. */
static char *inspect_value(Env *env, JSValueConst value)
{
  JSContext *ctx = env->ctx;
  if (!JS_IsObject(value) || !JS_IsFunction(ctx, env->builtins_require))
    return value_text(ctx, value);
  JSValue id = JS_NewString(ctx, "internal/util/inspect");
  JSValue module = JS_Call(ctx, env->builtins_require, JS_UNDEFINED, 1, (JSValueConst *)&id);
  JSValue inspect = JS_IsObject(module) ? JS_GetPropertyStr(ctx, module, "inspect") : JS_UNDEFINED;
  JSValue text = JS_IsFunction(ctx, inspect) ? JS_Call(ctx, inspect, JS_UNDEFINED, 1, &value) : JS_UNDEFINED;
  char *result = JS_IsString(text) ? value_text(ctx, text) : NULL;
  JS_FreeValue(ctx, text);
  JS_FreeValue(ctx, inspect);
  JS_FreeValue(ctx, module);
  JS_FreeValue(ctx, id);
  return result;
}

void print_exception(Env *env, JSValueConst error, bool from_promise)
{
  JSContext *ctx = env->ctx;
  bool object = JS_IsObject(error);
  bool decorated = object && property_is_true(ctx, error, env->sym.decorated_private_symbol);
  char *arrow = object ? string_property(ctx, error, env->sym.arrow_message_private_symbol) : NULL;
  if (!arrow)
    arrow = from_promise ? rejection_arrow(env, error) : error_arrow(env, error);
  if (object) {
    enhance(env, env->enhance_stack_before, error);
    enhance(env, env->enhance_stack_after, error);
  }
  char *stack = object ? named_string_property(ctx, error, "stack") : NULL;
  char *name = object ? named_string_property(ctx, error, "name") : NULL;
  char *message = object ? named_string_property(ctx, error, "message") : NULL;
  if (arrow && !decorated)
    env_print_error(object ? "%s" : "\n%s", arrow);
  if (stack && stack[0]) {
    env_print_error(arrow && !decorated ? "\n%s\n" : "%s\n", stack);
  } else if (name && message) {
    env_print_error("%s: %s\n", name, message);
  } else {
    char *text = inspect_value(env, error);
    env_print_error(object ? "\n%s\n" : "%s\n", text ? text : "");
    free(text);
    if (!object)
      env_print_error("(Use `node --trace-uncaught ...` to show where the exception was thrown)\n");
  }
  free(arrow);
  free(stack);
  free(name);
  free(message);
}

static void print_uncaught(Env *env, JSValueConst error, bool from_promise)
{
  print_exception(env, error, from_promise);
  char *version = named_string_property(env->ctx, env->process, "version");
  env_print_error("\nNode.js %s\n", version ? version : "");
  free(version);
}

/* --abort-on-uncaught-exception: no listener is asked. */
static bool is_to_abort(Env *env)
{
  return env->options && option_is_set(env->options, "--abort-on-uncaught-exception");
}

/* What V8 tells before it ends the process: the exception, and where it is from. */
static _Noreturn void abort_uncaught(Env *env, JSValueConst error)
{
  static const char mark[] = "\n    at ";
  const size_t skipped = sizeof mark - 1;
  bool object = JS_IsObject(error);
  char *stack = object ? named_string_property(env->ctx, error, "stack") : NULL;
  char *arrow = object ? string_property(env->ctx, error, env->sym.arrow_message_private_symbol) : NULL;
  char *text = stack ? stack : value_text(env->ctx, error);
  if (stack && arrow && !strncmp(stack, arrow, strlen(arrow))) /* not yet there when V8 does this */
    text += strlen(arrow) + strspn(stack + strlen(arrow), "\n");
  char *frame = text ? strstr(text, mark) : NULL;
  env_print_error("Uncaught %.*s\n\nFROM\n", (int)(frame ? frame - text : text ? (long)strlen(text) : 0), text ? text : "");
  while (frame) {
    char *next = strstr(frame + skipped, mark);
    env_print_error("%.*s\n", (int)(next ? next - frame : (long)strlen(frame)) - (int)skipped, frame + skipped);
    frame = next;
  }
  abort();
}

void trigger_fatal_exception(Env *env, JSValueConst error, bool from_promise)
{
  if (is_to_abort(env)) {
    print_uncaught(env, error, from_promise);
    abort();
  }
  trigger_uncaught_exception(env, error, from_promise);
}

void trigger_uncaught_exception(Env *env, JSValueConst error, bool from_promise)
{
  JSContext *ctx = env->ctx;
  JSValue held = JS_DupValue(ctx, error);
  if (env->exiting || is_out_of_stack(ctx, error)) { /* the scripts below will meet that too, and can catch it */
    JS_FreeValue(ctx, held);
    return;
  }
  /* The library clears the toggle while a capture callback, such as a domain's, is to have what is thrown. */
  if (is_to_abort(env) && env->abort_on_uncaught[0])
    abort_uncaught(env, error);
  if (!JS_IsObject(env->process)) {
    print_uncaught(env, held, from_promise);
    env_exit(env, 10);
  }
  JSValue fatal = JS_GetPropertyStr(ctx, env->process, "_fatalException");
  if (!JS_IsFunction(ctx, fatal)) {
    print_uncaught(env, held, from_promise);
    env_exit(env, 6);
  }
  JSValue arguments[] = {held, JS_NewBool(ctx, from_promise)};
  /* A throw in the handler itself must not come back here by way of the tick queue. */
  JSValue handled = JS_Call(ctx, fatal, env->process, 2, (JSValueConst *)arguments);
  JS_FreeValue(ctx, fatal);
  if (JS_IsException(handled)) {
    JSValue second = JS_GetException(ctx);
    if (is_to_abort(env) && env->abort_on_uncaught[0])
      abort_uncaught(env, second);
    print_uncaught(env, second, false);
    env_exit(env, 7);
  }
  /* Handled by a listener, or by the library having printed and scheduled the exit. */
  if (!JS_IsBool(handled) || JS_ToBool(ctx, handled)) {
    JS_FreeValue(ctx, handled);
    JS_FreeValue(ctx, held);
    return;
  }
  print_uncaught(env, held, from_promise);
  /* A listener of 'exit' may have set process.exitCode. */
  env_exit(env, env->exit_info[EXIT_HAS_CODE] ? env->exit_info[EXIT_CODE] : 1);
}

void report_pending_exception(Env *env)
{
  JSValue error = JS_GetException(env->ctx);
  trigger_uncaught_exception(env, error, false);
  JS_FreeValue(env->ctx, error);
}
