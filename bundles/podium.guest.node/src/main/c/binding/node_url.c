/* url: the URL class's parser, domains, file URLs. */
#include "../url.h"

#include <stdlib.h>
#include <string.h>

#include "../env.h"

static UrlComponents components; /* of the last URL given to the library */

static JSValue throw_invalid_url(JSContext *ctx, const char *input, size_t length, const char *base)
{
  JSValue error = new_code_error(ctx, TYPE_ERROR, "ERR_INVALID_URL", "Invalid URL");
  define_value(ctx, error, "input", JS_NewStringLen(ctx, input, length));
  if (base)
    define_string(ctx, error, "base", base);
  return JS_Throw(ctx, error);
}

static JSValue give(JSContext *ctx, const Url *url)
{
  char *href = url_serialize(url, false, &components);
  JSValue result = JS_NewString(ctx, href);
  free(href);
  return result;
}

typedef struct Input {
  const char *text, *base;
  size_t length, base_length;
} Input;

static bool get_input(JSContext *ctx, JSValueConst text, JSValueConst base, Input *input)
{
  *input = (Input){0};
  input->text = JS_ToCStringLen(ctx, &input->length, text);
  if (input->text && !JS_IsUndefined(base))
    input->base = JS_ToCStringLen(ctx, &input->base_length, base);
  return input->text && (JS_IsUndefined(base) || input->base);
}

static void free_input(JSContext *ctx, Input *input)
{
  JS_FreeCString(ctx, input->text);
  JS_FreeCString(ctx, input->base);
}

static bool parse_input(const Input *input, Url *url)
{
  Url base;
  if (!input->base)
    return url_parse(input->text, input->length, NULL, url);
  *url = (Url){.port = -1};
  bool result = url_parse(input->base, input->base_length, NULL, &base) &&
                url_parse(input->text, input->length, &base, url);
  url_free(&base);
  return result;
}

/* (input, base, raise): the href, or undefined. */
static JSValue parse(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  Input input;
  Url url = {.port = -1};
  JSValue result = JS_UNDEFINED;
  if (!get_input(ctx, argv[0], argv[1], &input))
    result = JS_EXCEPTION;
  else if (parse_input(&input, &url))
    result = give(ctx, &url);
  else if (arg_bool(ctx, argv[2]))
    result = throw_invalid_url(ctx, input.text, input.length, input.base);
  url_free(&url);
  free_input(ctx, &input);
  return result;
}

static JSValue can_parse(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  Input input;
  Url url = {.port = -1};
  JSValue result = JS_EXCEPTION;
  if (get_input(ctx, argv[0], argv[1], &input))
    result = JS_NewBool(ctx, parse_input(&input, &url));
  url_free(&url);
  free_input(ctx, &input);
  return result;
}

/* What of a path must not mean something else in a URL; on Windows the backslash is a separator. */
static void encode_path(UrlText *out, const char *path, size_t length, bool windows)
{
  static const char special[] = "\t\n\r \"#%?[\\]^|~";
  for (size_t i = 0; i < length; i++) {
    char code[4] = "/";
    if (path[i] && !strchr(special, path[i]))
      text_put(out, path + i, 1);
    else if (windows && path[i] == '\\')
      text_put(out, code, 1);
    else
      text_put(out, code, (size_t)snprintf(code, sizeof(code), "%%%02X", (unsigned char)path[i]));
  }
}

/* The host of \\HOST\share: as the host name of the URL. */
static bool apply_host(JSContext *ctx, JSValueConst value, Url *url)
{
  size_t length;
  const char *host = JS_ToCStringLen(ctx, &length, value);
  bool valid = host && url_parse_from(host, length, url, URL_START_HOSTNAME);
  JS_FreeCString(ctx, host);
  return valid;
}

/* (path, is of Windows, host) */
static JSValue path_to_file_url(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  size_t length;
  const char *path = JS_ToCStringLen(ctx, &length, argv[0]);
  if (!path)
    return JS_EXCEPTION;
  UrlText text = {0};
  Url url;
  bool windows = arg_bool(ctx, argv[1]), hosted = windows && JS_IsString(argv[2]);
  text_put(&text, "file://", 7);
  encode_path(&text, path, length, windows);
  JSValue result;
  if (!url_parse(text.at, text.length, NULL, &url)) {
    result = throw_invalid_url(ctx, path, length, NULL);
  } else if (hosted && !apply_host(ctx, argv[2], &url)) {
    const char *host = JS_ToCString(ctx, argv[2]);
    result = throw_invalid_url(ctx, path, length, host);
    JS_FreeCString(ctx, host);
  } else {
    result = give(ctx, &url);
  }
  url_free(&url);
  text_free(&text);
  JS_FreeCString(ctx, path);
  return result;
}

enum {
  SET_PROTOCOL, SET_HOST, SET_HOSTNAME, SET_PORT, SET_USERNAME, SET_PASSWORD, SET_PATHNAME, SET_SEARCH, SET_HASH,
  SET_HREF
};

