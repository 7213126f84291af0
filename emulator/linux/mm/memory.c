/*
 * Pages of programs. An area promises addresses; the pages come when they are touched: zeroed ones for anonymous
 * memory, those of the file for mappings, a private copy when a shared page of a private area is written (fork's
 * copy-on-write, and the data of programs).
 */
#include <linux/fs.h>
#include <linux/highmem.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/sched.h>
#include <linux/string.h>
#include <linux/uaccess.h>
#include <asm/pgtable.h>

static int mm_counter(struct page *page)
{
	return PageAnon(page) ? MM_ANONPAGES : MM_FILEPAGES;
}

static bool is_zero_pfn(unsigned long pfn)
{
	return pfn == page_to_pfn(ZERO_PAGE(0));
}

/* The page behind an entry, if it is one that we count references of. */
static struct page *vm_normal_page(pte_t pte)
{
	if (!pte_present(pte) || pte_special(pte) || is_zero_pfn(pte_pfn(pte)) || !pfn_valid(pte_pfn(pte)))
		return NULL;
	return pte_page(pte);
}

static void page_add_new_anon_rmap(struct page *page, struct vm_area_struct *vma)
{
	page->mapping = (struct address_space *)((unsigned long)vma->vm_mm | PAGE_MAPPING_ANON);
	atomic_set(&page->_mapcount, 0);
	vma->anon_vma = vma;
}

static pte_t maybe_mkwrite(pte_t pte, struct vm_area_struct *vma)
{
	return (vma->vm_flags & VM_WRITE) ? pte_mkwrite(pte) : pte;
}

/* First touch of anonymous memory. A read gets the one page of zeros until somebody writes. */
static vm_fault_t do_anonymous_page(struct vm_fault *vmf)
{
	struct vm_area_struct *vma = vmf->vma;
	struct page *page;
	pte_t entry;

	if (!(vmf->flags & FAULT_FLAG_WRITE)) {
		entry = pte_mkspecial(pfn_pte(page_to_pfn(ZERO_PAGE(0)), vma->vm_page_prot));
		spin_lock(vmf->ptl);
		if (pte_none(*vmf->pte))
			set_pte(vmf->pte, entry);
		spin_unlock(vmf->ptl);
		return 0;
	}
	page = alloc_page(GFP_HIGHUSER_MOVABLE | __GFP_ZERO);
	if (!page)
		return VM_FAULT_OOM;
	entry = pte_mkdirty(maybe_mkwrite(mk_pte(page, vma->vm_page_prot), vma));
	spin_lock(vmf->ptl);
	if (!pte_none(*vmf->pte)) {
		spin_unlock(vmf->ptl);
		put_page(page);
		return 0;
	}
	page_add_new_anon_rmap(page, vma);
	inc_mm_counter(vma->vm_mm, MM_ANONPAGES);
	set_pte(vmf->pte, entry);
	spin_unlock(vmf->ptl);
	return 0;
}

static vm_fault_t __do_fault(struct vm_fault *vmf)
{
	vm_fault_t ret = vmf->vma->vm_ops->fault(vmf);

	if (ret & (VM_FAULT_ERROR | VM_FAULT_NOPAGE))
		return ret;
	if (!vmf->page)
		return VM_FAULT_SIGBUS;
	return ret;
}

/* Put the page that the handler found, or our copy of it, into the page table. Consumes a reference. */
static vm_fault_t finish_fault(struct vm_fault *vmf, struct page *page, bool anon)
{
	struct vm_area_struct *vma = vmf->vma;
	bool write = vmf->flags & FAULT_FLAG_WRITE;
	pte_t entry = mk_pte(page, vma->vm_page_prot);

	if (write)
		entry = pte_mkdirty(maybe_mkwrite(entry, vma));
	spin_lock(vmf->ptl);
	if (!pte_none(*vmf->pte)) {
		spin_unlock(vmf->ptl);
		put_page(page);
		return VM_FAULT_NOPAGE;
	}
	if (anon)
		page_add_new_anon_rmap(page, vma);
	else
		atomic_inc(&page->_mapcount);
	inc_mm_counter(vma->vm_mm, anon ? MM_ANONPAGES : MM_FILEPAGES);
	set_pte(vmf->pte, entry);
	spin_unlock(vmf->ptl);
	return 0;
}

