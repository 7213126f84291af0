/* From addresses to physical addresses to struct page, and back. */
#ifndef _ASM_PAGE_H
#define _ASM_PAGE_H

#include <linux/types.h>
#include <asm/page_types.h>

struct page;
typedef struct page *pgtable_t;

extern struct page *mem_map;
extern unsigned long max_pfn;

/* Valid for the direct map and for the kernel image, not for vmalloc or module addresses. */
static inline unsigned long __phys_addr(unsigned long x)
{
	return x >= __START_KERNEL_map ? x - __START_KERNEL_map : x - PAGE_OFFSET;
}

#define __pa(x) __phys_addr((unsigned long)(x))
#define __pa_symbol(x) __pa(x)
#define __va(x) ((void *)((unsigned long)(x) + PAGE_OFFSET))
#define pfn_to_page(pfn) (mem_map + (pfn))
#define page_to_pfn(page) ((unsigned long)((page) - mem_map))
#define virt_to_page(kaddr) pfn_to_page(__pa(kaddr) >> PAGE_SHIFT)
#define page_to_phys(page) (page_to_pfn(page) << PAGE_SHIFT)
#define page_to_virt(page) __va(page_to_phys(page))
#define virt_to_phys(x) __pa(x)
#define phys_to_virt(x) __va(x)
#define pfn_valid(pfn) ((pfn) < max_pfn)
#define pfn_to_kaddr(pfn) __va((unsigned long)(pfn) << PAGE_SHIFT)
#define virt_addr_valid(x) ((unsigned long)(x) >= PAGE_OFFSET && (unsigned long)(x) < PAGE_OFFSET + (max_pfn << PAGE_SHIFT))

#define clear_page(page) __builtin_memset(page, 0, PAGE_SIZE)
#define copy_page(to, from) __builtin_memcpy(to, from, PAGE_SIZE)
#define PAGE_ALIGN(addr) (((addr) + PAGE_SIZE - 1) & PAGE_MASK)
#define PAGE_ALIGN_DOWN(addr) ((addr) & PAGE_MASK)
#define PAGE_ALIGNED(addr) (!((unsigned long)(addr) & ~PAGE_MASK))
#define offset_in_page(p) ((unsigned long)(p) & ~PAGE_MASK)

#endif
