/* An allocator for programs whose every object is a block, such as a JavaScript engine: nothing but a few loads and stores
 * on the usual way, no call to the kernel but for megabytes, and no header in front of a block. It checks nothing: use
 * the C library's own where a program is not trusted with itself. See span.h. */
#include "classes.h"
#include "span.h"
#include <errno.h>
#include <limits.h>
#include <malloc.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { LARGE = 255 }; /* size_class of a span with one large block */

/* Spans with free blocks, by class. The first one serves. */
static struct span lists[CLASSES];

/* 0 free, 1 taken, 2 taken and somebody waits. */
static volatile int lock;

enum { FUTEX_WAIT_PRIVATE = 128, FUTEX_WAKE_PRIVATE = 129 };

static __attribute__((noinline)) void wait_for_lock(void)
{
	int saved = errno;
	while (__atomic_exchange_n(&lock, 2, __ATOMIC_ACQUIRE)) syscall(SYS_futex, &lock, FUTEX_WAIT_PRIVATE, 2, 0);
	errno = saved;
}

static __attribute__((noinline)) void wake_waiter(void)
{
	int saved = errno;
	syscall(SYS_futex, &lock, FUTEX_WAKE_PRIVATE, 1);
	errno = saved;
}

static inline void take_lock(void)
{
	int expected = 0;
	if (!__atomic_compare_exchange_n(&lock, &expected, 1, 0, __ATOMIC_ACQUIRE, __ATOMIC_RELAXED)) wait_for_lock();
}

static inline void give_lock(void)
{
	if (__atomic_exchange_n(&lock, 0, __ATOMIC_RELEASE) == 2) wake_waiter();
}

static void push(struct span *s)
{
	struct span *list = &lists[s->size_class];
	s->next = list->next;
	s->prev = list;
	s->next->prev = s;
	list->next = s;
}

static void pull(struct span *s)
{
	s->next->prev = s->prev;
	s->prev->next = s->next;
	s->next = s->prev = s;
}

static struct span *new_span(unsigned c)
{
	struct span *list = &lists[c];
	if (!list->next) list->next = list->prev = list;
	size_t size = class_size(c);
	struct span *s = span_allocate(class_units(size));
	if (!s) return 0;
	s->size_class = c;
	s->block_size = size;
	s->capacity = s->units * UNIT / size;
	push(s);
	return s;
}

static void *take_block(unsigned c)
{
	struct span *s = lists[c].next;
	if (!s || s == &lists[c]) {
		s = new_span(c);
		if (!s) return 0;
	}
	void *p = s->free;
	if (p) s->free = s->free->next;
	else p = s->start + s->touched++ * s->block_size;
	if (++s->used == s->capacity) pull(s);
	return p;
}

static void *take_large(size_t n)
{
	if (n > PTRDIFF_MAX) return 0;
	struct span *s = span_allocate((n + UNIT - 1) >> UNIT_BITS);
	if (!s) return 0;
	s->size_class = LARGE;
	s->block_size = s->units * UNIT;
	s->capacity = s->used = 1;
	return s->start;
}

static void *allocate(size_t n)
{
	take_lock();
	void *p = n <= BLOCK_MAX ? take_block(class_of(n ? n : 1)) : take_large(n);
	give_lock();
	if (!p) errno = ENOMEM;
	return p;
}

void *malloc(size_t n)
{
	return allocate(n);
}

void free(void *p)
{
	if (!p) return;
	take_lock();
	struct span *s = span_of(p);
	if (s->size_class == LARGE) {
		span_free(s);
	} else {
		struct block *b = p;
		b->next = s->free;
		s->free = b;
		if (s->used-- == s->capacity) push(s);
		/* An empty span goes, but for the last one of its class, which would soon be wanted again. */
		if (!s->used && s->next != s->prev) {
			pull(s);
			span_free(s);
		}
	}
	give_lock();
}

void *calloc(size_t m, size_t n)
{
	size_t size;
	if (__builtin_mul_overflow(m, n, &size)) {
		errno = ENOMEM;
		return 0;
	}
	void *p = allocate(size);
	if (p && !(size > BLOCK_MAX && span_of(p)->clean)) memset(p, 0, size);
	return p;
}

static int grow_in_place(struct span *s, size_t n)
{
	if (n > PTRDIFF_MAX) return 0;
	uint32_t units = (n + UNIT - 1) >> UNIT_BITS;
	take_lock();
	int grown = span_extend(s, units);
	if (grown) s->block_size = units * UNIT;
	give_lock();
	return grown;
}

void *realloc(void *p, size_t n)
{
	if (!p) return malloc(n);
	struct span *s = span_of(p);
	size_t had = s->block_size;
	if (n <= had && (n > had / 2 || had <= 64)) return p;
	if (n > had && s->size_class == LARGE && grow_in_place(s, n)) return p;
	void *q = allocate(n);
	if (!q) return n <= had ? p : 0;
	memcpy(q, p, n < had ? n : had);
	free(p);
	return q;
}

/* A block of 2^k bytes or of a multiple lies on such a boundary, up to a unit, since its span does; larger alignments
 * are not served. */
void *aligned_alloc(size_t align, size_t n)
{
	if (!align || align & (align - 1)) {
		errno = EINVAL;
		return 0;
	}
	if (align <= 16) return malloc(n);
	if (align > UNIT || n > SIZE_MAX - align) {
		errno = ENOMEM;
		return 0;
	}
	size_t rounded = n ? (n + align - 1) & -align : align;
	while (rounded <= BLOCK_MAX && class_size(class_of(rounded)) % align) rounded += align;
	return malloc(rounded);
}

void *memalign(size_t align, size_t n)
{
	return aligned_alloc(align, n);
}

int posix_memalign(void **result, size_t align, size_t n)
{
	if (align < sizeof(void *) || align & (align - 1)) return EINVAL;
	int saved = errno;
	void *p = aligned_alloc(align, n);
	errno = saved;
	if (!p) return ENOMEM;
	*result = p;
	return 0;
}

size_t malloc_usable_size(void *p)
{
	return p ? span_of(p)->block_size : 0;
}
