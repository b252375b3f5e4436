/* Cancellation. A request is a flag in the thread's descriptor, tested around every cancellation point, and a signal
 * that takes the thread out of a call in which it waits: see syscall_cp_arch.h. */
#define _GNU_SOURCE
#include <string.h>
#include "pthread_impl.h"
#include "syscall.h"

hidden int __cancel_handler_installed;

hidden long __cancel(void)
{
	pthread_t self = __pthread_self();
	if (self->canceldisable == PTHREAD_CANCEL_ENABLE || self->cancelasync)
		pthread_exit(PTHREAD_CANCELED);
	self->canceldisable = PTHREAD_CANCEL_DISABLE;
	return -ECANCELED;
}

hidden long __cancel_before(long number)
{
	pthread_t self = __pthread_self();
	if (!self->cancel || self->canceldisable == PTHREAD_CANCEL_DISABLE) return 0;
	/* With cancellation masked, close must still close. */
	if (self->canceldisable && number == SYS_close) return 0;
	return __cancel();
}

hidden long __cancel_after(long number, long result)
{
	pthread_t self = __pthread_self();
	if (result != -EINTR || number == SYS_close) return result;
	if (!self->cancel || self->canceldisable == PTHREAD_CANCEL_DISABLE) return result;
	return __cancel();
}

void __testcancel(void)
{
	pthread_t self = __pthread_self();
	if (self->cancel && !self->canceldisable) __cancel();
}

/* Signals arrive at system calls only, so an asynchronous request is acted on at the next system call of any kind. */
static void on_cancel(int sig)
{
	pthread_t self = __pthread_self();
	if (self->cancel && self->cancelasync && self->canceldisable == PTHREAD_CANCEL_ENABLE) __cancel();
}

static void install_handler(void)
{
	/* Without SA_RESTART: the call that waits must come back. */
	struct sigaction action = { .sa_handler = on_cancel, .sa_flags = SA_ONSTACK };
	memset(&action.sa_mask, -1, _NSIG/8);
	__libc_sigaction(SIGCANCEL, &action, 0);
}

int pthread_cancel(pthread_t thread)
{
	if (!__cancel_handler_installed) {
		install_handler();
		__cancel_handler_installed = 1;
	}
	a_store(&thread->cancel, 1);
	if (thread == pthread_self()) {
		if (thread->canceldisable == PTHREAD_CANCEL_ENABLE && thread->cancelasync)
			pthread_exit(PTHREAD_CANCELED);
		return 0;
	}
	return pthread_kill(thread, SIGCANCEL);
}
