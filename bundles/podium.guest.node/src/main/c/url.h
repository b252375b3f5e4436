/* URLs as the WHATWG standard has them: a record, the basic parser, serializing. https://url.spec.whatwg.org/ */
#ifndef PODIUM_NODE_URL_H
#define PODIUM_NODE_URL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A growing byte string, always ended by a NUL when it has memory. */
typedef struct UrlText {
  char *at;
  size_t length, capacity;
} UrlText;

typedef enum UrlScheme { URL_HTTP, URL_NOT_SPECIAL, URL_HTTPS, URL_WS, URL_FTP, URL_WSS, URL_FILE } UrlScheme;

typedef struct Url {
  UrlText scheme; /* without the colon */
  UrlScheme type;
  UrlText username, password, host, path, query, fragment;
  bool has_host, has_query, has_fragment, opaque_path;
  int port; /* -1: none or the scheme's own */
} Url;

/* The states a setter may start in (and the whole parse). */
typedef enum UrlStart {
  URL_START, URL_START_SCHEME, URL_START_HOST, URL_START_HOSTNAME, URL_START_PORT, URL_START_PATH, URL_START_QUERY,
  URL_START_FRAGMENT
} UrlStart;

/* Offsets into the serialization, as the library reads them; 0xffffffff for what is not there. */
typedef struct UrlComponents {
  uint32_t protocol_end, username_end, host_start, host_end, port, pathname_start, search_start, hash_start, scheme_type;
} UrlComponents;

/* Parses `input` (UTF-8) against `base` (or NULL) into *url, which the caller frees even after failure. */
bool url_parse(const char *input, size_t length, const Url *base, Url *url);
/* Runs the parser from a state of a setter on *url; false if the setter has no effect. */
bool url_parse_from(const char *input, size_t length, Url *url, UrlStart start);
void url_free(Url *url);
/* The serialization; *components may be NULL. The caller frees the text. */
char *url_serialize(const Url *url, bool without_fragment, UrlComponents *components);
bool url_set_credentials(Url *url, bool password, const char *value, size_t length);
bool url_can_have_port(const Url *url);
/* Any host; `special` is whether the URL's scheme is. */
bool url_parse_host(const char *input, size_t length, bool special, UrlText *out);
/* Host of a special URL: percent-decoding, IDNA, IPv4. False if it is not one. */
bool url_parse_domain(const char *input, size_t length, UrlText *out);
/* "xn--" labels to Unicode. */
void url_domain_to_unicode(const char *domain, UrlText *out);
/* file: URL to a path in UTF-8; false if it is no file URL with an empty host. */
bool url_to_path(const Url *url, UrlText *out);

/* --- text --------------------------------------------------------------------------------------------------------- */

void text_put(UrlText *text, const char *bytes, size_t length);
void text_put_string(UrlText *text, const char *string);
void text_put_char(UrlText *text, char c);
/* Empties it and keeps its memory. */
void text_clear(UrlText *text);
void text_set(UrlText *text, const UrlText *from);
void text_free(UrlText *text);
static inline const char *text_of(const UrlText *text) { return text->at ? text->at : ""; }
/* 0 to 15, or -1. */
int url_hex_value(char c);

/* Percent-encode sets. */
typedef enum UrlSet { SET_C0, SET_FRAGMENT, SET_QUERY, SET_SPECIAL_QUERY, SET_PATH, SET_USERINFO } UrlSet;
void url_encode(UrlText *out, const char *bytes, size_t length, UrlSet set);

#endif
