/*
 * The page allocator: free memory as blocks of 2^n pages. A request takes the smallest block that fits and halves it
 * until it fits exactly; a freed block merges with its buddy, the block that it was halved from, as long as that is
 * free too.
 */
#include <linux/gfp.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/mmzone.h>
#include <linux/module.h>
#include <linux/sched.h>
#include <linux/spinlock.h>
#include <linux/string.h>
#include <linux/sysinfo.h>
#include <lab/gates.h>

struct zone zone_normal = {
	.lock = __SPIN_LOCK_UNLOCKED(zone_normal.lock),
	.name = "Normal",
};

static bool page_is_buddy(struct page *page, unsigned int order)
{
	return test_bit(PG_buddy, &page->flags) && page->private == order;
}

static void add_to_free_list(struct page *page, struct zone *zone, unsigned int order)
{
	page->private = order;
	__set_bit(PG_buddy, &page->flags);
	list_add(&page->lru, &zone->free_area[order].free_list);
	zone->free_area[order].nr_free++;
}

static void del_page_from_free_list(struct page *page, struct zone *zone, unsigned int order)
{
	list_del(&page->lru);
	__clear_bit(PG_buddy, &page->flags);
	page->private = 0;
	zone->free_area[order].nr_free--;
}

/* Put a block back, merged with its free buddies. The zone is locked. */
static void __free_one_page(struct page *page, unsigned long pfn, struct zone *zone, unsigned int order)
{
	zone->free_pages += 1UL << order;
	while (order < MAX_ORDER - 1) {
		unsigned long buddy_pfn = pfn ^ (1UL << order);
		struct page *buddy = page + (buddy_pfn - pfn);

		if (!pfn_valid(buddy_pfn) || !page_is_buddy(buddy, order))
			break;
		del_page_from_free_list(buddy, zone, order);
		page += (pfn & buddy_pfn) - pfn;
		pfn &= buddy_pfn;
		order++;
	}
	add_to_free_list(page, zone, order);
}

/* Give the upper halves of a block back until it has the wanted order. */
static void expand(struct zone *zone, struct page *page, unsigned int low, unsigned int high)
{
	while (high > low) {
		high--;
		add_to_free_list(page + (1UL << high), zone, high);
	}
}

static struct page *__rmqueue_smallest(struct zone *zone, unsigned int order)
{
	unsigned int current_order;

	for (current_order = order; current_order < MAX_ORDER; current_order++) {
		struct free_area *area = &zone->free_area[current_order];
		struct page *page;

		if (list_empty(&area->free_list))
			continue;
		page = list_first_entry(&area->free_list, struct page, lru);
		del_page_from_free_list(page, zone, current_order);
		expand(zone, page, order, current_order);
		zone->free_pages -= 1UL << order;
		return page;
	}
	return NULL;
}

/* The last pages are for callers that can neither wait nor fail well. */
static bool zone_watermark_ok(struct zone *zone, gfp_t gfp, unsigned int order)
{
	unsigned long min = zone->watermark_min;

	if (gfp & (__GFP_HIGH | __GFP_MEMALLOC))
		min /= 4;
	return zone->free_pages >= min + (1UL << order);
}

static struct page *get_page_from_freelist(gfp_t gfp, unsigned int order)
{
	struct zone *zone = &zone_normal;
	struct page *page = NULL;
	unsigned long flags;

	spin_lock_irqsave(&zone->lock, flags);
	if (zone_watermark_ok(zone, gfp, order))
		page = __rmqueue_smallest(zone, order);
	spin_unlock_irqrestore(&zone->lock, flags);
	return page;
}

/* Each page of a larger block knows its head, so that a pointer into the middle finds its owner. */
static void prep_new_page(struct page *page, unsigned int order, gfp_t gfp)
{
	unsigned long i;

	set_page_count(page, 1);
	atomic_set(&page->_mapcount, -1);
	page->flags = 0;
	page->mapping = NULL;
	page->private = order;
	if (order) {
		__set_bit(PG_head, &page->flags);
		for (i = 1; i < 1UL << order; i++) {
			page[i].flags = 1UL << PG_tail;
			page[i].compound_head = page;
		}
	}
	if (gfp & __GFP_ZERO)
		memset(page_address(page), 0, PAGE_SIZE << order);
}

static void warn_alloc(gfp_t gfp, unsigned int order)
{
	static DEFINE_RATELIMIT_STATE(nopage_rs, 10 * CONFIG_HZ, 1);

	if ((gfp & __GFP_NOWARN) || !__ratelimit(&nopage_rs))
		return;
	pr_warn("%s: page allocation failure: order:%u, mode:%#x\n", current->comm, order, gfp);
	dump_stack();
}

struct page *__alloc_pages(gfp_t gfp, unsigned int order, int preferred_nid, void *nodemask)
{
	struct page *page;

	if (WARN_ON_ONCE(order >= MAX_ORDER))
		return NULL;
	might_sleep_if(gfpflags_allow_blocking(gfp));
	page = get_page_from_freelist(gfp, order);
	if (!page) {
		warn_alloc(gfp, order);
		return NULL;
	}
	prep_new_page(page, order, gfp);
	return page;
}
EXPORT_SYMBOL(__alloc_pages);

