/* Exchange and compare-and-exchange on 1, 2, 4 and 8 byte objects. */
#ifndef _ASM_CMPXCHG_H
#define _ASM_CMPXCHG_H

#include <linux/types.h>

static inline unsigned long __xchg_8(volatile void *ptr, unsigned long val)
{
	asm volatile("xchgq %0, %1" : "+r"(val), "+m"(*(volatile unsigned long *)ptr) : : "memory");
	return val;
}

static inline unsigned int __xchg_4(volatile void *ptr, unsigned int val)
{
	asm volatile("xchgl %0, %1" : "+r"(val), "+m"(*(volatile unsigned int *)ptr) : : "memory");
	return val;
}

static inline unsigned long __cmpxchg_8(volatile void *ptr, unsigned long old, unsigned long new)
{
	unsigned long seen;

	asm volatile("lock; cmpxchgq %2, %1"
		     : "=a"(seen), "+m"(*(volatile unsigned long *)ptr)
		     : "r"(new), "0"(old)
		     : "memory");
	return seen;
}

static inline unsigned int __cmpxchg_4(volatile void *ptr, unsigned int old, unsigned int new)
{
	unsigned int seen;

	asm volatile("lock; cmpxchgl %2, %1"
		     : "=a"(seen), "+m"(*(volatile unsigned int *)ptr)
		     : "r"(new), "0"(old)
		     : "memory");
	return seen;
}

#define xchg(ptr, v) ((typeof(*(ptr)))(sizeof(*(ptr)) == 8 ? \
	__xchg_8(ptr, (unsigned long)(v)) : (unsigned long)__xchg_4(ptr, (unsigned int)(unsigned long)(v))))
#define cmpxchg(ptr, o, n) ((typeof(*(ptr)))(sizeof(*(ptr)) == 8 ? \
	__cmpxchg_8(ptr, (unsigned long)(o), (unsigned long)(n)) : \
	(unsigned long)__cmpxchg_4(ptr, (unsigned int)(unsigned long)(o), (unsigned int)(unsigned long)(n))))
#define cmpxchg64(ptr, o, n) cmpxchg(ptr, o, n)
#define try_cmpxchg(ptr, oldp, n) ({					\
	typeof(*(ptr)) __old = *(oldp), __seen = cmpxchg(ptr, __old, n);	\
	*(oldp) = __seen;						\
	__seen == __old; })

#endif
