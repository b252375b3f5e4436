/*
 * cjs_lexer: the names a CommonJS module exports, found in its text: `exports.a =`, `module.exports = { a, b }`,
 * `Object.defineProperty(exports, 'a', ...)`, and modules it re-exports. A lexer, not a parser: it knows strings,
 * templates, comments and regular expressions, and the few forms that compilers and people write.
 */
#include "../env.h"

#include <stdlib.h>
#include <string.h>

typedef enum TokenKind { END, NAME, STRING, PUNCTUATOR, OTHER } TokenKind;

typedef struct Token {
  TokenKind kind;
  const char *at, *end; /* of a string: without its quotes */
} Token;

/* A variable that holds a module. */
typedef struct Required {
  Token name, module;
} Required;

typedef struct Lexer {
  JSContext *ctx;
  const char *at, *end;
  Token last;       /* tells whether a slash divides */
  JSValue names, reexports;
  uint32_t reexport_count;
  Required *required;
  size_t required_count;
} Lexer;

static bool is_name(char c)
{
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '$' ||
         (unsigned char)c >= 0x80 || c == '\\';
}

static bool token_is(Token token, const char *text)
{
  size_t n = strlen(text);
  return token.kind != STRING && (size_t)(token.end - token.at) == n && !memcmp(token.at, text, n);
}

static void skip_blanks(Lexer *l)
{
  while (l->at < l->end) {
    if ((unsigned char)*l->at <= ' ') {
      l->at++;
    } else if (l->end - l->at > 1 && l->at[0] == '/' && l->at[1] == '/') {
      while (l->at < l->end && *l->at != '\n')
        l->at++;
    } else if (l->end - l->at > 1 && l->at[0] == '/' && l->at[1] == '*') {
      l->at += 2;
      while (l->at < l->end && !(l->at[0] == '*' && l->at + 1 < l->end && l->at[1] == '/'))
        l->at++;
      l->at = l->end - l->at > 2 ? l->at + 2 : l->end;
    } else {
      return;
    }
  }
}

static void skip_quoted(Lexer *l, char quote)
{
  while (l->at < l->end && *l->at != quote && (quote == '`' || *l->at != '\n'))
    l->at += *l->at == '\\' ? 2 : 1;
  if (l->at > l->end)
    l->at = l->end;
}

static Token next(Lexer *l);

/* After a '`': to its end, through the code in ${}. */
static void skip_template(Lexer *l)
{
  while (l->at < l->end && *l->at != '`') {
    if (*l->at == '\\') {
      l->at += 2;
    } else if (l->at[0] == '$' && l->at + 1 < l->end && l->at[1] == '{') {
      l->at += 2;
      int depth = 1;
      while (depth > 0) {
        Token token = next(l);
        if (token.kind == END)
          return;
        depth += token_is(token, "{") ? 1 : token_is(token, "}") ? -1 : 0;
      }
    } else {
      l->at++;
    }
  }
  l->at = l->at < l->end ? l->at + 1 : l->end;
}

static void skip_regexp(Lexer *l)
{
  bool set = false;
  while (l->at < l->end && *l->at != '\n' && (*l->at != '/' || set)) {
    set = *l->at == '[' || (set && *l->at != ']');
    l->at += *l->at == '\\' ? 2 : 1;
  }
  l->at = l->at < l->end ? l->at + 1 : l->end;
  while (l->at < l->end && is_name(*l->at))
    l->at++;
}

/* Does a value end here, so that a slash divides it? */
static bool ends_value(Token token)
{
  static const char *const keywords[] = {"return", "typeof", "case", "do", "else", "in", "of", "void", "delete",
                                         "throw", "new", "instanceof", "await", "yield"};
  if (token.kind == NAME) {
    for (int i = 0; i < COUNT_OF(keywords); i++) {
      if (token_is(token, keywords[i]))
        return false;
    }
    return true;
  }
  return token.kind == STRING || token.kind == OTHER || token_is(token, ")") || token_is(token, "]") || token_is(token, "}");
}

