/* Thread-local storage of the main thread and of threads to come.
 *
 * The linker lays the main thread's variables out statically and sets __tls_base to them in the start function of the
 * first instance. A thread's copy is laid behind its descriptor here, and filled from the image by
 * __linux_thread_start, since only code of the new instance can set that instance's __tls_base. */
#include <stddef.h>
#include "pthread_impl.h"
#include "libc.h"
#include "atomic.h"
#include "syscall.h"

volatile int __thread_list_lock;
_Thread_local uintptr_t __thread_pointer;

static struct pthread main_thread;

static size_t tls_align(void)
{
	size_t align = __builtin_wasm_tls_align();
	return align < 16 ? 16 : align;
}

int __init_tp(void *p)
{
	pthread_t td = p;
	td->self = td;
	__thread_pointer = (uintptr_t)td;
	libc.can_do_threads = 1;
	td->detach_state = DT_JOINABLE;
	td->locale = &libc.global_locale;
	td->robust_list.head = &td->robust_list.head;
	td->sysinfo = __sysinfo;
	td->next = td->prev = td;
	return 0;
}

/* Places a descriptor and behind it, at dtv, the thread's variables; the caller gives libc.tls_size bytes. */
void *__copy_tls(unsigned char *mem)
{
	size_t align = tls_align();
	pthread_t td = (void *)((uintptr_t)mem + 15 & -16);
	td->dtv = (void *)((uintptr_t)(td + 1) + align - 1 & -align);
	return td;
}

/* Runs at the start of the program, and again when a frozen program continues: then the thread is the same and only
 * the kernel's side of it is new. */
static void static_init_tls(size_t *aux)
{
	libc.tls_align = tls_align();
	libc.tls_size = sizeof(struct pthread) + __builtin_wasm_tls_size() + libc.tls_align + 32 & -16;
	if (!main_thread.self) __init_tp(&main_thread);
	main_thread.tid = __syscall(SYS_set_tid_address, &__thread_list_lock);
	main_thread.robust_list.off = 0;
	main_thread.robust_list.pending = 0;
}

weak_alias(static_init_tls, __init_tls);
