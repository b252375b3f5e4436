/* Warnings about descriptors closed by garbage collection. */
#include "close_warning.h"
#include "../env.h"

#include <stdlib.h>
#include <string.h>

typedef struct Notice {
  CloseWarning kind;
  int fd, status;
  char *path;
  struct Notice *next;
} Notice;

static Notice *first, **last = &first;
static uv_async_t wake;
static enum { ASLEEP, AWAKE } state;
static bool deprecation_told;

static void tell_file(Env *env, const Notice *notice)
{
  char text[96];
  snprintf(text, sizeof(text), "Closing file descriptor %d on garbage collection", notice->fd);
  env_emit_warning(env, text, NULL, NULL);
  if (deprecation_told)
    return;
  deprecation_told = true;
  env_emit_warning(env,
               "Closing a FileHandle object on garbage collection is deprecated. Please close FileHandle objects "
               "explicitly using FileHandle.prototype.close(). In the future, an error will be thrown if a file "
               "descriptor is closed during garbage collection.",
               "DeprecationWarning", "DEP0137");
}

static void tell(Env *env, const Notice *notice)
{
  char text[4352];
  switch (notice->kind) {
  case FILE_CLOSED:
    tell_file(env, notice);
    return;
  case DIRECTORY_CLOSED:
    env_emit_warning(env, "Closing directory handle on garbage collection", NULL, NULL);
    return;
  case FILE_CLOSE_FAILED:
    snprintf(text, sizeof(text), "Closing file descriptor %d on garbage collection failed (%s)", notice->fd,
             notice->path ? notice->path : "<unknown path>");
    break;
  case DIRECTORY_CLOSE_FAILED:
    snprintf(text, sizeof(text), "Closing directory handle on garbage collection failed");
    break;
  }
  throw_uv_exception(env->ctx, notice->status, "close", text, NULL, NULL);
  report_pending_exception(env);
}

static void on_asleep(uv_handle_t *handle) { state = ASLEEP; }

static void on_wake(uv_async_t *handle)
{
  Env *env = the_env;
  while (first) {
    Notice *notice = first;
    first = notice->next;
    if (!first)
      last = &first;
    CallbackScope scope;
    callback_scope_open(env, &scope, JS_UNDEFINED, 0, 0, JS_UNDEFINED, 0);
    tell(env, notice);
    callback_scope_close(env, &scope, false);
    free(notice->path);
    free(notice);
  }
  uv_close((uv_handle_t *)handle, on_asleep);
}

void warn_closed_by_collection(CloseWarning kind, int fd, const char *path, int status)
{
  if (the_env->exiting || !the_env->loop)
    return;
  Notice *notice = calloc(1, sizeof(*notice));
  if (!notice)
    return; /* a warning is not worth more */
  *notice = (Notice){.kind = kind, .fd = fd, .status = status, .path = path ? strdup(path) : NULL};
  *last = notice;
  last = &notice->next;
  if (state == ASLEEP && uv_async_init(the_env->loop, &wake, on_wake) == 0) {
    state = AWAKE;
    if (kind == FILE_CLOSED || kind == DIRECTORY_CLOSED)
      uv_unref((uv_handle_t *)&wake);
  }
  if (state == AWAKE && !uv_is_closing((uv_handle_t *)&wake))
    uv_async_send(&wake);
}
