/* Atomic integers by x86's lock prefix. Every operation that returns a value is a full barrier. */
#ifndef _ASM_ATOMIC_H
#define _ASM_ATOMIC_H

#include <asm/barrier.h>
#include <asm/cmpxchg.h>
#include <linux/types.h>

#define ATOMIC_INIT(i) { (i) }
#define ATOMIC64_INIT(i) { (i) }
#define ATOMIC_LONG_INIT(i) { (i) }

static inline int atomic_read(const atomic_t *v)
{
	return READ_ONCE(v->counter);
}

static inline void atomic_set(atomic_t *v, int i)
{
	WRITE_ONCE(v->counter, i);
}

static inline void atomic_add(int i, atomic_t *v)
{
	asm volatile("lock; addl %1, %0" : "+m"(v->counter) : "r"(i) : "memory");
}

static inline void atomic_sub(int i, atomic_t *v)
{
	asm volatile("lock; subl %1, %0" : "+m"(v->counter) : "r"(i) : "memory");
}

static inline void atomic_inc(atomic_t *v)
{
	asm volatile("lock; incl %0" : "+m"(v->counter) : : "memory");
}

static inline void atomic_dec(atomic_t *v)
{
	asm volatile("lock; decl %0" : "+m"(v->counter) : : "memory");
}

static inline int atomic_fetch_add(int i, atomic_t *v)
{
	asm volatile("lock; xaddl %0, %1" : "+r"(i), "+m"(v->counter) : : "memory");
	return i;
}

static inline int atomic_add_return(int i, atomic_t *v)
{
	return i + atomic_fetch_add(i, v);
}

static inline int atomic_cmpxchg(atomic_t *v, int old, int new)
{
	return cmpxchg(&v->counter, old, new);
}

static inline int atomic_xchg(atomic_t *v, int new)
{
	return xchg(&v->counter, new);
}

static inline bool atomic_try_cmpxchg(atomic_t *v, int *old, int new)
{
	int seen = atomic_cmpxchg(v, *old, new);
	bool done = seen == *old;

	*old = seen;
	return done;
}

/* Add unless the value is `u`; returns the value before. */
static inline int atomic_fetch_add_unless(atomic_t *v, int a, int u)
{
	int c = atomic_read(v);

	while (c != u && !atomic_try_cmpxchg(v, &c, c + a))
		;
	return c;
}

/* Up from zero or more; false, and nothing done, below zero. */
static inline bool atomic_inc_unless_negative(atomic_t *v)
{
	int c = atomic_read(v);

	do {
		if (c < 0)
			return false;
	} while (!atomic_try_cmpxchg(v, &c, c + 1));
	return true;
}

static inline bool atomic_dec_unless_positive(atomic_t *v)
{
	int c = atomic_read(v);

	do {
		if (c > 0)
			return false;
	} while (!atomic_try_cmpxchg(v, &c, c - 1));
	return true;
}

/* Down unless it would go below zero; returns the old value minus one either way. */
static inline int atomic_dec_if_positive(atomic_t *v)
{
	int c = atomic_read(v);

	while (c > 0 && !atomic_try_cmpxchg(v, &c, c - 1))
		;
	return c - 1;
}

static inline void atomic_or(int i, atomic_t *v)
{
	asm volatile("lock; orl %1, %0" : "+m"(v->counter) : "r"(i) : "memory");
}

static inline void atomic_and(int i, atomic_t *v)
{
	asm volatile("lock; andl %1, %0" : "+m"(v->counter) : "r"(i) : "memory");
}

#define atomic_sub_return(i, v) atomic_add_return(-(i), v)
#define atomic_fetch_sub(i, v) atomic_fetch_add(-(i), v)
#define atomic_inc_return(v) atomic_add_return(1, v)
#define atomic_dec_return(v) atomic_add_return(-1, v)
#define atomic_fetch_inc(v) atomic_fetch_add(1, v)
#define atomic_fetch_dec(v) atomic_fetch_add(-1, v)
#define atomic_dec_and_test(v) (atomic_dec_return(v) == 0)
#define atomic_inc_and_test(v) (atomic_inc_return(v) == 0)
#define atomic_sub_and_test(i, v) (atomic_sub_return(i, v) == 0)
#define atomic_add_negative(i, v) (atomic_add_return(i, v) < 0)
#define atomic_add_unless(v, a, u) (atomic_fetch_add_unless(v, a, u) != (u))
#define atomic_inc_not_zero(v) atomic_add_unless(v, 1, 0)
#define atomic_read_acquire(v) smp_load_acquire(&(v)->counter)
#define atomic_set_release(v, i) smp_store_release(&(v)->counter, i)

static inline s64 atomic64_read(const atomic64_t *v)
{
	return READ_ONCE(v->counter);
}

static inline void atomic64_set(atomic64_t *v, s64 i)
{
	WRITE_ONCE(v->counter, i);
}

static inline void atomic64_add(s64 i, atomic64_t *v)
{
	asm volatile("lock; addq %1, %0" : "+m"(v->counter) : "r"(i) : "memory");
}

static inline void atomic64_sub(s64 i, atomic64_t *v)
{
	asm volatile("lock; subq %1, %0" : "+m"(v->counter) : "r"(i) : "memory");
}

static inline s64 atomic64_fetch_add(s64 i, atomic64_t *v)
{
	asm volatile("lock; xaddq %0, %1" : "+r"(i), "+m"(v->counter) : : "memory");
	return i;
}

static inline s64 atomic64_cmpxchg(atomic64_t *v, s64 old, s64 new)
{
	return cmpxchg(&v->counter, old, new);
}

static inline s64 atomic64_xchg(atomic64_t *v, s64 new)
{
	return xchg(&v->counter, new);
}

#define atomic64_add_return(i, v) ((i) + atomic64_fetch_add(i, v))
#define atomic64_sub_return(i, v) atomic64_add_return(-(s64)(i), v)
#define atomic64_inc(v) atomic64_add(1, v)
#define atomic64_dec(v) atomic64_sub(1, v)
#define atomic64_inc_return(v) atomic64_add_return(1LL, v)
#define atomic64_dec_return(v) atomic64_add_return(-1LL, v)
#define atomic64_dec_and_test(v) (atomic64_dec_return(v) == 0)
#define atomic64_inc_and_test(v) (atomic64_inc_return(v) == 0)
#define atomic64_fetch_inc(v) atomic64_fetch_add(1, v)

#define atomic_long_read(v) ((long)atomic64_read(v))
#define atomic_long_set(v, i) atomic64_set(v, i)
#define atomic_long_add(i, v) atomic64_add(i, v)
#define atomic_long_sub(i, v) atomic64_sub(i, v)
#define atomic_long_inc(v) atomic64_inc(v)
#define atomic_long_dec(v) atomic64_dec(v)
#define atomic_long_inc_return(v) ((long)atomic64_inc_return(v))
#define atomic_long_dec_return(v) ((long)atomic64_dec_return(v))
#define atomic_long_add_return(i, v) ((long)atomic64_add_return(i, v))
#define atomic_long_cmpxchg(v, o, n) ((long)atomic64_cmpxchg(v, o, n))
#define atomic_long_xchg(v, n) ((long)atomic64_xchg(v, n))

#endif
