/*
 * Changing areas that exist: their rights (mprotect), their size and place (mremap), the promise to need them (madvise,
 * msync).
 */
#include <linux/err.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/mman.h>
#include <linux/sched.h>
#include <linux/security.h>
#include <linux/syscalls.h>
#include <asm/pgtable.h>

#include "internal.h"

static int protect_one_page(struct mm_struct *mm, struct vm_area_struct *vma, unsigned long addr)
{
	pte_t *pte = lookup_address_in_mm(mm, addr);

	if (!pte || pte_none(*pte))
		return 0;
	/* The right to write comes back by a fault, which knows whether a copy is needed. */
	set_pte(pte, __pte((pte_val(*pte) & (PTE_PFN_MASK | _PAGE_DIRTY | _PAGE_SPECIAL)) | pgprot_val(vma->vm_page_prot)));
	return 1;
}

static int mprotect_fixup(struct mm_struct *mm, struct vm_area_struct *vma, unsigned long newflags)
{
	unsigned long addr;

	vma->vm_flags = newflags;
	vma->vm_page_prot = vm_get_page_prot(newflags);
	for (addr = vma->vm_start; addr < vma->vm_end; addr += PAGE_SIZE)
		protect_one_page(mm, vma, addr);
	flush_tlb_range(vma, vma->vm_start, vma->vm_end);
	return 0;
}

SYSCALL_DEFINE3(mprotect, unsigned long, start, size_t, len, unsigned long, prot)
{
	struct mm_struct *mm = current->mm;
	unsigned long end = start + PAGE_ALIGN(len), addr = start;
	struct vm_area_struct *vma;
	int error = 0;

	if (offset_in_page(start) || (prot & ~(PROT_READ | PROT_WRITE | PROT_EXEC | PROT_SEM)))
		return -EINVAL;
	if (!len)
		return 0;
	if (end <= start)
		return -ENOMEM;
	if (mmap_write_lock_killable(mm))
		return -EINTR;
	while (addr < end && !error) {
		unsigned long newflags;

		vma = find_vma(mm, addr);
		if (!vma || vma->vm_start > addr) {
			error = -ENOMEM;
			break;
		}
		newflags = calc_vm_prot_bits(prot) | (vma->vm_flags & ~(VM_READ | VM_WRITE | VM_EXEC));
		if ((newflags & ~(newflags >> 4)) & (VM_READ | VM_WRITE | VM_EXEC)) {
			error = -EACCES;
			break;
		}
		error = security_file_mprotect(vma, prot, prot);
		if (!error && vma->vm_start < addr) {
			error = __split_vma(mm, vma, addr);
			vma = vma->vm_next;
		}
		if (!error && vma->vm_end > end)
			error = __split_vma(mm, vma, end);
		if (!error)
			error = mprotect_fixup(mm, vma, newflags);
		addr = vma->vm_end;
	}
	mmap_write_unlock(mm);
	return error;
}

/* Only what needs no moving of page tables: shrinking in place, growing in place, and moving by copying contents. */
SYSCALL_DEFINE5(mremap, unsigned long, addr, unsigned long, old_len, unsigned long, new_len, unsigned long, flags,
		unsigned long, new_addr)
{
	struct mm_struct *mm = current->mm;
	struct vm_area_struct *vma;
	unsigned long ret = -EINVAL, i;

	old_len = PAGE_ALIGN(old_len);
	new_len = PAGE_ALIGN(new_len);
	if (offset_in_page(addr) || !new_len || (flags & ~MREMAP_MAYMOVE))
		return -EINVAL;
	if (mmap_write_lock_killable(mm))
		return -EINTR;
	vma = find_vma(mm, addr);
	if (!vma || vma->vm_start > addr || vma->vm_end < addr + old_len) {
		ret = -EFAULT;
		goto out;
	}
	if (new_len <= old_len) {
		ret = new_len < old_len ? do_munmap(mm, addr + new_len, old_len - new_len) : 0;
		if (!ret)
			ret = addr;
		goto out;
	}
	if (vma->vm_end == addr + old_len && (!vma->vm_next || vma->vm_next->vm_start >= addr + new_len)) {
		vma->vm_end += new_len - old_len;
		mm->total_vm += (new_len - old_len) >> PAGE_SHIFT;
		ret = addr;
		goto out;
	}
	ret = -ENOMEM;
	if (!(flags & MREMAP_MAYMOVE) || vma->vm_file || (vma->vm_flags & VM_SHARED))
		goto out;
	ret = get_unmapped_area(NULL, 0, new_len, 0, 0);
	if (IS_ERR_VALUE(ret))
		goto out;
	ret = mmap_region(NULL, ret, new_len, vma->vm_flags, ret >> PAGE_SHIFT);
	if (IS_ERR_VALUE(ret))
		goto out;
	for (i = 0; i < old_len; i += PAGE_SIZE) {
		pte_t *from = lookup_address_in_mm(mm, addr + i), *to;

		if (!from || pte_none(*from))
			continue;
		to = pte_alloc_map(mm, ret + i);
		if (!to)
			break;
		set_pte(to, *from);
		set_pte(from, __pte(0));
	}
	find_vma(mm, ret)->anon_vma = vma->anon_vma;
	flush_tlb_mm_range(mm, addr, addr + old_len);
	do_munmap(mm, addr, old_len);
out:
	mmap_write_unlock(mm);
	return ret;
}

/* What madvise(2) lists up to Linux 6.1. Only MADV_DONTNEED changes anything here. */
static bool madvise_behavior_valid(int behavior)
{
	return (behavior >= 0 && behavior <= 4) || (behavior >= 8 && behavior <= 25);
}

SYSCALL_DEFINE3(madvise, unsigned long, start, size_t, len, int, behavior)
{
	struct mm_struct *mm = current->mm;
	struct vm_area_struct *vma;
	unsigned long end = start + PAGE_ALIGN(len), reached = start;
	int error = 0;

	if (offset_in_page(start) || end < start || !madvise_behavior_valid(behavior))
		return -EINVAL;
	mmap_write_lock(mm);
	for (vma = find_vma(mm, start); vma && vma->vm_start < end; vma = vma->vm_next) {
		if (vma->vm_start > reached)
			error = -ENOMEM;	/* a gap; the rest is done all the same */
		if (behavior == MADV_DONTNEED)
			unmap_page_range(mm, max(start, vma->vm_start), min(end, vma->vm_end));
		reached = vma->vm_end;
	}
	if (reached < end)
		error = -ENOMEM;
	mmap_write_unlock(mm);
	return error;
}

/* Pages of a shared mapping are the file's own pages here: there is nothing to write back. */
SYSCALL_DEFINE3(msync, unsigned long, start, size_t, len, int, flags)
{
	struct vm_area_struct *vma;
	int error = 0;

	if (offset_in_page(start) || (flags & ~(MS_ASYNC | MS_INVALIDATE | MS_SYNC)) ||
	    ((flags & MS_ASYNC) && (flags & MS_SYNC)))
		return -EINVAL;
	mmap_read_lock(current->mm);
	vma = find_vma(current->mm, start);
	if (!vma || vma->vm_start > start)
		error = -ENOMEM;
	mmap_read_unlock(current->mm);
	return error;
}
