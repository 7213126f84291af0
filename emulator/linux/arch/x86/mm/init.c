/*
 * Memory at boot: which page frames are free, and the kernel's own page tables.
 */
#include <linux/export.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/sched.h>
#include <linux/string.h>
#include <asm/bootparam.h>
#include <asm/page.h>
#include <asm/pgtable.h>

unsigned long max_pfn;
struct page *mem_map;
unsigned char empty_zero_page[4096] __page_aligned_bss;

struct mm_struct init_mm = {
	.mm_rb = RB_ROOT,
	.mm_users = ATOMIC_INIT(2),
	.mm_count = ATOMIC_INIT(1),
	.page_table_lock = __SPIN_LOCK_UNLOCKED(init_mm.page_table_lock),
	.mmap_lock = __RWSEM_INITIALIZER(init_mm.mmap_lock),
	.arg_lock = __SPIN_LOCK_UNLOCKED(init_mm.arg_lock),
	.mmlist = LIST_HEAD_INIT(init_mm.mmlist),
	.pgtable_pages = LIST_HEAD_INIT(init_mm.pgtable_pages),
};

/*
 * The frames: the host's tables and our boot parameters below 1 MiB, then free memory, the kernel image at 16 MiB, the
 * initial files behind it, mem_map behind those, and free memory again.
 */
void __init setup_memory(void)
{
	unsigned long image_start = __pa_symbol(_text) & PAGE_MASK;
	unsigned long image_end = PAGE_ALIGN(__pa_symbol(_end));
	unsigned long initrd_end = PAGE_ALIGN(boot_params.initrd_start + boot_params.initrd_size);
	unsigned long mem_map_size;

	init_mm.pgd = __va(__read_cr3() & PTE_PFN_MASK);
	max_pfn = boot_params.memory_size >> PAGE_SHIFT;
	if (boot_params.initrd_size && initrd_end > image_end)
		image_end = initrd_end;
	mem_map = __va(image_end);
	mem_map_size = PAGE_ALIGN(max_pfn * sizeof(struct page));
	memset(mem_map, 0, mem_map_size);
	page_alloc_init(boot_params.memory_size, image_start, image_end + mem_map_size);
}

/* Every top-level entry of the kernel half that may be needed later has to exist before the first fork copies them. */
void __init kernel_page_tables_init(void)
{
	unsigned long address;

	for (address = VMALLOC_START; address < VMALLOC_END; address += PGDIR_SIZE)
		if (!pte_alloc_kernel(address))
			panic("no memory for the kernel's page tables");
}

EXPORT_SYMBOL(max_pfn);
EXPORT_SYMBOL(mem_map);
EXPORT_SYMBOL(empty_zero_page);
