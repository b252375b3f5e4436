/* Where things happened: throws, errors, frames of the running code. */

static void engine_note_throw(JSContext *ctx)
{
  EngineRuntime *engine = ctx->rt->engine;
  JSStackFrame *sf = ctx->rt->current_stack_frame;
  JSFunctionBytecode *b = sf ? engine_frame_bytecode(sf) : NULL;
  JSValue exception = ctx->rt->current_exception;
  if (!b)
    return;
  int column, line = engine_frame_line(ctx, sf, b, &column);
  if (line == 0)
    return; /* a finally throws on */
  engine->thrown = JS_VALUE_HAS_REF_COUNT(exception) ? JS_VALUE_GET_PTR(exception) : NULL;
  engine->thrown_file = b->filename;
  engine->thrown_line = line;
  engine->thrown_column = column;
}

bool engine_captured_position(JSValueConst error, EnginePosition *position)
{
  JSProperty *pr;
  if (JS_VALUE_GET_TAG(error) != JS_TAG_OBJECT)
    return false;
  JSShapeProperty *prs = find_own_property(&pr, JS_VALUE_GET_OBJ(error), JS_ATOM_stack);
  if (!prs || (prs->flags & JS_PROP_TMASK) != JS_PROP_AUTOINIT || js_autoinit_get_id(pr) != JS_AUTOINIT_ID_STACK)
    return false;
  EngineStack *stack = pr->u.init.opaque;
  if (stack && stack->file != JS_ATOM_NULL) {
    *position = (EnginePosition){stack->file, stack->line, stack->column, stack->span};
    return true;
  }
  for (int i = 0; stack && i < stack->count; i++) {
    if (stack->frames[i].file == JS_ATOM_NULL)
      continue;
    *position = (EnginePosition){stack->frames[i].file, stack->frames[i].line, stack->frames[i].column, 1};
    return true;
  }
  return false;
}

const char *engine_captured_source(JSValueConst error, size_t *length, int *line)
{
  JSProperty *pr;
  if (JS_VALUE_GET_TAG(error) != JS_TAG_OBJECT)
    return NULL;
  JSShapeProperty *prs = find_own_property(&pr, JS_VALUE_GET_OBJ(error), JS_ATOM_stack);
  if (!prs || (prs->flags & JS_PROP_TMASK) != JS_PROP_AUTOINIT || js_autoinit_get_id(pr) != JS_AUTOINIT_ID_STACK)
    return NULL;
  EngineStack *stack = pr->u.init.opaque;
  for (int i = 0; stack && i < stack->count; i++) {
    if (stack->frames[i].file == JS_ATOM_NULL)
      continue;
    JSObject *function = JS_VALUE_GET_OBJ(stack->frames[i].function);
    JSFunctionBytecode *b = js_class_has_bytecode(function->class_id) ? function->u.func.function_bytecode : NULL;
    if (!b || !b->source)
      return NULL;
    *length = (size_t)b->source_len;
    *line = b->line_num;
    return b->source;
  }
  return NULL;
}

bool engine_error_position(JSContext *ctx, JSValueConst error, EnginePosition *position)
{
  EngineRuntime *engine = ctx->rt->engine;
  void *identity = JS_VALUE_HAS_REF_COUNT(error) ? JS_VALUE_GET_PTR(error) : NULL;
  if (engine->thrown_file && engine->thrown == identity) {
    *position = (EnginePosition){engine->thrown_file, engine->thrown_line, engine->thrown_column, 1};
    return true;
  }
  return engine_captured_position(error, position);
}

static JSStackFrame *engine_nth_frame(JSContext *ctx, int n)
{
  for (JSStackFrame *sf = ctx->rt->current_stack_frame; sf; sf = sf->prev_frame) {
    if (engine_frame_bytecode(sf) && n-- == 0)
      return sf;
  }
  return NULL;
}

JSAtom engine_frame_file(JSContext *ctx, int n)
{
  JSStackFrame *sf = engine_nth_frame(ctx, n);
  return sf ? engine_frame_bytecode(sf)->filename : JS_ATOM_NULL;
}

bool engine_frame_position(JSContext *ctx, int n, EnginePosition *position)
{
  JSStackFrame *sf = engine_nth_frame(ctx, n);
  if (!sf)
    return false;
  JSFunctionBytecode *b = engine_frame_bytecode(sf);
  position->file = b->filename;
  position->line = engine_frame_line(ctx, sf, b, &position->column);
  return true;
}

JSValue engine_call_sites(JSContext *ctx, int skip, int limit)
{
  if (limit > ENGINE_MAX_FRAMES)
    limit = ENGINE_MAX_FRAMES;
  EngineStack *stack = engine_new_stack(ctx, limit);
  if (!stack)
    return JS_ThrowOutOfMemory(ctx);
  engine_capture_frames(ctx, stack, limit, engine_nth_frame(ctx, skip));
  JSValue sites = engine_stack_to_sites(ctx, stack);
  engine_free_stack(ctx->rt, stack);
  return sites;
}
