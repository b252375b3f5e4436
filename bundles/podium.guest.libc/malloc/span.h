/* Spans: runs of 64 KiB units, each holding blocks of one size or one large block. The unit map finds the span of any
 * address, so a block has no header. All functions but span_of need the allocator's lock. */
#ifndef SPAN_H
#define SPAN_H

#include <stddef.h>
#include <stdint.h>

enum {
	UNIT_BITS = 16,
	UNIT = 1 << UNIT_BITS,
	UNITS = 1 << (32 - UNIT_BITS),
};

struct block {
	struct block *next;
};

struct span {
	struct span *next, *prev; /* in the list of its size class while it has free blocks, or of free spans */
	char *start;
	uint32_t units;
	uint32_t block_size; /* 0 in a free span */
	uint32_t capacity;   /* blocks it has room for */
	uint32_t used;       /* blocks given out */
	uint32_t touched;    /* blocks that were ever given out; those behind were not */
	struct block *free;  /* blocks that came back */
	uint8_t size_class;
	uint8_t clean; /* zero where not touched: straight from the kernel */
};

extern struct span *unit_map[UNITS];

static inline struct span *span_of(const void *p)
{
	return unit_map[(uintptr_t)p >> UNIT_BITS];
}

/* A span of at least this many units, entered in the map; null if memory is exhausted. */
struct span *span_allocate(uint32_t units);

/* Gives it back; it is joined with free neighbours, and goes back to the kernel if it has become large. */
void span_free(struct span *span);

/* Makes it longer if the units behind it are free. */
int span_extend(struct span *span, uint32_t units);

#endif