static vm_fault_t do_read_fault(struct vm_fault *vmf)
{
	vm_fault_t ret = __do_fault(vmf);

	if (ret & (VM_FAULT_ERROR | VM_FAULT_NOPAGE))
		return ret;
	return ret | finish_fault(vmf, vmf->page, false);
}

/* A write to a private mapping of a file: the program gets a page of its own at once. */
static vm_fault_t do_cow_fault(struct vm_fault *vmf)
{
	vm_fault_t ret;

	vmf->cow_page = alloc_page(GFP_HIGHUSER_MOVABLE);
	if (!vmf->cow_page)
		return VM_FAULT_OOM;
	ret = __do_fault(vmf);
	if (ret & (VM_FAULT_ERROR | VM_FAULT_NOPAGE)) {
		put_page(vmf->cow_page);
		return ret;
	}
	copy_page(page_address(vmf->cow_page), page_address(vmf->page));
	put_page(vmf->page);
	return ret | finish_fault(vmf, vmf->cow_page, true);
}

static vm_fault_t do_shared_fault(struct vm_fault *vmf)
{
	vm_fault_t ret = __do_fault(vmf);

	if (ret & (VM_FAULT_ERROR | VM_FAULT_NOPAGE))
		return ret;
	SetPageDirty(vmf->page);
	return ret | finish_fault(vmf, vmf->page, false);
}

static vm_fault_t do_fault(struct vm_fault *vmf)
{
	if (!vmf->vma->vm_ops->fault)
		return VM_FAULT_SIGBUS;
	if (!(vmf->flags & FAULT_FLAG_WRITE))
		return do_read_fault(vmf);
	if (!(vmf->vma->vm_flags & VM_SHARED))
		return do_cow_fault(vmf);
	return do_shared_fault(vmf);
}

static vm_fault_t wp_page_copy(struct vm_fault *vmf, struct page *old_page)
{
	struct vm_area_struct *vma = vmf->vma;
	struct page *new_page = alloc_page(GFP_HIGHUSER_MOVABLE);

	if (!new_page)
		return VM_FAULT_OOM;
	copy_page(page_address(new_page), old_page ? page_address(old_page) : (void *)empty_zero_page);
	spin_lock(vmf->ptl);
	if (!pte_same(*vmf->pte, vmf->orig_pte)) {
		spin_unlock(vmf->ptl);
		put_page(new_page);
		return 0;
	}
	page_add_new_anon_rmap(new_page, vma);
	if (!old_page || !PageAnon(old_page)) {
		if (old_page)
			dec_mm_counter(vma->vm_mm, MM_FILEPAGES);
		inc_mm_counter(vma->vm_mm, MM_ANONPAGES);
	}
	set_pte(vmf->pte, pte_mkdirty(maybe_mkwrite(mk_pte(new_page, vma->vm_page_prot), vma)));
	spin_unlock(vmf->ptl);
	flush_tlb_page(vma, vmf->address);
	if (old_page) {
		atomic_dec(&old_page->_mapcount);
		put_page(old_page);
	}
	return VM_FAULT_DONE_COW;
}

/* A write to a page that is mapped read-only in a writable area. The page table lock is held, and is released. */
static vm_fault_t do_wp_page(struct vm_fault *vmf)
{
	struct vm_area_struct *vma = vmf->vma;
	struct page *page = vm_normal_page(vmf->orig_pte);

	/* Shared memory, or a page that nobody else has: it only needs the right to be written. */
	if (page && ((vma->vm_flags & VM_SHARED) || (PageAnon(page) && page_count(page) == 1))) {
		set_pte(vmf->pte, pte_mkdirty(pte_mkyoung(maybe_mkwrite(vmf->orig_pte, vma))));
		if (vma->vm_flags & VM_SHARED)
			SetPageDirty(page);
		spin_unlock(vmf->ptl);
		flush_tlb_page(vma, vmf->address);
		return 0;
	}
	spin_unlock(vmf->ptl);
	return wp_page_copy(vmf, page);
}

