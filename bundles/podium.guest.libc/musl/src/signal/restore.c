/* How the kernel runs a signal handler: it calls the restorer given to rt_sigaction, on the thread that is in a system
 * call, with the handler and its arguments; when the restorer returns, the handler is done. A kernel that has nothing to
 * say beyond the number may pass null for info and context. */
#include <signal.h>
#include <ucontext.h>
#include "ksigaction.h"

hidden void __restore(void (*handler)(int), int sig, void *info, void *context)
{
	handler(sig);
}

hidden void __restore_rt(void (*handler)(int), int sig, void *info, void *context)
{
	siginfo_t no_info = { .si_signo = sig };
	ucontext_t no_context = { 0 };
	((void (*)(int, void *, void *))handler)(sig, info ? info : &no_info, context ? context : &no_context);
}
