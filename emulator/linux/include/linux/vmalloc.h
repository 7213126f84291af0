/* Memory that is contiguous only in the kernel's address space. */
#ifndef _LINUX_VMALLOC_H
#define _LINUX_VMALLOC_H

#include <linux/list.h>
#include <linux/types.h>
#include <asm/page_types.h>

#define VM_ALLOC 0x00000002

struct vm_struct {
	struct list_head list;
	void *addr;
	unsigned long size; /* with the guard page behind it */
	unsigned long flags;
	struct page **pages;
	unsigned int nr_pages;
	const void *caller;
};

extern void *vmalloc(unsigned long size);
extern void *vzalloc(unsigned long size);
extern void *vmalloc_user(unsigned long size);
extern void *__vmalloc(unsigned long size, gfp_t gfp_mask);
extern void *__vmalloc_node_range(unsigned long size, unsigned long align, unsigned long start, unsigned long end,
				  gfp_t gfp_mask, const void *caller);
extern void vfree(const void *addr);
extern void vfree_atomic(const void *addr);
extern void vfree_part(const void *addr, const void *part, unsigned long size);
extern struct vm_struct *find_vm_area(const void *addr);
extern bool is_vmalloc_addr(const void *x);
extern struct page *vmalloc_to_page(const void *addr);
extern void vmalloc_init(void);

static inline bool is_module_address_range(const void *x)
{
	return (unsigned long)x >= MODULES_VADDR && (unsigned long)x < MODULES_END;
}

extern void *module_alloc(unsigned long size);
extern void module_memfree(void *module_region);

#endif
