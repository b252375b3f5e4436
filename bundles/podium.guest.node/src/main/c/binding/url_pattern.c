/*
 * url_pattern: the class URLPattern (https://urlpattern.spec.whatwg.org/). The script internal/url_pattern/pattern, loaded with
 * the first pattern, parses patterns and matches. Here are the class, its arguments, and what the script takes of the URL code.
 */
#include <stdlib.h>
#include <string.h>

#include "../env.h"
#include "../string_bytes.h"
#include "../url.h"

/* The components, and what they can be relative to. */
static const char *const members[] = {"protocol", "username", "password", "hostname", "port",
                                      "pathname", "search",   "hash",     "baseURL"};
enum { COMPONENTS = 8 };

static const char script_id[] = "internal/url_pattern/pattern";

typedef struct Pattern {
  BaseObject base;
  JSValue compiled; /* the script's; undefined until it is made */
} Pattern;

static void finalize(BaseObject *base)
{
  JS_FreeValueRT(JS_GetRuntime(the_env->ctx), ((Pattern *)base)->compiled);
}

static void mark(BaseObject *base, JSRuntime *rt, JS_MarkFunc *mark_value)
{
  JS_MarkValue(rt, ((Pattern *)base)->compiled, mark_value);
}

static const BaseType pattern_type = {"URLPattern", NULL, finalize, mark};

static JSValue call_script(JSContext *ctx, const char *function, int argc, JSValueConst *argv)
{
  JSValue id = JS_NewString(ctx, script_id);
  JSValue script = JS_Call(ctx, env_of(ctx)->builtins_require, JS_UNDEFINED, 1, (JSValueConst *)&id);
  JS_FreeValue(ctx, id);
  if (JS_IsException(script))
    return script;
  JSValue callee = JS_GetPropertyStr(ctx, script, function);
  JSValue result = JS_Call(ctx, callee, JS_UNDEFINED, argc, argv);
  JS_FreeValue(ctx, callee);
  JS_FreeValue(ctx, script);
  return result;
}

/* --- arguments ------------------------------------------------------------------------------------------------------ */

static JSValueConst argument(int argc, JSValueConst *argv, int i)
{
  return i < argc ? argv[i] : JS_UNDEFINED;
}

static bool is_nullish(JSValueConst value)
{
  return JS_IsUndefined(value) || JS_IsNull(value);
}

static JSValue refuse(JSContext *ctx, const char *message)
{
  return throw_code_error(ctx, TYPE_ERROR, "ERR_INVALID_ARG_TYPE", "%s", message);
}

/* Without lone surrogates. */
static JSValue scalar_string(JSContext *ctx, JSValueConst string)
{
  uint8_t *bytes;
  size_t length;
  if (!string_bytes_get(ctx, string, UTF8, &bytes, &length))
    return JS_EXCEPTION;
  JSValue result = JS_NewStringLen(ctx, (const char *)bytes, length);
  free(bytes);
  return result;
}

/* The URLPatternInit `value`; what is no string counts as missing, as in Node. */
static JSValue read_init(JSContext *ctx, JSValueConst value)
{
  JSValue init = JS_NewObject(ctx);
  for (int i = 0; i < COUNT_OF(members); i++) {
    JSValue member = JS_IsObject(value) ? JS_GetPropertyStr(ctx, value, members[i]) : JS_UNDEFINED;
    JSValue string = JS_IsException(member) ? member : JS_IsString(member) ? scalar_string(ctx, member) : JS_UNDEFINED;
    JS_FreeValue(ctx, member);
    if (JS_IsException(string)) {
      JS_FreeValue(ctx, init);
      return string;
    }
    define_value(ctx, init, members[i], string);
  }
  return init;
}

static JSValue read_input(JSContext *ctx, JSValueConst value, const char *refusal)
{
  if (JS_IsString(value))
    return scalar_string(ctx, value);
  if (JS_IsObject(value) || is_nullish(value))
    return read_init(ctx, value);
  return refuse(ctx, refusal);
}

