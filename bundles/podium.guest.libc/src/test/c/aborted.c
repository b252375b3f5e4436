// exit: 134
#include "check.h"
#include <signal.h>

static void on_abort(int sig)
{
	puts("handler returns");
	fflush(stdout);
}

int main(void)
{
	signal(SIGABRT, on_abort);
	abort();
}
