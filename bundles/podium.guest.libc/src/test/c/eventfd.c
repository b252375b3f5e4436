#include "check.h"
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <stdint.h>
#include <sys/eventfd.h>
#include <unistd.h>

static uint64_t value;

static void counting(void)
{
	int e = need(eventfd(3, EFD_NONBLOCK));
	try(read(e, &value, 8));
	show(value);
	try(read(e, &value, 8));
	value = 5;
	try(write(e, &value, 8));
	try(write(e, &value, 8));
	try(read(e, &value, 8));
	show(value);
	try(read(e, &value, 7));
	try(write(e, &value, 7));
	value = UINT64_MAX;
	try(write(e, &value, 8));
	value = UINT64_MAX - 1;
	try(write(e, &value, 8));
	value = 1;
	try(write(e, &value, 8));
	struct pollfd f = { e, POLLIN | POLLOUT, 0 };
	need(poll(&f, 1, 0));
	printf("%x\n", f.revents);
	try(read(e, &value, 8));
	show(value == UINT64_MAX - 1);
	need(poll(&f, 1, 0));
	printf("%x\n", f.revents);
	close(e);
}

static void semaphore(void)
{
	int e = need(eventfd(2, EFD_SEMAPHORE | EFD_NONBLOCK | EFD_CLOEXEC));
	show(fcntl(e, F_GETFD));
	try(read(e, &value, 8));
	show(value);
	try(read(e, &value, 8));
	show(value);
	try(read(e, &value, 8));
	close(e);
}

static void *add_later(void *arg)
{
	for (int i = 0; i < 3; i++) {
		usleep(10000);
		eventfd_write(*(int *)arg, 7);
	}
	return 0;
}

static void waiting(void)
{
	int e = need(eventfd(0, 0));
	pthread_t thread;
	pthread_create(&thread, 0, add_later, &e);
	uint64_t sum = 0;
	while (sum < 21) {
		need(read(e, &value, 8));
		sum += value;
	}
	show(sum);
	pthread_join(thread, 0);
	close(e);
}

int main(void)
{
	counting();
	semaphore();
	waiting();
	return 0;
}
