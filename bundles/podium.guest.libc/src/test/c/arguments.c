// args: one "" "two words" -x
// env: GREETING=hello EMPTY=
// exit: 7
#include "check.h"
#include <unistd.h>

extern char **environ;

static void first(void) { puts("atexit registered first"); }
static void second(void) { puts("atexit registered second"); }

int main(int argc, char **argv)
{
	show(argc);
	for (int i = 1; i < argc; i++) printf("argv[%d]: '%s'\n", i, argv[i]);
	show(argv[argc] == 0);
	show(getenv("GREETING") && !strcmp(getenv("GREETING"), "hello"));
	show(getenv("EMPTY") && !*getenv("EMPTY"));
	show(getenv("ABSENT") == 0);
	need(setenv("ADDED", "new", 1));
	shows(getenv("ADDED"));
	need(setenv("ADDED", "kept", 0));
	shows(getenv("ADDED"));
	need(unsetenv("GREETING"));
	show(getenv("GREETING") == 0);
	need(putenv("PUT=in"));
	shows(getenv("PUT"));
	show(clearenv());
	show(getenv("PUT") == 0);
	atexit(first);
	atexit(second);
	show(getpid() > 0);
	fputs("to standard error\n", stderr);
	exit(7);
}
