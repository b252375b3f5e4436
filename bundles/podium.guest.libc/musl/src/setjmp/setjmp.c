/* The run-time half of the compiler's setjmp lowering (-wasm-enable-sjlj). A function that calls setjmp gets an identity
 * for each of its activations and a label for each call; longjmp throws, and the activation that finds its own identity
 * in the buffer continues at the label. */
#include "wasm_jmp_buf.h"

void __wasm_setjmp(struct wasm_jmp_buf *env, uint32_t label, void *activation)
{
	env->activation = activation;
	env->label = label;
}

uint32_t __wasm_setjmp_test(struct wasm_jmp_buf *env, void *activation)
{
	return env->activation == activation ? env->label : 0;
}