static vm_fault_t handle_pte_fault(struct vm_fault *vmf)
{
	vmf->orig_pte = READ_ONCE(*vmf->pte);
	if (pte_none(vmf->orig_pte))
		return vmf->vma->vm_ops ? do_fault(vmf) : do_anonymous_page(vmf);

	spin_lock(vmf->ptl);
	if (!pte_same(*vmf->pte, vmf->orig_pte)) {
		spin_unlock(vmf->ptl);
		return 0;
	}
	if ((vmf->flags & FAULT_FLAG_WRITE) && !pte_write(vmf->orig_pte))
		return do_wp_page(vmf);
	set_pte(vmf->pte, pte_mkyoung(vmf->orig_pte));
	spin_unlock(vmf->ptl);
	flush_tlb_page(vmf->vma, vmf->address);
	return 0;
}

noinline vm_fault_t __handle_mm_fault(struct vm_area_struct *vma, unsigned long address, unsigned int flags)
{
	struct vm_fault vmf = {
		.vma = vma,
		.address = address & PAGE_MASK,
		.real_address = address,
		.flags = flags,
		.pgoff = ((address - vma->vm_start) >> PAGE_SHIFT) + vma->vm_pgoff,
		.gfp_mask = GFP_KERNEL,
		.ptl = &vma->vm_mm->page_table_lock,
	};

	vmf.pte = pte_alloc_map(vma->vm_mm, vmf.address);
	if (!vmf.pte)
		return VM_FAULT_OOM;
	return handle_pte_fault(&vmf);
}

/* The architecture's page fault handler comes here with the area that holds the address; mmap_lock is held. */
vm_fault_t handle_mm_fault(struct vm_area_struct *vma, unsigned long address, unsigned int flags, struct pt_regs *regs)
{
	vm_fault_t ret;

	__set_current_state(TASK_RUNNING);
	ret = __handle_mm_fault(vma, address, flags);
	if (regs && !(ret & VM_FAULT_ERROR)) {
		if (ret & VM_FAULT_MAJOR)
			current->maj_flt++;
		else
			current->min_flt++;
	}
	return ret;
}
EXPORT_SYMBOL_GPL(handle_mm_fault);

/* Share a page with the child. In private areas both sides lose the right to write: the first write makes a copy. */
static void copy_present_pte(struct vm_area_struct *dst_vma, struct vm_area_struct *src_vma, pte_t *dst_pte, pte_t *src_pte)
{
	struct page *page = vm_normal_page(*src_pte);
	pte_t pte = *src_pte;

	if (page) {
		get_page(page);
		atomic_inc(&page->_mapcount);
		inc_mm_counter(dst_vma->vm_mm, mm_counter(page));
	}
	if ((src_vma->vm_flags & (VM_SHARED | VM_MAYWRITE)) == VM_MAYWRITE && pte_write(pte)) {
		pte = pte_wrprotect(pte);
		set_pte(src_pte, pte);
	}
	if (src_vma->vm_flags & VM_SHARED)
		pte = pte_mkclean(pte);
	set_pte(dst_pte, pte);
}

/* Call fn for every entry in the range whose tables exist. Stops at the first non-zero result. */
static int walk_ptes(struct mm_struct *mm, unsigned long start, unsigned long end,
		     int (*fn)(pte_t *pte, unsigned long addr, void *arg), void *arg)
{
	unsigned long addr = start;
	int ret;

	while (addr < end) {
		pte_t *pte = lookup_address_in_mm(mm, addr);
		unsigned long next = pmd_addr_end(addr, end);

		if (!pte) {
			addr = next;
			continue;
		}
		for (; addr < next; addr += PAGE_SIZE, pte++) {
			if (pte_none(*pte))
				continue;
			ret = fn(pte, addr, arg);
			if (ret)
				return ret;
		}
	}
	return 0;
}

