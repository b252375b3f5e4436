#include "check.h"
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <unistd.h>

static char buf[70000];

static void ends(void)
{
	int p[2];
	try(pipe(p));
	try(write(p[1], "abcdef", 6));
	try(read(p[0], buf, 3));
	int waiting;
	need(ioctl(p[0], FIONREAD, &waiting));
	show(waiting);
	try(read(p[0], buf, 100));
	try(write(p[0], "x", 1));
	try(read(p[1], buf, 1));
	try(lseek(p[0], 0, SEEK_CUR));
	try(write(p[1], "last", 4));
	close(p[1]);
	try(read(p[0], buf, 100));
	try(read(p[0], buf, 100));
	close(p[0]);
}

static void broken(void)
{
	int p[2];
	need(pipe(p));
	signal(SIGPIPE, SIG_IGN);
	close(p[0]);
	try(write(p[1], "x", 1));
	struct pollfd out = { p[1], POLLOUT, 0 };
	need(poll(&out, 1, 0));
	show(out.revents & POLLERR);
	close(p[1]);
}

static void not_blocking(void)
{
	int p[2];
	need(pipe2(p, O_NONBLOCK | O_CLOEXEC));
	show(fcntl(p[0], F_GETFD));
	show((fcntl(p[0], F_GETFL) & O_NONBLOCK) != 0);
	try(read(p[0], buf, 1));
	show(fcntl(p[1], F_GETPIPE_SZ));
	try(write(p[1], buf, sizeof buf));
	try(write(p[1], "x", 1));
	/* A write of at most PIPE_BUF bytes is whole or not at all. */
	try(read(p[0], buf, 4000));
	try(write(p[1], buf, 4096));
	try(read(p[0], buf, 96));
	try(write(p[1], buf, 4096));
	close(p[0]);
	close(p[1]);
}

static void *reader(void *arg)
{
	int fd = *(int *)arg;
	long sum = 0, total = 0;
	for (ssize_t n; (n = read(fd, buf, 1000)) > 0; total += n)
		for (int i = 0; i < n; i++) sum += buf[i];
	printf("read %ld bytes, sum %ld\n", total, sum);
	return 0;
}

static void through_a_thread(void)
{
	int p[2];
	static char data[300000];
	for (int i = 0; i < (int)sizeof data; i++) data[i] = i % 100;
	need(pipe(p));
	pthread_t thread;
	pthread_create(&thread, 0, reader, &p[0]);
	try(write(p[1], data, sizeof data));
	close(p[1]);
	pthread_join(thread, 0);
	close(p[0]);
}

static void duplicates(void)
{
	int p[2];
	need(pipe(p));
	int copy = need(dup(p[1]));
	close(p[1]);
	need(write(copy, "kept open", 9));
	try(read(p[0], buf, 100));
	need(fcntl(p[0], F_SETFL, O_NONBLOCK));
	try(read(p[0], buf, 100));
	close(copy);
	try(read(p[0], buf, 100));
	close(p[0]);
}

static void standard_output(void)
{
	int p[2];
	fflush(stdout);
	need(pipe(p));
	int saved = need(dup(1));
	need(dup2(p[1], 1));
	close(p[1]);
	printf("into the pipe");
	fflush(stdout);
	need(dup2(saved, 1));
	close(saved);
	ssize_t n = read(p[0], buf, 100);
	printf("caught '%.*s'\n", (int)n, buf);
	try(read(p[0], buf, 100));
	close(p[0]);
}

int main(void)
{
	ends();
	broken();
	not_blocking();
	through_a_thread();
	duplicates();
	standard_output();
	return 0;
}
