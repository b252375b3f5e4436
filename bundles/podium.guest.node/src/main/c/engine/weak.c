/*
 * What a WeakRef was made of or gave stays alive until the end of the job (ECMAScript, AddToKeptObjects): without that, counted
 * references would make it go with the last other one, between two statements.
 */

static void engine_keep_during_job(JSContext *ctx, JSValueConst target)
{
  EngineRuntime *engine = ctx->rt->engine;
  bool object = JS_VALUE_GET_TAG(target) == JS_TAG_OBJECT;
  if (object && JS_VALUE_GET_OBJ(target)->is_kept)
    return;
  if (engine->kept_count == engine->kept_capacity) {
    int capacity = engine->kept_capacity ? engine->kept_capacity * 2 : 16;
    JSValue *kept = js_realloc_rt(ctx->rt, engine->kept, (size_t)capacity * sizeof *kept);
    if (!kept)
      return; /* nothing worse than that it may go */
    engine->kept = kept;
    engine->kept_capacity = capacity;
  }
  if (object)
    JS_VALUE_GET_OBJ(target)->is_kept = 1;
  engine->kept[engine->kept_count++] = js_dup(target);
}

bool engine_end_job(JSRuntime *rt)
{
  EngineRuntime *engine = rt->engine;
  if (engine->kept_count == 0)
    return false;
  /* What goes may run code of the embedder's, which may keep others. */
  JSValue *kept = engine->kept;
  int count = engine->kept_count;
  engine->kept = NULL;
  engine->kept_count = engine->kept_capacity = 0;
  for (int i = 0; i < count; i++) {
    if (JS_VALUE_GET_TAG(kept[i]) == JS_TAG_OBJECT)
      JS_VALUE_GET_OBJ(kept[i])->is_kept = 0;
    JS_FreeValueRT(rt, kept[i]);
  }
  js_free_rt(rt, kept);
  return true;
}
