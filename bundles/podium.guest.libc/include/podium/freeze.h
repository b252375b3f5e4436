/* How a program that waits for events lets itself be frozen and go on elsewhere, without frames: ABI.md, section 8. Outside
   of WebAssembly these do nothing. */
#ifndef PODIUM_FREEZE_H
#define PODIUM_FREEZE_H

#ifdef __cplusplus
extern "C" {
#endif

#ifdef __wasm__

/* Opens a descriptor that can be read, in the sense of poll(2), while somebody wants the process frozen. It is closed when
   another program is executed. -1 with errno set: EMFILE; ENOSYS, nobody can. */
int podium_freeze_fd(void);

/* The process may be frozen here: it has ended its threads, and nothing it goes on with is on its stack. Returns 0 when it
   goes on, because nobody wanted it frozen, or it could not be, or was and is to go on here.

   A process that is thawed calls `thawed` instead, on what is left of the stack, and exits with its result. It has its
   memory, its files, its signal handlers and the ports it listened at. All else at a descriptor is as if its other end was
   gone: connections are reset, pipes broken, and what epoll sets, timers and watches were about is lost; they are to be
   closed and made anew. What pthread_atfork(3) has for a child is run before. */
int podium_rest(int (*thawed)(void));

#else

#include <errno.h>

static inline int podium_freeze_fd(void)
{
	errno = ENOSYS;
	return -1;
}
static inline int podium_rest(int (*thawed)(void))
{
	(void)thawed;
	return 0;
}

#endif

#ifdef __cplusplus
}
#endif

#endif
