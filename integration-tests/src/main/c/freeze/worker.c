/* Answers lines, with state in all the places that a program has some: worker
 * Or comes into a state in which it cannot be frozen, says so, and waits: worker thread|pipe|gone|locked|timer|pending|busy */
#define _GNU_SOURCE
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static volatile sig_atomic_t signals;
static char *mapped;
static int out, notes;

static void on_signal(int number) { signals += number; }

static void answer(const char *line, int depth, long long l, float f, double d)
{
	char directory[100];
	struct stat status;
	fstat(notes, &status);
	dprintf(out, "%s: %d %lld %.2f %.3f %s %s %d %lld\n", line, depth, l, f, d, mapped,
		getcwd(directory, sizeof directory), (int)signals, (long long)status.st_size);
}

/* A line a level, so that there are many frames, each with its own locals. */
static double level(int depth, long long l, float f, double d)
{
	char line[100];
	if (!fgets(line, sizeof line, stdin)) return depth + d;
	line[strcspn(line, "\n")] = 0;
	dprintf(notes, "%s\n", line);
	if (!strcmp(line, "sleep")) {
		struct timespec time = {0, 700000000}, left = {0, 0};
		dprintf(out, "sleeps\n");
		dprintf(out, "slept %d\n", nanosleep(&time, &left));
	}
	if (!strcmp(line, "make")) close(open("made", O_CREAT | O_WRONLY, 0666));
	answer(line, depth, l, f, d);
	double below = level(depth + 1, l * 3, f / 2, d + f);
	answer("back", depth, l, f, below);
	return below + 1;
}

static int work(void)
{
	struct sigaction action = {.sa_handler = on_signal, .sa_flags = SA_RESTART};
	sigaction(SIGUSR1, &action, 0);
	mkdir("place", 0777);
	chdir("place");
	umask(027);
	notes = open("notes", O_CREAT | O_RDWR | O_APPEND, 0666);
	out = fcntl(1, F_DUPFD, 20);
	mapped = mmap(0, 100000, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	strcpy(mapped, "mapped");
	setvbuf(stdin, 0, _IONBF, 0);
	double sum = level(1, 1LL << 40, 8, 0.125);
	dprintf(out, "sum %.3f, umask %o\n", sum, (int)umask(0));
	return 3;
}

static void *idle(void *unused)
{
	for (;;) pause();
}

int main(int argc, char **argv)
{
	const char *mode = argc > 1 ? argv[1] : "";
	int ends[2];
	if (!*mode) return work();
	if (!strcmp(mode, "thread")) {
		pthread_t thread;
		pthread_create(&thread, 0, idle, 0);
	}
	if (!strcmp(mode, "pipe")) pipe(ends);
	if (!strcmp(mode, "gone")) {
		open("gone", O_CREAT | O_RDWR, 0666);
		unlink("gone");
	}
	if (!strcmp(mode, "locked")) flock(open("lock", O_CREAT | O_RDWR, 0666), LOCK_EX);
	if (!strcmp(mode, "own")) open("/proc/self/status", O_RDONLY);
	if (!strcmp(mode, "within")) chdir("/proc/self/fd");
	if (!strcmp(mode, "timer")) {
		struct itimerval timer = {.it_value = {3600, 0}};
		setitimer(ITIMER_REAL, &timer, 0);
	}
	if (!strcmp(mode, "pending")) {
		sigset_t set;
		sigemptyset(&set);
		sigaddset(&set, SIGUSR1);
		sigprocmask(SIG_BLOCK, &set, 0);
		raise(SIGUSR1);
	}
	puts("ready");
	fflush(stdout);
	if (!strcmp(mode, "busy"))
		for (volatile int i = 0;; i++) {}
	for (;;) pause();
}