struct copy_range {
	struct vm_area_struct *dst_vma, *src_vma;
};

static int copy_one_pte(pte_t *src_pte, unsigned long addr, void *arg)
{
	struct copy_range *range = arg;
	pte_t *dst_pte = pte_alloc_map(range->dst_vma->vm_mm, addr);

	if (!dst_pte)
		return -ENOMEM;
	copy_present_pte(range->dst_vma, range->src_vma, dst_pte, src_pte);
	return 0;
}

/* fork: the pages of one area. Pages of a shared file mapping are left for the child to fault in itself. */
int copy_page_range(struct vm_area_struct *dst_vma, struct vm_area_struct *src_vma)
{
	struct copy_range range = { dst_vma, src_vma };

	if (!src_vma->anon_vma && src_vma->vm_ops && !(src_vma->vm_flags & VM_PFNMAP))
		return 0;
	return walk_ptes(src_vma->vm_mm, src_vma->vm_start, src_vma->vm_end, copy_one_pte, &range);
}

/*
 * Pages that have been unmapped but may still be in some CPU's TLB: they must not be used for anything else before all
 * CPUs have forgotten them.
 */
struct mmu_gather {
	struct mm_struct *mm;
	unsigned long start, end; /* what has been unmapped since the last flush */
	unsigned int nr;
	struct page *pages[48];
};

static void tlb_flush_mmu(struct mmu_gather *tlb)
{
	unsigned int i;

	if (tlb->start < tlb->end)
		flush_tlb_mm_range(tlb->mm, tlb->start, tlb->end);
	for (i = 0; i < tlb->nr; i++)
		put_page(tlb->pages[i]);
	tlb->nr = 0;
	tlb->start = tlb->end;
}

static int zap_one_pte(pte_t *pte, unsigned long addr, void *arg)
{
	struct mmu_gather *tlb = arg;
	struct page *page = vm_normal_page(*pte);

	if (page) {
		if (pte_dirty(*pte) && !PageAnon(page))
			SetPageDirty(page);
		dec_mm_counter(tlb->mm, mm_counter(page));
		atomic_dec(&page->_mapcount);
		tlb->pages[tlb->nr++] = page;
	}
	set_pte(pte, __pte(0));
	if (tlb->start == tlb->end)
		tlb->start = addr;
	tlb->end = addr + PAGE_SIZE;
	if (tlb->nr == ARRAY_SIZE(tlb->pages))
		tlb_flush_mmu(tlb);
	return 0;
}

/* Remove the pages of a range. The caller holds mmap_lock for writing, or is the last user of the address space. */
void unmap_page_range(struct mm_struct *mm, unsigned long start, unsigned long end)
{
	struct mmu_gather tlb = { .mm = mm };

	walk_ptes(mm, start, end, zap_one_pte, &tlb);
	tlb_flush_mmu(&tlb);
}

/* The page behind a user address, brought in if need be. A reference is taken. mmap_lock is held. */
static struct page *get_user_page(struct mm_struct *mm, unsigned long addr, unsigned int gup_flags)
{
	struct vm_area_struct *vma = find_vma(mm, addr);
	bool write = gup_flags & FOLL_WRITE;
	pte_t *pte;
	int tries;

	if (!vma || addr < vma->vm_start)
		return NULL;
	if (!(gup_flags & FOLL_FORCE) && !(vma->vm_flags & (write ? VM_WRITE : VM_READ)))
		return NULL;
	for (tries = 0; tries < 4; tries++) {
		pte = lookup_address_in_mm(mm, addr);
		if (pte && pte_present(*pte) && (!write || pte_write(*pte)) && pfn_valid(pte_pfn(*pte))) {
			struct page *page = pte_page(*pte);

			get_page(page);
			return page;
		}
		if (handle_mm_fault(vma, addr, (write ? FAULT_FLAG_WRITE : 0) | FAULT_FLAG_REMOTE, NULL) & VM_FAULT_ERROR)
			return NULL;
	}
	return NULL;
}

