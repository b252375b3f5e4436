/* URLs back to text, and to paths. */
#include <stdio.h>

#include "url.h"

char *url_serialize(const Url *url, bool without_fragment, UrlComponents *components)
{
  UrlText out = {0};
  UrlComponents c = {.port = 0xffffffff, .search_start = 0xffffffff, .hash_start = 0xffffffff};
  text_put_string(&out, text_of(&url->scheme));
  text_put_char(&out, ':');
  c.protocol_end = c.username_end = c.host_start = c.host_end = (uint32_t)out.length;
  if (url->has_host) {
    text_put_string(&out, "//");
    c.username_end = c.host_start = (uint32_t)out.length;
    if (url->username.length || url->password.length) {
      text_put_string(&out, text_of(&url->username));
      c.username_end = (uint32_t)out.length;
      if (url->password.length) {
        text_put_char(&out, ':');
        text_put_string(&out, text_of(&url->password));
      }
      c.host_start = (uint32_t)out.length;
      text_put_char(&out, '@');
    }
    text_put_string(&out, text_of(&url->host));
    c.host_end = (uint32_t)out.length;
    if (url->port >= 0) {
      char port[16];
      snprintf(port, sizeof(port), ":%d", url->port);
      text_put_string(&out, port);
      c.port = (uint32_t)url->port;
    }
  } else if (!url->opaque_path && url->path.length > 1 && url->path.at[0] == '/' && url->path.at[1] == '/') {
    text_put_string(&out, "/.");
  }
  c.pathname_start = (uint32_t)out.length;
  text_put(&out, text_of(&url->path), url->path.length);
  if (url->has_query) {
    c.search_start = (uint32_t)out.length;
    text_put_char(&out, '?');
    text_put(&out, text_of(&url->query), url->query.length);
  }
  if (url->has_fragment && !without_fragment) {
    c.hash_start = (uint32_t)out.length;
    text_put_char(&out, '#');
    text_put(&out, text_of(&url->fragment), url->fragment.length);
  }
  c.scheme_type = (uint32_t)url->type;
  if (components)
    *components = c;
  return out.at;
}

bool url_to_path(const Url *url, UrlText *out)
{
  if (url->type != URL_FILE || url->host.length)
    return false;
  for (size_t i = 0; i < url->path.length; i++) {
    const char *p = url->path.at + i;
    if (*p == '%' && i + 2 < url->path.length && url_hex_value(p[1]) >= 0 && url_hex_value(p[2]) >= 0) {
      char byte = (char)(url_hex_value(p[1]) << 4 | url_hex_value(p[2]));
      if (byte == '/')
        return false;
      text_put_char(out, byte);
      i += 2;
    } else {
      text_put_char(out, *p);
    }
  }
  return true;
}
