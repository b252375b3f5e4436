#include "check.h"
#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <stdatomic.h>
#include <sys/prctl.h>
#include <time.h>
#include <unistd.h>

enum { THREADS = 4, ROUNDS = 5000 };

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t condition = PTHREAD_COND_INITIALIZER;
static long counter;
static atomic_long atomic_counter;
static _Thread_local int local = 5;
static _Thread_local char local_zero[100];

static void *count(void *arg)
{
	int clean = local == 5;
	for (int i = 0; i < 100; i++) clean &= !local_zero[i];
	for (int i = 0; i < ROUNDS; i++) {
		pthread_mutex_lock(&mutex);
		counter++;
		pthread_mutex_unlock(&mutex);
		atomic_counter++;
		local++;
	}
	memset(local_zero, 1, 100);
	return (void *)(long)(clean ? local : -1);
}

static void counting(void)
{
	pthread_t t[THREADS];
	for (int i = 0; i < THREADS; i++) show(pthread_create(&t[i], 0, count, 0));
	for (int i = 0; i < THREADS; i++) {
		void *result;
		show(pthread_join(t[i], &result));
		show((long)result);
	}
	show(counter);
	show(atomic_counter);
	show(local);
}

static int queue[10], head, tail;

static void *consume(void *arg)
{
	long sum = 0;
	for (;;) {
		pthread_mutex_lock(&mutex);
		while (head == tail) pthread_cond_wait(&condition, &mutex);
		int item = queue[tail++ % 10];
		pthread_cond_broadcast(&condition);
		pthread_mutex_unlock(&mutex);
		if (item < 0) return (void *)sum;
		sum += item;
	}
}

static void put(int item)
{
	pthread_mutex_lock(&mutex);
	while (head - tail == 10) pthread_cond_wait(&condition, &mutex);
	queue[head++ % 10] = item;
	pthread_cond_broadcast(&condition);
	pthread_mutex_unlock(&mutex);
}

static void passing_items(void)
{
	pthread_t t[2];
	void *sum;
	long total = 0;
	for (int i = 0; i < 2; i++) pthread_create(&t[i], 0, consume, 0);
	for (int i = 1; i <= 1000; i++) put(i);
	put(-1);
	put(-1);
	for (int i = 0; i < 2; i++) {
		pthread_join(t[i], &sum);
		total += (long)sum;
	}
	show(total);
	struct timespec t0;
	clock_gettime(CLOCK_REALTIME, &t0);
	t0.tv_nsec += 20000000;
	if (t0.tv_nsec >= 1000000000) t0.tv_nsec -= 1000000000, t0.tv_sec++;
	pthread_mutex_lock(&mutex);
	show(pthread_cond_timedwait(&condition, &mutex, &t0));
	pthread_mutex_unlock(&mutex);
}

static void mutex_kinds(void)
{
	pthread_mutexattr_t a;
	pthread_mutex_t m;
	pthread_mutexattr_init(&a);
	pthread_mutexattr_settype(&a, PTHREAD_MUTEX_RECURSIVE);
	pthread_mutex_init(&m, &a);
	show(pthread_mutex_lock(&m));
	show(pthread_mutex_lock(&m));
	show(pthread_mutex_unlock(&m));
	show(pthread_mutex_unlock(&m));
	pthread_mutexattr_settype(&a, PTHREAD_MUTEX_ERRORCHECK);
	pthread_mutex_init(&m, &a);
	show(pthread_mutex_lock(&m));
	show(pthread_mutex_lock(&m));
	show(pthread_mutex_trylock(&m));
	show(pthread_mutex_unlock(&m));
	show(pthread_mutex_unlock(&m));
}

static pthread_rwlock_t rw = PTHREAD_RWLOCK_INITIALIZER;
static int shared, torn;

static void *write_pairs(void *arg)
{
	for (int i = 0; i < 500; i++) {
		pthread_rwlock_wrlock(&rw);
		shared++;
		sched_yield();
		shared++;
		pthread_rwlock_unlock(&rw);
	}
	return 0;
}

static void *read_pairs(void *arg)
{
	for (int i = 0; i < 500; i++) {
		pthread_rwlock_rdlock(&rw);
		if (shared & 1) torn++;
		pthread_rwlock_unlock(&rw);
	}
	return 0;
}

