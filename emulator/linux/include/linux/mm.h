/* Memory management as the rest of the kernel sees it: areas, faults, mappings, page references. */
#ifndef _LINUX_MM_H
#define _LINUX_MM_H

#include <linux/errno.h>
#include <linux/gfp.h>
#include <linux/kernel.h>
#include <linux/list.h>
#include <linux/mm_types.h>
#include <linux/mman.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/vmalloc.h>
#include <asm/pgtable.h>

#define VM_NONE 0x00000000
#define VM_READ 0x00000001
#define VM_WRITE 0x00000002
#define VM_EXEC 0x00000004
#define VM_SHARED 0x00000008
#define VM_MAYREAD 0x00000010
#define VM_MAYWRITE 0x00000020
#define VM_MAYEXEC 0x00000040
#define VM_MAYSHARE 0x00000080
#define VM_GROWSDOWN 0x00000100
#define VM_PFNMAP 0x00000400
#define VM_LOCKED 0x00002000
#define VM_IO 0x00004000
#define VM_DONTCOPY 0x00020000
#define VM_DONTEXPAND 0x00040000
#define VM_ACCOUNT 0x00100000
#define VM_NORESERVE 0x00200000
#define VM_STACK VM_GROWSDOWN
#define VM_STACK_FLAGS (VM_READ | VM_WRITE | VM_MAYREAD | VM_MAYWRITE | VM_MAYEXEC | VM_GROWSDOWN)
#define VM_DATA_DEFAULT_FLAGS (VM_READ | VM_WRITE | VM_MAYREAD | VM_MAYWRITE | VM_MAYEXEC)

/* A fault being handled: what was touched and how; handlers fill in page. */
struct vm_fault {
	struct vm_area_struct *vma;
	unsigned int flags;
	gfp_t gfp_mask;
	pgoff_t pgoff;
	unsigned long address;
	unsigned long real_address;
	pmd_t *pmd;
	pud_t *pud;
	pte_t orig_pte;
	struct page *cow_page;
	struct page *page;
	pte_t *pte;
	spinlock_t *ptl;
};

struct vm_operations_struct {
	void (*open)(struct vm_area_struct *area);
	void (*close)(struct vm_area_struct *area);
	vm_fault_t (*fault)(struct vm_fault *vmf);
	vm_fault_t (*page_mkwrite)(struct vm_fault *vmf);
	const char *(*name)(struct vm_area_struct *vma);
};

/* Page flags. */
enum pageflags {
	PG_locked,
	PG_referenced,
	PG_uptodate,
	PG_dirty,
	PG_slab,
	PG_reserved,
	PG_private,
	PG_buddy,	/* heads a free block */
	PG_head,	/* heads an allocated block */
	PG_tail,
	PG_writeback,
};
#define PageLocked(page) test_bit(PG_locked, &(page)->flags)
#define PageUptodate(page) test_bit(PG_uptodate, &(page)->flags)
#define SetPageUptodate(page) set_bit(PG_uptodate, &(page)->flags)
#define ClearPageUptodate(page) clear_bit(PG_uptodate, &(page)->flags)
#define PageDirty(page) test_bit(PG_dirty, &(page)->flags)
#define SetPageDirty(page) set_bit(PG_dirty, &(page)->flags)
#define ClearPageDirty(page) clear_bit(PG_dirty, &(page)->flags)
#define PageSlab(page) test_bit(PG_slab, &(page)->flags)
#define PageReserved(page) test_bit(PG_reserved, &(page)->flags)
#define PageAnon(page) (((unsigned long)(page)->mapping & PAGE_MAPPING_ANON) != 0)
#define PAGE_MAPPING_ANON 0x1

static inline struct page *compound_head(struct page *page)
{
	return test_bit(PG_tail, &page->flags) ? page->compound_head : page;
}

