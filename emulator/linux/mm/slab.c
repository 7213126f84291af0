/*
 * Small objects. A cache holds objects of one size in slabs, blocks of pages from the page allocator; the free objects
 * of a slab form a list through their own first word. Each CPU takes objects from a slab of its own until that is
 * full. kmalloc is a set of caches of growing sizes.
 */
#include <linux/gfp.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/list.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/slab.h>
#include <linux/slab_def.h>
#include <linux/spinlock.h>
#include <linux/string.h>

static struct kmem_cache kmem_cache_boot;
static struct kmem_cache *kmem_cache = &kmem_cache_boot;
LIST_HEAD(slab_caches);
DEFINE_MUTEX(slab_mutex);

static const unsigned int kmalloc_sizes[] = { 8, 16, 32, 64, 96, 128, 192, 256, 512, 1024, 2048, 4096, 8192 };
static const char *const kmalloc_names[] = {
	"kmalloc-8", "kmalloc-16", "kmalloc-32", "kmalloc-64", "kmalloc-96", "kmalloc-128", "kmalloc-192",
	"kmalloc-256", "kmalloc-512", "kmalloc-1k", "kmalloc-2k", "kmalloc-4k", "kmalloc-8k",
};
struct kmem_cache *kmalloc_caches[ARRAY_SIZE(kmalloc_sizes)];

static void *get_freepointer(struct kmem_cache *s, void *object)
{
	return *(void **)(object + s->offset);
}

static void set_freepointer(struct kmem_cache *s, void *object, void *next)
{
	*(void **)(object + s->offset) = next;
}

/* The smallest block of pages that wastes at most an eighth, or that holds sixteen objects. */
static unsigned int calculate_order(unsigned int size)
{
	unsigned int order;

	for (order = 0; order < 3; order++) {
		unsigned int slab_size = PAGE_SIZE << order;

		if (slab_size >= size && (slab_size % size <= slab_size / 8 || slab_size / size >= 16))
			break;
	}
	while ((PAGE_SIZE << order) < size)
		order++;
	return order;
}

static void kmem_cache_open(struct kmem_cache *s, const char *name, unsigned int size, unsigned int align,
			    slab_flags_t flags, void (*ctor)(void *))
{
	align = max_t(unsigned int, align, sizeof(void *));
	if (flags & SLAB_HWCACHE_ALIGN)
		align = max_t(unsigned int, align, size > 32 ? 64 : 32);
	s->name = name;
	s->object_size = size;
	s->flags = flags;
	s->ctor = ctor;
	/* An object that must keep its contents while it is free has its link behind it. */
	s->offset = ctor || (flags & SLAB_TYPESAFE_BY_RCU) ? ALIGN(size, sizeof(void *)) : 0;
	s->size = ALIGN(s->offset ? s->offset + sizeof(void *) : max_t(unsigned int, size, sizeof(void *)), align);
	s->align = align;
	s->order = calculate_order(s->size);
	s->objects = (PAGE_SIZE << s->order) / s->size;
	s->refcount = 1;
	spin_lock_init(&s->list_lock);
	INIT_LIST_HEAD(&s->partial);
}

/* A new slab with all its objects on the free list, in order. */
static struct page *allocate_slab(struct kmem_cache *s, gfp_t flags)
{
	struct page *slab = alloc_pages(flags & ~__GFP_ZERO, s->order);
	unsigned int i;
	void *start, *object;

	if (!slab)
		return NULL;
	__set_bit(PG_slab, &slab->flags);
	start = page_address(slab);
	slab->slab_cache = s;
	slab->objects = s->objects;
	slab->inuse = 0;
	slab->freelist = start;
	INIT_LIST_HEAD(&slab->slab_list);
	for (i = 0; i < s->objects; i++) {
		object = start + i * s->size;
		if (s->ctor)
			s->ctor(object);
		set_freepointer(s, object, i + 1 < s->objects ? object + s->size : NULL);
	}
	return slab;
}

static void free_slab(struct kmem_cache *s, struct page *slab)
{
	__clear_bit(PG_slab, &slab->flags);
	__free_pages(slab, s->order);
}

/* This CPU's slab is used up: the next partial one, or a new one. Called with the cache locked. */
static struct page *new_cpu_slab(struct kmem_cache *s, gfp_t flags)
{
	struct page *slab;

	if (!list_empty(&s->partial)) {
		slab = list_first_entry(&s->partial, struct page, slab_list);
		list_del_init(&slab->slab_list);
		s->nr_partial--;
		return slab;
	}
	slab = allocate_slab(s, flags & ~__GFP_DIRECT_RECLAIM);
	if (slab)
		s->nr_slabs++;
	return slab;
}

