/* What spawning child processes takes from JavaScript. */
#include "child.h"

#include <stdlib.h>
#include <string.h>

void child_strings_free(char **strings)
{
  for (char **p = strings; p && *p; p++)
    free(*p);
  free(strings);
}

static char *copy_text(JSContext *ctx, JSValueConst array, int64_t index)
{
  JSValue value = JS_GetPropertyInt64(ctx, array, index);
  const char *text = JS_IsException(value) ? NULL : JS_ToCString(ctx, value);
  char *copy = text ? strdup(text) : NULL;
  if (text && !copy)
    JS_ThrowOutOfMemory(ctx);
  JS_FreeCString(ctx, text);
  JS_FreeValue(ctx, value);
  return copy;
}

char **child_strings(JSContext *ctx, JSValueConst array)
{
  int64_t count;
  if (JS_GetLength(ctx, array, &count))
    return NULL;
  char **strings = calloc((size_t)count + 1, sizeof(*strings));
  if (!strings)
    JS_ThrowOutOfMemory(ctx);
  for (int64_t i = 0; strings && i < count; i++) {
    strings[i] = copy_text(ctx, array, i);
    if (!strings[i]) {
      child_strings_free(strings);
      return NULL;
    }
  }
  return strings;
}

bool child_property_is(JSContext *ctx, JSValueConst object, const char *name, const char *text)
{
  JSValue value = JS_GetPropertyStr(ctx, object, name);
  const char *found = JS_IsString(value) ? JS_ToCString(ctx, value) : NULL;
  bool same = found && !strcmp(found, text);
  JS_FreeCString(ctx, found);
  JS_FreeValue(ctx, value);
  return same;
}

int child_property_int(JSContext *ctx, JSValueConst object, const char *name, int missing)
{
  JSValue value = JS_GetPropertyStr(ctx, object, name);
  int result = JS_IsUndefined(value) || JS_IsNull(value) ? missing : arg_int32(ctx, value);
  JS_FreeValue(ctx, value);
  return result;
}

void child_set_id(JSContext *ctx, uv_process_options_t *options, JSValueConst id, unsigned flag)
{
  if (JS_IsUndefined(id) || JS_IsNull(id))
    return;
  options->flags |= flag;
  if (flag == UV_PROCESS_SETUID)
    options->uid = (uv_uid_t)arg_int32(ctx, id);
  else
    options->gid = (uv_gid_t)arg_int32(ctx, id);
}
