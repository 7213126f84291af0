/*
 * Packets: their memory, their queues, and looking into them.
 */
#include <linux/skbuff.h>
#include <linux/bug.h>
#include <linux/errno.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/socket.h>
#include <linux/uio.h>
#include <linux/export.h>
#include <net/sock.h>

static struct kmem_cache *skbuff_head_cache;

/* A packet with room for size bytes, all of it tailroom: skb_reserve() makes headroom. */
noinline struct sk_buff *__alloc_skb(unsigned int size, gfp_t gfp_mask, int flags, int node)
{
	struct sk_buff *skb = kmem_cache_alloc(skbuff_head_cache, gfp_mask);

	if (!skb)
		return NULL;
	memset(skb, 0, sizeof(*skb));
	size = (size + 63) & ~63U;
	skb->head = kmalloc(size, gfp_mask);
	if (!skb->head) {
		kmem_cache_free(skbuff_head_cache, skb);
		return NULL;
	}
	skb->data = skb->head;
	skb->end = size;
	skb->truesize = size + sizeof(*skb);
	refcount_set(&skb->users, 1);
	return skb;
}
EXPORT_SYMBOL(__alloc_skb);

/* A second packet with the same content. Here the content is copied; Linux shares it and counts. */
noinline struct sk_buff *skb_copy(const struct sk_buff *skb, gfp_t gfp_mask)
{
	struct sk_buff *n = __alloc_skb(skb->end, gfp_mask, 0, -1);

	if (!n)
		return NULL;
	memcpy(n->head, skb->head, skb->tail);
	n->data = n->head + (skb->data - skb->head);
	n->tail = skb->tail;
	n->len = skb->len;
	n->dev = skb->dev;
	n->tstamp = skb->tstamp;
	memcpy(n->cb, skb->cb, sizeof(skb->cb));
	n->mac_len = skb->mac_len;
	n->pkt_type = skb->pkt_type;
	n->ip_summed = skb->ip_summed;
	n->hash = skb->hash;
	n->l4_hash = skb->l4_hash;
	n->sw_hash = skb->sw_hash;
	n->protocol = skb->protocol;
	n->mark = skb->mark;
	n->priority = skb->priority;
	n->transport_header = skb->transport_header;
	n->network_header = skb->network_header;
	n->mac_header = skb->mac_header;
	return n;
}
EXPORT_SYMBOL(skb_copy);

noinline struct sk_buff *skb_clone(struct sk_buff *skb, gfp_t gfp_mask)
{
	return skb_copy(skb, gfp_mask);
}
EXPORT_SYMBOL(skb_clone);

void __kfree_skb(struct sk_buff *skb)
{
	if (skb->destructor)
		skb->destructor(skb);
	kfree(skb->head);
	kmem_cache_free(skbuff_head_cache, skb);
}
EXPORT_SYMBOL(__kfree_skb);

/* The end of a packet that did not get where it should: reason says why. */
noinline void kfree_skb_reason(struct sk_buff *skb, enum skb_drop_reason reason)
{
	if (skb && refcount_dec_and_test(&skb->users))
		__kfree_skb(skb);
}
EXPORT_SYMBOL(kfree_skb_reason);

/* The end of a packet that has served. */
noinline void consume_skb(struct sk_buff *skb)
{
	if (skb && refcount_dec_and_test(&skb->users))
		__kfree_skb(skb);
}
EXPORT_SYMBOL(consume_skb);

/* Makes the packet len bytes longer; returns where they go. */
noinline void *skb_put(struct sk_buff *skb, unsigned int len)
{
	unsigned char *tail = skb_tail_pointer(skb);

	BUG_ON(skb->tail + len > skb->end);
	skb->tail += len;
	skb->len += len;
	return tail;
}
EXPORT_SYMBOL(skb_put);

