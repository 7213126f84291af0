/*
 * xarray over a red-black tree: one node for each index that holds something.
 */
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/xarray.h>

struct xa_node {
	struct rb_node node;
	unsigned long index;
	void *entry;
	unsigned int marks;
};

void xa_init_flags(struct xarray *xa, gfp_t flags)
{
	*xa = (struct xarray) { .xa_flags = flags };
	spin_lock_init(&xa->xa_lock);
}
EXPORT_SYMBOL(xa_init_flags);

static struct xa_node *xa_lookup(struct xarray *xa, unsigned long index)
{
	struct rb_node *n = xa->xa_root.rb_node;

	while (n) {
		struct xa_node *found = rb_entry(n, struct xa_node, node);

		if (index == found->index)
			return found;
		n = index < found->index ? n->rb_left : n->rb_right;
	}
	return NULL;
}

static void xa_link(struct xarray *xa, struct xa_node *new)
{
	struct rb_node **link = &xa->xa_root.rb_node, *parent = NULL;

	while (*link) {
		parent = *link;
		link = new->index < rb_entry(parent, struct xa_node, node)->index ? &parent->rb_left : &parent->rb_right;
	}
	rb_link_node(&new->node, parent, link);
	rb_insert_color(&new->node, &xa->xa_root);
}

/* The node of the first index from `index` on that has something, and the mark if one is asked for. */
static struct xa_node *xa_first(struct xarray *xa, unsigned long index, xa_mark_t filter)
{
	struct rb_node *n = xa->xa_root.rb_node, *best = NULL;

	while (n) {
		if (rb_entry(n, struct xa_node, node)->index >= index) {
			best = n;
			n = n->rb_left;
		} else {
			n = n->rb_right;
		}
	}
	while (best && filter != XA_PRESENT && !(rb_entry(best, struct xa_node, node)->marks & (1U << filter)))
		best = rb_next(best);
	return best ? rb_entry(best, struct xa_node, node) : NULL;
}

void *xa_load(struct xarray *xa, unsigned long index)
{
	struct xa_node *found;
	unsigned long flags;
	void *entry;

	xa_lock_irqsave(xa, flags);
	found = xa_lookup(xa, index);
	entry = found ? found->entry : NULL;
	xa_unlock_irqrestore(xa, flags);
	return entry;
}
EXPORT_SYMBOL(xa_load);

/*
 * Puts entry where `old` is (where anything is, if any), or takes it away for NULL. Returns what was there, or an
 * ERR_PTR. The lock is held; spare is used up or left to the caller.
 */
static void *xa_replace(struct xarray *xa, unsigned long index, bool any, void *old, void *entry, struct xa_node **spare)
{
	struct xa_node *found = xa_lookup(xa, index);
	void *was = found ? found->entry : NULL;

	if (!any && was != old)
		return was;
	if (found && entry) {
		found->entry = entry;
	} else if (found) {
		rb_erase(&found->node, &xa->xa_root);
		*spare = found;
	} else if (entry) {
		(*spare)->index = index;
		(*spare)->entry = entry;
		xa_link(xa, *spare);
		*spare = NULL;
	}
	return was;
}

static void *xa_exchange(struct xarray *xa, unsigned long index, bool any, void *old, void *entry, gfp_t gfp)
{
	struct xa_node *made = entry ? kzalloc(sizeof(*made), gfp) : NULL, *spare = made;
	unsigned long flags;
	void *was;

	if (entry && !made)
		return ERR_PTR(-ENOMEM);
	xa_lock_irqsave(xa, flags);
	was = xa_replace(xa, index, any, old, entry, &spare);
	xa_unlock_irqrestore(xa, flags);
	kfree(spare);
	return was;
}

void *xa_store(struct xarray *xa, unsigned long index, void *entry, gfp_t gfp)
{
	return xa_exchange(xa, index, true, NULL, entry, gfp);
}
EXPORT_SYMBOL(xa_store);

void *xa_erase(struct xarray *xa, unsigned long index)
{
	return xa_exchange(xa, index, true, NULL, NULL, 0);
}
EXPORT_SYMBOL(xa_erase);

void *xa_cmpxchg(struct xarray *xa, unsigned long index, void *old, void *entry, gfp_t gfp)
{
	return xa_exchange(xa, index, false, old, entry, gfp);
}
EXPORT_SYMBOL(xa_cmpxchg);

