#include "pthread_impl.h"

void __wasm_init_tls(void *);

static __attribute__((noinline)) void set_thread_pointer(pthread_t thread)
{
	__thread_pointer = (uintptr_t)thread;
}

/* Gives the thread's variables their initial values again. */
void __reset_tls(void)
{
	pthread_t self = __pthread_self();
	__wasm_init_tls(self->dtv);
	set_thread_pointer(self);
}
