/*
 * `for await`: when its body throws, the iterator is closed, and that is awaited, before the exception goes on (ECMAScript,
 * AsyncIteratorClose). quickjs.c closes it without awaiting, and also when the iterator itself fails. A local variable tells one
 * from the other; when that is clear, it keeps the iterator.
 */

static void engine_put_local(JSParseState *s, int variable)
{
  emit_op(s, OP_put_loc);
  emit_u16(s, variable);
}

static void engine_get_local(JSParseState *s, int variable)
{
  emit_op(s, OP_get_loc);
  emit_u16(s, variable);
}

/* In place of the catch offset that closes, one that leads to engine_end_for_await. -1 with an exception. */
static int engine_begin_for_await(JSParseState *s, EngineForAwait *loop)
{
  loop->variable = add_var(s->ctx, s->cur_func, JS_ATOM__ret_);
  if (loop->variable < 0)
    return -1;
  /* iter_obj next catch_offset */
  emit_op(s, OP_drop);
  loop->label_catch = emit_goto(s, OP_catch, -1);
  return 0;
}

/* Around asking the iterator. */
static void engine_mark_for_await(JSParseState *s, const EngineForAwait *loop, bool asks)
{
  emit_op(s, asks ? OP_push_true : OP_push_false);
  engine_put_local(s, loop->variable);
}

/* exception -> exception; what closing throws counts for nothing beside it. */
static void engine_close_after_throw(JSParseState *s, int iterator)
{
  int label_failed = emit_goto(s, OP_catch, -1);
  engine_get_local(s, iterator);
  emit_op(s, OP_get_field2);
  emit_atom(s, JS_ATOM_return);
  /* exception catch_offset iter_obj return_func */
  emit_op(s, OP_dup);
  emit_op(s, OP_is_undefined_or_null);
  int label_none = emit_goto(s, OP_if_true, -1);
  emit_op(s, OP_call_method);
  emit_u16(s, 0);
  emit_op(s, OP_await);
  int label_closed = emit_goto(s, OP_goto, -1);
  emit_label(s, label_none);
  emit_op(s, OP_drop);
  emit_label(s, label_closed);
  emit_op(s, OP_drop);
  emit_op(s, OP_drop);
  int label_done = emit_goto(s, OP_goto, -1);
  emit_label(s, label_failed);
  emit_op(s, OP_drop);
  emit_label(s, label_done);
}

/* After the loop, which does not come here. */
static void engine_end_for_await(JSParseState *s, const EngineForAwait *loop)
{
  int label_end = emit_goto(s, OP_goto, -1);
  emit_label(s, loop->label_catch);
  /* iter_obj next exception -> exception iter_obj */
  emit_op(s, OP_nip);
  emit_op(s, OP_swap);
  engine_get_local(s, loop->variable);
  int label_failed = emit_goto(s, OP_if_true, -1);
  engine_put_local(s, loop->variable);
  engine_close_after_throw(s, loop->variable);
  emit_op(s, OP_undefined);
  engine_put_local(s, loop->variable);
  engine_emit_rethrow(s);
  emit_label(s, label_failed);
  emit_op(s, OP_drop);
  engine_emit_rethrow(s);
  emit_label(s, label_end);
}
