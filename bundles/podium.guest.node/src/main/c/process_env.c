/* process.env: an object whose properties are the environment's variables. */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "engine/zone.h"
#include "options.h"
#include "process.h"

extern char **environ;

static JSClassID env_class;

/* The variable of a property key: NULL for symbols (which are no variables). Free with JS_FreeCString. */
static const char *variable_name(JSContext *ctx, JSAtom key)
{
  JSValue value = JS_AtomToValue(ctx, key);
  const char *name = JS_IsSymbol(value) ? NULL : JS_ToCString(ctx, value);
  JS_FreeValue(ctx, value);
  return name;
}

/* --- the time zone ------------------------------------------------------------------------------------------------- */

static int compare_zone(const void *zone, const void *names) { return strcmp(zone, ((const ZoneNames *)names)->zone); }

/* Does the C library take the name of a zone for a rule, which has other days of change or none? EST5EDT is one. */
static bool looks_like_rule(const char *zone)
{
  return strpbrk(zone, "0123456789") && bsearch(zone, zone_table, (size_t)zone_count, sizeof *zone_table, compare_zone);
}

/* A colon says that a name is meant. Scripts do not see it. */
static const char *without_colon(const char *name, const char *value)
{
  return value && value[0] == ':' && !strcmp(name, "TZ") && looks_like_rule(value + 1) ? value + 1 : value;
}

void name_time_zone(void)
{
  const char *zone = getenv("TZ");
  char name[64] = ":";
  if (zone && strlen(zone) < sizeof name - 1 && looks_like_rule(zone))
    setenv("TZ", strcpy(name + 1, zone) - 1, 1);
}

static void on_change(const char *name)
{
  if (strcmp(name, "TZ"))
    return;
  name_time_zone();
  tzset();
}

/* --- variables ----------------------------------------------------------------------------------------------------- */

static int get_own(JSContext *ctx, JSPropertyDescriptor *descriptor, JSValueConst object, JSAtom key)
{
  const char *name = variable_name(ctx, key);
  const char *value = name ? without_colon(name, getenv(name)) : NULL;
  JS_FreeCString(ctx, name);
  if (!value)
    return false;
  if (descriptor) {
    descriptor->flags = JS_PROP_C_W_E;
    descriptor->value = JS_NewString(ctx, value);
    descriptor->getter = descriptor->setter = JS_UNDEFINED;
  }
  return true;
}

static int get_names(JSContext *ctx, JSPropertyEnum **table, uint32_t *count, JSValueConst object)
{
  uint32_t n = 0;
  for (char **p = environ; p && *p; p++)
    n++;
  JSPropertyEnum *names = js_malloc(ctx, (n ? n : 1) * sizeof(*names));
  if (!names)
    return -1;
  uint32_t used = 0;
  for (uint32_t i = 0; i < n; i++) {
    const char *equals = strchr(environ[i], '=');
    if (equals && equals != environ[i])
      names[used++] = (JSPropertyEnum){true, JS_NewAtomLen(ctx, environ[i], (size_t)(equals - environ[i]))};
  }
  *table = names;
  *count = used;
  return 0;
}

static int delete_variable(JSContext *ctx, JSValueConst object, JSAtom key)
{
  const char *name = variable_name(ctx, key);
  if (name) {
    unsetenv(name);
    on_change(name);
  }
  JS_FreeCString(ctx, name);
  return true;
}

static int assign_variable(JSContext *ctx, JSAtom key, JSValueConst value)
{
  JSValue key_value = JS_AtomToValue(ctx, key);
  bool symbol = JS_IsSymbol(key_value) || JS_IsSymbol(value);
  JS_FreeValue(ctx, key_value);
  if (symbol) {
    JS_ThrowTypeError(ctx, "Cannot convert a Symbol value to a string");
    return -1;
  }
  if (!JS_IsString(value) && !JS_IsNumber(value) && !JS_IsBool(value) &&
      option_is_set(env_of(ctx)->options, "--pending-deprecation")) {
    static bool warned;
    if (!warned)
      env_emit_warning(env_of(ctx),
                       "Assigning any value other than a string, number, or boolean to a process.env property is "
                       "deprecated. Please make sure to convert the value to a string before setting process.env with it.",
                       "DeprecationWarning", "DEP0104");
    warned = true;
  }
  const char *name = variable_name(ctx, key);
  const char *text = name ? JS_ToCString(ctx, value) : NULL;
  int result = name && text ? true : -1;
  if (result > 0) {
    setenv(name, text, 1);
    on_change(name);
  }
  JS_FreeCString(ctx, text);
  JS_FreeCString(ctx, name);
  return result;
}

static int set_variable(JSContext *ctx, JSValueConst object, JSAtom key, JSValueConst value, JSValueConst receiver,
                        int flags)
{
  return assign_variable(ctx, key, value);
}

static int define_variable(JSContext *ctx, JSValueConst object, JSAtom key, JSValueConst value, JSValueConst getter,
                           JSValueConst setter, int flags)
{
  if (flags & (JS_PROP_HAS_GET | JS_PROP_HAS_SET)) {
    throw_code_error(ctx, TYPE_ERROR, "ERR_INVALID_OBJECT_DEFINE_PROPERTY",
                     "'process.env' does not accept an accessor(getter/setter) descriptor");
    return -1;
  }
  int wanted = JS_PROP_C_W_E;
  if ((flags & wanted) != wanted) {
    throw_code_error(ctx, TYPE_ERROR, "ERR_INVALID_OBJECT_DEFINE_PROPERTY",
                     "'process.env' only accepts a configurable, writable, and enumerable data descriptor");
    return -1;
  }
  return assign_variable(ctx, key, value);
}

JSValue new_env_proxy(Env *env)
{
  static JSClassExoticMethods methods = {
      .get_own_property = get_own,
      .get_own_property_names = get_names,
      .delete_property = delete_variable,
      .define_own_property = define_variable,
      .set_property = set_variable,
  };
  static const JSClassDef definition = {"Object", .exotic = &methods};
  JS_NewClassID(env->rt, &env_class);
  if (!JS_IsRegisteredClass(env->rt, env_class) && JS_NewClass(env->rt, env_class, &definition))
    return JS_ThrowOutOfMemory(env->ctx);
  JSValue plain = JS_NewObject(env->ctx);
  JSValue proto = JS_GetPrototype(env->ctx, plain);
  JSValue object = JS_NewObjectProtoClass(env->ctx, proto, env_class);
  JS_FreeValue(env->ctx, proto);
  JS_FreeValue(env->ctx, plain);
  return object;
}
