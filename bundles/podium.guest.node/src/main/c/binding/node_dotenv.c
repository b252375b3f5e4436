/* .env files: parse_env_file() for util.parseEnv, load_env_file() for process.loadEnvFile and --env-file. */
#include "../env.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct Text {
  const char *at, *end;
} Text;

static Text trim(Text text)
{
  while (text.at < text.end && (*text.at == ' ' || *text.at == '\t' || *text.at == '\n' || *text.at == '\r'))
    text.at++;
  while (text.end > text.at && (text.end[-1] == ' ' || text.end[-1] == '\t' || text.end[-1] == '\n' || text.end[-1] == '\r'))
    text.end--;
  return text;
}

static const char *find(Text text, char c)
{
  return text.at < text.end ? memchr(text.at, c, (size_t)(text.end - text.at)) : NULL;
}

static void store(JSContext *ctx, JSValueConst object, Text key, Text value, bool escapes)
{
  char *copy = malloc((size_t)(value.end - value.at) + 1);
  size_t n = 0;
  for (const char *p = value.at; p < value.end; p++) {
    if (escapes && p[0] == '\\' && p + 1 < value.end && p[1] == 'n') {
      copy[n++] = '\n';
      p++;
    } else if (*p != '\r') {
      copy[n++] = *p;
    }
  }
  JSAtom atom = JS_NewAtomLen(ctx, key.at, (size_t)(key.end - key.at));
  JS_DefinePropertyValue(ctx, object, atom, JS_NewStringLen(ctx, copy, n), JS_PROP_C_W_E);
  JS_FreeAtom(ctx, atom);
  free(copy);
}

/* One assignment, from its key on; gives where the next line starts. */
static const char *parse_value(JSContext *ctx, JSValueConst object, Text key, Text rest)
{
  const char *newline = find(rest, '\n');
  Text line = {rest.at, newline ? newline : rest.end};
  Text value = trim(line);
  if (value.at < value.end && strchr("\"'`", *value.at)) {
    char quote = *value.at;
    Text inside = {value.at + 1, rest.end};
    const char *close = find(inside, quote);
    if (close) { /* quoted values may span lines */
      store(ctx, object, key, (Text){inside.at, close}, quote == '"');
      const char *next = find((Text){close, rest.end}, '\n');
      return next ? next + 1 : rest.end;
    }
  }
  const char *comment = find(value, '#');
  if (comment)
    value = trim((Text){value.at, comment});
  store(ctx, object, key, value, false);
  return newline ? newline + 1 : rest.end;
}

JSValue parse_env_file(JSContext *ctx, const char *content, size_t length)
{
  JSValue object = JS_NewObject(ctx);
  Text rest = {content, content + length};
  while (rest.at < rest.end) {
    rest = (Text){trim(rest).at, rest.end};
    const char *newline = find(rest, '\n');
    Text line = {rest.at, newline ? newline : rest.end};
    const char *equals = find(line, '=');
    if (rest.at >= rest.end || *rest.at == '#' || !equals) {
      rest.at = newline ? newline + 1 : rest.end;
      continue;
    }
    Text key = trim((Text){rest.at, equals});
    if (key.end - key.at > 7 && !strncmp(key.at, "export ", 7))
      key = trim((Text){key.at + 7, key.end});
    if (key.at == key.end) {
      rest.at = newline ? newline + 1 : rest.end;
      continue;
    }
    rest.at = parse_value(ctx, object, key, (Text){equals + 1, rest.end});
  }
  return object;
}

int load_env_file(JSContext *ctx, const char *path)
{
  FILE *file = fopen(path, "r");
  if (!file)
    return -errno;
  char *content = NULL;
  size_t length = 0, room = 0;
  do {
    room = room * 2 + 4096;
    char *grown = realloc(content, room);
    if (!grown)
      break;
    content = grown;
    length += fread(content + length, 1, room - length, file);
  } while (length == room);
  int error = ferror(file) ? -errno : length == room ? UV_ENOMEM : 0;
  fclose(file);
  JSPropertyEnum *names = NULL;
  uint32_t count = 0;
  JSValue object = error ? JS_UNDEFINED : parse_env_file(ctx, content, length);
  free(content);
  if (JS_IsObject(object))
    JS_GetOwnPropertyNames(ctx, &names, &count, object, JS_GPN_STRING_MASK);
  for (uint32_t i = 0; i < count; i++) {
    const char *name = JS_AtomToCString(ctx, names[i].atom);
    JSValue value = JS_GetProperty(ctx, object, names[i].atom);
    const char *text = JS_ToCString(ctx, value);
    if (name && text)
      setenv(name, text, 0); /* what is there already is stronger */
    JS_FreeCString(ctx, text);
    JS_FreeCString(ctx, name);
    JS_FreeValue(ctx, value);
  }
  JS_FreePropertyEnum(ctx, names, count);
  JS_FreeValue(ctx, object);
  return error;
}
