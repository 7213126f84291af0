/*
 * iov_iter: one way to walk over a user buffer, a vector of user buffers, or a vector of kernel buffers.
 */
#include <linux/uio.h>
#include <linux/kernel.h>
#include <linux/errno.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/uaccess.h>
#include <linux/export.h>
#include <linux/minmax.h>

void iov_iter_init(struct iov_iter *i, unsigned int direction, const struct iovec *iov, unsigned long nr_segs,
		   size_t count)
{
	*i = (struct iov_iter) {
		.iter_type = ITER_IOVEC,
		.data_source = direction,
		.iov = iov,
		.nr_segs = nr_segs,
		.count = count,
	};
}
EXPORT_SYMBOL(iov_iter_init);

void iov_iter_kvec(struct iov_iter *i, unsigned int direction, const struct kvec *kvec, unsigned long nr_segs,
		   size_t count)
{
	*i = (struct iov_iter) {
		.iter_type = ITER_KVEC,
		.data_source = direction,
		.kvec = kvec,
		.nr_segs = nr_segs,
		.count = count,
	};
}
EXPORT_SYMBOL(iov_iter_kvec);

void iov_iter_ubuf(struct iov_iter *i, unsigned int direction, void __user *buf, size_t count)
{
	*i = (struct iov_iter) {
		.iter_type = ITER_UBUF,
		.data_source = direction,
		.ubuf = buf,
		.nr_segs = 1,
		.count = count,
	};
}
EXPORT_SYMBOL(iov_iter_ubuf);

/* The memory that comes next, in one piece: its address, and in *length how much of it there is. */
static char *segment(const struct iov_iter *i, size_t *length)
{
	char *base;
	size_t size;

	if (i->iter_type == ITER_UBUF) {
		*length = i->count;
		return (char *)i->ubuf + i->iov_offset;
	}
	/* iovec and kvec are the same two words. */
	base = i->kvec->iov_base;
	size = i->kvec->iov_len - i->iov_offset;
	*length = size < i->count ? size : i->count;
	return base + i->iov_offset;
}

void iov_iter_advance(struct iov_iter *i, size_t bytes)
{
	if (bytes > i->count)
		bytes = i->count;
	i->count -= bytes;
	i->iov_offset += bytes;
	if (i->iter_type == ITER_UBUF)
		return;
	while (i->nr_segs && i->iov_offset >= i->kvec->iov_len) {
		i->iov_offset -= i->kvec->iov_len;
		i->kvec++;
		i->nr_segs--;
	}
}
EXPORT_SYMBOL(iov_iter_advance);

/* Goes back over bytes that were taken but could not be used. */
void iov_iter_revert(struct iov_iter *i, size_t bytes)
{
	i->count += bytes;
	if (i->iter_type != ITER_UBUF) {
		while (bytes > i->iov_offset) {
			bytes -= i->iov_offset;
			i->kvec--;
			i->nr_segs++;
			i->iov_offset = i->kvec->iov_len;
		}
	}
	i->iov_offset -= bytes;
}
EXPORT_SYMBOL(iov_iter_revert);

enum transfer { TO_ITER, FROM_ITER, ZERO_ITER };

/* Moves bytes between addr and the iterator. Returns how many went through before a fault, if there was one. */
static size_t transfer(enum transfer what, char *addr, size_t bytes, struct iov_iter *i)
{
	size_t done = 0;

	if (bytes > i->count)
		bytes = i->count;
	while (done < bytes) {
		size_t length, missed = 0;
		char *base = segment(i, &length);

		if (length > bytes - done)
			length = bytes - done;
		if (!length) {
			iov_iter_advance(i, 0);
			continue;
		}
		if (i->iter_type == ITER_KVEC) {
			if (what == TO_ITER)
				memcpy(base, addr + done, length);
			else if (what == FROM_ITER)
				memcpy(addr + done, base, length);
			else
				memset(base, 0, length);
		} else if (what == TO_ITER) {
			missed = copy_to_user((void __user *)base, addr + done, length);
		} else if (what == FROM_ITER) {
			missed = copy_from_user(addr + done, (const void __user *)base, length);
		} else {
			missed = clear_user((void __user *)base, length);
		}
		iov_iter_advance(i, length - missed);
		done += length - missed;
		if (missed)
			break;
	}
	return done;
}

size_t copy_to_iter(const void *addr, size_t bytes, struct iov_iter *i)
{
	return transfer(TO_ITER, (char *)addr, bytes, i);
}
EXPORT_SYMBOL(copy_to_iter);

size_t copy_from_iter(void *addr, size_t bytes, struct iov_iter *i)
{
	return transfer(FROM_ITER, addr, bytes, i);
}
EXPORT_SYMBOL(copy_from_iter);

size_t iov_iter_zero(size_t bytes, struct iov_iter *i)
{
	return transfer(ZERO_ITER, NULL, bytes, i);
}
EXPORT_SYMBOL(iov_iter_zero);

/*
 * Copies a vector of buffers from user space. *iovp is room for fast_segs on entry; on return it is NULL or memory
 * that the caller frees with kfree(). Returns the bytes in all, or a negative errno.
 */
ssize_t import_iovec(int direction, const struct iovec __user *uvec, unsigned int nr_segs, unsigned int fast_segs,
		     struct iovec **iovp, struct iov_iter *i)
{
	struct iovec *iov = *iovp;
	size_t total = 0;
	unsigned int segment;

	*iovp = NULL;
	if (nr_segs > UIO_MAXIOV)
		return -EINVAL;
	if (nr_segs > fast_segs) {
		iov = kmalloc_array(nr_segs, sizeof(*iov), GFP_KERNEL);
		if (!iov)
			return -ENOMEM;
		*iovp = iov;
	}
	if (copy_from_user(iov, uvec, nr_segs * sizeof(*iov))) {
		kfree(*iovp);
		*iovp = NULL;
		return -EFAULT;
	}
	for (segment = 0; segment < nr_segs; segment++) {
		if ((ssize_t)iov[segment].iov_len < 0 || (ssize_t)(total + iov[segment].iov_len) < 0) {
			kfree(*iovp);
			*iovp = NULL;
			return -EINVAL;
		}
		total += iov[segment].iov_len;
	}
	iov_iter_init(i, direction, iov, nr_segs, total);
	return total;
}
EXPORT_SYMBOL(import_iovec);
