/* Entry points of a program that can be frozen after its start-up and thawed many times (link with --snapshot).
 *
 * _snapshot(block) starts the C library, runs __podium_snapshot_main and returns its result: no frame is left, only
 * memory, globals and tables, which the kernel keeps if the result is 0. The program must have ended its threads,
 * closed its descriptors but 0-2 and reset its signal handlers by then.
 *
 * _restart(block) continues in a new process whose memory, globals and tables are such a copy. It gives the C library
 * the new arguments, environment, auxiliary vector, thread id and secrets, and runs __podium_restart_main, whose result
 * is the exit status. Constructors do not run again. Both take the block that _start takes.
 *
 * Started with _start, the program runs both functions in turn, unless it has a main of its own. */
#include <stdlib.h>
#include "libc.h"

hidden void __libc_start_init(void);
hidden void __libc_restart(char **envp, char *name);

int __podium_snapshot_main(int argc, char **argv, char **envp);
int __podium_restart_main(int argc, char **argv, char **envp);

int main_in_turn(int argc, char **argv, char **envp) __asm__("main");

weak int main_in_turn(int argc, char **argv, char **envp)
{
	int status = __podium_snapshot_main(argc, argv, envp);
	return status ? status : __podium_restart_main(argc, argv, envp);
}

__attribute__((export_name("_snapshot"))) int _snapshot(long *block)
{
	int argc = block[0];
	char **argv = (char **)(block + 1), **envp = argv + argc + 1;
	__init_libc(envp, argv[0]);
	__libc_start_init();
	return __podium_snapshot_main(argc, argv, envp);
}

__attribute__((export_name("_restart"))) void _restart(long *block)
{
	int argc = block[0];
	char **argv = (char **)(block + 1), **envp = argv + argc + 1;
	__libc_restart(envp, argv[0]);
	exit(__podium_restart_main(argc, argv, envp));
}
