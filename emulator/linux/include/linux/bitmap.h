/* Arrays of longs as sets of bit numbers. */
#ifndef _LINUX_BITMAP_H
#define _LINUX_BITMAP_H

#include <linux/bitops.h>
#include <linux/string.h>

extern void bitmap_set(unsigned long *map, unsigned int start, int nbits);
extern void bitmap_clear(unsigned long *map, unsigned int start, int nbits);
extern int bitmap_weight(const unsigned long *map, unsigned int nbits);
extern unsigned long bitmap_find_next_zero_area(unsigned long *map, unsigned long size, unsigned long start,
						unsigned int nr, unsigned long align_mask);

static inline void bitmap_zero(unsigned long *dst, unsigned int nbits)
{
	memset(dst, 0, BITS_TO_LONGS(nbits) * sizeof(unsigned long));
}

static inline void bitmap_copy(unsigned long *dst, const unsigned long *src, unsigned int nbits)
{
	memcpy(dst, src, BITS_TO_LONGS(nbits) * sizeof(unsigned long));
}

static inline bool bitmap_empty(const unsigned long *src, unsigned int nbits)
{
	return find_first_bit(src, nbits) >= nbits;
}

static inline bool bitmap_full(const unsigned long *src, unsigned int nbits)
{
	return find_first_zero_bit(src, nbits) >= nbits;
}

#endif
