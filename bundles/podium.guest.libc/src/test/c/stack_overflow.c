// exit: 139
/* Runaway recursion ends the program, as a signal would. */
#include "check.h"

static volatile long depth;

static int dive(int n)
{
	volatile char frame[4096];
	frame[n & 4095] = n;
	depth++;
	return dive(n + 1) + frame[n & 4095];
}

int main(void)
{
	puts("diving");
	fflush(stdout);
	return dive(0);
}
