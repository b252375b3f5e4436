#include "check.h"
#include <fcntl.h>
#include <pthread.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

static int ep;

static int control(int op, int fd, unsigned events, unsigned long long data)
{
	struct epoll_event e = { .events = events, .data.u64 = data };
	return epoll_ctl(ep, op, fd, &e);
}

static void wait_for(int timeout)
{
	struct epoll_event e[8];
	int n = epoll_wait(ep, e, 8, timeout);
	printf("%d ready:", n);
	for (int i = 0; i < n; i++) printf(" %llx=%x", (unsigned long long)e[i].data.u64, e[i].events);
	puts("");
}

static void levels_and_edges(void)
{
	int p[2];
	char c;
	need(pipe2(p, O_NONBLOCK));
	try(control(EPOLL_CTL_ADD, p[0], EPOLLIN, 0x123456789abcdefULL));
	try(control(EPOLL_CTL_ADD, p[0], EPOLLIN, 1));
	wait_for(0);
	need(write(p[1], "ab", 2));
	wait_for(-1);
	wait_for(-1);
	try(control(EPOLL_CTL_MOD, p[0], EPOLLIN | EPOLLET, 2));
	wait_for(0);
	wait_for(0);
	need(write(p[1], "c", 1));
	wait_for(0);
	wait_for(0);
	need(read(p[0], &c, 1));
	wait_for(0);
	try(control(EPOLL_CTL_MOD, p[0], EPOLLIN | EPOLLONESHOT, 3));
	wait_for(0);
	wait_for(0);
	try(control(EPOLL_CTL_MOD, p[0], EPOLLIN | EPOLLONESHOT, 4));
	wait_for(0);
	try(control(EPOLL_CTL_MOD, p[0], EPOLLIN, 5));
	close(p[1]);
	wait_for(0);
	while (read(p[0], &c, 1) == 1) {}
	wait_for(0);
	try(control(EPOLL_CTL_MOD, p[0], 0, 6));
	wait_for(0);
	try(epoll_ctl(ep, EPOLL_CTL_DEL, p[0], 0));
	try(epoll_ctl(ep, EPOLL_CTL_DEL, p[0], 0));
	try(control(EPOLL_CTL_MOD, p[0], EPOLLIN, 7));
	close(p[0]);
}

static void closing_removes(void)
{
	int e = need(eventfd(1, 0)), copy = need(dup(e));
	need(control(EPOLL_CTL_ADD, e, EPOLLIN | EPOLLOUT, 8));
	wait_for(0);
	close(e);
	wait_for(0);
	close(copy);
	wait_for(0);
}

static void wrong_use(void)
{
	int file = need(open("f", O_CREAT | O_RDWR, 0600));
	try(control(EPOLL_CTL_ADD, file, EPOLLIN, 0));
	try(control(EPOLL_CTL_ADD, ep, EPOLLIN, 0));
	try(control(EPOLL_CTL_ADD, 999, EPOLLIN, 0));
	try(epoll_ctl(file, EPOLL_CTL_ADD, ep, &(struct epoll_event){ 0 }));
	int p[2];
	need(pipe(p));
	try(control(99, p[0], EPOLLIN, 0));
	close(p[0]);
	close(p[1]);
	struct epoll_event e;
	try(epoll_wait(ep, &e, 0, 0));
	try(epoll_wait(file, &e, 1, 0));
	try(epoll_create1(99));
	close(file);
}

static void nested(void)
{
	int inner = need(epoll_create1(EPOLL_CLOEXEC)), e = need(eventfd(0, 0));
	need(epoll_ctl(inner, EPOLL_CTL_ADD, e, &(struct epoll_event){ EPOLLIN, { .u32 = 1 } }));
	try(control(EPOLL_CTL_ADD, inner, EPOLLIN, 9));
	wait_for(0);
	need(eventfd_write(e, 1));
	wait_for(100);
	close(inner);
	close(e);
}

static void *signal_later(void *arg)
{
	usleep(40000);
	eventfd_write(*(int *)arg, 1);
	return 0;
}

static void woken_by_a_thread(void)
{
	int e = need(eventfd(0, 0));
	need(control(EPOLL_CTL_ADD, e, EPOLLIN, 10));
	wait_for(10);
	pthread_t thread;
	pthread_create(&thread, 0, signal_later, &e);
	wait_for(5000);
	pthread_join(thread, 0);
	close(e);
}

int main(void)
{
	ep = need(epoll_create1(0));
	levels_and_edges();
	closing_removes();
	wrong_use();
	nested();
	woken_by_a_thread();
	return 0;
}
