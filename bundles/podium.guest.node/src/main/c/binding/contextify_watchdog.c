/* contextify: an end for scripts that run too long, or that SIGINT is to break. */
#include <signal.h>

#include "contextify.h"

static Watch *watches;
static volatile sig_atomic_t sigint_pending;
static struct sigaction outer_action;
static int sigint_watches;

static void on_sigint(int number) { sigint_pending = 1; }

static void watch_sigint(void)
{
  struct sigaction action = {.sa_handler = on_sigint};
  if (sigint_watches++)
    return;
  sigint_pending = 0;
  sigaction(SIGINT, &action, &outer_action);
}

static void ignore_sigint(void)
{
  if (--sigint_watches == 0)
    sigaction(SIGINT, &outer_action, NULL);
}

/* Asked by the engine now and then: 1 ends all script that is running. */
static int interrupt(JSRuntime *rt, void *opaque)
{
  int ended = 0;
  for (Watch *watch = watches; watch; watch = watch->outer) {
    watch->late = watch->late || (watch->timeout && uv_hrtime() >= watch->deadline);
    watch->interrupted = watch->interrupted || (watch->sigint && sigint_pending);
    ended |= watch->late || watch->interrupted;
  }
  return ended;
}

void watch_begin(Watch *watch, JSContext *ctx, int64_t timeout, bool sigint)
{
  uint64_t now = uv_hrtime();
  *watch = (Watch){.outer = watches, .ctx = ctx, .timeout = timeout, .sigint = sigint};
  watch->deadline = now + (uint64_t)timeout * 1000000;
  watches = watch;
  if (sigint)
    watch_sigint();
  JS_SetInterruptHandler(JS_GetRuntime(ctx), interrupt, NULL);
}

JSValue watch_end(Watch *watch, JSValue result)
{
  JSContext *ctx = watch->ctx;
  watches = watch->outer;
  if (!watches)
    JS_SetInterruptHandler(JS_GetRuntime(ctx), NULL, NULL);
  if (watch->sigint)
    ignore_sigint();
  if (!watch->late && !watch->interrupted)
    return result;
  /* What was ended may have been a job, whose error became a promise's. */
  JS_FreeValue(ctx, JS_IsException(result) ? JS_GetException(ctx) : result);
  if (watch->late)
    return throw_code_error(ctx, ERROR, "ERR_SCRIPT_EXECUTION_TIMEOUT", "Script execution timed out after %lldms",
                            (long long)watch->timeout);
  return throw_code_error(ctx, ERROR, "ERR_SCRIPT_EXECUTION_INTERRUPTED",
                          "Script execution was interrupted by `SIGINT`");
}

/* --- for who runs scripts by himself: it is noted, and ends nothing -------------------------------------------------- */

static int starts;

static JSValue start_sigint_watchdog(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  if (starts++ == 0)
    watch_sigint();
  return JS_UNDEFINED;
}

/* Was there a SIGINT since the last start or stop? */
static JSValue stop_sigint_watchdog(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  bool pending = sigint_pending;
  sigint_pending = 0;
  if (starts && --starts == 0)
    ignore_sigint();
  return JS_NewBool(ctx, pending);
}

static JSValue has_pending_sigint(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  return JS_NewBool(ctx, sigint_pending);
}

void define_watchdog(JSContext *ctx, JSValueConst target)
{
  static const BindingFunction functions[] = {
      {"startSigintWatchdog", start_sigint_watchdog, 0},
      {"stopSigintWatchdog", stop_sigint_watchdog, 0},
      {"watchdogHasPendingSigint", has_pending_sigint, 0},
  };
  DEFINE_FUNCTIONS(ctx, target, functions);
}
