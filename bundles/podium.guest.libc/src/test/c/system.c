#include "check.h"
#include <sched.h>
#include <sys/resource.h>
#include <sys/sysinfo.h>
#include <sys/utsname.h>
#include <unistd.h>

int main(void)
{
	struct utsname u;
	need(uname(&u));
	shows(u.sysname);
	show(u.nodename[0] != 0);
	show(u.release[0] >= '3');
	show(sysconf(_SC_PAGESIZE));
	show(sysconf(_SC_CLK_TCK));
	show(sysconf(_SC_NPROCESSORS_ONLN) >= 1);
	show(sysconf(_SC_OPEN_MAX) >= 64);
	struct rlimit limit;
	need(getrlimit(RLIMIT_NOFILE, &limit));
	show(limit.rlim_cur >= 64 && limit.rlim_cur <= limit.rlim_max);
	need(getrlimit(RLIMIT_STACK, &limit));
	show(limit.rlim_cur >= 65536);
	try(getrlimit(9999, &limit));
	struct rusage usage;
	need(getrusage(RUSAGE_SELF, &usage));
	show(usage.ru_utime.tv_sec >= 0 && usage.ru_utime.tv_usec < 1000000);
	try(getrusage(99, &usage));
	struct sysinfo info;
	need(sysinfo(&info));
	show(info.uptime >= 0 && info.totalram > 0 && info.mem_unit > 0);
	show(getpid() > 0 && getpid() == getpid());
	show(getppid() >= 0);
	show(getpgid(0) == getpgrp());
	show(getsid(0) >= 0);
	show(getuid() == geteuid() && getgid() == getegid());
	show(gettid() == getpid());
	show(isatty(99) == 0 && errno == EBADF);
	int p[2];
	need(pipe(p));
	show(isatty(p[0]) == 0 && errno == ENOTTY);
	show(sched_yield());
	char name[256];
	show(gethostname(name, sizeof name));
	show(strcmp(name, u.nodename));
	show(readlink("/proc/self/exe", name, sizeof name) > 0);
	show(getpriority(PRIO_PROCESS, 0) <= 19);
	return 0;
}
