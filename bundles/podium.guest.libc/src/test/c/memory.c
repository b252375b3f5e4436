#include "check.h"
#include <fcntl.h>
#include <malloc.h>
#include <stdint.h>
#include <sys/mman.h>
#include <unistd.h>

static unsigned long long state = 42;

static unsigned next(void)
{
	state = state * 6364136223846793005ULL + 1442695040888963407ULL;
	return state >> 33;
}

static int all(const unsigned char *p, size_t n, int value)
{
	while (n--) if (*p++ != value) return 0;
	return 1;
}

static void mappings(void)
{
	size_t page = sysconf(_SC_PAGESIZE);
	show(page);
	unsigned char *p = mmap(0, 10 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	show(p != MAP_FAILED);
	show((uintptr_t)p % page);
	show(all(p, 10 * page, 0));
	memset(p, 7, 10 * page);
	try(munmap(p + 4 * page, 2 * page));
	show(all(p, 4 * page, 7) && all(p + 6 * page, 4 * page, 7));
	unsigned char *q = mmap(p + 4 * page, page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
	show(q == p + 4 * page);
	show(all(q, page, 0));
	q = mmap(p, page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
	show(q == p && all(q, page, 0) && p[page] == 7);
	try(munmap(p, 10 * page));
	show(mmap(0, 0, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) == MAP_FAILED ? errno : 0);
	show(mmap(0, page, PROT_READ, MAP_ANONYMOUS, -1, 0) == MAP_FAILED ? errno : 0);
	show(mmap(0, page, PROT_READ, MAP_PRIVATE, 999, 0) == MAP_FAILED ? errno : 0);
	try(munmap((void *)1, page));
	/* What was unmapped is zero when it comes back. */
	int clean = 1;
	for (int i = 0; i < 50; i++) {
		p = mmap(0, 64 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
		if (p == MAP_FAILED || !all(p, 64 * page, 0)) clean = 0;
		memset(p, 255, 64 * page);
		munmap(p, 64 * page);
	}
	show(clean);
}

static void growing(void)
{
	size_t page = 4096;
	unsigned char *p = mmap(0, 2 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	memset(p, 3, 2 * page);
	unsigned char *q = mremap(p, 2 * page, 300 * page, MREMAP_MAYMOVE);
	show(q != MAP_FAILED);
	show(all(q, 2 * page, 3) && all(q + 2 * page, 298 * page, 0));
	p = mremap(q, 300 * page, page, 0);
	show(p == q && all(p, page, 3));
	try(munmap(p, page));
}

static void files(void)
{
	int fd = need(open("f", O_CREAT | O_RDWR, 0600));
	char text[5000];
	for (int i = 0; i < 5000; i++) text[i] = 'a' + i % 26;
	need(write(fd, text, 5000));
	char *p = mmap(0, 5000, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0);
	show(p != MAP_FAILED && !memcmp(p, text, 5000));
	show(p[5000] | p[8191]);
	p[0] = '!';
	char c;
	need(pread(fd, &c, 1, 0));
	show(c);
	char *second = mmap(0, 904, PROT_READ, MAP_PRIVATE, fd, 4096);
	show(second != MAP_FAILED && !memcmp(second, text + 4096, 904));
	show(mmap(0, 1, PROT_READ, MAP_PRIVATE, fd, 100) == MAP_FAILED ? errno : 0);
	close(fd);
	show(p[4999] == text[4999]);
	munmap(p, 5000);
	munmap(second, 904);
}

static void allocation(void)
{
	enum { SLOTS = 500 };
	static struct { unsigned char *p; size_t size; int fill; } slot[SLOTS];
	long wrong = 0, failed = 0;
	for (int round = 0; round < 20000; round++) {
		int i = next() % SLOTS;
		size_t size = next() % 50 ? next() % 600 : next() % 300000;
		if (slot[i].p && !all(slot[i].p, slot[i].size, slot[i].fill)) wrong++;
		if (slot[i].p && next() % 3) {
			free(slot[i].p);
			slot[i].p = 0;
			continue;
		}
		unsigned char *p = realloc(slot[i].p, size + 1);
		if (!p) {
			failed++;
			continue;
		}
		if (slot[i].p && !all(p, slot[i].size < size ? slot[i].size : size, slot[i].fill)) wrong++;
		slot[i].p = p;
		slot[i].size = size;
		slot[i].fill = next() & 255;
		memset(p, slot[i].fill, size);
	}
	show(wrong);
	show(failed);
	for (int i = 0; i < SLOTS; i++) free(slot[i].p);
	unsigned char *zero = calloc(1000, 1000);
	show(zero && all(zero, 1000000, 0));
	free(zero);
	volatile size_t huge = SIZE_MAX / 2 + 1;
	void *volatile none = malloc(huge);
	show(none == 0 && errno == ENOMEM);
	none = calloc(huge, 4);
	show(none == 0);
	void *aligned;
	show(posix_memalign(&aligned, 4096, 100));
	show((uintptr_t)aligned % 4096);
	free(aligned);
	show(posix_memalign(&aligned, 3, 100));
	char *kept = malloc(200000);
	memset(kept, 9, 200000);
	kept = realloc(kept, 5000000);
	show(kept && all((void *)kept, 200000, 9));
	free(kept);
	show(malloc_usable_size(malloc(100)) >= 100);
}

int main(void)
{
	mappings();
	growing();
	files();
	allocation();
	return 0;
}
