/*
 * Integers for pointers: an array that grows. The caller locks an idr; an ida locks itself.
 */
#include <linux/errno.h>
#include <linux/idr.h>
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/string.h>

#define IDR_MAX_SIZE (1U << 18)

static int idr_grow(struct idr *idr, unsigned int wanted, gfp_t gfp)
{
	unsigned int size = max(idr->size, 16U);
	void **slots;

	if (wanted > IDR_MAX_SIZE)
		return -ENOSPC;
	while (size < wanted)
		size *= 2;
	slots = kcalloc(size, sizeof(*slots), gfp);
	if (!slots)
		return -ENOMEM;
	if (idr->slots)
		memcpy(slots, idr->slots, idr->size * sizeof(*slots));
	kfree(idr->slots);
	idr->slots = slots;
	idr->size = size;
	return 0;
}

/* An id in [start, end), where end <= 0 means no limit. */
int idr_alloc(struct idr *idr, void *ptr, int start, int end, gfp_t gfp)
{
	unsigned int id, limit = end > 0 ? (unsigned int)end : INT_MAX;
	int err;

	if (WARN_ON_ONCE(start < 0 || !ptr))
		return -EINVAL;
	for (id = start; id < limit && id < idr->size && idr->slots[id]; id++)
		;
	if (id >= limit)
		return -ENOSPC;
	if (id >= idr->size) {
		err = idr_grow(idr, id + 1, gfp);
		if (err)
			return err;
	}
	idr->slots[id] = ptr;
	return (int)id;
}
EXPORT_SYMBOL_GPL(idr_alloc);

int idr_alloc_cyclic(struct idr *idr, void *ptr, int start, int end, gfp_t gfp)
{
	int id = idr_alloc(idr, ptr, max(start, (int)idr->next), end, gfp);

	if (id == -ENOSPC)
		id = idr_alloc(idr, ptr, start, end, gfp);
	if (id >= 0)
		idr->next = id + 1;
	return id;
}
EXPORT_SYMBOL(idr_alloc_cyclic);

void *idr_find(const struct idr *idr, unsigned long id)
{
	return id < idr->size ? idr->slots[id] : NULL;
}
EXPORT_SYMBOL_GPL(idr_find);

void *idr_replace(struct idr *idr, void *ptr, unsigned long id)
{
	void *old = idr_find(idr, id);

	if (!old)
		return ERR_PTR(-ENOENT);
	idr->slots[id] = ptr;
	return old;
}
EXPORT_SYMBOL(idr_replace);

void *idr_remove(struct idr *idr, unsigned long id)
{
	void *old = idr_find(idr, id);

	if (old)
		idr->slots[id] = NULL;
	return old;
}
EXPORT_SYMBOL_GPL(idr_remove);

/* The first pointer at or after *nextid, which is set to its id. */
void *idr_get_next(struct idr *idr, int *nextid)
{
	unsigned int id;

	for (id = *nextid; id < idr->size; id++) {
		if (idr->slots[id]) {
			*nextid = (int)id;
			return idr->slots[id];
		}
	}
	return NULL;
}
EXPORT_SYMBOL(idr_get_next);

int idr_for_each(const struct idr *idr, int (*fn)(int id, void *p, void *data), void *data)
{
	unsigned int id;
	int ret;

	for (id = 0; id < idr->size; id++) {
		if (!idr->slots[id])
			continue;
		ret = fn((int)id, idr->slots[id], data);
		if (ret)
			return ret;
	}
	return 0;
}
EXPORT_SYMBOL(idr_for_each);

void idr_destroy(struct idr *idr)
{
	kfree(idr->slots);
	idr_init(idr);
}
EXPORT_SYMBOL(idr_destroy);

int ida_alloc_range(struct ida *ida, unsigned int min, unsigned int max, gfp_t gfp)
{
	int end = max >= INT_MAX ? 0 : (int)max + 1, id;
	unsigned long flags;

	/* The array grows under a spin lock: the allocation must not sleep. */
	spin_lock_irqsave(&ida->lock, flags);
	id = idr_alloc(&ida->idr, ida, (int)min, end, GFP_ATOMIC);
	spin_unlock_irqrestore(&ida->lock, flags);
	return id;
}
EXPORT_SYMBOL(ida_alloc_range);

void ida_free(struct ida *ida, unsigned int id)
{
	unsigned long flags;

	spin_lock_irqsave(&ida->lock, flags);
	WARN(!idr_remove(&ida->idr, id), "ida_free called for id=%d which is not allocated.\n", id);
	spin_unlock_irqrestore(&ida->lock, flags);
}
EXPORT_SYMBOL(ida_free);

void ida_destroy(struct ida *ida)
{
	idr_destroy(&ida->idr);
}
EXPORT_SYMBOL(ida_destroy);
