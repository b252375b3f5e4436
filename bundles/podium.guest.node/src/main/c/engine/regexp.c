/* What is wrong with a regular expression, in V8's words. */

static const char *engine_regexp_wording(const char *what, const char *pattern, size_t length)
{
  static const char *const wordings[][2] = {
      {"expecting ')'", "Unterminated group"},
      {"extraneous characters at the end", "Unmatched ')'"},
      {"invalid class range", "Range out of order in character class"},
      {"nothing to repeat", "Nothing to repeat"},
      {"syntax error", "Nothing to repeat"},
      {"duplicate group name", "Duplicate capture group name"},
      {"invalid group", "Invalid group"},
      {"invalid group name", "Invalid capture group name"},
      {"group name not defined", "Invalid named capture referenced"},
      {"expecting group name", "Invalid named reference"},
      {"invalid escape sequence in regular expression", "Invalid escape"},
      {"invalid decimal escape in regular expression", "Invalid decimal escape"},
      {"invalid repetition count", "numbers out of order in {} quantifier"},
      {"unknown unicode property name", "Invalid property name"},
      {"unknown unicode property value", "Invalid property name"},
      {"unknown unicode script", "Invalid property name"},
      {"unknown unicode general category", "Invalid property name"},
  };
  for (size_t i = 0; i < countof(wordings); i++) {
    if (!strcmp(what, wordings[i][0]))
      return wordings[i][1];
  }
  if (strcmp(what, "unexpected end"))
    return what;
  return length && pattern[length - 1] == '\\' ? "\\ at end of pattern" : "Unterminated character class";
}

static JSValue engine_throw_regexp(JSContext *ctx, JSValueConst pattern, JSValueConst flags, const char *what)
{
  size_t length;
  const char *text = JS_ToCStringLen(ctx, &length, pattern);
  const char *letters = !text || JS_IsUndefined(flags) ? NULL : JS_ToCString(ctx, flags);
  if (text)
    JS_ThrowSyntaxError(ctx, "Invalid regular expression: /%s/%s: %s", text, letters ? letters : "",
                        engine_regexp_wording(what, text, length));
  JS_FreeCString(ctx, letters);
  JS_FreeCString(ctx, text);
  return JS_EXCEPTION;
}

static JSValue engine_throw_regexp_flags(JSContext *ctx, JSValueConst flags)
{
  const char *letters = JS_ToCString(ctx, flags);
  if (letters)
    JS_ThrowSyntaxError(ctx, "Invalid flags supplied to RegExp constructor '%s'", letters);
  JS_FreeCString(ctx, letters);
  return JS_EXCEPTION;
}

/* Each letter once, and one kind of Unicode. */
static bool engine_are_flags(const char *letters)
{
  for (const char *at = letters; *at; at++) {
    if (!strchr("dgimsuvy", *at) || strchr(at + 1, *at))
      return false;
  }
  return !strchr(letters, 'u') || !strchr(letters, 'v');
}

static JSValue engine_compile_literal(JSContext *ctx, JSValueConst pattern, JSValueConst flags)
{
  const char *letters = JS_ToCString(ctx, flags);
  bool valid = letters && engine_are_flags(letters);
  if (letters && !valid)
    JS_ThrowSyntaxError(ctx, "Invalid regular expression flags");
  JS_FreeCString(ctx, letters);
  return valid ? js_compile_regexp(ctx, pattern, flags) : JS_EXCEPTION;
}
