/*
 * The ring behind kfifo.h: positions only ever grow, and wrap with their type.
 */
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/kfifo.h>
#include <linux/log2.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/uaccess.h>

int __kfifo_init(struct __kfifo *fifo, void *buffer, unsigned int size, size_t esize)
{
	size /= esize;
	if (size < 2)
		return -EINVAL;
	*fifo = (struct __kfifo) { .mask = rounddown_pow_of_two(size) - 1, .esize = esize, .data = buffer };
	return 0;
}
EXPORT_SYMBOL(__kfifo_init);

/* size counts elements, rounded up to a power of two. */
int __kfifo_alloc(struct __kfifo *fifo, unsigned int size, size_t esize, gfp_t gfp_mask)
{
	size = roundup_pow_of_two(size);
	*fifo = (struct __kfifo) { .esize = esize };
	if (size < 2)
		return -EINVAL;
	fifo->data = kmalloc_array(size, esize, gfp_mask);
	if (!fifo->data)
		return -ENOMEM;
	fifo->mask = size - 1;
	return 0;
}
EXPORT_SYMBOL(__kfifo_alloc);

void __kfifo_free(struct __kfifo *fifo)
{
	kfree(fifo->data);
	*fifo = (struct __kfifo) { };
}
EXPORT_SYMBOL(__kfifo_free);

/* Two pieces: up to the ring's end, and from its beginning. */
static unsigned int first_piece(const struct __kfifo *fifo, unsigned int position, unsigned int len)
{
	return min(len, fifo->mask + 1 - (position & fifo->mask));
}

static void *element(const struct __kfifo *fifo, unsigned int position)
{
	return fifo->data + (position & fifo->mask) * fifo->esize;
}

unsigned int __kfifo_in(struct __kfifo *fifo, const void *buf, unsigned int len)
{
	unsigned int first;

	len = min(len, fifo->mask + 1 - (fifo->in - fifo->out));
	first = first_piece(fifo, fifo->in, len);
	memcpy(element(fifo, fifo->in), buf, first * fifo->esize);
	memcpy(fifo->data, buf + first * fifo->esize, (len - first) * fifo->esize);
	smp_wmb(); /* the elements before the position that shows them */
	fifo->in += len;
	return len;
}
EXPORT_SYMBOL(__kfifo_in);

unsigned int __kfifo_out_peek(struct __kfifo *fifo, void *buf, unsigned int len)
{
	unsigned int first;

	len = min(len, fifo->in - fifo->out);
	first = first_piece(fifo, fifo->out, len);
	memcpy(buf, element(fifo, fifo->out), first * fifo->esize);
	memcpy(buf + first * fifo->esize, fifo->data, (len - first) * fifo->esize);
	smp_wmb();
	return len;
}
EXPORT_SYMBOL(__kfifo_out_peek);

unsigned int __kfifo_out(struct __kfifo *fifo, void *buf, unsigned int len)
{
	len = __kfifo_out_peek(fifo, buf, len);
	fifo->out += len;
	return len;
}
EXPORT_SYMBOL(__kfifo_out);

/* len and copied count bytes; only whole elements are moved. */
int __kfifo_from_user(struct __kfifo *fifo, const void __user *from, unsigned long len, unsigned int *copied)
{
	unsigned int n = min_t(unsigned long, len / fifo->esize, fifo->mask + 1 - (fifo->in - fifo->out));
	unsigned int first = first_piece(fifo, fifo->in, n);

	*copied = 0;
	if (copy_from_user(element(fifo, fifo->in), from, first * fifo->esize) ||
	    copy_from_user(fifo->data, from + first * fifo->esize, (n - first) * fifo->esize))
		return -EFAULT;
	smp_wmb();
	fifo->in += n;
	*copied = n * fifo->esize;
	return 0;
}
EXPORT_SYMBOL(__kfifo_from_user);

int __kfifo_to_user(struct __kfifo *fifo, void __user *to, unsigned long len, unsigned int *copied)
{
	unsigned int n = min_t(unsigned long, len / fifo->esize, fifo->in - fifo->out);
	unsigned int first = first_piece(fifo, fifo->out, n);

	*copied = 0;
	if (copy_to_user(to, element(fifo, fifo->out), first * fifo->esize) ||
	    copy_to_user(to + first * fifo->esize, fifo->data, (n - first) * fifo->esize))
		return -EFAULT;
	smp_wmb();
	fifo->out += n;
	*copied = n * fifo->esize;
	return 0;
}
EXPORT_SYMBOL(__kfifo_to_user);
