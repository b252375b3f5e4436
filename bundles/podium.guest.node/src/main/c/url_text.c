/* What URLs are put together from: texts that grow, and percent-encoding. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "url.h"

void text_put(UrlText *text, const char *bytes, size_t length)
{
  if (text->length + length + 1 > text->capacity) {
    size_t capacity = (text->length + length + 1) * 2 + 16;
    char *grown = realloc(text->at, capacity);
    if (!grown)
      abort();
    text->at = grown;
    text->capacity = capacity;
  }
  if (length)
    memcpy(text->at + text->length, bytes, length);
  text->length += length;
  text->at[text->length] = 0;
}

void text_put_string(UrlText *text, const char *string) { text_put(text, string, strlen(string)); }

void text_put_char(UrlText *text, char c) { text_put(text, &c, 1); }

void text_free(UrlText *text)
{
  free(text->at);
  *text = (UrlText){0};
}

void text_clear(UrlText *text)
{
  text->length = 0;
  if (text->at)
    text->at[0] = 0;
}

void text_set(UrlText *text, const UrlText *from)
{
  text_clear(text);
  text_put(text, from->at ? from->at : "", from->length);
}

int url_hex_value(char c)
{
  return c >= '0' && c <= '9' ? c - '0' : (c | 0x20) >= 'a' && (c | 0x20) <= 'f' ? (c | 0x20) - 'a' + 10 : -1;
}

static bool in_set(unsigned char c, UrlSet set)
{
  if (c < 0x20 || c > 0x7e)
    return true;
  switch (set) {
  case SET_C0: return false;
  case SET_FRAGMENT: return strchr(" \"<>`", c) != NULL;
  case SET_QUERY: return strchr(" \"#<>", c) != NULL;
  case SET_SPECIAL_QUERY: return strchr(" \"#<>'", c) != NULL;
  case SET_PATH: return strchr(" \"#<>?^`{}", c) != NULL;
  default: return strchr(" \"#<>?^`{}/:;=@[\\]|", c) != NULL;
  }
}

void url_encode(UrlText *out, const char *bytes, size_t length, UrlSet set)
{
  for (size_t i = 0; i < length; i++) {
    unsigned char c = (unsigned char)bytes[i];
    if (in_set(c, set)) {
      char hex[4];
      snprintf(hex, sizeof(hex), "%%%02X", c);
      text_put(out, hex, 3);
    } else {
      text_put_char(out, (char)c);
    }
  }
}