static void *slab_alloc(struct kmem_cache *s, gfp_t gfpflags)
{
	unsigned long flags;
	struct page *slab;
	void *object = NULL;
	int cpu;

	might_sleep_if(gfpflags_allow_blocking(gfpflags));
	spin_lock_irqsave(&s->list_lock, flags);
	cpu = smp_processor_id();
	slab = s->cpu_slab[cpu];
	if (!slab || !slab->freelist) {
		if (slab)
			INIT_LIST_HEAD(&slab->slab_list); /* full: on no list */
		slab = s->cpu_slab[cpu] = new_cpu_slab(s, gfpflags);
	}
	if (slab) {
		object = slab->freelist;
		slab->freelist = get_freepointer(s, object);
		slab->inuse++;
		s->active_objects++;
	}
	spin_unlock_irqrestore(&s->list_lock, flags);
	if (object && (gfpflags & __GFP_ZERO))
		memset(object, 0, s->object_size);
	return object;
}

static bool is_cpu_slab(struct kmem_cache *s, struct page *slab)
{
	unsigned int cpu;

	for (cpu = 0; cpu < nr_cpu_ids; cpu++)
		if (s->cpu_slab[cpu] == slab)
			return true;
	return false;
}

/* Is it the address of an object of this slab? */
static bool check_valid_pointer(struct kmem_cache *s, struct page *slab, const void *object)
{
	unsigned long offset = (unsigned long)object - (unsigned long)page_address(slab);

	return offset < (unsigned long)slab->objects * s->size && offset % s->size == 0;
}

static void slab_free(struct kmem_cache *s, struct page *slab, void *object)
{
	unsigned long flags;
	bool release = false;

	if (unlikely(!check_valid_pointer(s, slab, object))) {
		pr_err("BUG %s: Invalid object pointer 0x%px\n", s->name, object);
		WARN_ON(1);
		return;
	}
	spin_lock_irqsave(&s->list_lock, flags);
	if (unlikely(slab->freelist == object)) {
		spin_unlock_irqrestore(&s->list_lock, flags);
		pr_err("BUG %s: Object already free 0x%px\n", s->name, object);
		WARN_ON(1);
		return;
	}
	set_freepointer(s, object, slab->freelist);
	slab->freelist = object;
	slab->inuse--;
	s->active_objects--;
	if (!is_cpu_slab(s, slab)) {
		if (list_empty(&slab->slab_list)) {
			list_add(&slab->slab_list, &s->partial);
			s->nr_partial++;
		}
		if (!slab->inuse && s->nr_partial > 5) {
			list_del_init(&slab->slab_list);
			s->nr_partial--;
			s->nr_slabs--;
			release = true;
		}
	}
	spin_unlock_irqrestore(&s->list_lock, flags);
	if (release)
		free_slab(s, slab);
}

void *kmem_cache_alloc(struct kmem_cache *s, gfp_t gfpflags)
{
	return slab_alloc(s, gfpflags);
}
EXPORT_SYMBOL(kmem_cache_alloc);

void kmem_cache_free(struct kmem_cache *s, void *x)
{
	struct page *slab = virt_to_head_page(x);

	if (WARN_ON_ONCE(!PageSlab(slab) || slab->slab_cache != s))
		return;
	slab_free(s, slab, x);
}
EXPORT_SYMBOL(kmem_cache_free);

struct kmem_cache *kmem_cache_create(const char *name, unsigned int size, unsigned int align, slab_flags_t flags,
				     void (*ctor)(void *))
{
	struct kmem_cache *s = slab_alloc(kmem_cache, GFP_KERNEL | __GFP_ZERO);

	if (!s) {
		if (flags & SLAB_PANIC)
			panic("kmem_cache_create: Failed to create slab '%s'", name);
		return NULL;
	}
	kmem_cache_open(s, kstrdup_const(name, GFP_KERNEL), size, align, flags, ctor);
	mutex_lock(&slab_mutex);
	list_add_tail(&s->list, &slab_caches);
	mutex_unlock(&slab_mutex);
	return s;
}
EXPORT_SYMBOL(kmem_cache_create);

