/* Pages, and where the kernel keeps what: the address map. */
#ifndef _ASM_PAGE_TYPES_H
#define _ASM_PAGE_TYPES_H

#include <linux/const.h>

#define PAGE_SHIFT 12
#define PAGE_SIZE (_AC(1, UL) << PAGE_SHIFT)
#define PAGE_MASK (~(PAGE_SIZE - 1))

#define THREAD_SIZE_ORDER 2
#define THREAD_SIZE (PAGE_SIZE << THREAD_SIZE_ORDER)

#define PAGE_OFFSET _AC(0xffff888000000000, UL)		/* all of RAM, at its physical address from here */
#define VMALLOC_START _AC(0xffffc90000000000, UL)
#define VMALLOC_END _AC(0xffffc90040000000, UL)
#define __START_KERNEL_map _AC(0xffffffff80000000, UL)	/* the kernel image, at its physical address from here */
#define MODULES_VADDR _AC(0xffffffffa0000000, UL)	/* within 2 GiB of the image: a call reaches either way */
#define MODULES_END _AC(0xffffffffaf000000, UL)		/* above it lies the host's memory for copied instructions */

#endif
