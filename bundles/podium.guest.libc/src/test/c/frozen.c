// link: --snapshot
// args: first second
// env: NAME=value
/* Can be frozen after its first part. Started as a whole, it runs both parts in turn, and does the same. */
#include "check.h"
#include <pthread.h>
#include <sys/auxv.h>
#include <unistd.h>

static char *kept;
static int table[1000];
static _Thread_local int local = 1;
static int (*volatile function)(int);
static void *blocks[100];
static pthread_key_t key;

static int twice(int n) { return 2 * n; }

static void at_exit(void) { puts("atexit handler of the first part"); }

int __podium_snapshot_main(int argc, char **argv, char **envp)
{
	kept = strdup("made in the first part");
	for (int i = 0; i < 1000; i++) table[i] = i * i;
	for (int i = 0; i < 100; i++) {
		blocks[i] = malloc(i * 50 + 1);
		memset(blocks[i], i, i * 50 + 1);
	}
	for (int i = 0; i < 100; i += 3) {
		free(blocks[i]);
		blocks[i] = 0;
	}
	local = 2;
	function = twice;
	pthread_key_create(&key, 0);
	pthread_setspecific(key, kept);
	atexit(at_exit);
	return 0;
}

static void *thread(void *arg)
{
	local++;
	return (void *)(long)local;
}

int __podium_restart_main(int argc, char **argv, char **envp)
{
	shows(kept);
	show(table[999]);
	show(local);
	show(function(21));
	show(pthread_getspecific(key) == kept);
	show(argc);
	shows(argv[2]);
	shows(getenv("NAME"));
	show(envp[0] != 0);
	show(getauxval(AT_PAGESZ));
	show(gettid() == getpid());
	int wrong = 0;
	for (int i = 0; i < 100; i++) {
		for (int k = 0; blocks[i] && k < i * 50 + 1; k++) wrong += ((char *)blocks[i])[k] != i;
		blocks[i] = realloc(blocks[i], 3000);
	}
	show(wrong);
	for (int i = 0; i < 100; i++) free(blocks[i]);
	char *large = malloc(1000000);
	memset(large, 1, 1000000);
	free(large);
	free(kept);
	void *result;
	pthread_t t;
	show(pthread_create(&t, 0, thread, 0));
	show(pthread_join(t, &result));
	show((long)result);
	show(local);
	fprintf(stderr, "on standard error\n");
	return 0;
}

#ifndef __wasm__
int main(int argc, char **argv, char **envp)
{
	int status = __podium_snapshot_main(argc, argv, envp);
	return status ? status : __podium_restart_main(argc, argv, envp);
}
#endif
