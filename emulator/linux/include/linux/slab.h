/*
 * Small objects: kmalloc by size, and caches of objects of one kind. kmalloc is inline over __kmalloc, so it is the
 * latter that a probe can sit on.
 */
#ifndef _LINUX_SLAB_H
#define _LINUX_SLAB_H

#include <linux/gfp.h>
#include <linux/types.h>
#include <linux/overflow.h>

#define SLAB_CONSISTENCY_CHECKS 0x00000100U
#define SLAB_RED_ZONE 0x00000400U
#define SLAB_POISON 0x00000800U
#define SLAB_HWCACHE_ALIGN 0x00002000U
#define SLAB_STORE_USER 0x00010000U
#define SLAB_PANIC 0x00040000U
#define SLAB_TYPESAFE_BY_RCU 0x00080000U
#define SLAB_MEM_SPREAD 0
#define SLAB_ACCOUNT 0x04000000U
#define SLAB_RECLAIM_ACCOUNT 0x00020000U

#define ZERO_SIZE_PTR ((void *)16)
#define ZERO_OR_NULL_PTR(x) ((unsigned long)(x) <= (unsigned long)ZERO_SIZE_PTR)
#define KMALLOC_MAX_SIZE (1UL << 22)
#define KMALLOC_MAX_CACHE_SIZE 8192UL
#define KMALLOC_MIN_SIZE 8
#define ARCH_KMALLOC_MINALIGN 8

struct kmem_cache;
extern struct kmem_cache *kmem_cache_create(const char *name, unsigned int size, unsigned int align,
					    slab_flags_t flags, void (*ctor)(void *));
extern void kmem_cache_destroy(struct kmem_cache *s);
extern int kmem_cache_shrink(struct kmem_cache *s);
extern void *kmem_cache_alloc(struct kmem_cache *s, gfp_t flags);
extern void kmem_cache_free(struct kmem_cache *s, void *objp);
extern unsigned int kmem_cache_size(struct kmem_cache *s);
#define KMEM_CACHE(__struct, __flags) \
	kmem_cache_create(#__struct, sizeof(struct __struct), __alignof__(struct __struct), (__flags), NULL)

extern void *__kmalloc(size_t size, gfp_t flags);
extern void kfree(const void *objp);
extern void kfree_sensitive(const void *objp);
extern size_t ksize(const void *objp);
extern size_t __ksize(const void *objp);
extern void *krealloc(const void *objp, size_t new_size, gfp_t flags);
extern void *kvmalloc_node(size_t size, gfp_t flags, int node);
extern void kvfree(const void *addr);
extern void kmem_cache_init(void);
extern bool slab_is_available(void);
extern const char *kmem_cache_name(const struct kmem_cache *s);
extern bool kmem_valid_obj(void *object);

static __always_inline void *kmalloc(size_t size, gfp_t flags)
{
	return __kmalloc(size, flags);
}

static inline void *kzalloc(size_t size, gfp_t flags)
{
	return kmalloc(size, flags | __GFP_ZERO);
}

static inline void *kmalloc_array(size_t n, size_t size, gfp_t flags)
{
	size_t bytes;

	if (unlikely(check_mul_overflow(n, size, &bytes)))
		return NULL;
	return __kmalloc(bytes, flags);
}

static inline void *kcalloc(size_t n, size_t size, gfp_t flags)
{
	return kmalloc_array(n, size, flags | __GFP_ZERO);
}

static inline void *krealloc_array(void *p, size_t n, size_t size, gfp_t flags)
{
	size_t bytes;

	if (unlikely(check_mul_overflow(n, size, &bytes)))
		return NULL;
	return krealloc(p, bytes, flags);
}

static inline void *kmem_cache_zalloc(struct kmem_cache *k, gfp_t flags)
{
	return kmem_cache_alloc(k, flags | __GFP_ZERO);
}

#define kmalloc_node(size, flags, node) kmalloc(size, flags)
#define kzalloc_node(size, flags, node) kzalloc(size, flags)
#define kvmalloc(size, flags) kvmalloc_node(size, flags, -1)
#define kvzalloc(size, flags) kvmalloc_node(size, (flags) | __GFP_ZERO, -1)
#define kvcalloc(n, size, flags) kvmalloc_node((n) * (size), (flags) | __GFP_ZERO, -1)
#define kvmalloc_array(n, size, flags) kvmalloc_node((n) * (size), flags, -1)
#define kzfree(p) kfree_sensitive(p)

#endif
