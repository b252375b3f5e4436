#include <setjmp.h>
#include "wasm_jmp_buf.h"

enum { TAG_C_LONGJMP = 1 };

_Noreturn void __wasm_longjmp(struct wasm_jmp_buf *env, int value)
{
	env->thrown.env = env;
	env->thrown.value = value ? value : 1;
	__builtin_wasm_throw(TAG_C_LONGJMP, &env->thrown);
}

/* For callers compiled without the lowering. */
_Noreturn void longjmp(jmp_buf env, int value)
{
	__wasm_longjmp((void *)env, value);
}
