#include "check.h"
#include <setjmp.h>

static jmp_buf outer, inner;

static void throw(jmp_buf *where, int depth, int value)
{
	char frame[100];
	memset(frame, depth, sizeof frame);
	if (depth) throw(where, depth - 1, value + frame[50]);
	longjmp(*where, value);
}

static void counted(void)
{
	volatile int n = 0;
	int r = setjmp(outer);
	n++;
	printf("returned %d\n", r);
	if (n < 4) longjmp(outer, n * 10);
	show(n);
}

static void zero_becomes_one(void)
{
	int r = setjmp(outer);
	if (!r) longjmp(outer, 0);
	show(r);
}

static void from_deep_below(void)
{
	int r = setjmp(outer);
	if (!r) throw(&outer, 50, 1);
	show(r);
}

static void nested(void)
{
	volatile int stage = 0;
	if (!setjmp(outer)) {
		if (!setjmp(inner)) {
			stage = 1;
			throw(&inner, 3, 5);
		}
		stage = stage * 10 + 2;
		throw(&outer, 3, 6);
	} else {
		stage = stage * 10 + 3;
	}
	show(stage);
}

static int one_of_two(int which)
{
	jmp_buf here[2];
	for (volatile int i = 0; i < 2; i++) {
		int r = setjmp(here[i]);
		if (r) return i * 100 + r;
	}
	longjmp(here[which], 7 + which);
}

static int recursive(int n)
{
	jmp_buf here;
	int r = setjmp(here);
	if (r) return r;
	if (n == 0) longjmp(outer, 1);
	int below = recursive(n - 1);
	longjmp(here, below + n);
}

static int search(int n)
{
	jmp_buf here;
	int r = setjmp(here);
	if (r) return r;
	if (n == 0) return 1;
	int below = search(n - 1);
	longjmp(here, below + n);
}

int main(void)
{
	counted();
	zero_becomes_one();
	from_deep_below();
	nested();
	show(one_of_two(0));
	show(one_of_two(1));
	show(search(20));
	if (!setjmp(outer)) recursive(10);
	else puts("out of ten frames");
	long loops = 0;
	for (volatile int i = 0; i < 10000; i++) {
		if (setjmp(outer) == 0) throw(&outer, 1, i + 1);
		loops++;
	}
	show(loops);
	return 0;
}
