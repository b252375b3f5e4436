/*
 * The program's entries. `main` runs all of it. A kernel with snapshots calls __podium_snapshot_main once, freezes the
 * process, and starts every later one with __podium_restart_main.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "binding/contextify.h"
#include "bootstrap.h"
#include "options.h"
#include "process.h"

static bool stdin_is_terminal(void) { return uv_guess_handle(0) == UV_TTY; }

/* Which module of internal/main/ starts this process. */
static const char *main_module(const Options *options)
{
  const char *first = options->arguments_count > 0 ? options->arguments[0] : "";
  bool interactive = option_is_set(options, "--interactive");
  if (!strcmp(first, "inspect") || !strcmp(first, "debug"))
    return "internal/main/inspect";
  if (option_is_set(options, "--help"))
    return "internal/main/print_help";
  if (option_is_set(options, "--prof-process"))
    return "internal/main/prof_process";
  if (options->has_eval_string && !interactive)
    return "internal/main/eval_string";
  if (option_is_set(options, "--check"))
    return "internal/main/check_syntax";
  if (option_is_set(options, "--test"))
    return "internal/main/test_runner";
  if (option_is_set(options, "--watch"))
    return "internal/main/watch_mode";
  if (first[0] && strcmp(first, "-"))
    return "internal/main/run_main_module";
  if (interactive || stdin_is_terminal())
    return "internal/main/repl";
  return "internal/main/eval_stdin";
}

static const char *resolve_exec_path(const char *argv0)
{
  static char path[4096];
  size_t size = sizeof(path);
  if (uv_exepath(path, &size) == 0)
    return path;
  return argv0;
}

/* The engine's collector as the global function `gc`. */
static JSValue collect_garbage(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  JS_RunGC(JS_GetRuntime(ctx));
  return JS_UNDEFINED;
}

static bool was_given(const Options *options, const char *name, const char *other)
{
  for (int i = 0; i < options->exec_args_count; i++) {
    if (!strcmp(options->exec_args[i], name) || !strcmp(options->exec_args[i], other))
      return true;
  }
  return false;
}

static void apply_options(Env *env)
{
  const Options *options = env->options;
  const OptionValue *limit = option_value(options, "--stack-trace-limit");
  JSValue global = JS_GetGlobalObject(env->ctx);
  if (!option_value(options, "--force-async-hooks-checks")->boolean)
    env->async_hook_fields[ASYNC_CHECK]--;
  if (option_value(options, "--title")->string)
    uv_set_process_title(option_value(options, "--title")->string);
  JSValue error = JS_GetPropertyStr(env->ctx, global, "Error");
  JS_SetPropertyStr(env->ctx, error, "stackTraceLimit", JS_NewInt64(env->ctx, limit->integer));
  context_disable_proto(env->ctx);
  if (was_given(options, "--disallow-code-generation-from-strings", "--disallow_code_generation_from_strings"))
    engine_forbid_eval(env->ctx);
  if (was_given(options, "--expose-gc", "--expose_gc"))
    define_hidden(env->ctx, global, "gc", new_function(env->ctx, collect_garbage, "gc", 0));
  JS_FreeValues(env->ctx, error, global);
}

/* --env-file and --env-file-if-exists. False, after a message, if a file that has to be there is not. */
static bool load_env_files(Env *env, const char *program)
{
  const OptionValue *files = option_value(env->options, "--env-file");
  const OptionValue *optional = option_value(env->options, "--env-file-if-exists");
  for (int i = 0; i < files->list_count; i++) {
    if (load_env_file(env->ctx, files->list[i])) {
      env_print_error("%s: %s: not found\n", program, files->list[i]);
      return false;
    }
  }
  for (int i = 0; i < optional->list_count; i++) {
    if (load_env_file(env->ctx, optional->list[i]))
      env_print_error("%s not found. Continuing without it.\n", optional->list[i]);
  }
  return true;
}

static bool knows_proto_mode(const Options *options, const char *program)
{
  const char *mode = option_value(options, "--disable-proto")->string;
  bool known = !mode || !*mode || !strcmp(mode, "delete") || !strcmp(mode, "throw");
  if (!known)
    env_print_error("%s: invalid mode passed to --disable-proto\n", program);
  return known;
}

/* Which implementations are approved is said by a provider, and this OpenSSL can load none. Refused rather than ignored. */
static bool demands_fips(const Options *options, const char *program)
{
  static const char *const names[] = {"--force-fips", "--enable-fips"};
  for (int i = 0; i < COUNT_OF(names); i++) {
    if (option_value(options, names[i])->boolean) {
      env_print_error("%s: %s requires an active OpenSSL provider named \"fips\". FIPS mode is configured through OpenSSL; see "
                      "https://nodejs.org/api/crypto.html#fips-mode\n", program, names[i]);
      return true;
    }
  }
  return false;
}

static int run(Env *env, int argc, char **argv)
{
  static Options options;
  argv = uv_setup_args(argc, argv); /* for process.title */
  int error = options_parse(&options, argc, argv);
  if (error)
    return error;
  if (option_is_set(&options, "--version")) {
    printf("v%s\n", version_table[0].version);
    fflush(stdout);
    return 0;
  }
  if (demands_fips(&options, argv[0]))
    return 1;
  if (!knows_proto_mode(&options, argv[0]))
    return 12; /* Node's, for a value that its parser of options let pass */
  env->options = &options;
  env->exec_path = resolve_exec_path(argv[0]);
  error = env_start(env, argc, argv);
  if (error) {
    env_print_error("%s: cannot start: %s\n", argv[0], uv_strerror(error));
    return 1;
  }
  apply_options(env);
  if (!load_env_files(env, argv[0]))
    return 9;
  name_time_zone();
  CallbackScope scope;
  JSValue resource = JS_NewObject(env->ctx);
  callback_scope_open(env, &scope, resource, 1, 0, JS_UNDEFINED, SCOPE_WITHOUT_HOOKS);
  JSValue result = run_builtin(env, main_module(&options));
  if (JS_IsException(result))
    report_pending_exception(env);
  JS_FreeValue(env->ctx, result);
  callback_scope_close(env, &scope, false); /* if a listener had the exception, ticks run at once */
  JS_FreeValue(env->ctx, resource);
  return env_spin(env);
}

int __podium_snapshot_main(int argc, char **argv, char **envp);
int __podium_restart_main(int argc, char **argv, char **envp);

int __podium_snapshot_main(int argc, char **argv, char **envp)
{
  finish_for_freeze(bootstrap());
  return 0;
}

int __podium_restart_main(int argc, char **argv, char **envp)
{
  engine_update_stack(the_env->rt, ENGINE_STACK_SIZE);
  engine_reseed(the_env->rt);
  env_exit(the_env, run(the_env, argc, argv));
}

#ifndef __wasm__ /* there the C library starts with the two above */
int main(int argc, char **argv)
{
  Env *env = bootstrap();
  env_exit(env, run(env, argc, argv));
}
#endif
