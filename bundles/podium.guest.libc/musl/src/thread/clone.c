/* clone: a new task on the same memory. The kernel makes another instance of the module and calls its export
 * __linux_thread_start with the stack argument, which points at a struct start on the new stack. */
#define _GNU_SOURCE
#include <stdarg.h>
#include <sched.h>
#include "pthread_impl.h"
#include "syscall.h"

struct start {
	int (*func)(void *);
	void *arg;
	pthread_t thread; /* null if the new task borrows the caller's thread-local variables, as after vfork */
	void *tls_base;
};

void __wasm_init_tls(void *);

/* The exported entry has no stack yet, so it can use locals only. The stack grows down from the structure. */
__asm__(
	".globaltype __stack_pointer, i32\n"
	".globaltype __tls_base, i32\n"
	".functype __linux_thread_main (i32) -> ()\n"
	".section .text.__linux_thread_start,\"\",@\n"
	".globl __linux_thread_start\n"
	".type __linux_thread_start,@function\n"
	".export_name __linux_thread_start, __linux_thread_start\n"
	"__linux_thread_start:\n"
	"	.functype __linux_thread_start (i32) -> ()\n"
	"	local.get 0\n"
	"	global.set __stack_pointer\n"
	"	local.get 0\n"
	"	call __linux_thread_main\n"
	"	end_function\n");

static void *get_tls_base(void)
{
	void *base;
	__asm__ volatile("global.get __tls_base\n\tlocal.set %0" : "=r"(base));
	return base;
}

static void set_tls_base(void *base)
{
	__asm__ volatile("local.get %0\n\tglobal.set __tls_base" :: "r"(base));
}

/* Apart, since the compiler takes __tls_base for constant within a function. */
static __attribute__((noinline)) void set_thread_pointer(pthread_t thread)
{
	__thread_pointer = (uintptr_t)thread;
}

__attribute__((used)) hidden void __linux_thread_main(struct start *start)
{
	if (start->thread) {
		__wasm_init_tls(start->thread->dtv);
		set_thread_pointer(start->thread);
	} else {
		set_tls_base(start->tls_base);
	}
	int status = start->func(start->arg);
	for (;;) __syscall(SYS_exit, status);
}

int __clone(int (*func)(void *), void *stack, int flags, void *arg, ...)
{
	pid_t *parent_tid = 0, *child_tid = 0;
	void *tls = 0;
	/* Callers that ask for none of these do not pass them. */
	if (flags & (CLONE_PARENT_SETTID|CLONE_SETTLS|CLONE_CHILD_CLEARTID|CLONE_CHILD_SETTID)) {
		va_list ap;
		va_start(ap, arg);
		parent_tid = va_arg(ap, pid_t *);
		tls = va_arg(ap, void *);
		child_tid = va_arg(ap, pid_t *);
		va_end(ap);
	}
	struct start *start = (void *)((uintptr_t)stack - sizeof *start & -16);
	start->func = func;
	start->arg = arg;
	start->thread = flags & CLONE_SETTLS ? tls : 0;
	start->tls_base = get_tls_base();
	return __syscall(SYS_clone, flags, start, parent_tid, tls, child_tid);
}