static Token next(Lexer *l)
{
  skip_blanks(l);
  Token token = {END, l->at, l->at};
  if (l->at >= l->end)
    return l->last = token;
  char c = *l->at;
  if (is_name(c)) {
    token.kind = c >= '0' && c <= '9' ? OTHER : NAME;
    while (l->at < l->end && is_name(*l->at))
      l->at++;
  } else if (c == '"' || c == '\'') {
    token.kind = STRING;
    token.at = ++l->at;
    skip_quoted(l, c);
    token.end = l->at;
    l->at = l->at < l->end ? l->at + 1 : l->end;
    return l->last = token;
  } else if (c == '`') {
    token.kind = OTHER;
    l->at++;
    skip_template(l);
  } else if (c == '/' && !ends_value(l->last)) {
    token.kind = OTHER;
    l->at++;
    skip_regexp(l);
  } else {
    token.kind = PUNCTUATOR;
    bool dots = l->end - l->at >= 3 && !memcmp(l->at, "...", 3);
    bool arrow = l->end - l->at >= 2 && (!memcmp(l->at, "=>", 2) || !memcmp(l->at, "==", 2));
    l->at += dots ? 3 : arrow ? 2 : 1;
  }
  token.end = l->at;
  return l->last = token;
}

static Token peek(Lexer *l)
{
  Lexer saved = *l;
  Token token = next(l);
  l->at = saved.at;
  l->last = saved.last;
  return token;
}

static bool take(Lexer *l, const char *text)
{
  if (!token_is(peek(l), text))
    return false;
  next(l);
  return true;
}

/* The code unit or point of an escape that starts behind a backslash; -1 if it is none that can be in a name. */
static int32_t escape(const char **at, const char *end)
{
  static const char letters[] = "bfnrtv0", values[] = "\b\f\n\r\t\v";
  char c = *(*at)++;
  const char *letter = c ? strchr(letters, c) : NULL;
  int digits = c == 'x' ? 2 : c == 'u' ? 4 : 0;
  if (letter)
    return (unsigned char)values[letter - letters];
  if (!digits)
    return (unsigned char)c < 0x80 && c != '\n' ? c : -1;
  bool braced = c == 'u' && *at < end && **at == '{';
  const char *first = *at + braced, *last = braced ? memchr(first, '}', (size_t)(end - first)) : first + digits;
  char text[9] = "";
  if (!last || last > end || last == first || last - first > 8)
    return -1;
  memcpy(text, first, (size_t)(last - first));
  char *stop;
  unsigned long value = strtoul(text, &stop, 16);
  *at = last + braced;
  return *stop || value > 0x10ffff ? -1 : (int32_t)value;
}

static char *put_utf8(char *out, uint32_t point)
{
  static const uint32_t limits[] = {0x80, 0x800, 0x10000};
  static const uint8_t marks[] = {0, 0xc0, 0xe0, 0xf0};
  int more = 0;
  while (more < 3 && point >= limits[more])
    more++;
  *out++ = (char)(marks[more] | point >> (6 * more));
  while (more--)
    *out++ = (char)(0x80 | (point >> (6 * more) & 0x3f));
  return out;
}

/* The name that a token stands for: a string may have escapes. NULL if it is no name, such as half a surrogate pair. The
   caller frees it. */
static char *name_of(Token token, size_t *length)
{
  char *name = malloc((size_t)(token.end - token.at) + 4), *out = name;
  for (const char *p = token.at; name && p < token.end;) {
    int32_t point = 0, low = 0;
    if (*p != '\\' || token.kind != STRING) {
      *out++ = *p++;
      continue;
    }
    p++;
    point = p < token.end ? escape(&p, token.end) : -1;
    if (point >= 0xd800 && point < 0xdc00 && token.end - p > 1 && p[0] == '\\' && p[1] == 'u') {
      p++;
      low = escape(&p, token.end);
      point = low >= 0xdc00 && low < 0xe000 ? 0x10000 + ((point - 0xd800) << 10) + (low - 0xdc00) : -1;
    }
    if (point < 0 || (point >= 0xd800 && point < 0xe000)) {
      free(name);
      return NULL;
    }
    out = put_utf8(out, (uint32_t)point);
  }
  *length = (size_t)(out - name);
  return name;
}

