/* Bits in arrays of longs: atomic and plain operations, and searches. */
#ifndef _LINUX_BITOPS_H
#define _LINUX_BITOPS_H

#include <linux/bits.h>
#include <linux/types.h>

static inline void set_bit(long nr, volatile unsigned long *addr)
{
	asm volatile("lock; orq %1, %0" : "+m"(addr[BIT_WORD(nr)]) : "r"(BIT_MASK(nr)) : "memory");
}

static inline void clear_bit(long nr, volatile unsigned long *addr)
{
	asm volatile("lock; andq %1, %0" : "+m"(addr[BIT_WORD(nr)]) : "r"(~BIT_MASK(nr)) : "memory");
}

static inline void change_bit(long nr, volatile unsigned long *addr)
{
	asm volatile("lock; xorq %1, %0" : "+m"(addr[BIT_WORD(nr)]) : "r"(BIT_MASK(nr)) : "memory");
}

static inline void __set_bit(long nr, volatile unsigned long *addr)
{
	addr[BIT_WORD(nr)] |= BIT_MASK(nr);
}

static inline void __clear_bit(long nr, volatile unsigned long *addr)
{
	addr[BIT_WORD(nr)] &= ~BIT_MASK(nr);
}

static inline void __change_bit(long nr, volatile unsigned long *addr)
{
	addr[BIT_WORD(nr)] ^= BIT_MASK(nr);
}

static inline bool test_bit(long nr, const volatile unsigned long *addr)
{
	return (addr[BIT_WORD(nr)] >> (nr & 63)) & 1;
}

static inline bool test_and_set_bit(long nr, volatile unsigned long *addr)
{
	bool was;

	asm volatile("lock; btsq %2, %1; setc %0" : "=q"(was), "+m"(addr[BIT_WORD(nr)]) : "r"(nr & 63) : "memory");
	return was;
}

static inline bool test_and_clear_bit(long nr, volatile unsigned long *addr)
{
	bool was;

	asm volatile("lock; btrq %2, %1; setc %0" : "=q"(was), "+m"(addr[BIT_WORD(nr)]) : "r"(nr & 63) : "memory");
	return was;
}

static inline bool __test_and_set_bit(long nr, volatile unsigned long *addr)
{
	bool was = test_bit(nr, addr);

	__set_bit(nr, addr);
	return was;
}

static inline bool __test_and_clear_bit(long nr, volatile unsigned long *addr)
{
	bool was = test_bit(nr, addr);

	__clear_bit(nr, addr);
	return was;
}

#define clear_bit_unlock(nr, addr) clear_bit(nr, addr)
#define test_and_set_bit_lock(nr, addr) test_and_set_bit(nr, addr)

/* Lowest set bit, from 0; undefined for 0. */
static inline unsigned long __ffs(unsigned long word)
{
	return __builtin_ctzl(word);
}

static inline unsigned long ffz(unsigned long word)
{
	return __builtin_ctzl(~word);
}

/* Highest set bit, from 0; undefined for 0. */
static inline unsigned long __fls(unsigned long word)
{
	return 63 - __builtin_clzl(word);
}

/* Lowest set bit, from 1; 0 for 0. */
static inline int ffs(int x)
{
	return x ? __builtin_ctz((unsigned int)x) + 1 : 0;
}

/* Highest set bit, from 1; 0 for 0. */
static inline int fls(unsigned int x)
{
	return x ? 32 - __builtin_clz(x) : 0;
}

static inline int fls64(u64 x)
{
	return x ? 64 - __builtin_clzl(x) : 0;
}

#define fls_long(l) fls64(l)

extern unsigned int hweight32(u32 w);
extern unsigned long hweight64(u64 w);
#define hweight8(w) hweight32((w) & 0xff)
#define hweight16(w) hweight32((w) & 0xffff)
#define hweight_long(w) hweight64(w)

static inline u32 rol32(u32 word, unsigned int shift)
{
	return (word << (shift & 31)) | (word >> ((-shift) & 31));
}

static inline u32 ror32(u32 word, unsigned int shift)
{
	return (word >> (shift & 31)) | (word << ((-shift) & 31));
}

static inline u64 rol64(u64 word, unsigned int shift)
{
	return (word << (shift & 63)) | (word >> ((-shift) & 63));
}

extern unsigned long find_next_bit(const unsigned long *addr, unsigned long size, unsigned long offset);
extern unsigned long find_next_zero_bit(const unsigned long *addr, unsigned long size, unsigned long offset);
#define find_first_bit(addr, size) find_next_bit(addr, size, 0)
#define find_first_zero_bit(addr, size) find_next_zero_bit(addr, size, 0)
#define for_each_set_bit(bit, addr, size) \
	for ((bit) = find_next_bit(addr, size, 0); (bit) < (size); (bit) = find_next_bit(addr, size, (bit) + 1))

#endif
