/* Renews what the C library knows of its process, in memory that was copied from another process: see crt/snapshot.c.
 * What a program set up itself (atexit handlers, locale, open streams, allocated memory) stays. */
#include "libc.h"
#include "stdio_impl.h"

hidden void __malloc_reseed(void);

static int not_linked;
weak_alias(not_linked, __cancel_handler_installed);
extern hidden int __cancel_handler_installed;

static FILE *volatile no_stdout = 0;
weak_alias(no_stdout, __stdout_used);

hidden void __libc_restart(char **envp, char *name)
{
	libc.secure = 0;
	__init_libc(envp, name);
	__malloc_reseed();

	/* Signal dispositions do not survive a freeze. */
	__cancel_handler_installed = 0;

	/* The new standard output may be a terminal where the old one was none, and the other way round. */
	FILE *out = __stdout_used;
	if (out && !(out->flags & F_SVB)) {
		out->lbf = '\n';
		out->write = __stdout_write;
	}
}
