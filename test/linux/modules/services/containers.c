/* Queues, tables and bits: kfifo, idr, xarray, list, hlist, rbtree by their macros, bitmap, kref. */
#include <linux/bitmap.h>
#include <linux/idr.h>
#include <linux/kfifo.h>
#include <linux/kref.h>
#include <linux/list.h>
#include <linux/llist.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/xarray.h>

static DEFINE_KFIFO(bytes, unsigned char, 8);
static DECLARE_KFIFO_PTR(numbers, int);
static DEFINE_XARRAY_ALLOC(array);
static DEFINE_IDR(ids);
static DEFINE_IDA(small_ids);

struct counted {
	struct kref ref;
	struct llist_node link;
	int value;
};

static void drop(struct kref *ref)
{
	struct counted *c = container_of(ref, struct counted, ref);

	pr_info("dropped %d\n", c->value);
	kfree(c);
}

static int __init fifos(void)
{
	unsigned char out[8] = "";
	int i, n, sum = 0;

	pr_info("in %u of 11, full %d, avail %u\n", kfifo_in(&bytes, "hello world", 11), kfifo_is_full(&bytes), kfifo_avail(&bytes));
	n = kfifo_out(&bytes, out, 5);
	pr_info("out %d %.5s, then %u more, len %u of %u\n", n, out, kfifo_in(&bytes, "abc", 3), kfifo_len(&bytes),
		kfifo_size(&bytes));
	if (kfifo_alloc(&numbers, 5, GFP_KERNEL))
		return -ENOMEM;
	for (i = 1; kfifo_put(&numbers, i * i); i++)
		;
	while (kfifo_get(&numbers, &n))
		sum += n;
	pr_info("%d numbers of %u, sum %d, empty %d\n", i - 1, kfifo_size(&numbers), sum, kfifo_is_empty(&numbers));
	kfifo_free(&numbers);
	return 0;
}

static void __init tables(void)
{
	unsigned long index;
	void *entry;
	u32 id = 99;
	int a, b, sum = 0;

	xa_store(&array, 1000000007UL, "far", GFP_KERNEL);
	xa_store(&array, 3, xa_mk_value(33), GFP_KERNEL);
	a = xa_insert(&array, 3, "again", GFP_KERNEL);
	xa_set_mark(&array, 1000000007UL, XA_MARK_1);
	b = xa_alloc(&array, &id, "new", xa_limit_31b, GFP_KERNEL);
	xa_for_each(&array, index, entry)
		sum += index % 1000;
	pr_info("xarray: insert %d, alloc %d gives %u, far %s, value %lu, indexes %d\n", a, b, id,
		(char *)xa_load(&array, 1000000007UL), xa_to_value(xa_load(&array, 3)), sum);
	xa_for_each_marked(&array, index, entry, XA_MARK_1)
		pr_info("marked %lu\n", index);
	pr_info("erased %s, then %s\n", (char *)xa_erase(&array, 0), xa_load(&array, 0) ? "there" : "gone");
	xa_destroy(&array);
	a = idr_alloc(&ids, "five", 5, 10, GFP_KERNEL);
	b = idr_alloc_cyclic(&ids, "next", 0, 0, GFP_KERNEL);
	pr_info("idr: %d %d %s, empty xarray %d; ida %d %d\n", a, b, (char *)idr_find(&ids, 5), xa_empty(&array),
		ida_alloc(&small_ids, GFP_KERNEL), ida_alloc(&small_ids, GFP_KERNEL));
	idr_destroy(&ids);
	ida_destroy(&small_ids);
}

static int __init containers_init(void)
{
	static LLIST_HEAD(stack);
	struct counted *c, *next;
	DECLARE_BITMAP(bits, 100);
	int i;

	if (fifos())
		return -ENOMEM;
	tables();
	for (i = 0; i < 3; i++) {
		c = kzalloc(sizeof(*c), GFP_KERNEL);
		kref_init(&c->ref);
		c->value = i;
		llist_add(&c->link, &stack);
	}
	llist_for_each_entry_safe(c, next, llist_del_all(&stack), link) {
		kref_get(&c->ref);
		pr_info("left %d\n", kref_put(&c->ref, drop) + kref_read(&c->ref));
		kref_put(&c->ref, drop);
	}
	bitmap_zero(bits, 100);
	bitmap_set(bits, 10, 60);
	clear_bit(20, bits);
	pr_info("bits %*pbl, weight %d, first zero behind 10: %lu\n", 100, bits, bitmap_weight(bits, 100),
		find_next_zero_bit(bits, 100, 10));
	return 0;
}

static void __exit containers_exit(void)
{
}

module_init(containers_init);
module_exit(containers_exit);
MODULE_LICENSE("GPL");

/* console
 * $ insmod /root/containers.ko; rmmod containers
 * in 8 of 11, full 1, avail 0
 * out 5 hello, then 3 more, len 6 of 8
 * 8 numbers of 8, sum 204, empty 1
 * xarray: insert -16, alloc 0 gives 0, far far, value 33, indexes 10
 * marked 1000000007
 * erased new, then gone
 * idr: 5 0 five, empty xarray 1; ida 0 1
 * left 1
 * dropped 2
 * left 1
 * dropped 1
 * left 1
 * dropped 0
 * bits 10-19,21-69, weight 59, first zero behind 10: 20
 */
