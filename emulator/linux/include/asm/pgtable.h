/*
 * Page tables: four levels of 512 entries. The fifth (p4d) is folded into the first, so that code written for five
 * levels reads the same.
 */
#ifndef _ASM_PGTABLE_H
#define _ASM_PGTABLE_H

#include <linux/mm_types.h>
#include <asm/page.h>
#include <asm/special_insns.h>

#define _PAGE_PRESENT 0x001UL
#define _PAGE_RW 0x002UL
#define _PAGE_USER 0x004UL
#define _PAGE_ACCESSED 0x020UL
#define _PAGE_DIRTY 0x040UL
#define _PAGE_PSE 0x080UL
#define _PAGE_GLOBAL 0x100UL
#define _PAGE_SPECIAL 0x200UL	/* software bit: no struct page reference behind it */
#define _PAGE_PROTNONE _PAGE_GLOBAL	/* with present clear: a page that nobody may touch */
#define _PAGE_NX (1UL << 63)
#define _PAGE_TABLE (_PAGE_PRESENT | _PAGE_RW | _PAGE_USER | _PAGE_ACCESSED | _PAGE_DIRTY)
#define _KERNPG_TABLE (_PAGE_PRESENT | _PAGE_RW | _PAGE_ACCESSED | _PAGE_DIRTY)
#define PTE_PFN_MASK 0x000ffffffffff000UL
#define PTE_FLAGS_MASK (~PTE_PFN_MASK)

#define __pte(x) ((pte_t) { (x) })
#define __pmd(x) ((pmd_t) { (x) })
#define __pud(x) ((pud_t) { (x) })
#define __pgd(x) ((pgd_t) { (x) })
#define __pgprot(x) ((pgprot_t) { (x) })
#define pgprot_val(x) ((x).pgprot)
#define pte_val(x) ((x).pte)
#define pmd_val(x) ((x).pmd)
#define pud_val(x) ((x).pud)
#define pgd_val(x) ((x).pgd)
#define PAGE_KERNEL __pgprot(_KERNPG_TABLE)
#define PAGE_KERNEL_EXEC PAGE_KERNEL
#define PAGE_NONE __pgprot(_PAGE_PROTNONE | _PAGE_ACCESSED)
#define PAGE_READONLY __pgprot(_PAGE_PRESENT | _PAGE_USER | _PAGE_ACCESSED)
#define PAGE_SHARED __pgprot(_PAGE_PRESENT | _PAGE_RW | _PAGE_USER | _PAGE_ACCESSED)

#define PGDIR_SHIFT 39
#define PUD_SHIFT 30
#define PMD_SHIFT 21
#define PGDIR_SIZE (1UL << PGDIR_SHIFT)
#define PUD_SIZE (1UL << PUD_SHIFT)
#define PMD_SIZE (1UL << PMD_SHIFT)
#define PTRS_PER_PGD 512
#define PTRS_PER_PUD 512
#define PTRS_PER_PMD 512
#define PTRS_PER_PTE 512
#define KERNEL_PGD_BOUNDARY 256

#define pgd_index(address) (((address) >> PGDIR_SHIFT) & 511)
#define pud_index(address) (((address) >> PUD_SHIFT) & 511)
#define pmd_index(address) (((address) >> PMD_SHIFT) & 511)
#define pte_index(address) (((address) >> PAGE_SHIFT) & 511)

/* Where the next entry range of this level ends, or `end` if that is nearer. */
#define __addr_end(addr, end, size) \
	({ unsigned long __boundary = ((addr) + (size)) & ~((size) - 1); __boundary - 1 < (end) - 1 ? __boundary : (end); })
#define pgd_addr_end(addr, end) __addr_end(addr, end, PGDIR_SIZE)
#define pud_addr_end(addr, end) __addr_end(addr, end, PUD_SIZE)
#define pmd_addr_end(addr, end) __addr_end(addr, end, PMD_SIZE)

