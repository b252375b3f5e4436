#include <unistd.h>
#include "syscall.h"

static void not_linked(int pid) {}
weak_alias(not_linked, __vfork_parent);
hidden void __vfork_parent(int pid);

/* In a vfork child a successful execve returns the child's pid: the child runs on its own and the caller is the parent
 * again. Anywhere else it does not return. */
int execve(const char *path, char *const argv[], char *const envp[])
{
	int r = __syscall(SYS_execve, path, argv, envp);
	__vfork_parent(r);
	return __syscall_ret(r);
}