#define page_address(page) page_to_virt(page)
#define lowmem_page_address(page) page_to_virt(page)
#define offset_in_thp(page, p) offset_in_page(p)
#define kmap(page) page_address(page)
#define kunmap(page) ((void)(page))
#define kmap_atomic(page) page_address(page)
#define kunmap_atomic(addr) ((void)(addr))
#define kmap_local_page(page) page_address(page)
#define kunmap_local(addr) ((void)(addr))

static inline int page_count(struct page *page)
{
	return atomic_read(&compound_head(page)->_refcount);
}

static inline void set_page_count(struct page *page, int v)
{
	atomic_set(&page->_refcount, v);
}

static inline int page_mapcount(struct page *page)
{
	return atomic_read(&page->_mapcount) + 1;
}

static inline void get_page(struct page *page)
{
	atomic_inc(&compound_head(page)->_refcount);
}

extern void __put_page(struct page *page);

static inline void put_page(struct page *page)
{
	page = compound_head(page);
	if (atomic_dec_and_test(&page->_refcount))
		__put_page(page);
}

static inline struct page *virt_to_head_page(const void *x)
{
	return compound_head(virt_to_page(x));
}

#define offset_in_page(p) ((unsigned long)(p) & ~PAGE_MASK)

static inline unsigned long vma_pages(struct vm_area_struct *vma)
{
	return (vma->vm_end - vma->vm_start) >> PAGE_SHIFT;
}

/* page_alloc.c */
extern unsigned long totalram_pages(void);
extern unsigned long nr_free_pages(void);
struct sysinfo;
extern void si_meminfo(struct sysinfo *val);
extern void mem_init(void);
extern void free_initmem(void);
extern void page_alloc_init(unsigned long memory_size, unsigned long reserved_start, unsigned long reserved_end);

/* memory.c */
extern vm_fault_t handle_mm_fault(struct vm_area_struct *vma, unsigned long address, unsigned int flags,
				  struct pt_regs *regs);
extern int copy_page_range(struct vm_area_struct *dst_vma, struct vm_area_struct *src_vma);
extern void unmap_page_range(struct mm_struct *mm, unsigned long start, unsigned long end);
extern void free_pgtables(struct mm_struct *mm);
extern int access_process_vm(struct task_struct *tsk, unsigned long addr, void *buf, int len, unsigned int gup_flags);
extern int access_remote_vm(struct mm_struct *mm, unsigned long addr, void *buf, int len, unsigned int gup_flags);
extern long get_user_pages_remote(struct mm_struct *mm, unsigned long start, unsigned long nr_pages,
				  unsigned int gup_flags, struct page **pages, struct vm_area_struct **vmas, int *locked);
extern int remap_pfn_range(struct vm_area_struct *vma, unsigned long addr, unsigned long pfn, unsigned long size,
			   pgprot_t prot);
extern int vm_insert_page(struct vm_area_struct *vma, unsigned long addr, struct page *page);
#define FOLL_WRITE 0x01
#define FOLL_FORCE 0x10
#define FOLL_REMOTE 0x2000

/* mmap.c */
extern struct vm_area_struct *find_vma(struct mm_struct *mm, unsigned long addr);
extern struct vm_area_struct *find_vma_prev(struct mm_struct *mm, unsigned long addr, struct vm_area_struct **pprev);
extern struct vm_area_struct *vm_area_alloc(struct mm_struct *mm);
extern struct vm_area_struct *vm_area_dup(struct vm_area_struct *orig);
extern void vm_area_free(struct vm_area_struct *vma);
extern int insert_vm_struct(struct mm_struct *mm, struct vm_area_struct *vma);
extern int expand_stack(struct vm_area_struct *vma, unsigned long address);
extern unsigned long get_unmapped_area(struct file *file, unsigned long addr, unsigned long len, unsigned long pgoff,
				       unsigned long flags);
extern unsigned long do_mmap(struct file *file, unsigned long addr, unsigned long len, unsigned long prot,
			     unsigned long flags, unsigned long pgoff);