/* A page that is free already, or still in use: whoever frees it is wrong, and it must not go on the list. */
static bool bad_page(struct page *page)
{
	if (likely(!test_bit(PG_buddy, &page->flags) && page_count(page) == 0))
		return false;
	pr_alert("BUG: Bad page state in process %s  pfn:%05lx\n", current->comm, page_to_pfn(page));
	pr_alert("page:%px refcount:%d flags: %#lx\n", page, page_count(page), page->flags);
	dump_stack();
	add_taint(TAINT_BAD_PAGE, LOCKDEP_NOW_UNRELIABLE);
	return true;
}

static void free_one_page(struct page *page, unsigned int order)
{
	unsigned long flags, i;

	if (bad_page(page))
		return;

	for (i = 1; i < 1UL << order; i++)
		page[i].flags = 0;
	page->flags = 0;
	spin_lock_irqsave(&zone_normal.lock, flags);
	__free_one_page(page, page_to_pfn(page), &zone_normal, order);
	spin_unlock_irqrestore(&zone_normal.lock, flags);
}

/* The last reference is gone. */
void __put_page(struct page *page)
{
	free_one_page(page, test_bit(PG_head, &page->flags) ? page->private : 0);
}
EXPORT_SYMBOL(__put_page);

void __free_pages(struct page *page, unsigned int order)
{
	if (atomic_dec_and_test(&page->_refcount))
		free_one_page(page, order);
}
EXPORT_SYMBOL(__free_pages);

void free_pages(unsigned long addr, unsigned int order)
{
	if (addr)
		__free_pages(virt_to_page(addr), order);
}
EXPORT_SYMBOL(free_pages);

unsigned long __get_free_pages(gfp_t gfp_mask, unsigned int order)
{
	struct page *page = alloc_pages(gfp_mask, order);

	return page ? (unsigned long)page_address(page) : 0;
}
EXPORT_SYMBOL(__get_free_pages);

unsigned long get_zeroed_page(gfp_t gfp_mask)
{
	return __get_free_pages(gfp_mask | __GFP_ZERO, 0);
}
EXPORT_SYMBOL(get_zeroed_page);

static unsigned int get_order(unsigned long size)
{
	return size <= PAGE_SIZE ? 0 : ilog2((size - 1) >> PAGE_SHIFT) + 1;
}

void *alloc_pages_exact(size_t size, gfp_t gfp_mask)
{
	return (void *)__get_free_pages(gfp_mask, get_order(size));
}
EXPORT_SYMBOL(alloc_pages_exact);

void free_pages_exact(void *virt, size_t size)
{
	free_pages((unsigned long)virt, get_order(size));
}
EXPORT_SYMBOL(free_pages_exact);

unsigned long totalram_pages(void)
{
	return zone_normal.managed_pages;
}

unsigned long nr_free_pages(void)
{
	return zone_normal.free_pages;
}

void si_meminfo(struct sysinfo *val)
{
	val->totalram = totalram_pages();
	val->freeram = nr_free_pages();
	val->mem_unit = PAGE_SIZE;
}

/* Hand a range of frames to the allocator in blocks as large as its alignment allows. */
static void free_range(unsigned long pfn, unsigned long end)
{
	while (pfn < end) {
		unsigned int order = pfn ? min_t(unsigned int, __ffs(pfn), MAX_ORDER - 1) : MAX_ORDER - 1;

		while (pfn + (1UL << order) > end)
			order--;
		__free_one_page(pfn_to_page(pfn), pfn, &zone_normal, order);
		pfn += 1UL << order;
	}
	zone_normal.managed_pages = zone_normal.free_pages;
	zone_normal.watermark_min = zone_normal.managed_pages / 256;
}

/* All memory from 1 MiB on is free, except the range that holds the kernel and what came with it. */
void __init page_alloc_init(unsigned long memory_size, unsigned long reserved_start, unsigned long reserved_end)
{
	unsigned int order;

	for (order = 0; order < MAX_ORDER; order++)
		INIT_LIST_HEAD(&zone_normal.free_area[order].free_list);
	free_range(0x100000 >> PAGE_SHIFT, reserved_start >> PAGE_SHIFT);
	free_range(reserved_end >> PAGE_SHIFT, memory_size >> PAGE_SHIFT);
}

/* The code and data that only the boot needed. */
void free_initmem(void)
{
	unsigned long start = PAGE_ALIGN(__pa_symbol(__init_begin)) >> PAGE_SHIFT;
	unsigned long end = __pa_symbol(__init_end) >> PAGE_SHIFT;

	lab_free_init();
	if (start >= end)
		return;
	memset(pfn_to_kaddr(start), 0xcc, (end - start) << PAGE_SHIFT);
	spin_lock_irq(&zone_normal.lock);
	free_range(start, end);
	spin_unlock_irq(&zone_normal.lock);
	pr_info("Freeing unused kernel image (initmem) memory: %luK\n", (end - start) << (PAGE_SHIFT - 10));
}

void __init mem_init(void)
{
	set_page_count(ZERO_PAGE(0), 1);	/* it is the kernel's own, whoever else refers to it */
	pr_info("Memory: %luK/%luK available\n", nr_free_pages() << (PAGE_SHIFT - 10), max_pfn << (PAGE_SHIFT - 10));
}

EXPORT_SYMBOL(si_meminfo);
