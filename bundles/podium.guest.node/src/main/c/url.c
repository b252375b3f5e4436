/* The basic URL parser. The states are functions; each gets what is left of the input. */
#include "url.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool text_is(const UrlText *text, const char *other) { return !strcmp(text_of(text), other); }

void url_free(Url *url)
{
  UrlText *texts[] = {&url->scheme, &url->username, &url->password, &url->host, &url->path, &url->query, &url->fragment};
  for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
    text_free(texts[i]);
}

/* --- characters --------------------------------------------------------------------------------------------------- */

static bool is_alpha(char c) { return (c | 0x20) >= 'a' && (c | 0x20) <= 'z'; }

static bool is_digit(char c) { return c >= '0' && c <= '9'; }

static const struct { const char *name; UrlScheme type; int port; } schemes[] = {
    {"http", URL_HTTP, 80}, {"https", URL_HTTPS, 443}, {"ws", URL_WS, 80},
    {"ftp", URL_FTP, 21},   {"wss", URL_WSS, 443},     {"file", URL_FILE, -1},
};

static UrlScheme scheme_type(const char *name)
{
  for (size_t i = 0; i < sizeof(schemes) / sizeof(schemes[0]); i++) {
    if (!strcmp(schemes[i].name, name))
      return schemes[i].type;
  }
  return URL_NOT_SPECIAL;
}

static int default_port(UrlScheme type)
{
  for (size_t i = 0; i < sizeof(schemes) / sizeof(schemes[0]); i++) {
    if (schemes[i].type == type)
      return schemes[i].port;
  }
  return -1;
}

static bool is_special(const Url *url) { return url->type != URL_NOT_SPECIAL; }

static bool is_slash(const Url *url, char c) { return c == '/' || (c == '\\' && is_special(url)); }

static bool drive_letter(const char *p, size_t n) { return n >= 2 && is_alpha(p[0]) && (p[1] == ':' || p[1] == '|'); }

static bool starts_with_drive(const char *p, size_t n)
{
  return drive_letter(p, n) && (n == 2 || strchr("/\\?#", p[2]));
}

/* --- path -------------------------------------------------------------------------------------------------------- */

static bool dot_is(const char *p, size_t n, int dots)
{
  size_t i = 0;
  for (int k = 0; k < dots; k++) {
    if (i < n && p[i] == '.')
      i++;
    else if (i + 2 < n && p[i] == '%' && p[i + 1] == '2' && (p[i + 2] | 0x20) == 'e')
      i += 3;
    else
      return false;
  }
  return i == n;
}

static void shorten_path(Url *url)
{
  if (url->path.length == 0)
    return;
  /* "/C:" of a file URL stays. */
  if (url->type == URL_FILE && url->path.length == 3 && is_alpha(url->path.at[1]) && url->path.at[2] == ':')
    return;
  char *slash = strrchr(url->path.at, '/');
  url->path.length = slash ? (size_t)(slash - url->path.at) : 0;
  url->path.at[url->path.length] = 0;
}

static void append_segment(Url *url, const char *p, size_t n, bool last)
{
  if (dot_is(p, n, 2)) {
    shorten_path(url);
    if (last)
      text_put_char(&url->path, '/');
  } else if (dot_is(p, n, 1)) {
    if (last)
      text_put_char(&url->path, '/');
  } else if (url->type == URL_FILE && url->path.length == 0 && n == 2 && drive_letter(p, n)) {
    text_put_char(&url->path, '/');
    text_put_char(&url->path, p[0]);
    text_put_char(&url->path, ':');
  } else {
    text_put_char(&url->path, '/');
    url_encode(&url->path, p, n, SET_PATH);
  }
}

/* Appends segments up to a '?' or '#' (unless a setter gave the text); gives where it stopped. */
static const char *parse_path(Url *url, const char *p, const char *end, bool setter)
{
  if (p < end && is_slash(url, *p))
    p++;
  else if (!is_special(url) && (p == end || (!setter && (*p == '?' || *p == '#'))))
    return p; /* an empty path may stay empty */
  for (;;) {
    const char *start = p;
    while (p < end && !is_slash(url, *p) && (setter || (*p != '?' && *p != '#')))
      p++;
    bool more = p < end && is_slash(url, *p);
    append_segment(url, start, (size_t)(p - start), !more);
    if (!more)
      return p;
    p++;
  }
}