#define pgd_none(pgd) (pgd_val(pgd) == 0)
#define pud_none(pud) (pud_val(pud) == 0)
#define pmd_none(pmd) (pmd_val(pmd) == 0)
#define pte_none(pte) (pte_val(pte) == 0)
#define pte_present(pte) (pte_val(pte) & (_PAGE_PRESENT | _PAGE_PROTNONE))
#define pte_write(pte) (pte_val(pte) & _PAGE_RW)
#define pte_dirty(pte) (pte_val(pte) & _PAGE_DIRTY)
#define pte_young(pte) (pte_val(pte) & _PAGE_ACCESSED)
#define pte_special(pte) (pte_val(pte) & _PAGE_SPECIAL)
#define pte_pfn(pte) ((pte_val(pte) & PTE_PFN_MASK) >> PAGE_SHIFT)
#define pte_page(pte) pfn_to_page(pte_pfn(pte))
#define pte_flags(pte) (pte_val(pte) & PTE_FLAGS_MASK)
#define pte_wrprotect(pte) __pte(pte_val(pte) & ~_PAGE_RW)
#define pte_mkwrite(pte) __pte(pte_val(pte) | _PAGE_RW)
#define pte_mkdirty(pte) __pte(pte_val(pte) | _PAGE_DIRTY)
#define pte_mkclean(pte) __pte(pte_val(pte) & ~_PAGE_DIRTY)
#define pte_mkyoung(pte) __pte(pte_val(pte) | _PAGE_ACCESSED)
#define pte_mkspecial(pte) __pte(pte_val(pte) | _PAGE_SPECIAL)
#define pte_same(a, b) (pte_val(a) == pte_val(b))
#define pfn_pte(pfn, prot) __pte(((unsigned long)(pfn) << PAGE_SHIFT) | pgprot_val(prot))
#define mk_pte(page, prot) pfn_pte(page_to_pfn(page), prot)
#define set_pte(ptep, pte) WRITE_ONCE(*(ptep), pte)
#define set_pte_at(mm, addr, ptep, pte) set_pte(ptep, pte)
#define set_pmd(pmdp, pmd) WRITE_ONCE(*(pmdp), pmd)
#define pte_clear(mm, addr, ptep) set_pte(ptep, __pte(0))

static inline pgd_t *pgd_offset_pgd(pgd_t *pgd, unsigned long address)
{
	return pgd + pgd_index(address);
}

#define pgd_offset(mm, address) pgd_offset_pgd((mm)->pgd, address)
#define pgd_offset_k(address) pgd_offset(&init_mm, address)
#define p4d_offset(pgd, address) ((p4d_t *)(pgd))
#define p4d_none(p4d) ((p4d).p4d == 0)
#define p4d_bad(p4d) 0
#define pgd_bad(pgd) 0
#define pud_bad(pud) 0
#define pmd_bad(pmd) 0

static inline pud_t *pud_offset(p4d_t *p4d, unsigned long address)
{
	return (pud_t *)__va(p4d->p4d & PTE_PFN_MASK) + pud_index(address);
}

static inline pmd_t *pmd_offset(pud_t *pud, unsigned long address)
{
	return (pmd_t *)__va(pud_val(*pud) & PTE_PFN_MASK) + pmd_index(address);
}

static inline pte_t *pte_offset_kernel(pmd_t *pmd, unsigned long address)
{
	return (pte_t *)__va(pmd_val(*pmd) & PTE_PFN_MASK) + pte_index(address);
}

#define pte_offset_map(pmd, address) pte_offset_kernel(pmd, address)
#define pte_unmap(pte) ((void)(pte))
#define pmd_large(pmd) (pmd_val(pmd) & _PAGE_PSE)

extern pgd_t *pgd_alloc(struct mm_struct *mm);
extern void pgd_free(struct mm_struct *mm, pgd_t *pgd);
extern pte_t *pte_alloc_map(struct mm_struct *mm, unsigned long address);
extern pte_t *lookup_address_in_mm(struct mm_struct *mm, unsigned long address);
extern pte_t *pte_alloc_kernel(unsigned long address);

/* tlb.c */
extern void flush_tlb_mm_range(struct mm_struct *mm, unsigned long start, unsigned long end);
extern void flush_tlb_kernel_range(unsigned long start, unsigned long end);
extern void switch_mm(struct mm_struct *prev, struct mm_struct *next, struct task_struct *tsk);
extern void switch_mm_irqs_off(struct mm_struct *prev, struct mm_struct *next, struct task_struct *tsk);
#define flush_tlb_mm(mm) flush_tlb_mm_range(mm, 0, ~0UL)
#define flush_tlb_page(vma, addr) flush_tlb_mm_range((vma)->vm_mm, addr, (addr) + PAGE_SIZE)
#define flush_tlb_range(vma, start, end) flush_tlb_mm_range((vma)->vm_mm, start, end)
#define ZERO_PAGE(vaddr) virt_to_page(empty_zero_page)
extern unsigned char empty_zero_page[4096];

#endif
