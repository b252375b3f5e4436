#include "check.h"
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <sys/select.h>
#include <time.h>
#include <unistd.h>

static long long milliseconds(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000LL + t.tv_nsec / 1000000;
}

static void states(void)
{
	int p[2];
	need(pipe(p));
	struct pollfd f[3] = { { p[0], POLLIN, 0 }, { p[1], POLLOUT, 0 }, { -1, POLLIN, 0 } };
	try(poll(f, 3, 0));
	printf("%x %x %x\n", f[0].revents, f[1].revents, f[2].revents);
	need(write(p[1], "x", 1));
	try(poll(f, 3, -1));
	printf("%x %x %x\n", f[0].revents, f[1].revents, f[2].revents);
	close(p[1]);
	try(poll(f, 3, 0));
	printf("%x %x %x\n", f[0].revents, f[1].revents, f[2].revents);
	char c;
	need(read(p[0], &c, 1));
	try(poll(f, 1, 0));
	printf("%x\n", f[0].revents);
	close(p[0]);
	int file = need(open("f", O_CREAT | O_RDWR, 0600));
	f[0] = (struct pollfd){ file, POLLIN | POLLOUT | POLLPRI, 0 };
	try(poll(f, 1, -1));
	printf("%x\n", f[0].revents);
	close(file);
}

static void timeouts(void)
{
	int p[2];
	need(pipe(p));
	struct pollfd f = { p[0], POLLIN, 0 };
	long long start = milliseconds();
	try(poll(&f, 1, 60));
	long long took = milliseconds() - start;
	show(took >= 60 && took < 2000);
	start = milliseconds();
	struct timespec t = { 0, 40000000 };
	try(ppoll(&f, 1, &t, 0));
	took = milliseconds() - start;
	show(took >= 40 && took < 2000);
	start = milliseconds();
	try(poll(0, 0, 30));
	took = milliseconds() - start;
	show(took >= 30 && took < 2000);
	t.tv_nsec = -1;
	try(ppoll(&f, 1, &t, 0));
	close(p[0]);
	close(p[1]);
}

static void *write_later(void *arg)
{
	usleep(50000);
	need(write(*(int *)arg, "now", 3));
	return 0;
}

static void woken(void)
{
	int p[2];
	need(pipe(p));
	pthread_t thread;
	pthread_create(&thread, 0, write_later, &p[1]);
	struct pollfd f = { p[0], POLLIN, 0 };
	try(poll(&f, 1, 5000));
	printf("%x\n", f.revents);
	pthread_join(thread, 0);
	close(p[0]);
	close(p[1]);
}

static void selecting(void)
{
	int p[2];
	need(pipe(p));
	fd_set r, w;
	FD_ZERO(&r);
	FD_ZERO(&w);
	FD_SET(p[0], &r);
	FD_SET(p[1], &w);
	struct timeval none = { 0, 0 };
	try(select(p[1] + 1, &r, &w, 0, &none));
	show(FD_ISSET(p[0], &r));
	show(FD_ISSET(p[1], &w));
	need(write(p[1], "x", 1));
	FD_SET(p[0], &r);
	try(select(p[1] + 1, &r, 0, 0, 0));
	show(FD_ISSET(p[0], &r));
	close(p[0]);
	FD_SET(p[0], &r);
	try(select(p[0] + 1, &r, 0, 0, &none));
	try(select(-1, 0, 0, 0, &none));
	struct timeval short_time = { 0, 20000 };
	try(select(0, 0, 0, 0, &short_time));
	close(p[1]);
}

int main(void)
{
	states();
	timeouts();
	woken();
	selecting();
	return 0;
}