static bool apply(Url *url, int action, const char *value, size_t length)
{
  UrlText protocol = {0};
  bool result;
  switch (action) {
  case SET_PROTOCOL:
    text_put(&protocol, value, length);
    text_put(&protocol, ":", 1);
    result = url_parse_from(protocol.at, protocol.length, url, URL_START_SCHEME);
    text_free(&protocol);
    return result;
  case SET_HOST: return url_parse_from(value, length, url, URL_START_HOST);
  case SET_HOSTNAME: return url_parse_from(value, length, url, URL_START_HOSTNAME);
  case SET_PORT:
    if (!url_can_have_port(url))
      return false;
    if (length == 0) {
      url->port = -1;
      return true;
    }
    return url_parse_from(value, length, url, URL_START_PORT);
  case SET_USERNAME: case SET_PASSWORD: return url_set_credentials(url, action == SET_PASSWORD, value, length);
  case SET_PATHNAME: return !url->opaque_path && url_parse_from(value, length, url, URL_START_PATH);
  case SET_SEARCH:
    if (length == 0) {
      url->has_query = false;
      return true;
    }
    return url_parse_from(value + (value[0] == '?'), length - (value[0] == '?'), url, URL_START_QUERY);
  case SET_HASH:
    if (length == 0) {
      url->has_fragment = false;
      return true;
    }
    return url_parse_from(value + (value[0] == '#'), length - (value[0] == '#'), url, URL_START_FRAGMENT);
  default: return false;
  }
}

/* (href, action, value): the new href, or false if the value is refused. */
static JSValue update(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  size_t length, value_length;
  int action = arg_int32(ctx, argv[1]);
  const char *href = JS_ToCStringLen(ctx, &length, argv[0]);
  const char *value = href ? JS_ToCStringLen(ctx, &value_length, argv[2]) : NULL;
  JSValue result = JS_EXCEPTION;
  Url url = {.port = -1};
  if (value && action == SET_HREF) {
    result = url_parse(value, value_length, NULL, &url) ? give(ctx, &url) : JS_FALSE;
  } else if (value) {
    bool parsed = url_parse(href, length, NULL, &url);
    /* Setters that change nothing still give the URL; only a refused host, port or scheme is false. */
    bool changed = parsed && apply(&url, action, value, value_length);
    result = changed ? give(ctx, &url) : JS_FALSE;
  }
  url_free(&url);
  JS_FreeCString(ctx, href);
  JS_FreeCString(ctx, value);
  return result;
}

/* (href, fragment, unicode, search, auth) */
static JSValue format(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  size_t length;
  const char *href = JS_ToCStringLen(ctx, &length, argv[0]);
  if (!href)
    return JS_EXCEPTION;
  Url url;
  JSValue result;
  if (!url_parse(href, length, NULL, &url)) {
    result = JS_DupValue(ctx, argv[0]);
  } else {
    url.has_fragment &= arg_bool(ctx, argv[1]);
    url.has_query &= arg_bool(ctx, argv[3]);
    if (arg_bool(ctx, argv[2]) && url.host.length) {
      UrlText unicode = {0};
      url_domain_to_unicode(url.host.at, &unicode);
      text_free(&url.host);
      url.host = unicode;
    }
    if (!arg_bool(ctx, argv[4])) {
      text_free(&url.username);
      text_free(&url.password);
    }
    char *text = url_serialize(&url, false, NULL);
    result = JS_NewString(ctx, text);
    free(text);
  }
  url_free(&url);
  JS_FreeCString(ctx, href);
  return result;
}

static JSValue get_origin(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  size_t length;
  const char *href = JS_ToCStringLen(ctx, &length, argv[0]);
  if (!href)
    return JS_EXCEPTION;
  Url url;
  JSValue result;
  if (!url_parse(href, length, NULL, &url)) {
    result = throw_code_error(ctx, TYPE_ERROR, "ERR_INVALID_URL", "Invalid URL");
  } else if (url.type == URL_NOT_SPECIAL || url.type == URL_FILE) {
    result = JS_NewString(ctx, "null");
  } else {
    char text[4096], port[16] = "";
    if (url.port >= 0)
      snprintf(port, sizeof(port), ":%d", url.port);
    snprintf(text, sizeof(text), "%s://%s%s", url.scheme.at, url.host.at, port);
    result = JS_NewString(ctx, text);
  }
  url_free(&url);
  JS_FreeCString(ctx, href);
  return result;
}

JSValue domain_to_ascii(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv);
JSValue domain_to_unicode(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv);

static JSValue convert_domain(JSContext *ctx, JSValueConst value, bool unicode)
{
  size_t length;
  const char *domain = JS_ToCStringLen(ctx, &length, value);
  if (!domain)
    return JS_EXCEPTION;
  UrlText text = {0}, ascii = {0};
  Url url;
  text_put(&text, "ws://", 5);
  text_put(&text, domain, length);
  JSValue result = JS_UNDEFINED;
  if (length > 0 && url_parse(text.at, text.length, NULL, &url)) {
    if (unicode)
      url_domain_to_unicode(url.host.at ? url.host.at : "", &ascii);
    else
      text_put(&ascii, url.host.at ? url.host.at : "", url.host.length);
    result = JS_NewStringLen(ctx, ascii.at, ascii.length);
  } else {
    result = JS_NewString(ctx, "");
  }
  if (length > 0)
    url_free(&url);
  text_free(&text);
  text_free(&ascii);
  JS_FreeCString(ctx, domain);
  return result;
}

JSValue domain_to_ascii(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  return convert_domain(ctx, argv[0], false);
}

JSValue domain_to_unicode(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  return convert_domain(ctx, argv[0], true);
}

void init_url(Env *env, JSContext *ctx, JSValueConst target)
{
  static const BindingFunction functions[] = {
      {"domainToASCII", domain_to_ascii, 1},
      {"domainToUnicode", domain_to_unicode, 1},
      {"format", format, 5},
      {"getOrigin", get_origin, 1},
      {"parse", parse, 3},
      {"pathToFileURL", path_to_file_url, 3},
      {"update", update, 3},
      {"canParse", can_parse, 2},
  };
  DEFINE_FUNCTIONS(ctx, target, functions);
  define_array(ctx, target, "urlComponents", &components, sizeof(components), JS_TYPED_ARRAY_UINT32);
}
