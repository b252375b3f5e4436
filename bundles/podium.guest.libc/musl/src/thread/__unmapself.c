#include "pthread_impl.h"
#include "syscall.h"

/* Unmaps the stack the thread runs on and ends it. Nothing here lives on that stack: the arguments are wasm locals. */
void __unmapself(void *base, size_t size)
{
	__syscall(SYS_munmap, base, size);
	for (;;) __syscall(SYS_exit, 0);
}
