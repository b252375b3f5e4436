/* What include/podium/freeze.h promises. A program that links this exports _thaw. */
#include <stdlib.h>
#include "syscall.h"
#include "fork_impl.h"

__attribute__((import_module("podium"), import_name("freeze_fd"))) int freeze_fd(void);
__attribute__((import_module("podium"), import_name("rest"))) int rest(void);

static int (*go_on)(void);

static void dummy(int who)
{
}

weak_alias(dummy, __fork_handler);

int podium_freeze_fd(void)
{
	return __syscall_ret(freeze_fd());
}

int podium_rest(int (*thawed)(void))
{
	go_on = thawed;
	return __syscall_ret(rest());
}

__attribute__((export_name("_thaw"))) void _thaw(void)
{
	__fork_handler(-1);
	__fork_handler(1);
	exit(go_on());
}