/* Of a base URL that is there, null and undefined are texts too (Web IDL). */
static JSValue read_base(JSContext *ctx, JSValueConst value, const char *refusal)
{
  if (JS_IsString(value))
    return scalar_string(ctx, value);
  return is_nullish(value) ? JS_ToString(ctx, value) : refuse(ctx, refusal);
}

static JSValue read_ignore_case(JSContext *ctx, JSValueConst options)
{
  if (is_nullish(options))
    return JS_FALSE;
  if (!JS_IsObject(options))
    return refuse(ctx, "options must be an object");
  JSValue value = JS_GetPropertyStr(ctx, options, "ignoreCase");
  if (JS_IsException(value))
    return value;
  JSValue result = JS_NewBool(ctx, arg_bool(ctx, value));
  JS_FreeValue(ctx, value);
  return result;
}

static bool are_read(const JSValue *values, int count)
{
  for (int i = 0; i < count; i++)
    if (JS_IsException(values[i]))
      return false;
  return true;
}

/* --- the class ------------------------------------------------------------------------------------------------------ */

/* input, base and whether case matters not, of (input, base, options) or (input, options). */
static bool read_arguments(JSContext *ctx, int argc, JSValueConst *argv, JSValue read[3])
{
  JSValueConst second = argument(argc, argv, 1), options = argument(argc, argv, 2);
  bool with_base = argc >= 3 || JS_IsString(second);
  read[1] = JS_UNDEFINED;
  read[2] = JS_FALSE;
  read[0] = read_input(ctx, argument(argc, argv, 0), "Input must be an object or a string");
  if (JS_IsException(read[0]))
    return false;
  if (with_base)
    read[1] = read_base(ctx, second, "second argument must be a string");
  else if (!JS_IsObject(second) && !is_nullish(second))
    read[1] = refuse(ctx, "second argument must be a string or object");
  if (!JS_IsException(read[1]))
    read[2] = read_ignore_case(ctx, with_base ? options : second);
  return are_read(read, 3);
}

static JSValue construct(JSContext *ctx, JSValueConst new_target, int argc, JSValueConst *argv)
{
  Pattern *pattern;
  JSValue object = base_object_new(ctx, new_target, &pattern_type, sizeof(*pattern), &pattern);
  if (JS_IsException(object))
    return object;
  pattern->compiled = JS_UNDEFINED;
  JSValue read[3], compiled = JS_EXCEPTION;
  if (read_arguments(ctx, argc, argv, read))
    compiled = call_script(ctx, "create", 3, (JSValueConst *)read);
  if (JS_IsUndefined(compiled))
    compiled = throw_code_error(ctx, TYPE_ERROR, "ERR_INVALID_URL_PATTERN", "Failed to construct URLPattern");
  JS_FreeValues(ctx, read[0], read[1], read[2]);
  if (JS_IsException(compiled)) {
    JS_FreeValue(ctx, object);
    return compiled;
  }
  pattern->compiled = compiled;
  return object;
}

static JSValue match(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv, const char *function)
{
  Pattern *pattern = base_object_get(ctx, self, &pattern_type);
  if (!pattern)
    return JS_EXCEPTION;
  JSValueConst base = argument(argc, argv, 1);
  JSValue values[] = {JS_DupValue(ctx, pattern->compiled),
                      read_input(ctx, argument(argc, argv, 0), "URLPattern input needs to be a string or an object"),
                      JS_UNDEFINED};
  if (are_read(values, 2) && !JS_IsUndefined(base))
    values[2] = read_base(ctx, base, "baseURL must be a string");
  JSValue result = are_read(values, 3) ? call_script(ctx, function, 3, (JSValueConst *)values) : JS_EXCEPTION;
  if (JS_IsUndefined(result))
    result = throw_code_error(ctx, TYPE_ERROR, "ERR_OPERATION_FAILED", "Failed to %s URLPattern", function);
  JS_FreeValues(ctx, values[0], values[1], values[2]);
  return result;
}

static JSValue exec(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  return match(ctx, self, argc, argv, "exec");
}

static JSValue test(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  return match(ctx, self, argc, argv, "test");
}

