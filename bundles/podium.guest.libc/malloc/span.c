#include "span.h"
#include <string.h>
#include <sys/mman.h>

enum {
	ARENA_UNITS = 32,    /* asked of the kernel at a time: 2 MiB */
	RELEASE_UNITS = 256, /* free spans of this size go back: 16 MiB */
	DESCRIPTORS = 512,   /* span descriptors made at a time */
};

struct span *unit_map[UNITS];

static struct span free_spans = { .next = &free_spans, .prev = &free_spans };
static struct span *descriptors;

static uint32_t unit_of(const char *p) { return (uintptr_t)p >> UNIT_BITS; }

static void *map(size_t length)
{
	void *p = mmap(0, length, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	return p == MAP_FAILED ? 0 : p;
}

static struct span *new_descriptor(void)
{
	if (!descriptors) {
		struct span *more = map(DESCRIPTORS * sizeof *more);
		if (!more) return 0;
		for (int i = 0; i < DESCRIPTORS; i++) {
			more[i].next = descriptors;
			descriptors = &more[i];
		}
	}
	struct span *s = descriptors;
	descriptors = s->next;
	memset(s, 0, sizeof *s);
	return s;
}

static void drop_descriptor(struct span *s)
{
	s->next = descriptors;
	descriptors = s;
}

static void unlink_span(struct span *s)
{
	s->next->prev = s->prev;
	s->prev->next = s->next;
}

/* A free span is in the map with its first and last unit, for its neighbours to find it. */
static void add_free(struct span *s)
{
	s->block_size = 0;
	s->next = free_spans.next;
	s->prev = &free_spans;
	s->next->prev = s;
	free_spans.next = s;
	unit_map[unit_of(s->start)] = s;
	unit_map[unit_of(s->start) + s->units - 1] = s;
}

static void remove_free(struct span *s)
{
	unlink_span(s);
	unit_map[unit_of(s->start)] = 0;
	unit_map[unit_of(s->start) + s->units - 1] = 0;
}

static void enter(struct span *s)
{
	for (uint32_t i = 0; i < s->units; i++) unit_map[unit_of(s->start) + i] = s;
}

/* New memory from the kernel, as a free span on unit boundaries. The trimmings are given back. */
static struct span *grow(uint32_t units)
{
	if (units < ARENA_UNITS) units = ARENA_UNITS;
	size_t length = (size_t)units * UNIT;
	if (length / UNIT != units || length + UNIT < length) return 0;
	struct span *s = new_descriptor();
	if (!s) return 0;
	char *p = map(length);
	if (p && (uintptr_t)p % UNIT) {
		munmap(p, length);
		p = map(length + UNIT);
		if (p) {
			size_t before = -(uintptr_t)p % UNIT;
			if (before) munmap(p, before);
			if (UNIT - before) munmap(p + before + length, UNIT - before);
			p += before;
		}
	}
	if (!p) {
		drop_descriptor(s);
		return 0;
	}
	s->start = p;
	s->units = units;
	s->clean = 1;
	add_free(s);
	return s;
}

/* Cuts the units behind the first ones off a free span, as another free span. */
static int cut(struct span *s, uint32_t units)
{
	if (s->units == units) return 1;
	struct span *rest = new_descriptor();
	if (!rest) return 0;
	remove_free(s);
	rest->start = s->start + (size_t)units * UNIT;
	rest->units = s->units - units;
	rest->clean = s->clean;
	s->units = units;
	add_free(s);
	add_free(rest);
	return 1;
}

struct span *span_allocate(uint32_t units)
{
	struct span *best = 0;
	for (struct span *s = free_spans.next; s != &free_spans; s = s->next)
		if (s->units >= units && (!best || s->units < best->units)) {
			best = s;
			if (s->units == units) break;
		}
	if (!best) best = grow(units);
	if (!best || !cut(best, units)) return 0;
	remove_free(best);
	best->used = best->touched = 0;
	best->free = 0;
	best->next = best->prev = best;
	enter(best);
	return best;
}

static struct span *join(struct span *low, struct span *high)
{
	remove_free(low);
	remove_free(high);
	low->units += high->units;
	low->clean &= high->clean;
	drop_descriptor(high);
	add_free(low);
	return low;
}

void span_free(struct span *s)
{
	memset(&unit_map[unit_of(s->start)], 0, s->units * sizeof *unit_map);
	s->clean = 0;
	add_free(s);
	uint32_t first = unit_of(s->start), behind = first + s->units;
	struct span *low = first ? unit_map[first - 1] : 0, *high = behind < UNITS ? unit_map[behind] : 0;
	if (high && !high->block_size) s = join(s, high);
	if (low && !low->block_size) s = join(low, s);
	if (s->units >= RELEASE_UNITS) {
		remove_free(s);
		munmap(s->start, (size_t)s->units * UNIT);
		drop_descriptor(s);
	}
}

int span_extend(struct span *s, uint32_t units)
{
	uint32_t behind = unit_of(s->start) + s->units, more = units - s->units;
	struct span *high = behind < UNITS ? unit_map[behind] : 0;
	if (!high || high->block_size || high->units < more || !cut(high, more)) return 0;
	remove_free(high);
	drop_descriptor(high);
	s->units = units;
	s->clean = 0;
	enter(s);
	return 1;
}
