/* Resource limits, and what becomes of who reaches them. */
#include "check.h"
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

extern char **environ;

static volatile sig_atomic_t reached;

static void on_limit(int signal) { reached++; }

static struct rlimit got(int resource)
{
	struct rlimit limit;
	need(getrlimit(resource, &limit));
	return limit;
}

static int set(int resource, rlim_t soft, rlim_t hard)
{
	struct rlimit limit = {soft, hard};
	return setrlimit(resource, &limit);
}

static double used(void)
{
	struct timespec t;
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return t.tv_sec + t.tv_nsec / 1e9;
}

static void burn(double seconds)
{
	double end = used() + seconds;
	while (used() < end) getppid();
}

/* What a child does, by its name. */
static int child(const char *what)
{
	if (!strcmp(what, "inherited")) {
		show(got(RLIMIT_CPU).rlim_cur);
		return 0;
	}
	if (!strcmp(what, "soft")) need(set(RLIMIT_CPU, 1, RLIM_INFINITY));
	if (!strcmp(what, "hard")) {
		signal(SIGXCPU, SIG_IGN);
		need(set(RLIMIT_CPU, 1, 2));
	}
	if (!strcmp(what, "computes")) need(set(RLIMIT_CPU, 1, 1));
	volatile unsigned rounds = 0;
	if (!strcmp(what, "computes")) for (;;) rounds++;
	burn(10);
	return 0;
}

static void run(char *what)
{
	char *argv[] = {"limits", what, 0};
	pid_t pid;
	fflush(stdout);
	int error = posix_spawn(&pid, "/proc/self/exe", 0, 0, argv, environ);
	if (error) printf("not spawned: %d\n", error);
	int status;
	need(waitpid(pid, &status, 0));
	printf("%s: exit %d signal %d\n", what, WIFEXITED(status) ? WEXITSTATUS(status) : -1,
	       WIFSIGNALED(status) ? WTERMSIG(status) : 0);
}

static void cpu(void)
{
	show(got(RLIMIT_CPU).rlim_cur == RLIM_INFINITY);
	signal(SIGXCPU, on_limit);
	need(set(RLIMIT_CPU, 1, RLIM_INFINITY));
	show(got(RLIMIT_CPU).rlim_cur);
	show(got(RLIMIT_CPU).rlim_max == RLIM_INFINITY);
	while (reached < 1) getppid();
	show(got(RLIMIT_CPU).rlim_cur);
	while (reached < 2) getppid();
	show(got(RLIMIT_CPU).rlim_cur);
	need(set(RLIMIT_CPU, 60, RLIM_INFINITY));
	burn(0.1);
	show(reached);
	run("inherited");
	need(set(RLIMIT_CPU, RLIM_INFINITY, RLIM_INFINITY));
	run("soft");
	run("hard");
	run("computes");
}

static void files(void)
{
	rlim_t hard = got(RLIMIT_NOFILE).rlim_max;
	int kept = need(dup2(0, 40));
	need(set(RLIMIT_NOFILE, 16, hard));
	show(sysconf(_SC_OPEN_MAX));
	int last = 0;
	for (int fd; (fd = dup(0)) >= 0; last = fd);
	show(errno == EMFILE);
	show(last);
	try(dup2(0, 16));
	try(fcntl(0, F_DUPFD, 16));
	try(fcntl(kept, F_GETFD));
	show(open("/dev/null", O_RDONLY) == -1 && errno == EMFILE);
	need(close(15));
	try(open("/dev/null", O_RDONLY));
	need(set(RLIMIT_NOFILE, 50, hard));
	try(dup(0));
}

static void rights(void)
{
	struct rlimit limit = {2, 1};
	try(setrlimit(RLIMIT_CPU, &limit));
	try(prlimit(0, 16, 0, 0));
	try(prlimit(0, -1, 0, 0));
	try(prlimit(1 << 29, RLIMIT_CPU, 0, 0));
	need(set(RLIMIT_CPU, 50, 100));
	need(seteuid(65534));
	try(set(RLIMIT_CPU, 50, 101));
	try(set(RLIMIT_CPU, 101, 101));
	try(set(RLIMIT_CPU, 100, 100));
	try(set(RLIMIT_CPU, 20, 90));
	try(set(RLIMIT_CPU, 20, 91));
	struct rlimit old;
	limit.rlim_cur = 10;
	limit.rlim_max = 80;
	try(prlimit(getpid(), RLIMIT_CPU, &limit, &old));
	show(old.rlim_cur);
	show(old.rlim_max);
	show(got(RLIMIT_CPU).rlim_cur);
	try(prlimit(getppid(), RLIMIT_CPU, 0, &old));
}

int main(int argc, char **argv)
{
	if (argc > 1) return child(argv[1]);
	cpu();
	files();
	rights();
	return 0;
}