static JSValue get_component(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv, int i)
{
  Pattern *pattern = base_object_get(ctx, self, &pattern_type);
  if (!pattern)
    return JS_EXCEPTION;
  JSValue component = JS_GetPropertyStr(ctx, pattern->compiled, members[i]);
  JSValue result = JS_GetPropertyStr(ctx, component, "pattern");
  JS_FreeValue(ctx, component);
  return result;
}

static JSValue has_regexp_groups(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv, int magic)
{
  Pattern *pattern = base_object_get(ctx, self, &pattern_type);
  return pattern ? JS_GetPropertyStr(ctx, pattern->compiled, "hasRegExpGroups") : JS_EXCEPTION;
}

typedef JSValue Getter(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv, int magic);

static void define_accessor(JSContext *ctx, JSValueConst prototype, const char *name, Getter *get, int magic)
{
  JSValue function = JS_NewCFunctionMagic(ctx, get, "", 0, JS_CFUNC_generic_magic, magic);
  engine_mark_binding_function(function);
  JSAtom atom = JS_NewAtom(ctx, name);
  JS_DefinePropertyGetSet(ctx, prototype, atom, function, JS_UNDEFINED, JS_PROP_ENUMERABLE);
  JS_FreeAtom(ctx, atom);
}

/* --- for the script ------------------------------------------------------------------------------------------------- */

static void define_text(JSContext *ctx, JSValueConst object, const char *name, const UrlText *text)
{
  define_value(ctx, object, name, JS_NewStringLen(ctx, text_of(text), text->length));
}

static JSValue components_of(JSContext *ctx, const Url *url)
{
  char port[16] = "";
  if (url->port >= 0)
    snprintf(port, sizeof(port), "%d", url->port);
  JSValue object = new_null_object(ctx);
  define_text(ctx, object, "protocol", &url->scheme);
  define_text(ctx, object, "username", &url->username);
  define_text(ctx, object, "password", &url->password);
  define_text(ctx, object, "hostname", &url->host);
  define_string(ctx, object, "port", port);
  define_text(ctx, object, "pathname", &url->path);
  define_text(ctx, object, "search", &url->query);
  define_text(ctx, object, "hash", &url->fragment);
  define_bool(ctx, object, "opaque", url->opaque_path);
  return object;
}

static bool parse_text(JSContext *ctx, JSValueConst value, const Url *base, Url *url)
{
  size_t length;
  const char *text = JS_ToCStringLen(ctx, &length, value);
  bool parsed = text && url_parse(text, length, base, url);
  JS_FreeCString(ctx, text);
  return parsed;
}

/* parse(url, base): the components, or undefined. A base of null is an empty URL: Node takes what is relative, too. */
static JSValue parse(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  Url base = {.port = -1, .type = URL_NOT_SPECIAL}, url = base;
  bool absolute = JS_IsUndefined(argv[1]);
  bool parsed = JS_IsString(argv[1]) ? parse_text(ctx, argv[1], NULL, &base) : true;
  parsed = parsed && parse_text(ctx, argv[0], absolute ? NULL : &base, &url);
  JSValue result = parsed ? components_of(ctx, &url) : JS_UNDEFINED;
  url_free(&base);
  url_free(&url);
  return result;
}

/*
 * "Encoding callbacks" of the standard, but for protocols. As in Node, only hosts are tried on a special URL, and an opaque
 * pathname is what it is in a URL that has nothing else: it may turn out to have segments.
 */
enum { USERNAME = 1, PASSWORD, HOSTNAME, PORT, PATHNAME, SEARCH, HASH, OPAQUE };

static bool take(Url *url, UrlText *out, const UrlText *from, bool valid)
{
  if (valid)
    text_set(out, from);
  url_free(url);
  return valid;
}

/* A piece of a path is given a start of its own, so that it gets none, and its dots stay. If ".." takes it away, there is no telling what
   the piece is: it is refused, as in Node. */
