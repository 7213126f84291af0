/*
 * Page tables: the top level of each address space, and the entries below it, made on demand.
 */
#include <linux/gfp.h>
#include <linux/kernel.h>
#include <linux/kprobes.h>
#include <linux/mm.h>
#include <linux/sched.h>
#include <linux/string.h>
#include <asm/pgtable.h>

static DEFINE_SPINLOCK(pgd_lock);

/* The upper half is the kernel's and the same for all: its entries are made at boot and never change. */
pgd_t *pgd_alloc(struct mm_struct *mm)
{
	pgd_t *pgd = (pgd_t *)get_zeroed_page(GFP_KERNEL);

	if (pgd)
		memcpy(pgd + KERNEL_PGD_BOUNDARY, init_mm.pgd + KERNEL_PGD_BOUNDARY,
		       (PTRS_PER_PGD - KERNEL_PGD_BOUNDARY) * sizeof(pgd_t));
	return pgd;
}

void pgd_free(struct mm_struct *mm, pgd_t *pgd)
{
	free_page((unsigned long)pgd);
}

/* The table below an entry, made if it is missing. `entry` is any level's. */
static bool populate_entry(struct mm_struct *mm, unsigned long *entry, spinlock_t *lock)
{
	unsigned long table;

	if (*entry)
		return true;
	table = get_zeroed_page(GFP_KERNEL);
	if (!table)
		return false;
	spin_lock(lock);
	if (*entry) {
		spin_unlock(lock);
		free_page(table);
		return true;
	}
	list_add(&virt_to_page(table)->lru, &mm->pgtable_pages);
	WRITE_ONCE(*entry, __pa(table) | (mm == &init_mm ? _KERNPG_TABLE : _PAGE_TABLE));
	spin_unlock(lock);
	atomic_long_add(PAGE_SIZE, &mm->pgtables_bytes);
	return true;
}

/* The entry for a page, with all tables on the way; NULL when there is no memory. */
pte_t *pte_alloc_map(struct mm_struct *mm, unsigned long address)
{
	spinlock_t *lock = mm == &init_mm ? &pgd_lock : &mm->page_table_lock;
	pgd_t *pgd = pgd_offset(mm, address);
	pud_t *pud;
	pmd_t *pmd;

	if (!populate_entry(mm, &pgd_val(*pgd), lock))
		return NULL;
	pud = pud_offset(p4d_offset(pgd, address), address);
	if (!populate_entry(mm, &pud_val(*pud), lock))
		return NULL;
	pmd = pmd_offset(pud, address);
	if (!populate_entry(mm, &pmd_val(*pmd), lock))
		return NULL;
	return pte_offset_kernel(pmd, address);
}

pte_t *pte_alloc_kernel(unsigned long address)
{
	return pte_alloc_map(&init_mm, address);
}

/* The entry for a page if its tables exist. */
pte_t *lookup_address_in_mm(struct mm_struct *mm, unsigned long address)
{
	pgd_t *pgd = pgd_offset(mm, address);
	pud_t *pud;
	pmd_t *pmd;

	if (pgd_none(*pgd))
		return NULL;
	pud = pud_offset(p4d_offset(pgd, address), address);
	if (pud_none(*pud))
		return NULL;
	pmd = pmd_offset(pud, address);
	if (pmd_none(*pmd) || pmd_large(*pmd))
		return NULL;
	return pte_offset_kernel(pmd, address);
}

/* Give back the tables of the user half; the pages they mapped are already gone. */
void free_pgtables(struct mm_struct *mm)
{
	struct page *page, *next;

	/* A CPU may still have this mm loaded, for a kernel thread: it must not walk into freed tables. */
	memset(mm->pgd, 0, KERNEL_PGD_BOUNDARY * sizeof(pgd_t));
	flush_tlb_mm(mm);
	list_for_each_entry_safe(page, next, &mm->pgtable_pages, lru) {
		list_del(&page->lru);
		__free_page(page);
	}
	atomic_long_set(&mm->pgtables_bytes, 0);
}