static void add_export(Lexer *l, Token token)
{
  size_t length;
  char *text = name_of(token, &length);
  if (!text)
    return;
  JSAtom add = JS_NewAtom(l->ctx, "add");
  JSValue name = JS_NewStringLen(l->ctx, text, length);
  JS_FreeValue(l->ctx, JS_Invoke(l->ctx, l->names, add, 1, (JSValueConst *)&name));
  JS_FreeValue(l->ctx, name);
  JS_FreeAtom(l->ctx, add);
  free(text);
}

static void add_reexport(Lexer *l, Token token)
{
  JS_SetPropertyUint32(l->ctx, l->reexports, l->reexport_count++,
                       JS_NewStringLen(l->ctx, token.at, (size_t)(token.end - token.at)));
}

/* After `require`: ("module"). False, and nothing read, if it is another call. */
static bool require_call(Lexer *l, Token *module)
{
  Lexer saved = *l;
  bool opened = take(l, "(");
  *module = opened ? next(l) : saved.last;
  if (opened && module->kind == STRING && take(l, ")"))
    return true;
  l->at = saved.at;
  l->last = saved.last;
  return false;
}

/* After `module.exports = {`: names until something is not simple. */
static void object_literal(Lexer *l)
{
  for (;;) {
    Token token = next(l);
    Token module;
    if (token_is(token, "...")) {
      if (!token_is(next(l), "require") || !require_call(l, &module))
        return;
      add_reexport(l, module);
    } else if (token.kind == NAME && (token_is(peek(l), ",") || token_is(peek(l), "}"))) {
      add_export(l, token);
    } else if ((token.kind == NAME || token.kind == STRING) && take(l, ":")) {
      /* A value that is a mere name goes on; any other ends what can be told for sure. */
      Token value = next(l);
      if (value.kind == NAME)
        add_export(l, token);
      if (value.kind != NAME || !(token_is(peek(l), ",") || token_is(peek(l), "}")))
        return;
    } else if (token.kind == STRING && (token_is(peek(l), ",") || token_is(peek(l), "}"))) {
      add_export(l, token);
    } else {
      return;
    }
    if (!take(l, ","))
      return;
  }
}

/* After `exports` (or `module.exports`). */
static void exports_member(Lexer *l, bool whole)
{
  Token module, name;
  if (take(l, ".")) {
    name = next(l);
    if (name.kind == NAME && token_is(peek(l), "="))
      add_export(l, name);
  } else if (take(l, "[")) {
    name = next(l);
    if (name.kind == STRING && take(l, "]") && token_is(peek(l), "="))
      add_export(l, name);
  } else if (whole && take(l, "=")) {
    l->reexport_count = 0; /* a whole new object: what was re-exported before does not count */
    JS_SetLength(l->ctx, l->reexports, 0);
    if (take(l, "{"))
      object_literal(l);
    else if (token_is(peek(l), "require") && (next(l), require_call(l, &module)))
      add_reexport(l, module);
  }
}

/* `module.exports` or `exports` at the next tokens; true if one was read. */
static bool exports_object(Lexer *l)
{
  Lexer saved = *l;
  Token token = next(l);
  if (token_is(token, "exports"))
    return true;
  if (token_is(token, "module") && take(l, ".") && take(l, "exports"))
    return true;
  l->at = saved.at;
  l->last = saved.last;
  return false;
}

/* `NAME = require('x')`, or with a helper's call around it: remembered, for Object.keys(NAME).forEach(...). */
static void remember_required(Lexer *l, Token name)
{
  Token module;
  Lexer saved = *l;
  bool found = take(l, "=");
  if (found && !token_is(peek(l), "require")) /* _interopRequireWildcard( */
    found = next(l).kind == NAME && take(l, "(");
  if (found && token_is(next(l), "require") && require_call(l, &module)) {
    Required *grown = realloc(l->required, (l->required_count + 1) * sizeof(*grown));
    if (grown) {
      l->required = grown;
      l->required[l->required_count++] = (Required){name, module};
    }
    return;
  }
  l->at = saved.at;
  l->last = saved.last;
}

static bool same_text(Token a, Token b)
{
  return a.end - a.at == b.end - b.at && !memcmp(a.at, b.at, (size_t)(a.end - a.at));
}

