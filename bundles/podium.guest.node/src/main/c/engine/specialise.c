/*
 * When the engine that runs us is asked to specialise the interpreter for a function (podium/interpreter.h), and where that is
 * entered: where the function begins, in a loop, behind a yield or a catch. The interpreter counts what is not specialised.
 */

/*
 * How often is often: the engine's new code is interpreted at first, and slow, until it is compiled itself. What runs some
 * thousand times only is done before that pays.
 */

/* Times that the counter of all branches, which is for interrupts, came to its end at a branch back in a function. */
#define ENGINE_MANY_LOOPS 40
#define ENGINE_MANY_RESUMPTIONS 60000

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

/* What was asked for may still be to be made, or belong to an instance that this one is a copy of: then it is asked again. */
static no_inline void engine_note_calls(JSFunctionBytecode *b)
{
  b->calls = 0;
  b->code = engine_ask(b, b->byte_code_buf);
}

/* What has such loops is worth it from its beginning, too. */
static no_inline uint32_t engine_code_in_loop(JSFunctionBytecode *b, const uint8_t *pc)
{
  if (b->loops < ENGINE_MANY_LOOPS && ++b->loops < ENGINE_MANY_LOOPS)
    return 0;
  if (!b->code)
    b->code = engine_ask(b, b->byte_code_buf);
  return engine_ask(b, pc);
}

/* Behind a yield, or a catch. */
static no_inline uint32_t engine_code_behind(JSFunctionBytecode *b, const uint8_t *pc)
{
  if (b->resumptions < ENGINE_MANY_RESUMPTIONS && ++b->resumptions < ENGINE_MANY_RESUMPTIONS)
    return 0;
  return engine_ask(b, pc);
}
