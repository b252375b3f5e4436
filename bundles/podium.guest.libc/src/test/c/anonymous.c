/* Open files that are in no tree: what they have in common, and signalfd. */
#include "check.h"
#include <poll.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <sys/timerfd.h>
#include <unistd.h>

static void common(const char *name, int fd)
{
	char bytes[64] = { 0 }, link[64], target[64] = { 0 };
	struct stat s;
	need(fd);
	puts(name);
	try(lseek(fd, 5, SEEK_SET));
	try(lseek(fd, 0, 99));
	try(pread(fd, bytes, 8, 0));
	try(pwrite(fd, bytes, 8, 0));
	try(write(fd, bytes, 8));
	try(ftruncate(fd, 0));
	need(fstat(fd, &s));
	snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
	need(readlink(link, target, sizeof(target) - 1));
	printf("mode %o, links %d, %s\n", s.st_mode, (int)s.st_nlink, target);
}

static int ready(int fd)
{
	struct pollfd p = { .fd = fd, .events = POLLIN | POLLOUT };
	need(poll(&p, 1, 0));
	return p.revents;
}

static void take(int fd)
{
	struct signalfd_siginfo info[3];
	ssize_t length = try(read(fd, info, sizeof(info)));
	for (int i = 0; i < length / (ssize_t)sizeof(info[0]); i++)
		printf("signal %u from %s, code %d, value %d\n",
			info[i].ssi_signo == SIGRTMIN ? 0 : info[i].ssi_signo, /* a number of the C library's choice */
			info[i].ssi_pid == (unsigned)getpid() ? "myself" : "elsewhere", info[i].ssi_code, info[i].ssi_int);
}

static void signals(void)
{
	sigset_t some, other;
	sigemptyset(&some);
	sigaddset(&some, SIGUSR1);
	sigaddset(&some, SIGRTMIN);
	sigaddset(&some, SIGKILL); /* is left out */
	sigemptyset(&other);
	sigaddset(&other, SIGUSR2);
	sigprocmask(SIG_BLOCK, &some, NULL);
	sigprocmask(SIG_BLOCK, &other, NULL);
	int fd = need(signalfd(-1, &some, SFD_NONBLOCK));
	take(fd);
	try(read(fd, &some, 8));
	printf("ready %x\n", ready(fd));
	need(kill(getpid(), SIGUSR2));
	printf("ready %x\n", ready(fd));
	need(sigqueue(getpid(), SIGRTMIN, (union sigval){ .sival_int = 7 }));
	need(sigqueue(getpid(), SIGRTMIN, (union sigval){ .sival_int = 8 }));
	need(kill(getpid(), SIGUSR1));
	printf("ready %x\n", ready(fd));
	take(fd);
	take(fd);

	int ep = need(epoll_create1(0));
	struct epoll_event e = { .events = EPOLLIN, .data.u64 = 1 };
	need(epoll_ctl(ep, EPOLL_CTL_ADD, fd, &e));
	try(epoll_wait(ep, &e, 1, 0));
	/* Another set, of which one is pending. */
	printf("the same %d\n", signalfd(fd, &other, 0) == fd);
	try(epoll_wait(ep, &e, 1, 0));
	take(fd);
	try(signalfd(ep, &other, 0));
	try(signalfd(1000, &other, 0));
	try(signalfd(-1, &other, 12345));
}

int main(void)
{
	sigset_t none;
	sigemptyset(&none);
	common("epoll", epoll_create1(0));
	common("eventfd", eventfd(0, 0));
	common("timerfd", timerfd_create(CLOCK_MONOTONIC, 0));
	common("signalfd", signalfd(-1, &none, 0));
	common("inotify", inotify_init1(0));
	signals();
	return 0;
}