void *xa_find(struct xarray *xa, unsigned long *index, unsigned long max, xa_mark_t filter)
{
	struct xa_node *found;
	unsigned long flags;
	void *entry = NULL;

	xa_lock_irqsave(xa, flags);
	found = xa_first(xa, *index, filter);
	if (found && found->index <= max) {
		*index = found->index;
		entry = found->entry;
	}
	xa_unlock_irqrestore(xa, flags);
	return entry;
}
EXPORT_SYMBOL(xa_find);

void *xa_find_after(struct xarray *xa, unsigned long *index, unsigned long max, xa_mark_t filter)
{
	unsigned long next = *index + 1;
	void *entry;

	if (!next)
		return NULL;
	entry = xa_find(xa, &next, max, filter);
	if (entry)
		*index = next;
	return entry;
}
EXPORT_SYMBOL(xa_find_after);

bool xa_get_mark(struct xarray *xa, unsigned long index, xa_mark_t mark)
{
	struct xa_node *found;
	unsigned long flags;
	bool set;

	xa_lock_irqsave(xa, flags);
	found = xa_lookup(xa, index);
	set = found && (found->marks & (1U << mark));
	xa_unlock_irqrestore(xa, flags);
	return set;
}
EXPORT_SYMBOL(xa_get_mark);

static void xa_change_mark(struct xarray *xa, unsigned long index, xa_mark_t mark, bool set)
{
	struct xa_node *found;
	unsigned long flags;

	xa_lock_irqsave(xa, flags);
	found = xa_lookup(xa, index);
	if (found && set)
		found->marks |= 1U << mark;
	else if (found)
		found->marks &= ~(1U << mark);
	xa_unlock_irqrestore(xa, flags);
}

void xa_set_mark(struct xarray *xa, unsigned long index, xa_mark_t mark)
{
	xa_change_mark(xa, index, mark, true);
}
EXPORT_SYMBOL(xa_set_mark);

void xa_clear_mark(struct xarray *xa, unsigned long index, xa_mark_t mark)
{
	xa_change_mark(xa, index, mark, false);
}
EXPORT_SYMBOL(xa_clear_mark);

/* The lowest free index within the limit. 0, -EBUSY when all are taken, -ENOMEM. */
int xa_alloc(struct xarray *xa, u32 *id, void *entry, struct xa_limit limit, gfp_t gfp)
{
	struct xa_node *made, *found;
	unsigned long flags, index;

	if (WARN_ON_ONCE(!(xa->xa_flags & XA_FLAGS_ALLOC)))
		return -EINVAL;
	index = max(limit.min, (xa->xa_flags & XA_FLAGS_ALLOC1) == XA_FLAGS_ALLOC1 ? 1U : 0U);
	made = kzalloc(sizeof(*made), gfp);
	if (!made)
		return -ENOMEM;
	xa_lock_irqsave(xa, flags);
	for (found = xa_first(xa, index, XA_PRESENT); found && found->index == index; index++) {
		struct rb_node *next = rb_next(&found->node);

		found = next ? rb_entry(next, struct xa_node, node) : NULL;
	}
	if (index <= limit.max)
		xa_replace(xa, index, true, NULL, entry, &made);
	xa_unlock_irqrestore(xa, flags);
	if (made) {
		kfree(made);
		return -EBUSY;
	}
	*id = (u32)index;
	return 0;
}
EXPORT_SYMBOL(xa_alloc);

/* The next free index after the last one given; 1 when it had to begin again. */
int xa_alloc_cyclic(struct xarray *xa, u32 *id, void *entry, struct xa_limit limit, u32 *next, gfp_t gfp)
{
	struct xa_limit rest = { .min = max(limit.min, *next), .max = limit.max };
	int err = rest.min > rest.max ? -EBUSY : xa_alloc(xa, id, entry, rest, gfp), wrapped = 0;

	if (err == -EBUSY) {
		err = xa_alloc(xa, id, entry, limit, gfp);
		wrapped = 1;
	}
	if (err)
		return err;
	*next = *id + 1;
	return wrapped;
}
EXPORT_SYMBOL(xa_alloc_cyclic);

/* Forgets all entries; what they point to is the caller's. */
void xa_destroy(struct xarray *xa)
{
	struct rb_node *n;
	unsigned long flags;

	xa_lock_irqsave(xa, flags);
	while ((n = rb_first(&xa->xa_root)) != NULL) {
		rb_erase(n, &xa->xa_root);
		kfree(rb_entry(n, struct xa_node, node));
	}
	xa_unlock_irqrestore(xa, flags);
}
EXPORT_SYMBOL(xa_destroy);
