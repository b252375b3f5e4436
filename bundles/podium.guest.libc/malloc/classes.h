/* Sizes of blocks: multiples of 16 up to 128, then four to a doubling, up to 128 KiB. Each is a multiple of 16. */
#ifndef CLASSES_H
#define CLASSES_H

#include <stddef.h>
#include <stdint.h>

enum {
	SMALL_MAX = 128,
	CLASSES_SMALL = SMALL_MAX / 16,
	BLOCK_MAX = 128 << 10,
	CLASSES = CLASSES_SMALL + 4 * 10,
};

/* The class whose blocks are the smallest that hold n bytes; 1 <= n <= BLOCK_MAX. */
static inline unsigned class_of(size_t n)
{
	if (n <= SMALL_MAX) return (n - 1) / 16;
	unsigned power = 31 - __builtin_clz((uint32_t)(n - 1)); /* 2^power < n <= 2^(power + 1), power >= 7 */
	return CLASSES_SMALL + (power - 7) * 4 + ((n - 1) >> (power - 2) & 3);
}

static inline size_t class_size(unsigned c)
{
	if (c < CLASSES_SMALL) return (c + 1) * 16;
	c -= CLASSES_SMALL;
	return (size_t)(5 + c % 4) << (c / 4 + 5);
}

/* Units of a span for such blocks: few, but so many that the end which no block fits is small. */
static inline uint32_t class_units(size_t size)
{
	return size <= 2048 ? 1 : size <= 16384 ? 4 : 16;
}

#endif
