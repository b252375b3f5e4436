/* credentials: user and group ids, and reading the environment with care. */
#include <errno.h>
#include <grp.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../env.h"

static JSValue safe_getenv(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  const char *name = JS_ToCString(ctx, argv[0]);
  if (!name)
    return JS_EXCEPTION;
  const char *value = getuid() == geteuid() && getgid() == getegid() ? getenv(name) : NULL;
  JSValue result = value ? JS_NewString(ctx, value) : JS_UNDEFINED;
  JS_FreeCString(ctx, name);
  return result;
}

static JSValue get_temp_dir(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  static const char *const names[] = {"TMPDIR", "TMP", "TEMP"};
  const char *dir = NULL;
  for (int i = 0; i < COUNT_OF(names) && (!dir || !dir[0]); i++)
    dir = getenv(names[i]);
  if (!dir || !dir[0])
    dir = "/tmp";
  size_t length = strlen(dir);
  if (length > 1 && dir[length - 1] == '/')
    length--;
  return JS_NewStringLen(ctx, dir, length);
}

static JSValue get_uid(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  return JS_NewUint32(ctx, getuid());
}

static JSValue get_euid(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  return JS_NewUint32(ctx, geteuid());
}

static JSValue get_gid(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  return JS_NewUint32(ctx, getgid());
}

static JSValue get_egid(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  return JS_NewUint32(ctx, getegid());
}

static JSValue get_groups(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  gid_t groups[256];
  int count = getgroups(COUNT_OF(groups), groups);
  if (count < 0)
    return throw_uv_exception(ctx, -errno, "getgroups", NULL, NULL, NULL);
  JSValue array = JS_NewArray(ctx);
  bool seen = false;
  for (int i = 0; i < count; i++) {
    seen |= groups[i] == getegid();
    JS_SetPropertyUint32(ctx, array, (uint32_t)i, JS_NewUint32(ctx, groups[i]));
  }
  if (!seen)
    JS_SetPropertyUint32(ctx, array, (uint32_t)count, JS_NewUint32(ctx, getegid()));
  return array;
}

void init_credentials(Env *env, JSContext *ctx, JSValueConst target)
{
  static const BindingFunction functions[] = {
      {"safeGetenv", safe_getenv, 1}, {"getTempDir", get_temp_dir, 0}, {"getuid", get_uid, 0},
      {"geteuid", get_euid, 0},       {"getgid", get_gid, 0},          {"getegid", get_egid, 0},
      {"getgroups", get_groups, 0},
  };
  static const char *const unavailable[] = {"initgroups", "setegid", "seteuid", "setgid", "setuid", "setgroups"};
  DEFINE_FUNCTIONS(ctx, target, functions);
  for (int i = 0; i < COUNT_OF(unavailable); i++)
    define_unavailable(ctx, target, "process", unavailable[i]);
  define_bool(ctx, target, "implementsPosixCredentials", true);
}
