/* For a program that has int main(int, char **, char **), the form that keeps its name */
#include <features.h>

extern char **__environ;

int __main_argc_argv_envp(int, char **, char **) __asm__("main");

weak int __main_argc_argv(int argc, char **argv)
{
	return __main_argc_argv_envp(argc, argv, __environ);
}