extern unsigned long mmap_region(struct file *file, unsigned long addr, unsigned long len, vm_flags_t vm_flags,
				 unsigned long pgoff);
extern int do_munmap(struct mm_struct *mm, unsigned long start, size_t len);
extern int vm_munmap(unsigned long start, size_t len);
extern unsigned long vm_mmap_pgoff(struct file *file, unsigned long addr, unsigned long len, unsigned long prot,
				   unsigned long flag, unsigned long pgoff);
extern unsigned long vm_mmap(struct file *file, unsigned long addr, unsigned long len, unsigned long prot,
			     unsigned long flag, unsigned long offset);
extern int vm_brk_flags(unsigned long addr, unsigned long len, unsigned long flags);
extern void exit_mmap(struct mm_struct *mm);
extern int dup_mmap(struct mm_struct *mm, struct mm_struct *oldmm);
extern pgprot_t vm_get_page_prot(unsigned long vm_flags);

#define VMA_ITERATOR(name, mm_, addr) struct vm_area_struct *name = find_vma(mm_, addr)
#define for_each_vma(vmi, vma_) for (vma_ = (vmi); vma_; vma_ = vma_->vm_next)

static inline void mmap_read_lock(struct mm_struct *mm)
{
	down_read(&mm->mmap_lock);
}

static inline int mmap_read_trylock(struct mm_struct *mm)
{
	return down_read_trylock(&mm->mmap_lock);
}

static inline void mmap_read_unlock(struct mm_struct *mm)
{
	up_read(&mm->mmap_lock);
}

static inline void mmap_write_lock(struct mm_struct *mm)
{
	down_write(&mm->mmap_lock);
}

static inline int mmap_write_lock_killable(struct mm_struct *mm)
{
	return down_write_killable(&mm->mmap_lock);
}

static inline void mmap_write_unlock(struct mm_struct *mm)
{
	up_write(&mm->mmap_lock);
}

static inline unsigned long get_mm_counter(struct mm_struct *mm, int member)
{
	long val = atomic_long_read(&mm->rss_stat.count[member]);

	return val < 0 ? 0 : val;
}

static inline void add_mm_counter(struct mm_struct *mm, int member, long value)
{
	atomic_long_add(value, &mm->rss_stat.count[member]);
}

#define inc_mm_counter(mm, member) add_mm_counter(mm, member, 1)
#define dec_mm_counter(mm, member) add_mm_counter(mm, member, -1)

static inline unsigned long get_mm_rss(struct mm_struct *mm)
{
	return get_mm_counter(mm, MM_FILEPAGES) + get_mm_counter(mm, MM_ANONPAGES) + get_mm_counter(mm, MM_SHMEMPAGES);
}

/* kernel/fork.c */
extern struct mm_struct *mm_alloc(void);
extern void __mmdrop(struct mm_struct *mm);
extern void mmput(struct mm_struct *mm);
extern int set_mm_exe_file(struct mm_struct *mm, struct file *file);
extern struct mm_struct *get_task_mm(struct task_struct *task);
extern void activate_mm(struct mm_struct *prev, struct mm_struct *next);
extern void exec_mm_release(struct task_struct *tsk, struct mm_struct *mm);

static inline void mmgrab(struct mm_struct *mm)
{
	atomic_inc(&mm->mm_count);
}

static inline void mmdrop(struct mm_struct *mm)
{
	if (atomic_dec_and_test(&mm->mm_count))
		__mmdrop(mm);
}

static inline void mmget(struct mm_struct *mm)
{
	atomic_inc(&mm->mm_users);
}

static inline bool mmget_not_zero(struct mm_struct *mm)
{
	return atomic_inc_not_zero(&mm->mm_users);
}

/* swap-free uaccess without faulting in */
extern long copy_from_kernel_nofault(void *dst, const void *src, size_t size);
extern long strncpy_from_kernel_nofault(char *dst, const void *unsafe_addr, long count);

#endif