/* Give back the slabs that are wholly free. */
int kmem_cache_shrink(struct kmem_cache *s)
{
	struct page *slab, *next;
	unsigned long flags;
	unsigned int cpu;
	LIST_HEAD(discard);

	spin_lock_irqsave(&s->list_lock, flags);
	for (cpu = 0; cpu < nr_cpu_ids; cpu++) {
		slab = s->cpu_slab[cpu];
		s->cpu_slab[cpu] = NULL;
		if (slab && slab->freelist) {
			list_add(&slab->slab_list, &s->partial);
			s->nr_partial++;
		}
	}
	list_for_each_entry_safe(slab, next, &s->partial, slab_list) {
		if (slab->inuse)
			continue;
		list_move(&slab->slab_list, &discard);
		s->nr_partial--;
		s->nr_slabs--;
	}
	spin_unlock_irqrestore(&s->list_lock, flags);
	list_for_each_entry_safe(slab, next, &discard, slab_list)
		free_slab(s, slab);
	return s->nr_slabs != 0;
}
EXPORT_SYMBOL(kmem_cache_shrink);

void kmem_cache_destroy(struct kmem_cache *s)
{
	if (!s)
		return;
	if (kmem_cache_shrink(s)) {
		pr_err("BUG %s: Objects remaining in %s on __kmem_cache_shutdown()\n", s->name, s->name);
		dump_stack();
		return;
	}
	mutex_lock(&slab_mutex);
	list_del(&s->list);
	mutex_unlock(&slab_mutex);
	kfree_const(s->name);
	kmem_cache_free(kmem_cache, s);
}
EXPORT_SYMBOL(kmem_cache_destroy);

unsigned int kmem_cache_size(struct kmem_cache *s)
{
	return s->object_size;
}
EXPORT_SYMBOL(kmem_cache_size);

static struct kmem_cache *kmalloc_slab(size_t size)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(kmalloc_sizes); i++)
		if (size <= kmalloc_sizes[i])
			return kmalloc_caches[i];
	return NULL;
}

/* Too large for a slab: whole pages. */
static void *kmalloc_large(size_t size, gfp_t flags)
{
	unsigned int order = ilog2((size - 1) >> PAGE_SHIFT) + 1;
	struct page *page = order < MAX_ORDER ? alloc_pages(flags, order) : NULL;

	return page ? page_address(page) : NULL;
}

void *__kmalloc(size_t size, gfp_t flags)
{
	if (unlikely(size > KMALLOC_MAX_CACHE_SIZE))
		return kmalloc_large(size, flags);
	if (unlikely(!size))
		return ZERO_SIZE_PTR;
	return slab_alloc(kmalloc_slab(size), flags);
}
EXPORT_SYMBOL(__kmalloc);

void kfree(const void *object)
{
	struct page *slab;

	if (unlikely(ZERO_OR_NULL_PTR(object)))
		return;
	slab = virt_to_head_page(object);
	if (unlikely(!PageSlab(slab))) {
		if (WARN_ON_ONCE(!test_bit(PG_head, &slab->flags)))
			return;
		put_page(slab);
		return;
	}
	slab_free(slab->slab_cache, slab, (void *)object);
}
EXPORT_SYMBOL(kfree);

size_t __ksize(const void *object)
{
	struct page *slab;

	if (unlikely(ZERO_OR_NULL_PTR(object)))
		return 0;
	slab = virt_to_head_page(object);
	return PageSlab(slab) ? slab->slab_cache->object_size : PAGE_SIZE << slab->private;
}

size_t ksize(const void *objp)
{
	return __ksize(objp);
}
EXPORT_SYMBOL(ksize);

void kfree_sensitive(const void *p)
{
	if (!ZERO_OR_NULL_PTR(p))
		memset((void *)p, 0, ksize(p));
	kfree(p);
}
EXPORT_SYMBOL(kfree_sensitive);

void *krealloc(const void *p, size_t new_size, gfp_t flags)
{
	size_t old_size = ksize(p);
	void *ret;

	if (!new_size) {
		kfree(p);
		return ZERO_SIZE_PTR;
	}
	if (!ZERO_OR_NULL_PTR(p) && old_size >= new_size)
		return (void *)p;
	ret = __kmalloc(new_size, flags);
	if (ret && old_size) {
		memcpy(ret, p, old_size);
		kfree(p);
	}
	return ret;
}
EXPORT_SYMBOL(krealloc);

const char *kmem_cache_name(const struct kmem_cache *s)
{
	return s->name;
}

bool slab_is_available(void)
{
	return kmalloc_caches[0] != NULL;
}

void __init kmem_cache_init(void)
{
	unsigned int i;

	kmem_cache_open(kmem_cache, "kmem_cache", sizeof(struct kmem_cache), 64, 0, NULL);
	list_add_tail(&kmem_cache->list, &slab_caches);
	for (i = 0; i < ARRAY_SIZE(kmalloc_sizes); i++)
		kmalloc_caches[i] = kmem_cache_create(kmalloc_names[i], kmalloc_sizes[i], 8, SLAB_PANIC, NULL);
}