static void readers_and_writers(void)
{
	pthread_t t[4];
	for (int i = 0; i < 4; i++) pthread_create(&t[i], 0, i & 1 ? write_pairs : read_pairs, 0);
	for (int i = 0; i < 4; i++) pthread_join(t[i], 0);
	show(shared);
	show(torn);
}

static pthread_barrier_t barrier;
static atomic_int serial, arrived, early;

static void *meet(void *arg)
{
	for (int round = 1; round <= 20; round++) {
		arrived++;
		if (pthread_barrier_wait(&barrier) == PTHREAD_BARRIER_SERIAL_THREAD) serial++;
		if (arrived < round * 3) early++;
		pthread_barrier_wait(&barrier);
	}
	return 0;
}

static void barriers(void)
{
	pthread_t t[3];
	pthread_barrier_init(&barrier, 0, 3);
	for (int i = 0; i < 3; i++) pthread_create(&t[i], 0, meet, 0);
	for (int i = 0; i < 3; i++) pthread_join(t[i], 0);
	show(serial);
	show(early);
}

static pthread_key_t key;
static pthread_once_t once = PTHREAD_ONCE_INIT;
static atomic_int destroyed, initialised;

static void destroy(void *value) { destroyed += (int)(long)value; }
static void initialise(void) { initialised++; pthread_key_create(&key, destroy); }

static void *use_key(void *arg)
{
	pthread_once(&once, initialise);
	long before = (long)pthread_getspecific(key);
	pthread_setspecific(key, arg);
	return (void *)(before + (pthread_getspecific(key) == arg));
}

static void keys(void)
{
	pthread_t t[3];
	void *result;
	for (long i = 0; i < 3; i++) pthread_create(&t[i], 0, use_key, (void *)(i + 1));
	for (int i = 0; i < 3; i++) {
		pthread_join(t[i], &result);
		show((long)result);
	}
	show(destroyed);
	show(initialised);
}

static sem_t done;

static void *detached(void *arg)
{
	sem_post(&done);
	return 0;
}

static void detaching(void)
{
	pthread_attr_t a;
	pthread_t t;
	sem_init(&done, 0, 0);
	pthread_attr_init(&a);
	pthread_attr_setdetachstate(&a, PTHREAD_CREATE_DETACHED);
	pthread_attr_setstacksize(&a, 65536);
	for (int i = 0; i < 200; i++) {
		if (pthread_create(&t, &a, detached, 0)) printf("thread %d not created\n", i);
		else sem_wait(&done);
	}
	int left;
	sem_getvalue(&done, &left);
	show(left);
	try(sem_trywait(&done));
}

static void *leave(void *arg)
{
	pthread_exit((void *)77);
}

static void *deep(void *arg)
{
	volatile char frame[1000];
	long n = (long)arg;
	frame[0] = n;
	return n ? (void *)((long)deep((void *)(n - 1)) + (frame[0] == (char)n)) : 0;
}

static void ends(void)
{
	pthread_t t;
	void *result;
	pthread_create(&t, 0, leave, 0);
	pthread_join(t, &result);
	show((long)result);
	pthread_create(&t, 0, deep, (void *)80);
	pthread_join(t, &result);
	show((long)result);
	show(pthread_equal(pthread_self(), pthread_self()) != 0);
}

static void *last_word(void *arg)
{
	usleep(20000);
	puts("the last thread ends the process");
	return 0;
}

static void show_file(const char *path)
{
	char text[100];
	FILE *file = fopen(path, "r");
	shows(fgets(text, sizeof text, file));
	fclose(file);
}

static void *rename_itself(void *arg)
{
	char name[16];
	prctl(PR_GET_NAME, name);
	shows(name);
	prctl(PR_SET_NAME, "a thread");
	prctl(PR_GET_NAME, name);
	shows(name);
	snprintf(arg, 64, "/proc/self/task/%d/comm", gettid());
	return show_file(arg), (void *)0;
}

/* A name is a thread's; the first one's is the process's. */
static void names(void)
{
	char name[16], path[64];
	pthread_t t;
	prctl(PR_SET_NAME, "the process");
	pthread_create(&t, 0, rename_itself, path);
	show(pthread_join(t, 0));
	prctl(PR_GET_NAME, name);
	shows(name);
	show_file("/proc/self/comm");
}

int main(void)
{
	counting();
	names();
	passing_items();
	mutex_kinds();
	readers_and_writers();
	barriers();
	keys();
	detaching();
	ends();
	pthread_t t;
	pthread_create(&t, 0, last_word, 0);
	pthread_detach(t);
	pthread_exit(0);
}
