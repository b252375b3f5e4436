/* The process object and its environment. */
#ifndef PODIUM_NODE_PROCESS_H
#define PODIUM_NODE_PROCESS_H

#include "env.h"

/* `process` as the library's bootstrap expects it. */
JSValue new_process_object(Env *env);
/* What is only known when the process runs: argv, execArgv, pid, env, title... */
void patch_process_object(Env *env, JSValueConst process);
/* process.dlopen. */
JSValue load_addon(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv);
/* process.env over the C environment. */
JSValue new_env_proxy(Env *env);

/* Has the C library take what TZ says for the name of a zone if it is one, as Node does. */
void name_time_zone(void);

#endif
