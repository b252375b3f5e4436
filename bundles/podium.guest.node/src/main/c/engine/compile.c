/* Compiling text as a function body, and running stored bytecode. */

static JSValue engine_eval_wrapped(JSContext *ctx, const char *source, size_t length, const char *file, int line,
                                   const char *parameters, int flags)
{
  DynBuf text;
  js_dbuf_init(ctx, &text);
  dbuf_printf(&text, "(function (%s) {", parameters);
  int prefix = (int)text.size;
  /* A hashbang is a comment, and only at the start of a file. */
  bool hashbang = length >= 2 && source[0] == '#' && source[1] == '!';
  if (hashbang)
    dbuf_putstr(&text, "//");
  dbuf_put(&text, (const uint8_t *)source + (hashbang ? 2 : 0), length - (hashbang ? 2 : 0));
  dbuf_putstr(&text, "\n})");
  dbuf_putc(&text, 0);
  if (dbuf_error(&text)) {
    dbuf_free(&text);
    return JS_ThrowOutOfMemory(ctx);
  }
  JSEvalOptions options = {JS_EVAL_OPTIONS_VERSION, JS_EVAL_TYPE_GLOBAL | flags, file, line};
  engine_source_prefix = prefix;
  engine_source_end = (int)text.size - 4; /* where "\n})" and its NUL start */
  JSValue function = JS_Eval2(ctx, (const char *)text.buf, text.size - 1, &options);
  engine_source_prefix = engine_source_end = 0;
  dbuf_free(&text);
  return function;
}

JSValue engine_compile_function(JSContext *ctx, const char *source, size_t length, const char *file, int line,
                                const char *parameters)
{
  return engine_eval_wrapped(ctx, source, length, file, line, parameters, 0);
}

JSValue engine_compile_script(JSContext *ctx, const char *source, size_t length, const char *file, int line, int column)
{
  JSEvalOptions options = {JS_EVAL_OPTIONS_VERSION, JS_EVAL_TYPE_GLOBAL | JS_EVAL_FLAG_COMPILE_ONLY, file, line};
  engine_source_prefix = -column;
  JSValue script = JS_Eval2(ctx, source, length, &options);
  engine_source_prefix = 0;
  return script;
}

bool engine_parses_as_module(JSContext *ctx, const char *source, size_t length)
{
  return JS_DetectModule(source, length);
}

uint8_t *engine_compile_bytecode(JSContext *ctx, const char *source, size_t length, const char *file,
                                 const char *parameters, size_t *size)
{
  JSValue script = engine_eval_wrapped(ctx, source, length, file, 1, parameters, JS_EVAL_FLAG_COMPILE_ONLY);
  if (JS_IsException(script))
    return NULL;
  uint8_t *bytecode = JS_WriteObject(ctx, size, script, JS_WRITE_OBJ_BYTECODE | JS_WRITE_OBJ_STRIP_SOURCE);
  JS_FreeValue(ctx, script);
  return bytecode;
}

JSValue engine_run_bytecode(JSContext *ctx, const uint8_t *bytecode, size_t length)
{
  JSValue object = JS_ReadObject(ctx, bytecode, length, JS_READ_OBJ_BYTECODE);
  return JS_IsException(object) ? object : JS_EvalFunction(ctx, object);
}
