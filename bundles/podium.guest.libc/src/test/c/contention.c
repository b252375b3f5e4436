/* Many threads at the same few words: nothing is lost, nobody waits for ever. */
#include "check.h"
#include <pthread.h>
#include <semaphore.h>
#include <stdatomic.h>
#include <unistd.h>

enum { THREADS = 8, ROUNDS = 20000 };

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_spinlock_t spin;
static pthread_cond_t condition = PTHREAD_COND_INITIALIZER;
static sem_t ping, pong;
static long by_mutex, by_spin;
static atomic_int started;
static _Atomic unsigned long long wide;
static int generation;
static void *blocks[64];

static void *hammer(void *arg)
{
	unsigned seed = (unsigned)(long)arg * 2654435761u + 1;
	started++;
	for (int i = 0; i < ROUNDS; i++) {
		pthread_mutex_lock(&mutex);
		by_mutex++;
		pthread_mutex_unlock(&mutex);
		if (i % 4 == 0) {
			pthread_spin_lock(&spin);
			by_spin++;
			pthread_spin_unlock(&spin);
		}
		wide += 0x100000001ULL;
		/* The allocator, from all sides. */
		seed = seed * 1103515245u + 12345;
		void **slot = &blocks[seed >> 16 & 63];
		void *mine = malloc(seed >> 24);
		void *old = __atomic_exchange_n(slot, mine, __ATOMIC_SEQ_CST);
		free(old);
	}
	return 0;
}

static void *bounce(void *arg)
{
	for (int i = 0; i < 3000; i++) {
		sem_wait(&ping);
		sem_post(&pong);
	}
	return 0;
}

static void *wait_for_generations(void *arg)
{
	pthread_mutex_lock(&mutex);
	for (int seen = 0; seen < 300; ) {
		while (generation == seen) pthread_cond_wait(&condition, &mutex);
		seen = generation;
	}
	pthread_mutex_unlock(&mutex);
	return 0;
}

int main(void)
{
	pthread_t t[THREADS];
	pthread_spin_init(&spin, 0);
	sem_init(&ping, 0, 0);
	sem_init(&pong, 0, 0);
	for (long i = 0; i < THREADS; i++) pthread_create(&t[i], 0, hammer, (void *)i);
	for (int i = 0; i < THREADS; i++) pthread_join(t[i], 0);
	show(started);
	show(by_mutex);
	show(by_spin);
	show(wide == 0x100000001ULL * THREADS * ROUNDS);
	for (int i = 0; i < 64; i++) free(blocks[i]);

	pthread_create(&t[0], 0, bounce, 0);
	for (int i = 0; i < 3000; i++) {
		sem_post(&ping);
		sem_wait(&pong);
	}
	pthread_join(t[0], 0);
	puts("bounced");

	for (int i = 0; i < 4; i++) pthread_create(&t[i], 0, wait_for_generations, 0);
	for (int i = 1; i <= 300; i++) {
		pthread_mutex_lock(&mutex);
		generation = i;
		pthread_cond_broadcast(&condition);
		pthread_mutex_unlock(&mutex);
		if (i % 50 == 0) usleep(1000);
	}
	for (int i = 0; i < 4; i++) pthread_join(t[i], 0);
	puts("all saw the last generation");
	return 0;
}