long get_user_pages_remote(struct mm_struct *mm, unsigned long start, unsigned long nr_pages, unsigned int gup_flags,
			   struct page **pages, struct vm_area_struct **vmas, int *locked)
{
	unsigned long i;

	for (i = 0; i < nr_pages; i++) {
		struct page *page = get_user_page(mm, start + i * PAGE_SIZE, gup_flags);

		if (!page)
			return i ? (long)i : -EFAULT;
		if (pages)
			pages[i] = page;
		else
			put_page(page);
		if (vmas)
			vmas[i] = find_vma(mm, start + i * PAGE_SIZE);
	}
	return (long)nr_pages;
}
EXPORT_SYMBOL(get_user_pages_remote);

/* Read or write another address space's memory; returns how many bytes could be moved. */
int access_remote_vm(struct mm_struct *mm, unsigned long addr, void *buf, int len, unsigned int gup_flags)
{
	int done = 0;

	mmap_read_lock(mm);
	while (done < len) {
		struct page *page = get_user_page(mm, addr + done, gup_flags);
		int offset = offset_in_page(addr + done), bytes = min_t(int, len - done, PAGE_SIZE - offset);

		if (!page)
			break;
		if (gup_flags & FOLL_WRITE)
			memcpy(page_address(page) + offset, buf + done, bytes);
		else
			memcpy(buf + done, page_address(page) + offset, bytes);
		put_page(page);
		done += bytes;
	}
	mmap_read_unlock(mm);
	return done;
}
EXPORT_SYMBOL_GPL(access_remote_vm);

int access_process_vm(struct task_struct *tsk, unsigned long addr, void *buf, int len, unsigned int gup_flags)
{
	struct mm_struct *mm = get_task_mm(tsk);
	int ret = 0;

	if (mm) {
		ret = access_remote_vm(mm, addr, buf, len, gup_flags);
		mmput(mm);
	}
	return ret;
}
EXPORT_SYMBOL_GPL(access_process_vm);

/* Map page frames that have no struct page of ours. */
/* A driver's page in a shared writable area is writable from the beginning: there is nothing to copy it to. */
static pte_t mk_shared(struct vm_area_struct *vma, pte_t pte)
{
	if ((vma->vm_flags & (VM_SHARED | VM_WRITE)) == (VM_SHARED | VM_WRITE))
		pte = pte_mkwrite(pte_mkdirty(pte));
	return pte;
}

int remap_pfn_range(struct vm_area_struct *vma, unsigned long addr, unsigned long pfn, unsigned long size, pgprot_t prot)
{
	unsigned long end = addr + PAGE_ALIGN(size);

	vma->vm_flags |= VM_IO | VM_PFNMAP | VM_DONTEXPAND;
	for (; addr < end; addr += PAGE_SIZE, pfn++) {
		pte_t *pte = pte_alloc_map(vma->vm_mm, addr);

		if (!pte)
			return -ENOMEM;
		set_pte(pte, mk_shared(vma, pte_mkspecial(pfn_pte(pfn, prot))));
	}
	return 0;
}
EXPORT_SYMBOL(remap_pfn_range);

int vm_insert_page(struct vm_area_struct *vma, unsigned long addr, struct page *page)
{
	pte_t *pte = pte_alloc_map(vma->vm_mm, addr);

	if (!pte)
		return -ENOMEM;
	if (!pte_none(*pte))
		return -EBUSY;
	get_page(page);
	atomic_inc(&page->_mapcount);
	inc_mm_counter(vma->vm_mm, MM_FILEPAGES);
	set_pte(pte, mk_shared(vma, mk_pte(page, vma->vm_page_prot)));
	return 0;
}
EXPORT_SYMBOL(vm_insert_page);
