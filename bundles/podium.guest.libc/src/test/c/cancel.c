#include "check.h"
#include <pthread.h>
#include <semaphore.h>
#include <unistd.h>

static sem_t ready;
static int pipe_fds[2];
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t condition = PTHREAD_COND_INITIALIZER;

static void say(void *text) { printf("cleanup: %s\n", (char *)text); }

static void *in_read(void *arg)
{
	char c;
	pthread_cleanup_push(say, "outer");
	pthread_cleanup_push(say, "inner");
	sem_post(&ready);
	read(pipe_fds[0], &c, 1);
	puts("read came back");
	pthread_cleanup_pop(0);
	pthread_cleanup_pop(0);
	return 0;
}

static void *in_sleep(void *arg)
{
	sem_post(&ready);
	sleep(100);
	return 0;
}

static void unlock(void *m)
{
	/* The wait gives the mutex back before the handler runs. */
	printf("owned again: %d\n", pthread_mutex_trylock(m) != 0);
	pthread_mutex_unlock(m);
}

static void *in_wait(void *arg)
{
	pthread_mutex_lock(&mutex);
	pthread_cleanup_push(unlock, &mutex);
	sem_post(&ready);
	for (;;) pthread_cond_wait(&condition, &mutex);
	pthread_cleanup_pop(0);
	return 0;
}

static void *disabled_for_a_while(void *arg)
{
	int old;
	pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &old);
	show(old == PTHREAD_CANCEL_ENABLE);
	sem_post(&ready);
	usleep(60000);
	pthread_testcancel();
	puts("still here");
	pthread_setcancelstate(PTHREAD_CANCEL_ENABLE, 0);
	pthread_testcancel();
	puts("not here");
	return 0;
}

static void *pending_before_the_call(void *arg)
{
	pthread_cancel(pthread_self());
	puts("requested");
	fflush(stdout);
	char c;
	read(pipe_fds[0], &c, 1);
	puts("not here");
	return 0;
}

static void *by_any_call(void *arg)
{
	pthread_setcanceltype(PTHREAD_CANCEL_ASYNCHRONOUS, 0);
	sem_post(&ready);
	for (;;) getppid();
	return 0;
}

static void *finished(void *arg)
{
	sem_post(&ready);
	return (void *)5;
}

static void cancel(const char *name, void *(*body)(void *))
{
	pthread_t t;
	void *result;
	int cancelled = 0;
	printf("%s\n", name);
	pthread_create(&t, 0, body, 0);
	if (body != pending_before_the_call) {
		sem_wait(&ready);
		usleep(20000);
		cancelled = pthread_cancel(t);
	}
	show(pthread_join(t, &result));
	show(cancelled);
	show(result == PTHREAD_CANCELED);
}

int main(void)
{
	sem_init(&ready, 0, 0);
	need(pipe(pipe_fds));
	cancel("in read", in_read);
	cancel("in sleep", in_sleep);
	cancel("in wait", in_wait);
	cancel("disabled", disabled_for_a_while);
	cancel("pending", pending_before_the_call);
	cancel("asynchronous", by_any_call);
	cancel("finished", finished);
	return 0;
}
