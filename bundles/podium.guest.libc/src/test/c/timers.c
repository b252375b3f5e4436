#include "check.h"
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <sys/time.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

static long long now(clockid_t clock)
{
	struct timespec t;
	need(clock_gettime(clock, &t));
	return t.tv_sec * 1000000000LL + t.tv_nsec;
}

#define MS 1000000LL

static void clocks(void)
{
	show(now(CLOCK_REALTIME) > 1600000000LL * 1000 * MS);
	show(now(CLOCK_MONOTONIC) > 0);
	long long a = now(CLOCK_MONOTONIC), b = now(CLOCK_MONOTONIC);
	show(b >= a);
	show(now(CLOCK_PROCESS_CPUTIME_ID) >= 0);
	show(now(CLOCK_THREAD_CPUTIME_ID) >= 0);
	show(now(CLOCK_BOOTTIME) > 0);
	struct timespec t;
	try(clock_gettime(9999, &t));
	need(clock_getres(CLOCK_MONOTONIC, &t));
	show(t.tv_sec == 0 && t.tv_nsec > 0);
	struct timeval tv;
	need(gettimeofday(&tv, 0));
	show(llabs((long long)time(0) - tv.tv_sec) <= 1);
}

static void sleeping(void)
{
	long long start = now(CLOCK_MONOTONIC), took;
	struct timespec t = { 0, 30 * MS }, left;
	try(nanosleep(&t, &left));
	took = now(CLOCK_MONOTONIC) - start;
	show(took >= 30 * MS && took < 2000 * MS);
	t.tv_nsec = 1000 * MS;
	try(nanosleep(&t, 0));
	t = (struct timespec){ -1, 0 };
	try(nanosleep(&t, 0));
	start = now(CLOCK_MONOTONIC) + 30 * MS;
	t = (struct timespec){ start / (1000 * MS), start % (1000 * MS) };
	show(clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &t, 0));
	show(now(CLOCK_MONOTONIC) >= start);
	t = (struct timespec){ 0, 1 };
	show(clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &t, 0));
}

static void descriptors(void)
{
	int t = need(timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK));
	uint64_t expired;
	try(read(t, &expired, 8));
	struct itimerspec set = { { 0, 10 * MS }, { 0, 20 * MS } }, old;
	try(timerfd_settime(t, 0, &set, 0));
	need(timerfd_gettime(t, &old));
	show(old.it_interval.tv_nsec);
	show(old.it_value.tv_sec == 0 && old.it_value.tv_nsec > 0 && old.it_value.tv_nsec <= 20 * MS);
	struct pollfd f = { t, POLLIN, 0 };
	try(poll(&f, 1, 1000));
	try(read(t, &expired, 8));
	show(expired >= 1);
	usleep(45000);
	try(read(t, &expired, 8));
	show(expired >= 3);
	set = (struct itimerspec){ 0 };
	try(timerfd_settime(t, 0, &set, 0));
	try(poll(&f, 1, 30));
	long long at = now(CLOCK_MONOTONIC) - 5 * MS;
	set.it_value = (struct timespec){ at / (1000 * MS), at % (1000 * MS) };
	try(timerfd_settime(t, TFD_TIMER_ABSTIME, &set, 0));
	try(poll(&f, 1, 1000));
	try(timerfd_create(9999, 0));
	try(read(t, &expired, 4));
	close(t);
}

static volatile int alarms;

static void on_alarm(int sig) { alarms++; }

static void alarms_by_signal(void)
{
	struct sigaction action = { .sa_handler = on_alarm };
	need(sigaction(SIGALRM, &action, 0));
	struct itimerval once = { { 0, 0 }, { 0, 300000 } }, left; /* long enough to be waited for, however busy the machine is */
	try(setitimer(ITIMER_REAL, &once, 0));
	need(getitimer(ITIMER_REAL, &left));
	show(left.it_value.tv_sec == 0 && left.it_value.tv_usec > 0 && left.it_value.tv_usec <= 300000);
	try(pause());
	show(alarms);
	struct timespec t = { 5, 0 }, rest = { 0 };
	need(setitimer(ITIMER_REAL, &once, 0));
	try(nanosleep(&t, &rest));
	show(alarms);
	show(rest.tv_sec == 4);
	show(alarm(100));
	show(alarm(0));
}

int main(void)
{
	clocks();
	sleeping();
	descriptors();
	alarms_by_signal();
	return 0;
}
