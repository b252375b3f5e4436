/* credentials: user and group ids, and reading the environment with care. */
#include <errno.h>
#include <grp.h>
#include <pwd.h>
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
    return throw_errno_exception(ctx, errno, "getgroups");
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

/* --- changing them --------------------------------------------------------------------------------------------------- */

/* A number, or the name of a user or group. False if there is none. */
static bool find_id(JSContext *ctx, JSValueConst value, bool group, uint32_t *id)
{
  if (JS_IsNumber(value)) {
    *id = arg_uint32(ctx, value);
    return true;
  }
  const char *name = JS_ToCString(ctx, value);
  struct group *named_group = name && group ? getgrnam(name) : NULL;
  struct passwd *named_user = name && !group ? getpwnam(name) : NULL;
  JS_FreeCString(ctx, name);
  if (named_group)
    *id = named_group->gr_gid;
  if (named_user)
    *id = named_user->pw_uid;
  return named_group || named_user;
}

/* The library takes 1 for a user or group that is not there. */
#define SETTER(name, call, group)                                                                                      \
  static JSValue name(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)                                \
  {                                                                                                                    \
    uint32_t id;                                                                                                       \
    if (!find_id(ctx, argv[0], group, &id))                                                                            \
      return JS_NewInt32(ctx, 1);                                                                                      \
    return call(id) ? throw_errno_exception(ctx, errno, #call) : JS_NewInt32(ctx, 0);                  \
  }
SETTER(set_uid, setuid, false)
SETTER(set_euid, seteuid, false)
SETTER(set_gid, setgid, true)
SETTER(set_egid, setegid, true)

/* The answer is which of the groups, from 1, is not there. */
static JSValue set_groups(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  gid_t groups[256];
  int64_t count;
  if (JS_GetLength(ctx, argv[0], &count))
    return JS_EXCEPTION;
  if (count > COUNT_OF(groups))
    return throw_errno_exception(ctx, EINVAL, "setgroups");
  for (int64_t i = 0; i < count; i++) {
    uint32_t id;
    JSValue group = JS_GetPropertyInt64(ctx, argv[0], i);
    bool found = find_id(ctx, group, true, &id);
    JS_FreeValue(ctx, group);
    if (!found)
      return JS_NewInt64(ctx, i + 1);
    groups[i] = id;
  }
  return setgroups((size_t)count, groups) ? throw_errno_exception(ctx, errno, "setgroups")
                                          : JS_NewInt32(ctx, 0);
}

/* (user, group): 1 if the user of a number is not there, 2 if the group is not. Names are for the system to know. */
static JSValue init_groups(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  uint32_t group;
  struct passwd *by_id = JS_IsNumber(argv[0]) ? getpwuid(arg_uint32(ctx, argv[0])) : NULL;
  const char *text = by_id ? NULL : JS_ToCString(ctx, argv[0]);
  char *user = by_id ? strdup(by_id->pw_name) : text && !JS_IsNumber(argv[0]) ? strdup(text) : NULL;
  JS_FreeCString(ctx, text);
  JSValue result = JS_NewInt32(ctx, user ? 2 : 1);
  if (user && find_id(ctx, argv[1], true, &group))
    result = initgroups(user, group) ? throw_errno_exception(ctx, errno, "initgroups") : JS_NewInt32(ctx, 0);
  free(user);
  return result;
}

void init_credentials(Env *env, JSContext *ctx, JSValueConst target)
{
  static const BindingFunction functions[] = {
      {"safeGetenv", safe_getenv, 1}, {"getTempDir", get_temp_dir, 0}, {"getuid", get_uid, 0},
      {"geteuid", get_euid, 0},       {"getgid", get_gid, 0},          {"getegid", get_egid, 0},
      {"getgroups", get_groups, 0},   {"setuid", set_uid, 1},          {"seteuid", set_euid, 1},
      {"setgid", set_gid, 1},         {"setegid", set_egid, 1},        {"setgroups", set_groups, 1},
      {"initgroups", init_groups, 2},
  };
  DEFINE_FUNCTIONS(ctx, target, functions);
  define_bool(ctx, target, "implementsPosixCredentials", true);
}
