// link: -lspanalloc
/* The test of memory, with the other allocator; and what only that one does. */
#define main test_memory
#include "memory.c"
#undef main

#include <pthread.h>

enum { LARGEST = 600000 };

static void alignments(void)
{
	int wrong = 0;
	void *p[17 * 20];
	int n = 0;
	for (size_t align = 8; align <= 65536; align *= 2)
		for (int i = 0; i < 20; i++) {
			size_t size = next() % (i < 10 ? 500 : 100000) + 1;
			if (posix_memalign(&p[n], align, size) || (uintptr_t)p[n] % align) wrong++;
			else memset(p[n], i, size), n++;
		}
	for (int i = 0; i < n; i++) free(p[i]);
	show(wrong);
}

/* A block that grows a little at a time, among others that do. */
static void growing_blocks(void)
{
	enum { BLOCKS = 6 };
	unsigned char *p[BLOCKS] = { 0 };
	size_t size[BLOCKS] = { 0 };
	int wrong = 0;
	for (int round = 0; round < 3000; round++) {
		int i = next() % BLOCKS;
		size_t more = next() % 3000;
		if (size[i] + more > LARGEST) {
			free(p[i]);
			p[i] = 0, size[i] = 0;
		}
		p[i] = realloc(p[i], size[i] + more + 1);
		if (!p[i]) wrong++;
		else if (size[i] && (p[i][0] != i + 1 || p[i][size[i] - 1] != i + 1 || p[i][size[i] / 2] != i + 1)) wrong++;
		memset(p[i] + size[i], i + 1, more + 1);
		size[i] += more + 1;
	}
	for (int i = 0; i < BLOCKS; i++) free(p[i]);
	show(wrong);
}

static void zeroes(void)
{
	int wrong = 0;
	for (int i = 0; i < 300; i++) {
		size_t n = next() % (i % 3 ? 5000 : LARGEST);
		unsigned char *p = calloc(n, 1);
		if (!p || !all(p, n, 0)) wrong++;
		memset(p, 255, n);
		free(p);
	}
	show(wrong);
}

static void *churn(void *arg)
{
	unsigned long seed = (unsigned long)arg;
	static _Atomic long wrong;
	struct { unsigned char *p; unsigned n; } mine[200] = { 0 };
	for (int i = 0; i < 20000; i++) {
		seed = seed * 1103515245 + 12345;
		unsigned k = seed >> 16 & 0x7fff, at = k % 200;
		if (mine[at].p && !all(mine[at].p, mine[at].n, (int)at)) wrong++;
		free(mine[at].p);
		mine[at].n = k % 64 ? k % 300 : k * 4;
		mine[at].p = malloc(mine[at].n);
		if (!mine[at].p) wrong++;
		else memset(mine[at].p, (int)at, mine[at].n);
	}
	for (int i = 0; i < 200; i++) free(mine[i].p);
	return (void *)wrong;
}

static void by_threads(void)
{
	pthread_t t[4];
	long wrong = 0;
	for (long i = 0; i < 4; i++) pthread_create(&t[i], 0, churn, (void *)(i + 1));
	for (int i = 0; i < 4; i++) {
		void *result;
		pthread_join(t[i], &result);
		wrong += (long)result;
	}
	show(wrong);
}

int main(void)
{
	test_memory();
	alignments();
	growing_blocks();
	zeroes();
	by_threads();
	return 0;
}
