/* For a program that has int main(int, char **) */
#include <features.h>

extern hidden int __main_argc;
extern hidden char **__main_argv;

int __main_argc_argv(int, char **);

weak int __main_void(void)
{
	return __main_argc_argv(__main_argc, __main_argv);
}