/* After `Object.keys`: (NAME).forEach(function (KEY) {...}), whose body hands NAME[KEY] on: all that NAME has is exported. */
static void export_keys(Lexer *l)
{
  if (!take(l, "("))
    return;
  Token name = next(l);
  if (name.kind != NAME || !take(l, ")") || !take(l, ".") || !take(l, "forEach") || !take(l, "(") || !take(l, "function") ||
      !take(l, "("))
    return;
  Token key = next(l);
  if (key.kind != NAME || !take(l, ")") || !take(l, "{") || !take(l, "if") || !take(l, "("))
    return;
  bool handed = false;
  for (int depth = 1; depth > 0;) {
    Token token = next(l);
    if (token.kind == END)
      return;
    depth += token_is(token, "{") ? 1 : token_is(token, "}") ? -1 : 0;
    if (token.kind == NAME && same_text(token, name) && take(l, "["))
      handed = same_text(next(l), key) && take(l, "]");
  }
  for (size_t i = 0; handed && i < l->required_count; i++) {
    if (same_text(l->required[i].name, name))
      add_reexport(l, l->required[i].module);
  }
}

/* After `Object.defineProperty`: (exports, 'a', { enumerable: true, get ... | value: ... */
static void define_property(Lexer *l)
{
  if (!take(l, "(") || !exports_object(l) || !take(l, ","))
    return;
  Token name = next(l);
  if (name.kind != STRING || !take(l, ",") || !take(l, "{"))
    return;
  if (take(l, "enumerable") && !(take(l, ":") && (take(l, "true") || (take(l, "!") && take(l, "0"))) && take(l, ",")))
    return;
  if (token_is(peek(l), "value") || token_is(peek(l), "get"))
    add_export(l, name);
}

/* After `__exportStar`, `__export`: (require('x')) */
static void export_star(Lexer *l)
{
  Token module;
  Lexer saved = *l;
  if (take(l, "(") && token_is(next(l), "require") && require_call(l, &module)) {
    add_reexport(l, module);
    return;
  }
  l->at = saved.at;
  l->last = saved.last;
}

static void scan(Lexer *l)
{
  for (;;) {
    bool member = token_is(l->last, ".");
    Token token = next(l);
    if (token.kind == END)
      return;
    if (token.kind != NAME || member) {
      if (member && (token_is(token, "__exportStar") || token_is(token, "__export")))
        export_star(l);
      continue;
    }
    if (token_is(token, "exports"))
      exports_member(l, false);
    else if (token_is(token, "module") && take(l, ".") && take(l, "exports"))
      exports_member(l, true);
    else if (token_is(token, "Object") && take(l, ".")) {
      if (take(l, "defineProperty"))
        define_property(l);
      else if (take(l, "keys"))
        export_keys(l);
    }
    else if (token_is(token, "__exportStar") || token_is(token, "__export"))
      export_star(l);
    else if (token_is(peek(l), "="))
      remember_required(l, token);
  }
}

static JSValue parse(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  size_t length;
  const char *source = JS_ToCStringLen(ctx, &length, argv[0]);
  if (!source)
    return JS_EXCEPTION;
  JSValue global = JS_GetGlobalObject(ctx);
  JSValue constructor = JS_GetPropertyStr(ctx, global, "Set");
  Lexer lexer = {.ctx = ctx, .at = source, .end = source + length, .reexports = JS_NewArray(ctx)};
  lexer.names = JS_CallConstructor(ctx, constructor, 0, NULL);
  lexer.last = (Token){PUNCTUATOR, ";", ";"};
  scan(&lexer);
  free(lexer.required);
  JS_FreeValue(ctx, constructor);
  JS_FreeValue(ctx, global);
  JS_FreeCString(ctx, source);
  JSValue result = JS_NewArray(ctx);
  JS_SetPropertyUint32(ctx, result, 0, lexer.names);
  JS_SetPropertyUint32(ctx, result, 1, lexer.reexports);
  return result;
}

void init_cjs_lexer(Env *env, JSContext *ctx, JSValueConst target)
{
  define_value(ctx, target, "parse", new_function(ctx, parse, "parse", 1));
}
