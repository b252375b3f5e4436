/* What the parts of contextify share: contexts of their own, and an end for scripts that run too long. */
#ifndef PODIUM_NODE_CONTEXTIFY_H
#define PODIUM_NODE_CONTEXTIFY_H

#include "../env.h"

/* --- contexts ------------------------------------------------------------------------------------------------------ */

/* The context of a contextified object; the main one for undefined and null. NULL with an exception. */
JSContext *context_of(JSContext *ctx, JSValueConst object);
/* Are its jobs run after each script, and by nobody else? (microtaskMode: 'afterEvaluate') */
bool context_runs_own_jobs(JSContext *ctx, JSValueConst object);
/* Does what --disable-proto wants in a new context. */
void context_disable_proto(JSContext *ctx);
void define_contexts(JSContext *ctx, JSValueConst target);

/* --- watching ------------------------------------------------------------------------------------------------------ */

/* A script that is to end in time, or at SIGINT. Watches nest; the outer ones hold inside. */
typedef struct Watch {
  struct Watch *outer;
  JSContext *ctx;
  int64_t timeout;   /* in milliseconds; 0 for none */
  uint64_t deadline; /* uv_hrtime */
  bool sigint;
  bool late, interrupted;
} Watch;

void watch_begin(Watch *watch, JSContext *ctx, int64_t timeout, bool sigint);
/* Gives the result, or throws ERR_SCRIPT_EXECUTION_TIMEOUT or ERR_SCRIPT_EXECUTION_INTERRUPTED in its place. */
JSValue watch_end(Watch *watch, JSValue result);
void define_watchdog(JSContext *ctx, JSValueConst target);

#endif
