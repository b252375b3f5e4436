/* The entry point of a program. The kernel calls it once, on the instance's main stack, with the address of the block
 * that Linux puts on a new process's stack: argc, argv..., 0, envp..., 0, auxv..., AT_NULL. It does not return. */
#include <features.h>
#include "libc.h"

int __main_void(void);
int __libc_start_main(int (*)(int, char **, char **), int, char **, void (*)(), void (*)(), void (*)());
void __wasm_call_ctors(void);

hidden int __main_argc;
hidden char **__main_argv;

/* The compiler names main after its parameters. This calls the form with none, which passes on to the others if the
 * program has another: see src/env/__main_void.c. */
static int call_main(int argc, char **argv, char **envp)
{
	__main_argc = argc;
	__main_argv = argv;
	return __main_void();
}

/* The linker collects constructors in a function rather than an array. */
hidden void __libc_start_init(void)
{
	__wasm_call_ctors();
}

__attribute__((export_name("_start"))) void _start(long *block)
{
	__libc_start_main(call_main, block[0], (char **)(block + 1), 0, 0, 0);
}
