/* JavaScript as a plain program: javascript [FILE]. Evaluates the text of the file, or of standard input, as a script, and runs the jobs
 * that it leaves.
 *
 * QuickJS-ng as the Node guest has it, and none of Node. A script finds print(text) and now(), milliseconds since the process began.
 * Status 1 and the stack on standard error if it throws. */
#include <collation.h>
#include <engine.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <zone.h>

/* What the Node guest knows of languages and time zones; here nothing asks. */
const CollationWeight collation_table[COLLATION_COUNT];
const ZoneNames zone_table[1];
const int zone_count = 0;

static JSContext *context;
static double began;

static double milliseconds(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * 1e3 + t.tv_nsec / 1e6;
}

static JSValue now(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv) { return JS_NewFloat64(ctx, milliseconds() - began); }

static JSValue print(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv) {
  const char *text = JS_ToCString(ctx, argv[0]);
  if (!text) return JS_EXCEPTION;
  puts(text);
  fflush(stdout); /* it may be a while to the end */
  JS_FreeCString(ctx, text);
  return JS_UNDEFINED;
}

static int fail(void) {
  JSValue thrown = JS_GetException(context), stack = JS_GetPropertyStr(context, thrown, "stack");
  const char *text = JS_ToCString(context, JS_IsString(stack) ? stack : thrown);
  fprintf(stderr, "javascript: %s\n", text ? text : "something was thrown that is no text");
  return 1;
}

static char *read_all(FILE *from, size_t *length) {
  size_t capacity = 1 << 16;
  char *text = from ? malloc(capacity) : NULL;
  *length = 0;
  while (text) {
    *length += fread(text + *length, 1, capacity - *length, from);
    if (*length < capacity) break;
    text = realloc(text, capacity *= 2);
  }
  if (!text || ferror(from)) {
    perror("javascript: cannot read the script");
    exit(1);
  }
  text[*length] = 0;
  return text;
}

/* Up to here all processes are the same: a snapshot is taken then. */
int __podium_snapshot_main(int argc, char **argv, char **envp) {
  JSRuntime *runtime = JS_NewRuntime();
  if (!runtime || engine_init_runtime(runtime)) return 1;
  context = JS_NewContext(runtime);
  if (!context || engine_init_context(context)) return 1;
  JSValue global = JS_GetGlobalObject(context);
  JS_SetPropertyStr(context, global, "print", JS_NewCFunction(context, print, "print", 1));
  JS_SetPropertyStr(context, global, "now", JS_NewCFunction(context, now, "now", 0));
  JS_FreeValue(context, global);
  return 0;
}

int __podium_restart_main(int argc, char **argv, char **envp) {
  began = milliseconds();
  JSRuntime *runtime = JS_GetRuntime(context);
  engine_update_stack(runtime, ENGINE_STACK_SIZE);
  size_t length;
  char *text = read_all(argc > 1 ? fopen(argv[1], "r") : stdin, &length);
  JSValue result = JS_Eval(context, text, length, "script", JS_EVAL_TYPE_GLOBAL);
  if (JS_IsException(result)) return fail();
  for (JSContext *ctx;;) {
    int ran = JS_ExecutePendingJob(runtime, &ctx);
    if (ran < 0) return fail();
    if (!ran) return 0;
  }
}

#ifndef __wasm__ /* there the C library starts with the two above */
int main(int argc, char **argv, char **envp) {
  int status = __podium_snapshot_main(argc, argv, envp);
  return status ? status : __podium_restart_main(argc, argv, envp);
}
#endif
