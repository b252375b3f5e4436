/* fs: StatWatcher, which polls a path's stat for fs.watchFile. */
#include "node_file.h"

#include <stdlib.h>

typedef struct StatWatcher {
  HandleWrap wrap; /* first */
  uv_fs_poll_t poll;
  bool bigint;
} StatWatcher;

static const BaseType watcher_type = {"StatWatcher", &handle_wrap_type, async_wrap_finalize, async_wrap_mark};

/* new StatWatcher(bigint) */
static JSValue construct(JSContext *ctx, JSValueConst new_target, int argc, JSValueConst *argv)
{
  StatWatcher *watcher;
  JSValue object = base_object_new(ctx, new_target, &watcher_type, sizeof(*watcher), &watcher);
  if (JS_IsException(object))
    return object;
  watcher->bigint = argc > 0 && arg_bool(ctx, argv[0]);
  int status = uv_fs_poll_init(env_of(ctx)->loop, &watcher->poll);
  if (status < 0) {
    JS_FreeValue(ctx, object);
    return throw_uv_exception(ctx, status, "uv_fs_poll_init", NULL, NULL, NULL);
  }
  handle_wrap_init(env_of(ctx), &watcher->wrap, (uv_handle_t *)&watcher->poll, PROVIDER_STATWATCHER);
  return object;
}

static void on_change(uv_fs_poll_t *poll, int status, const uv_stat_t *previous, const uv_stat_t *current)
{
  StatWatcher *watcher = poll->data;
  JSContext *ctx = the_env->ctx;
  JSValue array = fs_fill_stat(ctx, current, watcher->bigint, false);
  JS_FreeValue(ctx, fs_fill_stat(ctx, previous, watcher->bigint, true));
  JSValueConst arguments[] = {JS_NewInt32(ctx, status), array};
  async_wrap_call(&watcher->wrap.async, "onchange", 2, arguments);
  JS_FreeValue(ctx, array);
}

/* start(path, interval): libuv's error, or undefined */
static JSValue start(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  StatWatcher *watcher = base_object_get(ctx, self, &watcher_type);
  char *path = watcher ? fs_path(ctx, argv[0]) : NULL;
  if (!path)
    return JS_EXCEPTION;
  if (!handle_wrap_alive(&watcher->wrap)) {
    free(path);
    return JS_NewInt32(ctx, UV_EBADF);
  }
  int status = uv_fs_poll_start(&watcher->poll, on_change, path, arg_uint32(ctx, argv[1]));
  free(path);
  return status ? JS_NewInt32(ctx, status) : JS_UNDEFINED;
}

void fs_init_stat_watcher(Env *env, JSContext *ctx, JSValueConst target)
{
  static const BindingFunction methods[] = {{"start", start, 2}};
  define_class(ctx, target, "StatWatcher", construct, handle_wrap_constructor(env), methods, COUNT_OF(methods));
}
