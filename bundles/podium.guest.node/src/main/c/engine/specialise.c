/*
 * When the engine that runs us is asked to specialise the interpreter for a function (podium/interpreter.h), and where that is
 * entered: where the function begins, in a loop, behind a yield or a catch. In a loop and behind a catch the interpreter's
 * function is called again to go on with the frame.
 */

/*
 * How often is often: to make code, and to compile that, takes as long as half a million calls save. So it is made for what is
 * called that often; and at once for what is called so much that it soon will be.
 */

/* A round is ENGINE_ROUND calls. One that took no longer than this counts for many. */
#define ENGINE_FAST_MS 6
#define ENGINE_FAST 64
#define ENGINE_MANY_ROUNDS 2048

/* Times that the counter of all branches, which is for interrupts, came to its end at a branch back in a function. */
#define ENGINE_MANY_LOOPS 40

/* How often what runs may go on in another call. Code comes later: the first one only has it made. */
#define ENGINE_MOST_AGAIN 6

static uint32_t engine_ask(JSFunctionBytecode *b, const uint8_t *pc)
{
  uint32_t code = podium_interpreter_specialise(b->byte_code_buf, b->byte_code_len, pc);
  if (code)
    b->is_specialised = 1;
  return code;
}

static void engine_forget_code(JSFunctionBytecode *b)
{
  podium_interpreter_forget(b->byte_code_buf, b->byte_code_len);
}

/* Whether a function is hot that was called, or resumed, for another round. */
static bool engine_is_hot(JSFunctionBytecode *b)
{
  uint32_t now = js__hrtime_ns() / 1000000;
  if (b->rounds < ENGINE_MANY_ROUNDS)
    b->rounds += now - b->round_ended <= ENGINE_FAST_MS ? ENGINE_FAST : 1;
  b->round_ended = now;
  return b->rounds >= ENGINE_MANY_ROUNDS;
}

/* What was asked for may still be to be made, or belong to an instance that this one is a copy of: then it is asked again. */
static no_inline void engine_note_calls(JSFunctionBytecode *b)
{
  b->calls = 0;
  if (engine_is_hot(b))
    b->code = engine_ask(b, b->byte_code_buf);
}

/*
 * Whether what runs may go on in another call of the interpreter's function, which enters code: that takes of the stack, and
 * must not come to the end of the counter for interrupts.
 */
static bool engine_may_go_on(JSContext *ctx, int flags)
{
  return flags < ENGINE_MOST_AGAIN * ENGINE_AGAIN && ctx->interrupt_counter > 1 &&
    !js_check_stack_overflow(ctx->rt, ctx->rt->stack_size / 2);
}

/* What has such loops is worth it from its beginning, too. Each time that it went on in vain, the next one is twice as far. */
static no_inline uint32_t engine_code_in_loop(JSFunctionBytecode *b, const uint8_t *pc, int flags)
{
  if (++b->loops % (ENGINE_MANY_LOOPS << flags / ENGINE_AGAIN))
    return 0;
  if (!b->code)
    b->code = engine_ask(b, b->byte_code_buf);
  return engine_ask(b, pc);
}

/* Behind a yield, or a catch. */
static no_inline uint32_t engine_code_behind(JSFunctionBytecode *b, const uint8_t *pc)
{
  if (!b->is_resumed) {
    if (++b->resumptions < ENGINE_ROUND)
      return 0;
    b->resumptions = 0;
    if (!engine_is_hot(b))
      return 0;
    b->is_resumed = 1;
  }
  return engine_ask(b, pc);
}
