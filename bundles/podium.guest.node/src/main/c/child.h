/* Child processes: what both ways to spawn one, waiting for it (spawn_sync) or not (process_wrap), take from JavaScript. */
#ifndef PODIUM_NODE_CHILD_H
#define PODIUM_NODE_CHILD_H

#include "env.h"

/* The name of a signal, such as SIGTERM; empty if there is none. */
const char *signal_name(int number);
/* The texts of an array, ended by NULL. NULL with an exception. Free with child_strings_free. */
char **child_strings(JSContext *ctx, JSValueConst array);
void child_strings_free(char **strings);
/* Is property `name` of the object this text? False, without an exception, for whatever is no string. */
bool child_property_is(JSContext *ctx, JSValueConst object, const char *name, const char *text);
/* An integer property; `missing` if it is undefined or null. */
int child_property_int(JSContext *ctx, JSValueConst object, const char *name, int missing);
/* The user (UV_PROCESS_SETUID) or group to be, unless `id` is undefined or null. */
void child_set_id(JSContext *ctx, uv_process_options_t *options, JSValueConst id, unsigned flag);

#endif