static void parse_fragment(Url *url, const char *p, const char *end)
{
  url->has_fragment = true;
  text_clear(&url->fragment);
  text_put(&url->fragment, "", 0);
  url_encode(&url->fragment, p, (size_t)(end - p), SET_FRAGMENT);
}

static void parse_query(Url *url, const char *p, const char *end, bool setter)
{
  const char *stop = setter ? NULL : memchr(p, '#', (size_t)(end - p));
  url->has_query = true;
  text_clear(&url->query);
  text_put(&url->query, "", 0);
  url_encode(&url->query, p, (size_t)((stop ? stop : end) - p), is_special(url) ? SET_SPECIAL_QUERY : SET_QUERY);
  if (stop)
    parse_fragment(url, stop + 1, end);
}

static void parse_rest(Url *url, const char *p, const char *end)
{
  if (p < end && *p == '?')
    parse_query(url, p + 1, end, false);
  else if (p < end && *p == '#')
    parse_fragment(url, p + 1, end);
}

/* A relative reference without a path keeps the base's query, unless it has one of its own. */
static void parse_rest_on(Url *url, const Url *base, const char *p, const char *end)
{
  if (base->has_query && !(p < end && *p == '?')) {
    url->has_query = true;
    text_set(&url->query, &base->query);
  }
  parse_rest(url, p, end);
}

static bool parse_path_and_rest(Url *url, const char *p, const char *end)
{
  parse_rest(url, parse_path(url, p, end, false), end);
  return true;
}

static bool parse_opaque(Url *url, const char *p, const char *end)
{
  const char *start = p;
  url->opaque_path = true;
  while (p < end && *p != '?' && *p != '#')
    p++;
  url_encode(&url->path, start, (size_t)(p - start), SET_C0);
  /* A space before what follows would be lost again when serialized. */
  if (p < end && url->path.length && url->path.at[url->path.length - 1] == ' ') {
    url->path.length--;
    text_put_string(&url->path, "%20");
  }
  text_put(&url->path, "", 0);
  parse_rest(url, p, end);
  return true;
}

/* --- authority --------------------------------------------------------------------------------------------------- */

static bool parse_port(Url *url, const char *p, const char *end, const char **stop)
{
  int port = 0;
  const char *start = p;
  for (; p < end && is_digit(*p); p++) {
    port = port * 10 + (*p - '0');
    if (port > 65535)
      return false;
  }
  *stop = p;
  if (p > start)
    url->port = port == default_port(url->type) ? -1 : port;
  return true;
}

static const char *host_end(const Url *url, const char *p, const char *end, bool stop_at_colon)
{
  bool bracket = false;
  for (; p < end; p++) {
    if (*p == '[')
      bracket = true;
    else if (*p == ']')
      bracket = false;
    else if ((*p == ':' && !bracket && stop_at_colon) || is_slash(url, *p) || *p == '?' || *p == '#')
      break;
  }
  return p;
}

static bool set_host(Url *url, const char *p, size_t n)
{
  UrlText host = {0};
  text_put(&host, "", 0);
  if (!url_parse_host(p, n, is_special(url), &host)) {
    text_free(&host);
    return false;
  }
  if (url->type == URL_FILE && text_is(&host, "localhost"))
    text_clear(&host);
  text_free(&url->host);
  url->host = host;
  url->has_host = true;
  return true;
}

static bool parse_authority(Url *url, const char *p, const char *end)
{
  const char *stop = p, *at = NULL;
  while (stop < end && !is_slash(url, *stop) && *stop != '?' && *stop != '#') {
    if (*stop == '@')
      at = stop;
    stop++;
  }
  if (at) {
    const char *colon = memchr(p, ':', (size_t)(at - p));
    url_encode(&url->username, p, (size_t)((colon ? colon : at) - p), SET_USERINFO);
    if (colon)
      url_encode(&url->password, colon + 1, (size_t)(at - colon - 1), SET_USERINFO);
    p = at + 1;
    if (p == stop)
      return false;
  }
  const char *host = host_end(url, p, stop, true);
  if (host == p && (is_special(url) || host < stop))
    return false;
  if (!set_host(url, p, (size_t)(host - p)))
    return false;
  if (host < stop) {
    const char *after;
    if (!parse_port(url, host + 1, stop, &after) || after != stop)
      return false;
  }
  return parse_path_and_rest(url, stop, end);
}

/* --- file -------------------------------------------------------------------------------------------------------- */

