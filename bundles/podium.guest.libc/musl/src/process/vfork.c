/* vfork for a machine whose calls cannot return twice.
 *
 * unistd.h turns vfork() into __vfork_child(setjmp(__vfork_place())). clone(CLONE_VM|CLONE_VFORK) without a stack makes
 * the calling task act as the child, on the parent's memory and stack, until execve or exit_group. Those make it
 * the parent again and return the child's pid, with which __vfork_parent jumps back to the vfork call. */
#define _GNU_SOURCE
#include <errno.h>
#include <setjmp.h>
#include <sched.h>
#include <signal.h>
#include <unistd.h>
#include "syscall.h"
#undef vfork

enum { MAX_DEPTH = 4 };

static _Thread_local struct {
	int depth;
	jmp_buf place[MAX_DEPTH + 1];
} children;

struct __jmp_buf_tag *__vfork_place(void)
{
	return children.place[children.depth];
}

pid_t __vfork_child(int pid)
{
	if (pid) return pid;
	if (children.depth == MAX_DEPTH) return __syscall_ret(-EAGAIN);
	int r = __syscall(SYS_clone, CLONE_VM|CLONE_VFORK|SIGCHLD, 0, 0, 0, 0);
	if (r < 0) return __syscall_ret(r);
	children.depth++;
	return 0;
}

hidden void __vfork_parent(int pid)
{
	if (pid > 0 && children.depth) longjmp(children.place[--children.depth], pid);
}

/* Reached only through a pointer to vfork, which cannot note the place to come back to. */
pid_t vfork(void)
{
	return __syscall_ret(-ENOSYS);
}
