/* fs_event_wrap: FSEvent, which watches a path for fs.watch. */
#include "node_file.h"

#include <stdlib.h>
#include <string.h>

typedef struct FSEvent {
  HandleWrap wrap; /* first */
  uv_fs_event_t event;
  bool started;
  Encoding encoding;
} FSEvent;

static const BaseType event_type = {"FSEvent", &handle_wrap_type, async_wrap_finalize, async_wrap_mark};

static JSValue construct(JSContext *ctx, JSValueConst new_target, int argc, JSValueConst *argv)
{
  FSEvent *event;
  JSValue object = base_object_new(ctx, new_target, &event_type, sizeof(*event), &event);
  if (JS_IsException(object))
    return object;
  int status = uv_fs_event_init(env_of(ctx)->loop, &event->event);
  if (status < 0) {
    JS_FreeValue(ctx, object);
    return throw_uv_exception(ctx, status, "uv_fs_event_init", NULL, NULL, NULL);
  }
  handle_wrap_init(env_of(ctx), &event->wrap, (uv_handle_t *)&event->event, PROVIDER_FSEVENTWRAP);
  return object;
}

/* The changed entry's name in the wanted encoding, or its bytes if they cannot be put so. */
static JSValue file_name(JSContext *ctx, const FSEvent *event, const char *name, int *status)
{
  if (!name)
    return JS_NULL;
  JSValue text = string_bytes_encode(ctx, (const uint8_t *)name, strlen(name), event->encoding);
  if (!JS_IsException(text))
    return text;
  JS_FreeValue(ctx, JS_GetException(ctx));
  *status = UV_EINVAL;
  return string_bytes_encode(ctx, (const uint8_t *)name, strlen(name), BUFFER);
}

/* An event can be both a rename and a change; the library takes one, and a rename says more. */
static void on_event(uv_fs_event_t *handle, const char *name, int events, int status)
{
  FSEvent *event = handle->data;
  JSContext *ctx = the_env->ctx;
  JSValue kind = JS_NewString(ctx, status ? "" : events & UV_RENAME ? "rename" : "change");
  JSValue file = file_name(ctx, event, name, &status);
  JSValueConst arguments[] = {JS_NewInt32(ctx, status), kind, file};
  async_wrap_call(&event->wrap.async, "onchange", 3, arguments);
  JS_FreeValue(ctx, kind);
  JS_FreeValue(ctx, file);
}

/* start(path, persistent, recursive, encoding): libuv's error or 0 */
static JSValue start(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  FSEvent *event = base_object_get(ctx, self, &event_type);
  char *path = event ? fs_path(ctx, argv[0]) : NULL;
  if (!path)
    return JS_EXCEPTION;
  int status = UV_EINVAL;
  if (handle_wrap_alive(&event->wrap) && !event->started) {
    event->encoding = parse_encoding(ctx, argv[3], UTF8);
    status = uv_fs_event_start(&event->event, on_event, path, arg_bool(ctx, argv[2]) ? UV_FS_EVENT_RECURSIVE : 0);
    event->started = status == 0;
    if (status)
      handle_wrap_close(&event->wrap, JS_UNDEFINED);
    else if (!arg_bool(ctx, argv[1]))
      uv_unref((uv_handle_t *)&event->event);
  }
  free(path);
  return JS_NewInt32(ctx, status);
}

static JSValue initialized(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  FSEvent *event = base_object_get(ctx, self, &event_type);
  return event ? JS_NewBool(ctx, event->started && handle_wrap_alive(&event->wrap)) : JS_EXCEPTION;
}

void init_fs_event_wrap(Env *env, JSContext *ctx, JSValueConst target)
{
  static const BindingFunction methods[] = {{"start", start, 4}};
  JSValueConst constructor =
      define_class(ctx, target, "FSEvent", construct, handle_wrap_constructor(env), methods, COUNT_OF(methods));
  JSValue prototype = JS_GetPropertyStr(ctx, constructor, "prototype");
  define_getter(ctx, prototype, "initialized", initialized, NULL);
  JS_FreeValue(ctx, prototype);
}