static bool parse_file_host(Url *url, const char *p, const char *end)
{
  const char *stop = p;
  while (stop < end && !strchr("/\\?#", *stop))
    stop++;
  if (stop - p == 2 && drive_letter(p, 2))
    return parse_path_and_rest(url, p, end);
  url->has_host = true;
  text_clear(&url->host);
  text_put(&url->host, "", 0);
  if (stop > p && !set_host(url, p, (size_t)(stop - p)))
    return false;
  return parse_path_and_rest(url, stop, end);
}

static bool parse_file(Url *url, const Url *base, const char *p, const char *end)
{
  bool file_base = base && base->type == URL_FILE;
  url->has_host = true;
  text_clear(&url->host);
  text_put(&url->host, "", 0);
  if (p < end && (*p == '/' || *p == '\\')) {
    p++;
    if (p < end && (*p == '/' || *p == '\\'))
      return parse_file_host(url, p + 1, end);
    if (file_base) {
      text_set(&url->host, &base->host);
      if (!starts_with_drive(p, (size_t)(end - p)) && base->path.length >= 3 && base->path.at[2] == ':' &&
          is_alpha(base->path.at[1]) && (base->path.length == 3 || base->path.at[3] == '/'))
        text_put(&url->path, base->path.at, 3);
    }
    return parse_path_and_rest(url, p - 1, end);
  }
  if (!file_base)
    return parse_path_and_rest(url, p, end);
  text_set(&url->host, &base->host);
  text_set(&url->path, &base->path);
  if (p == end || *p == '?' || *p == '#') {
    parse_rest_on(url, base, p, end);
    return true;
  }
  if (starts_with_drive(p, (size_t)(end - p)))
    text_clear(&url->path);
  else
    shorten_path(url);
  return parse_path_and_rest(url, p, end);
}

/* --- scheme and relative ----------------------------------------------------------------------------------------- */

static void copy_authority(Url *url, const Url *base)
{
  text_set(&url->username, &base->username);
  text_set(&url->password, &base->password);
  text_set(&url->host, &base->host);
  url->has_host = base->has_host;
  url->port = base->port;
}

static bool parse_relative(Url *url, const Url *base, const char *p, const char *end)
{
  text_set(&url->scheme, &base->scheme);
  url->type = base->type;
  if (url->type == URL_FILE)
    return parse_file(url, base, p, end);
  if (p < end && is_slash(url, *p)) {
    if (p + 1 < end && is_slash(url, p[1])) {
      p += 2;
      while (is_special(url) && p < end && is_slash(url, *p))
        p++;
      return parse_authority(url, p, end);
    }
    copy_authority(url, base);
    return parse_path_and_rest(url, p, end);
  }
  copy_authority(url, base);
  text_set(&url->path, &base->path);
  if (p == end || *p == '?' || *p == '#') {
    parse_rest_on(url, base, p, end);
    return true;
  }
  shorten_path(url);
  return parse_path_and_rest(url, p, end);
}

static bool parse_after_scheme(Url *url, const Url *base, const char *p, const char *end)
{
  if (url->type == URL_FILE)
    return parse_file(url, base, p, end);
  if (is_special(url)) {
    bool two = end - p >= 2 && p[0] == '/' && p[1] == '/';
    if (base && base->type == url->type && !two)
      return parse_relative(url, base, p, end);
    while (p < end && (*p == '/' || *p == '\\'))
      p++;
    return parse_authority(url, p, end);
  }
  if (end - p >= 2 && p[0] == '/' && p[1] == '/')
    return parse_authority(url, p + 2, end);
  if (p < end && *p == '/')
    return parse_path_and_rest(url, p, end);
  return parse_opaque(url, p, end);
}

static bool parse_no_scheme(Url *url, const Url *base, const char *p, const char *end)
{
  if (!base || (base->opaque_path && (p == end || *p != '#')))
    return false;
  if (!base->opaque_path)
    return parse_relative(url, base, p, end);
  text_set(&url->scheme, &base->scheme);
  url->type = base->type;
  text_set(&url->path, &base->path);
  url->opaque_path = true;
  url->has_query = base->has_query;
  text_set(&url->query, &base->query);
  parse_fragment(url, p + 1, end);
  return true;
}

/* The end of a scheme at p (its colon), or NULL. */
static const char *scheme_end(const char *p, const char *end)
{
  if (p == end || !is_alpha(*p))
    return NULL;
  while (p < end && (is_alpha(*p) || is_digit(*p) || *p == '+' || *p == '-' || *p == '.'))
    p++;
  return p < end && *p == ':' ? p : NULL;
}