/* Puts len bytes of header in front of the packet. */
noinline void *skb_push(struct sk_buff *skb, unsigned int len)
{
	BUG_ON(skb->data - len < skb->head);
	skb->data -= len;
	skb->len += len;
	return skb->data;
}
EXPORT_SYMBOL(skb_push);

/* Takes len bytes of header off. Returns NULL if there are not that many. */
noinline void *skb_pull(struct sk_buff *skb, unsigned int len)
{
	return len > skb->len ? NULL : __skb_pull(skb, len);
}
EXPORT_SYMBOL(skb_pull);

void skb_trim(struct sk_buff *skb, unsigned int len)
{
	if (skb->len > len) {
		skb->tail -= skb->len - len;
		skb->len = len;
	}
}
EXPORT_SYMBOL(skb_trim);

int skb_copy_bits(const struct sk_buff *skb, int offset, void *to, int len)
{
	if (offset < 0 || len < 0 || offset > (int)skb->len - len)
		return -EFAULT;
	memcpy(to, skb->data + offset, len);
	return 0;
}
EXPORT_SYMBOL(skb_copy_bits);

noinline int skb_copy_datagram_msg(const struct sk_buff *from, int offset, struct msghdr *msg, int size)
{
	return copy_to_iter(from->data + offset, size, &msg->msg_iter) == (size_t)size ? 0 : -EFAULT;
}
EXPORT_SYMBOL(skb_copy_datagram_msg);

/* The queue functions with a lock of their own; those that begin with __ are for callers who have one. */
void skb_queue_tail(struct sk_buff_head *list, struct sk_buff *newsk)
{
	unsigned long flags;

	spin_lock_irqsave(&list->lock, flags);
	__skb_queue_tail(list, newsk);
	spin_unlock_irqrestore(&list->lock, flags);
}
EXPORT_SYMBOL(skb_queue_tail);

void skb_unlink(struct sk_buff *skb, struct sk_buff_head *list)
{
	unsigned long flags;

	spin_lock_irqsave(&list->lock, flags);
	__skb_unlink(skb, list);
	spin_unlock_irqrestore(&list->lock, flags);
}
EXPORT_SYMBOL(skb_unlink);

void skb_queue_head(struct sk_buff_head *list, struct sk_buff *newsk)
{
	unsigned long flags;

	spin_lock_irqsave(&list->lock, flags);
	__skb_queue_head(list, newsk);
	spin_unlock_irqrestore(&list->lock, flags);
}
EXPORT_SYMBOL(skb_queue_head);

struct sk_buff *skb_dequeue(struct sk_buff_head *list)
{
	unsigned long flags;
	struct sk_buff *skb;

	spin_lock_irqsave(&list->lock, flags);
	skb = __skb_dequeue(list);
	spin_unlock_irqrestore(&list->lock, flags);
	return skb;
}
EXPORT_SYMBOL(skb_dequeue);

void skb_queue_purge(struct sk_buff_head *list)
{
	struct sk_buff *skb;

	while ((skb = skb_dequeue(list)) != NULL)
		kfree_skb(skb);
}
EXPORT_SYMBOL(skb_queue_purge);

/* A number that is the same for all packets of one flow. */
u32 __skb_get_hash(struct sk_buff *skb)
{
	u32 hash = 2166136261U;
	unsigned int i;

	/* Addresses and ports: twelve bytes of the IP header, four behind it. */
	for (i = 12; i < 24 && skb_network_header(skb) + i < skb_tail_pointer(skb); i++)
		hash = (hash ^ skb_network_header(skb)[i]) * 16777619;
	skb->hash = hash ? hash : 1;
	skb->sw_hash = 1;
	return skb->hash;
}
EXPORT_SYMBOL(__skb_get_hash);

static int __init skb_init(void)
{
	skbuff_head_cache = kmem_cache_create("skbuff_head_cache", sizeof(struct sk_buff), 0, SLAB_PANIC, NULL);
	return 0;
}
core_initcall(skb_init);
