/*
 * kfifo: a queue in a ring whose size is a power of two. One reader and one writer need no lock.
 *
 * DECLARE_KFIFO/DEFINE_KFIFO hold their ring inside; DECLARE_KFIFO_PTR and struct kfifo get one from kfifo_alloc().
 */
#ifndef _LINUX_KFIFO_H
#define _LINUX_KFIFO_H

#include <linux/gfp.h>
#include <linux/spinlock.h>
#include <linux/types.h>

struct __kfifo {
	unsigned int in;	/* elements ever put in; the ring's index is in & mask */
	unsigned int out;
	unsigned int mask;
	unsigned int esize;
	void *data;
};

extern int __kfifo_alloc(struct __kfifo *fifo, unsigned int size, size_t esize, gfp_t gfp_mask);
extern void __kfifo_free(struct __kfifo *fifo);
extern int __kfifo_init(struct __kfifo *fifo, void *buffer, unsigned int size, size_t esize);
extern unsigned int __kfifo_in(struct __kfifo *fifo, const void *buf, unsigned int len);
extern unsigned int __kfifo_out_peek(struct __kfifo *fifo, void *buf, unsigned int len);
extern unsigned int __kfifo_out(struct __kfifo *fifo, void *buf, unsigned int len);
extern int __kfifo_from_user(struct __kfifo *fifo, const void __user *from, unsigned long len, unsigned int *copied);
extern int __kfifo_to_user(struct __kfifo *fifo, void __user *to, unsigned long len, unsigned int *copied);

#define __KFIFO_MEMBERS(type, n) { struct __kfifo kfifo; type buf[n]; }
#define __KFIFO_TYPE(type, n) struct __KFIFO_MEMBERS(type, n)
#define DECLARE_KFIFO(fifo, type, size) __KFIFO_TYPE(type, size) fifo
#define DECLARE_KFIFO_PTR(fifo, type) __KFIFO_TYPE(type, 0) fifo
#define STRUCT_KFIFO(type, size) __KFIFO_TYPE(type, size)
#define STRUCT_KFIFO_PTR(type) __KFIFO_TYPE(type, 0)
struct kfifo __KFIFO_MEMBERS(unsigned char, 0);
#define DEFINE_KFIFO(fifo, type, size) \
	DECLARE_KFIFO(fifo, type, size) = { .kfifo = { 0, 0, (size) - 1, sizeof(type), (fifo).buf } }

#define INIT_KFIFO(fifo) ((void)((fifo).kfifo = (struct __kfifo) { \
	0, 0, ARRAY_SIZE((fifo).buf) - 1, sizeof(*(fifo).buf), (fifo).buf }))
#define kfifo_alloc(fifo, size, gfp_mask) __kfifo_alloc(&(fifo)->kfifo, size, sizeof(*(fifo)->buf), gfp_mask)
#define kfifo_init(fifo, buffer, size) __kfifo_init(&(fifo)->kfifo, buffer, size, sizeof(*(fifo)->buf))
#define kfifo_free(fifo) __kfifo_free(&(fifo)->kfifo)
#define kfifo_initialized(fifo) ((fifo)->kfifo.data != NULL)
#define kfifo_size(fifo) ((fifo)->kfifo.mask + 1)
#define kfifo_esize(fifo) ((fifo)->kfifo.esize)
#define kfifo_len(fifo) ((fifo)->kfifo.in - (fifo)->kfifo.out)
#define kfifo_is_empty(fifo) (kfifo_len(fifo) == 0)
#define kfifo_is_full(fifo) (kfifo_len(fifo) > (fifo)->kfifo.mask)
#define kfifo_avail(fifo) (kfifo_size(fifo) - kfifo_len(fifo))
#define kfifo_reset(fifo) ((void)((fifo)->kfifo.in = (fifo)->kfifo.out = 0))
#define kfifo_reset_out(fifo) ((void)((fifo)->kfifo.out = (fifo)->kfifo.in))
#define kfifo_skip(fifo) ((void)((fifo)->kfifo.out++))

/* One element; how many were moved, 0 or 1. */
#define kfifo_put(fifo, val) ({ typeof(*(fifo)->buf) __val = (val); __kfifo_in(&(fifo)->kfifo, &__val, 1); })
#define kfifo_get(fifo, val) ({ typeof(*(fifo)->buf) *__to = (val); __kfifo_out(&(fifo)->kfifo, __to, 1); })
#define kfifo_peek(fifo, val) ({ typeof(*(fifo)->buf) *__to = (val); __kfifo_out_peek(&(fifo)->kfifo, __to, 1); })
/* n elements; how many were moved. */
#define kfifo_in(fifo, buf, n) __kfifo_in(&(fifo)->kfifo, buf, n)
#define kfifo_out(fifo, buf, n) __kfifo_out(&(fifo)->kfifo, buf, n)
#define kfifo_out_peek(fifo, buf, n) __kfifo_out_peek(&(fifo)->kfifo, buf, n)
#define kfifo_in_spinlocked(fifo, buf, n, lock) ({				\
	unsigned long __flags; unsigned int __moved;				\
	spin_lock_irqsave(lock, __flags);					\
	__moved = kfifo_in(fifo, buf, n);					\
	spin_unlock_irqrestore(lock, __flags);					\
	__moved; })
#define kfifo_out_spinlocked(fifo, buf, n, lock) ({				\
	unsigned long __flags; unsigned int __moved;				\
	spin_lock_irqsave(lock, __flags);					\
	__moved = kfifo_out(fifo, buf, n);					\
	spin_unlock_irqrestore(lock, __flags);					\
	__moved; })
#define kfifo_from_user(fifo, from, len, copied) __kfifo_from_user(&(fifo)->kfifo, from, len, copied)
#define kfifo_to_user(fifo, to, len, copied) __kfifo_to_user(&(fifo)->kfifo, to, len, copied)

#endif
