// exit: 143
#include "check.h"
#include <signal.h>
#include <unistd.h>

int main(void)
{
	puts("before");
	fflush(stdout);
	kill(getpid(), SIGTERM);
	puts("after");
	return 0;
}
