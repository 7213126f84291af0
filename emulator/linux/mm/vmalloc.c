/*
 * Memory that is contiguous in the kernel's address space only: single pages from the page allocator, mapped side by
 * side, with an unmapped guard page behind. Modules get theirs from a range near the kernel, so that calls reach it.
 */
#include <linux/gfp.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/string.h>
#include <linux/vmalloc.h>
#include <asm/pgtable.h>

static LIST_HEAD(vmlist); /* all areas, by address */
static DEFINE_SPINLOCK(vmap_area_lock);

/* Find a gap and link an area there. First fit. */
static struct vm_struct *__get_vm_area_node(unsigned long size, unsigned long align, unsigned long start, unsigned long end,
					    const void *caller)
{
	struct vm_struct *area = kzalloc(sizeof(*area), GFP_KERNEL), *other;
	unsigned long addr = ALIGN(start, align), flags;

	if (!area)
		return NULL;
	size = PAGE_ALIGN(size) + PAGE_SIZE;
	spin_lock_irqsave(&vmap_area_lock, flags);
	list_for_each_entry(other, &vmlist, list) {
		if ((unsigned long)other->addr + other->size <= addr)
			continue;
		if (addr + size <= (unsigned long)other->addr)
			break;
		addr = ALIGN((unsigned long)other->addr + other->size, align);
	}
	if (addr + size > end) {
		spin_unlock_irqrestore(&vmap_area_lock, flags);
		kfree(area);
		return NULL;
	}
	area->addr = (void *)addr;
	area->size = size;
	area->flags = VM_ALLOC;
	area->caller = caller;
	list_add_tail(&area->list, &other->list);
	spin_unlock_irqrestore(&vmap_area_lock, flags);
	return area;
}

struct vm_struct *find_vm_area(const void *addr)
{
	struct vm_struct *area, *found = NULL;
	unsigned long flags;

	spin_lock_irqsave(&vmap_area_lock, flags);
	list_for_each_entry(area, &vmlist, list) {
		if (area->addr == addr) {
			found = area;
			break;
		}
	}
	spin_unlock_irqrestore(&vmap_area_lock, flags);
	return found;
}

static void unlink_vm_area(struct vm_struct *area)
{
	unsigned long flags;

	spin_lock_irqsave(&vmap_area_lock, flags);
	list_del(&area->list);
	spin_unlock_irqrestore(&vmap_area_lock, flags);
}

static void vunmap_free(struct vm_struct *area)
{
	unsigned long addr = (unsigned long)area->addr;
	unsigned int i;

	for (i = 0; i < area->nr_pages; i++) {
		pte_t *pte = lookup_address_in_mm(&init_mm, addr + i * PAGE_SIZE);

		set_pte(pte, __pte(0));
	}
	flush_tlb_kernel_range(addr, addr + area->nr_pages * PAGE_SIZE);
	for (i = 0; i < area->nr_pages; i++)
		if (area->pages[i])
			__free_page(area->pages[i]);
	kfree(area->pages);
	kfree(area);
}

static bool vmap_pages(struct vm_struct *area, gfp_t gfp)
{
	unsigned int i, nr_pages = (area->size >> PAGE_SHIFT) - 1;

	area->pages = kcalloc(nr_pages, sizeof(struct page *), GFP_KERNEL);
	if (!area->pages)
		return false;
	for (i = 0; i < nr_pages; i++) {
		pte_t *pte = pte_alloc_kernel((unsigned long)area->addr + i * PAGE_SIZE);
		struct page *page = pte ? alloc_page(gfp) : NULL;

		if (!page)
			return false;
		area->pages[i] = page;
		set_pte(pte, mk_pte(page, PAGE_KERNEL_EXEC));
		area->nr_pages++;
	}
	return true;
}

void *__vmalloc_node_range(unsigned long size, unsigned long align, unsigned long start, unsigned long end, gfp_t gfp_mask,
			   const void *caller)
{
	struct vm_struct *area;

	if (!size || (size >> PAGE_SHIFT) > totalram_pages())
		return NULL;
	area = __get_vm_area_node(size, align, start, end, caller);
	if (!area)
		return NULL;
	if (!vmap_pages(area, gfp_mask)) {
		unlink_vm_area(area);
		vunmap_free(area);
		pr_warn("vmalloc error: size %lu, page allocation failed\n", size);
		return NULL;
	}
	return area->addr;
}

void *__vmalloc(unsigned long size, gfp_t gfp_mask)
{
	return __vmalloc_node_range(size, PAGE_SIZE, VMALLOC_START, VMALLOC_END, gfp_mask, __builtin_return_address(0));
}
EXPORT_SYMBOL(__vmalloc);

void *vmalloc(unsigned long size)
{
	return __vmalloc_node_range(size, PAGE_SIZE, VMALLOC_START, VMALLOC_END, GFP_KERNEL, __builtin_return_address(0));
}
EXPORT_SYMBOL(vmalloc);

void *vzalloc(unsigned long size)
{
	return __vmalloc_node_range(size, PAGE_SIZE, VMALLOC_START, VMALLOC_END, GFP_KERNEL | __GFP_ZERO,
				    __builtin_return_address(0));
}
EXPORT_SYMBOL(vzalloc);

void *vmalloc_user(unsigned long size)
{
	return vzalloc(size);
}
EXPORT_SYMBOL(vmalloc_user);

/* From any context with interrupts on. */
void vfree_atomic(const void *addr)
{
	struct vm_struct *area;

	if (!addr)
		return;
	area = find_vm_area(addr);
	if (WARN(!area, "Trying to vfree() nonexistent vm area (%px)\n", addr))
		return;
	unlink_vm_area(area);
	vunmap_free(area);
}

/* Gives back whole pages in the middle of an area: they are unmapped, their addresses stay taken. */
void vfree_part(const void *addr, const void *part, unsigned long size)
{
	struct vm_struct *area = find_vm_area(addr);
	unsigned long start = (unsigned long)part, end = start + size, at;

	for (at = start; at < end; at += PAGE_SIZE)
		set_pte(lookup_address_in_mm(&init_mm, at), __pte(0));
	flush_tlb_kernel_range(start, end);
	for (at = start; at < end; at += PAGE_SIZE) {
		struct page **page = &area->pages[(at - (unsigned long)addr) >> PAGE_SHIFT];

		__free_page(*page);
		*page = NULL;
	}
}

void vfree(const void *addr)
{
	might_sleep();
	vfree_atomic(addr);
}
EXPORT_SYMBOL(vfree);

bool is_vmalloc_addr(const void *x)
{
	return (unsigned long)x >= VMALLOC_START && (unsigned long)x < VMALLOC_END;
}
EXPORT_SYMBOL(is_vmalloc_addr);

struct page *vmalloc_to_page(const void *addr)
{
	pte_t *pte = lookup_address_in_mm(&init_mm, (unsigned long)addr);

	return pte && pte_present(*pte) ? pte_page(*pte) : NULL;
}
EXPORT_SYMBOL(vmalloc_to_page);

void *module_alloc(unsigned long size)
{
	return __vmalloc_node_range(size, PAGE_SIZE, MODULES_VADDR, MODULES_END, GFP_KERNEL | __GFP_ZERO,
				    __builtin_return_address(0));
}

void module_memfree(void *module_region)
{
	vfree(module_region);
}