static void set_scheme(UrlText *scheme, const char *p, const char *colon)
{
  text_clear(scheme);
  for (; p < colon; p++)
    text_put_char(scheme, is_alpha(*p) ? (char)(*p | 0x20) : *p);
}

/* Without tabs and newlines, and (for a whole URL) without C0 controls and spaces at the ends. */
static char *strip(const char *input, size_t *length, bool ends)
{
  const char *p = input, *end = input + *length;
  while (ends && p < end && (unsigned char)*p <= 0x20)
    p++;
  while (ends && end > p && (unsigned char)end[-1] <= 0x20)
    end--;
  char *out = malloc((size_t)(end - p) + 1);
  size_t n = 0;
  for (; out && p < end; p++) {
    if (*p != '\t' && *p != '\n' && *p != '\r')
      out[n++] = *p;
  }
  if (out)
    out[n] = 0;
  *length = n;
  return out;
}

bool url_parse(const char *input, size_t length, const Url *base, Url *url)
{
  *url = (Url){.port = -1, .type = URL_NOT_SPECIAL};
  char *text = strip(input, &length, true);
  if (!text)
    return false;
  const char *end = text + length, *colon = scheme_end(text, end);
  bool result;
  if (colon) {
    set_scheme(&url->scheme, text, colon);
    url->type = scheme_type(text_of(&url->scheme));
    result = parse_after_scheme(url, base, colon + 1, end);
  } else {
    result = parse_no_scheme(url, base, text, end);
  }
  free(text);
  return result;
}

/* --- setters ----------------------------------------------------------------------------------------------------- */

static bool override_scheme(Url *url, const char *p, const char *end)
{
  UrlText scheme = {0};
  const char *colon = scheme_end(p, end);
  if (!colon)
    return false;
  set_scheme(&scheme, p, colon);
  UrlScheme type = scheme_type(text_of(&scheme));
  bool refused = (type != URL_NOT_SPECIAL) != is_special(url) ||
                 (type == URL_FILE && (url->username.length || url->password.length || url->port >= 0)) ||
                 (url->type == URL_FILE && url->host.length == 0);
  if (!refused) {
    text_set(&url->scheme, &scheme);
    url->type = type;
    if (url->port == default_port(type))
      url->port = -1;
  }
  text_free(&scheme);
  return !refused;
}

static bool override_host(Url *url, const char *p, const char *end, bool with_port)
{
  const char *stop;
  if (url->opaque_path)
    return false;
  if (url->type == URL_FILE) {
    for (stop = p; stop < end && !strchr("/\\?#", *stop); stop++) {
    }
    if (stop == p) {
      text_clear(&url->host);
      return true;
    }
    return set_host(url, p, (size_t)(stop - p));
  }
  stop = host_end(url, p, end, true);
  if (stop < end && *stop == ':' && (!with_port || stop == p))
    return false;
  if (stop == p && (is_special(url) || url->username.length || url->password.length || url->port >= 0))
    return false;
  if (!set_host(url, p, (size_t)(stop - p)))
    return false;
  if (stop < end && *stop == ':')
    parse_port(url, stop + 1, end, &stop);
  return true;
}

bool url_can_have_port(const Url *url) { return url->has_host && url->host.length > 0 && url->type != URL_FILE; }

bool url_parse_from(const char *input, size_t length, Url *url, UrlStart start)
{
  char *text = strip(input, &length, false);
  const char *end = text + length, *stop;
  bool result = text != NULL;
  if (!text)
    return false;
  switch (start) {
  case URL_START_SCHEME:
    result = override_scheme(url, text, end);
    break;
  case URL_START_HOST: case URL_START_HOSTNAME:
    result = override_host(url, text, end, start == URL_START_HOST);
    break;
  case URL_START_PORT:
    result = is_digit(text[0]) && parse_port(url, text, end, &stop);
    break;
  case URL_START_PATH:
    text_clear(&url->path);
    parse_path(url, text, end, true);
    text_put(&url->path, "", 0);
    break;
  case URL_START_QUERY:
    parse_query(url, text, end, true);
    break;
  case URL_START_FRAGMENT:
    parse_fragment(url, text, end);
    break;
  default:
    result = false;
  }
  free(text);
  return result;
}

bool url_set_credentials(Url *url, bool password, const char *value, size_t length)
{
  if (!url_can_have_port(url))
    return false;
  UrlText *target = password ? &url->password : &url->username;
  text_clear(target);
  url_encode(target, value, length, SET_USERINFO);
  return true;
}
