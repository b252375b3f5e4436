#include <setjmp.h>
#include <signal.h>
#include "syscall.h"

/* setjmp.h makes sigsetjmp(env, save) out of this and setjmp, since the compiler knows no other name. */
void __sigsetjmp_save(sigjmp_buf env, int save)
{
	env->__fl = save;
	if (save) __syscall(SYS_rt_sigprocmask, SIG_SETMASK, 0, env->__ss, _NSIG/8);
}