static bool canonicalize_pathname(const char *text, size_t length, UrlText *out)
{
  Url url = {.type = URL_NOT_SPECIAL, .port = -1};
  UrlText whole = {0};
  size_t added = text[0] == '/' ? 0 : 2;
  text_put(&whole, "/-", added);
  text_put(&whole, text, length);
  bool valid = url_parse_from(whole.at, whole.length, &url, URL_START_PATH) && url.path.length >= added;
  if (valid)
    text_put(out, text_of(&url.path) + added, url.path.length - added);
  text_free(&whole);
  url_free(&url);
  return valid;
}

static bool canonicalize_opaque(const char *text, size_t length, UrlText *out)
{
  Url url;
  UrlText whole = {0};
  text_put_string(&whole, "opaque:");
  text_put(&whole, text, length);
  bool valid = url_parse(whole.at, whole.length, NULL, &url);
  text_free(&whole);
  return take(&url, out, &url.path, valid);
}

static bool canonicalize_port(const char *text, size_t length, UrlText *out)
{
  Url url = {.type = URL_NOT_SPECIAL, .port = -1};
  char port[16];
  if (strspn(text, "\t\n\r") == length)
    return true; /* what the parser leaves out */
  if (!url_parse_from(text, length, &url, URL_START_PORT))
    return false;
  snprintf(port, sizeof(port), "%d", url.port);
  text_put_string(out, port);
  return true;
}

static bool canonicalize_text(int component, const char *text, size_t length, UrlText *out)
{
  Url url = {.type = component == HOSTNAME ? URL_HTTPS : URL_NOT_SPECIAL, .port = -1};
  switch (component) {
  case HOSTNAME: return take(&url, out, &url.host, url_parse_from(text, length, &url, URL_START_HOSTNAME));
  case PORT: return canonicalize_port(text, length, out);
  case PATHNAME: return canonicalize_pathname(text, length, out);
  case SEARCH: return take(&url, out, &url.query, url_parse_from(text, length, &url, URL_START_QUERY));
  case HASH: return take(&url, out, &url.fragment, url_parse_from(text, length, &url, URL_START_FRAGMENT));
  case OPAQUE: return canonicalize_opaque(text, length, out);
  default: url_encode(out, text, length, SET_USERINFO); return true;
  }
}

/* canonicalize(component, text): undefined if the text is refused. */
static JSValue canonicalize_component(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  size_t length;
  const char *text = JS_ToCStringLen(ctx, &length, argv[1]);
  if (!text)
    return JS_EXCEPTION;
  UrlText out = {0};
  bool valid = canonicalize_text(arg_int32(ctx, argv[0]), text, length, &out);
  JSValue result = valid ? JS_NewStringLen(ctx, text_of(&out), out.length) : JS_UNDEFINED;
  text_free(&out);
  JS_FreeCString(ctx, text);
  return result;
}

void init_url_pattern(Env *env, JSContext *ctx, JSValueConst target)
{
  static const BindingFunction methods[] = {{"exec", exec, 0}, {"test", test, 0}};
  static const BindingFunction functions[] = {{"canonicalize", canonicalize_component, 2}, {"parse", parse, 2}};
  static const BindingConstant callbacks[] = {
      {"username", USERNAME}, {"password", PASSWORD}, {"hostname", HOSTNAME}, {"port", PORT},
      {"pathname", PATHNAME}, {"search", SEARCH},     {"hash", HASH},         {"opaque", OPAQUE},
  };
  JSValueConst constructor = define_class(ctx, target, "URLPattern", construct, JS_UNDEFINED, NULL, 0);
  JSValue prototype = JS_GetPropertyStr(ctx, constructor, "prototype");
  for (int i = 0; i < COMPONENTS; i++)
    define_accessor(ctx, prototype, members[i], get_component, i);
  define_accessor(ctx, prototype, "hasRegExpGroups", has_regexp_groups, 0);
  DEFINE_FUNCTIONS(ctx, prototype, methods);
  JS_FreeValue(ctx, prototype);
  DEFINE_FUNCTIONS(ctx, target, functions);
  JSValue constants = new_null_object(ctx);
  DEFINE_CONSTANTS(ctx, constants, callbacks);
  define_value(ctx, target, "callbacks", constants);
}
