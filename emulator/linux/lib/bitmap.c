/*
 * Searches and ranges in bit arrays, and population counts.
 */
#include <linux/bitmap.h>
#include <linux/kernel.h>
#include <linux/module.h>

/* The first bit that is set in addr ^ invert, from offset on; size if there is none. */
static unsigned long find_bit(const unsigned long *addr, unsigned long size, unsigned long offset, unsigned long invert)
{
	unsigned long word;

	if (offset >= size)
		return size;
	word = (addr[offset / 64] ^ invert) & (~0UL << (offset & 63));
	offset &= ~63UL;
	while (!word) {
		offset += 64;
		if (offset >= size)
			return size;
		word = addr[offset / 64] ^ invert;
	}
	return min(offset + __ffs(word), size);
}

unsigned long find_next_bit(const unsigned long *addr, unsigned long size, unsigned long offset)
{
	return find_bit(addr, size, offset, 0UL);
}
EXPORT_SYMBOL(find_next_bit);

unsigned long find_next_zero_bit(const unsigned long *addr, unsigned long size, unsigned long offset)
{
	return find_bit(addr, size, offset, ~0UL);
}
EXPORT_SYMBOL(find_next_zero_bit);

unsigned long hweight64(u64 w)
{
	w -= (w >> 1) & 0x5555555555555555ul;
	w = (w & 0x3333333333333333ul) + ((w >> 2) & 0x3333333333333333ul);
	w = (w + (w >> 4)) & 0x0f0f0f0f0f0f0f0ful;
	return (w * 0x0101010101010101ul) >> 56;
}
EXPORT_SYMBOL(hweight64);

unsigned int hweight32(u32 w)
{
	return (unsigned int)hweight64(w);
}
EXPORT_SYMBOL(hweight32);

void bitmap_set(unsigned long *map, unsigned int start, int nbits)
{
	for (; nbits > 0; nbits--, start++)
		__set_bit(start, map);
}
EXPORT_SYMBOL(bitmap_set);

void bitmap_clear(unsigned long *map, unsigned int start, int nbits)
{
	for (; nbits > 0; nbits--, start++)
		__clear_bit(start, map);
}
EXPORT_SYMBOL(bitmap_clear);

int bitmap_weight(const unsigned long *map, unsigned int nbits)
{
	unsigned int i;
	int weight = 0;

	for_each_set_bit(i, map, nbits)
		weight++;
	return weight;
}
EXPORT_SYMBOL(bitmap_weight);

/* Where nr clear bits begin, aligned; beyond size if nowhere. */
unsigned long bitmap_find_next_zero_area(unsigned long *map, unsigned long size, unsigned long start, unsigned int nr,
					 unsigned long align_mask)
{
	for (;;) {
		unsigned long index = find_next_zero_bit(map, size, start), set;

		index = (index + align_mask) & ~align_mask;
		if (index + nr > size)
			return index + nr;
		set = find_next_bit(map, index + nr, index);
		if (set >= index + nr)
			return index;
		start = set + 1;
	}
}
EXPORT_SYMBOL(bitmap_find_next_zero_area);
