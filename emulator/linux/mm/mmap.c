/*
 * Areas of address spaces: finding them, making them (mmap, brk, stack growth), cutting and removing them, copying all
 * of them for fork. They are kept in a list and in a tree, both by address.
 */
#include <linux/capability.h>
#include <linux/err.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/mman.h>
#include <linux/module.h>
#include <linux/resource.h>
#include <linux/sched.h>
#include <linux/security.h>
#include <linux/shmem_fs.h>
#include <linux/slab.h>
#include <linux/syscalls.h>
#include <linux/uaccess.h>

#include "internal.h"

static struct kmem_cache *vm_area_cachep;
int sysctl_max_map_count = 65530;

void __init mmap_init(void)
{
	vm_area_cachep = KMEM_CACHE(vm_area_struct, SLAB_PANIC);
}

struct vm_area_struct *vm_area_alloc(struct mm_struct *mm)
{
	struct vm_area_struct *vma = kmem_cache_zalloc(vm_area_cachep, GFP_KERNEL);

	if (vma)
		vma->vm_mm = mm;
	return vma;
}

struct vm_area_struct *vm_area_dup(struct vm_area_struct *orig)
{
	struct vm_area_struct *new = kmem_cache_alloc(vm_area_cachep, GFP_KERNEL);

	if (new) {
		*new = *orig;
		new->vm_next = new->vm_prev = NULL;
	}
	return new;
}

void vm_area_free(struct vm_area_struct *vma)
{
	kmem_cache_free(vm_area_cachep, vma);
}

/* What the CPU allows: writable private pages are mapped read-only first, so that the first write is seen. */
pgprot_t vm_get_page_prot(unsigned long vm_flags)
{
	unsigned long prot;

	if (!(vm_flags & (VM_READ | VM_WRITE | VM_EXEC)))
		return PAGE_NONE;
	prot = _PAGE_PRESENT | _PAGE_USER | _PAGE_ACCESSED;
	return __pgprot(prot);
}
EXPORT_SYMBOL(vm_get_page_prot);

/* The first area that ends above the address; the address may lie before its start. */
struct vm_area_struct *find_vma(struct mm_struct *mm, unsigned long addr)
{
	struct rb_node *node = mm->mm_rb.rb_node;
	struct vm_area_struct *found = NULL;

	while (node) {
		struct vm_area_struct *vma = rb_entry(node, struct vm_area_struct, vm_rb);

		if (vma->vm_end > addr) {
			found = vma;
			if (vma->vm_start <= addr)
				break;
			node = node->rb_left;
		} else {
			node = node->rb_right;
		}
	}
	return found;
}
EXPORT_SYMBOL(find_vma);

struct vm_area_struct *find_vma_prev(struct mm_struct *mm, unsigned long addr, struct vm_area_struct **pprev)
{
	struct vm_area_struct *vma = find_vma(mm, addr);

	if (vma) {
		*pprev = vma->vm_prev;
	} else {
		struct rb_node *last = rb_last(&mm->mm_rb);

		*pprev = last ? rb_entry(last, struct vm_area_struct, vm_rb) : NULL;
	}
	return vma;
}

static void vma_link(struct mm_struct *mm, struct vm_area_struct *vma)
{
	struct rb_node **link = &mm->mm_rb.rb_node, *parent = NULL;
	struct vm_area_struct *prev = NULL;

	while (*link) {
		struct vm_area_struct *other = rb_entry(*link, struct vm_area_struct, vm_rb);

		parent = *link;
		if (other->vm_start > vma->vm_start) {
			link = &parent->rb_left;
		} else {
			prev = other;
			link = &parent->rb_right;
		}
	}
	rb_link_node(&vma->vm_rb, parent, link);
	rb_insert_color(&vma->vm_rb, &mm->mm_rb);
	vma->vm_prev = prev;
	vma->vm_next = prev ? prev->vm_next : mm->mmap;
	if (prev)
		prev->vm_next = vma;
	else
		mm->mmap = vma;
	if (vma->vm_next)
		vma->vm_next->vm_prev = vma;
	mm->map_count++;
	mm->total_vm += vma_pages(vma);
}

static void vma_unlink(struct mm_struct *mm, struct vm_area_struct *vma)
{
	rb_erase(&vma->vm_rb, &mm->mm_rb);
	if (vma->vm_prev)
		vma->vm_prev->vm_next = vma->vm_next;
	else
		mm->mmap = vma->vm_next;
	if (vma->vm_next)
		vma->vm_next->vm_prev = vma->vm_prev;
	mm->map_count--;
	mm->total_vm -= vma_pages(vma);
}

static void remove_vma(struct vm_area_struct *vma)
{
	if (vma->vm_ops && vma->vm_ops->close)
		vma->vm_ops->close(vma);
	if (vma->vm_file)
		fput(vma->vm_file);
	vm_area_free(vma);
}

int insert_vm_struct(struct mm_struct *mm, struct vm_area_struct *vma)
{
	struct vm_area_struct *next = find_vma(mm, vma->vm_start);

	if (next && next->vm_start < vma->vm_end)
		return -ENOMEM;
	vma_link(mm, vma);
	return 0;
}

/* A stack grows down to the page of the address, unless it is too large or something is in the way. */
int expand_stack(struct vm_area_struct *vma, unsigned long address)
{
	unsigned long grow;

	address &= PAGE_MASK;
	if (vma->vm_end - address > rlimit(RLIMIT_STACK))
		return -ENOMEM;
	if (vma->vm_prev && address < vma->vm_prev->vm_end + PAGE_SIZE)
		return -ENOMEM;
	spin_lock(&vma->vm_mm->page_table_lock);
	if (address < vma->vm_start) {
		grow = (vma->vm_start - address) >> PAGE_SHIFT;
		vma->vm_start = address;
		vma->vm_pgoff -= grow;
		vma->vm_mm->total_vm += grow;
		vma->vm_mm->stack_vm += grow;
	}
	spin_unlock(&vma->vm_mm->page_table_lock);
	return 0;
}

/* A gap for a mapping: the highest one below mmap_base. */
static unsigned long arch_get_unmapped_area_topdown(struct mm_struct *mm, unsigned long len)
{
	struct vm_area_struct *vma, *prev;
	unsigned long high = mm->mmap_base;

	vma = find_vma_prev(mm, high, &prev);
	if (vma && vma->vm_start < high)
		prev = vma;
	for (;;) {
		unsigned long low = prev ? prev->vm_end : PAGE_SIZE;

		if (high >= low && high - low >= len)
			return high - len;
		if (!prev)
			return -ENOMEM;
		high = min(high, prev->vm_start);
		prev = prev->vm_prev;
	}
}

unsigned long get_unmapped_area(struct file *file, unsigned long addr, unsigned long len, unsigned long pgoff,
				unsigned long flags)
{
	struct mm_struct *mm = current->mm;
	struct vm_area_struct *vma;

	if (len > TASK_SIZE)
		return -ENOMEM;
	if (flags & MAP_FIXED) {
		if (addr & ~PAGE_MASK)
			return -EINVAL;
		return addr > TASK_SIZE - len ? -ENOMEM : addr;
	}
	if (addr) {
		addr = PAGE_ALIGN(addr);
		vma = find_vma(mm, addr);
		if (addr <= TASK_SIZE - len && (!vma || addr + len <= vma->vm_start))
			return addr;
	}
	return arch_get_unmapped_area_topdown(mm, len);
}
EXPORT_SYMBOL(get_unmapped_area);

/* Can the range be added to the end of prev? Only plain anonymous memory is merged. */
static bool can_merge(struct vm_area_struct *prev, unsigned long addr, vm_flags_t vm_flags, struct file *file)
{
	return prev && prev->vm_end == addr && prev->vm_flags == vm_flags && !file && !prev->vm_file && !prev->vm_ops &&
	       !(vm_flags & (VM_SHARED | VM_GROWSDOWN));
}

unsigned long mmap_region(struct file *file, unsigned long addr, unsigned long len, vm_flags_t vm_flags,
			  unsigned long pgoff)
{
	struct mm_struct *mm = current->mm;
	struct vm_area_struct *vma, *prev;
	int error;

	if (mm->total_vm + (len >> PAGE_SHIFT) > rlimit(RLIMIT_AS) >> PAGE_SHIFT)
		return -ENOMEM;
	error = do_munmap(mm, addr, len);
	if (error)
		return error;
	find_vma_prev(mm, addr, &prev);
	if (can_merge(prev, addr, vm_flags, file)) {
		prev->vm_end += len;
		mm->total_vm += len >> PAGE_SHIFT;
		return addr;
	}
	vma = vm_area_alloc(mm);
	if (!vma)
		return -ENOMEM;
	vma->vm_start = addr;
	vma->vm_end = addr + len;
	vma->vm_flags = vm_flags;
	vma->vm_page_prot = vm_get_page_prot(vm_flags);
	vma->vm_pgoff = pgoff;
	if (file) {
		vma->vm_file = get_file(file);
		error = file->f_op->mmap(file, vma);
	} else if (vm_flags & VM_SHARED) {
		error = shmem_zero_setup(vma);
	}
	if (error) {
		if (vma->vm_file)
			fput(vma->vm_file);
		vm_area_free(vma);
		return error;
	}
	vma_link(mm, vma);
	return addr;
}

vm_flags_t calc_vm_prot_bits(unsigned long prot)
{
	return ((prot & PROT_READ) ? VM_READ : 0) | ((prot & PROT_WRITE) ? VM_WRITE : 0) |
	       ((prot & PROT_EXEC) ? VM_EXEC : 0);
}

/* The caller holds mmap_lock for writing. */
unsigned long do_mmap(struct file *file, unsigned long addr, unsigned long len, unsigned long prot, unsigned long flags,
		      unsigned long pgoff)
{
	struct mm_struct *mm = current->mm;
	vm_flags_t vm_flags;

	if (!len)
		return -EINVAL;
	if (flags & MAP_FIXED_NOREPLACE)
		flags |= MAP_FIXED;
	len = PAGE_ALIGN(len);
	if (!len)
		return -ENOMEM;
	if (pgoff + (len >> PAGE_SHIFT) < pgoff)
		return -EOVERFLOW;
	if (mm->map_count > sysctl_max_map_count)
		return -ENOMEM;
	if (mm->total_vm + (len >> PAGE_SHIFT) > rlimit(RLIMIT_AS) >> PAGE_SHIFT)
		return -ENOMEM;
	addr = get_unmapped_area(file, addr, len, pgoff, flags);
	if (IS_ERR_VALUE(addr))
		return addr;
	if (flags & MAP_FIXED_NOREPLACE) {
		struct vm_area_struct *vma = find_vma(mm, addr);

		if (vma && vma->vm_start < addr + len)
			return -EEXIST;
	}
	vm_flags = calc_vm_prot_bits(prot) | VM_MAYREAD | VM_MAYWRITE | VM_MAYEXEC |
		   ((flags & MAP_GROWSDOWN) ? VM_GROWSDOWN : 0) | ((flags & MAP_LOCKED) ? VM_LOCKED : 0);
	switch (flags & MAP_TYPE) {
	case MAP_SHARED:
	case MAP_SHARED_VALIDATE:
		if (file && (prot & PROT_WRITE) && !(file->f_mode & FMODE_WRITE))
			return -EACCES;
		vm_flags |= VM_SHARED | VM_MAYSHARE;
		if (file && !(file->f_mode & FMODE_WRITE))
			vm_flags &= ~VM_MAYWRITE;
		fallthrough;
	case MAP_PRIVATE:
		if (file && !(file->f_mode & FMODE_READ))
			return -EACCES;
		if (file && !file->f_op->mmap)
			return -ENODEV;
		break;
	default:
		return -EINVAL;
	}
	if (!file && !(flags & MAP_SHARED))
		pgoff = addr >> PAGE_SHIFT;
	return mmap_region(file, addr, len, vm_flags, pgoff);
}

unsigned long vm_mmap_pgoff(struct file *file, unsigned long addr, unsigned long len, unsigned long prot,
			    unsigned long flag, unsigned long pgoff)
{
	struct mm_struct *mm = current->mm;
	unsigned long ret = security_mmap_file(file, prot, flag);

	if (ret)
		return ret;
	if (mmap_write_lock_killable(mm))
		return -EINTR;
	ret = do_mmap(file, addr, len, prot, flag, pgoff);
	mmap_write_unlock(mm);
	if (!IS_ERR_VALUE(ret) && (flag & MAP_POPULATE)) {
		mmap_read_lock(mm);
		get_user_pages_remote(mm, ret, PAGE_ALIGN(len) >> PAGE_SHIFT, (prot & PROT_WRITE) ? FOLL_WRITE : 0, NULL,
				      NULL, NULL);
		mmap_read_unlock(mm);
	}
	return ret;
}

unsigned long vm_mmap(struct file *file, unsigned long addr, unsigned long len, unsigned long prot, unsigned long flag,
		      unsigned long offset)
{
	if (unlikely(offset + PAGE_ALIGN(len) < offset) || offset_in_page(offset))
		return -EINVAL;
	return vm_mmap_pgoff(file, addr, len, prot, flag, offset >> PAGE_SHIFT);
}
EXPORT_SYMBOL(vm_mmap);

/* Cut an area in two at addr; the new one is the upper part. */
int __split_vma(struct mm_struct *mm, struct vm_area_struct *vma, unsigned long addr)
{
	struct vm_area_struct *new;

	if (mm->map_count >= sysctl_max_map_count)
		return -ENOMEM;
	new = vm_area_dup(vma);
	if (!new)
		return -ENOMEM;
	new->vm_start = addr;
	new->vm_pgoff += (addr - vma->vm_start) >> PAGE_SHIFT;
	if (new->vm_file)
		get_file(new->vm_file);
	if (new->vm_ops && new->vm_ops->open)
		new->vm_ops->open(new);
	mm->total_vm -= (vma->vm_end - addr) >> PAGE_SHIFT;
	vma->vm_end = addr;
	vma_link(mm, new);
	return 0;
}

int do_munmap(struct mm_struct *mm, unsigned long start, size_t len)
{
	struct vm_area_struct *vma, *next;
	unsigned long end;
	int error;

	if (offset_in_page(start) || start > TASK_SIZE || len > TASK_SIZE - start)
		return -EINVAL;
	len = PAGE_ALIGN(len);
	if (!len)
		return -EINVAL;
	end = start + len;
	vma = find_vma(mm, start);
	if (!vma || vma->vm_start >= end)
		return 0;
	if (vma->vm_start < start) {
		error = __split_vma(mm, vma, start);
		if (error)
			return error;
		vma = vma->vm_next;
	}
	for (; vma && vma->vm_start < end; vma = next) {
		if (vma->vm_end > end) {
			error = __split_vma(mm, vma, end);
			if (error)
				return error;
		}
		next = vma->vm_next;
		unmap_page_range(mm, vma->vm_start, vma->vm_end);
		vma_unlink(mm, vma);
		remove_vma(vma);
	}
	return 0;
}

int vm_munmap(unsigned long start, size_t len)
{
	struct mm_struct *mm = current->mm;
	int ret;

	if (mmap_write_lock_killable(mm))
		return -EINTR;
	ret = do_munmap(mm, start, len);
	mmap_write_unlock(mm);
	return ret;
}
EXPORT_SYMBOL(vm_munmap);

/* Anonymous memory at a given place: the heap, and the zeroed part of a program's data. */
static int do_brk_flags(unsigned long addr, unsigned long len, unsigned long flags)
{
	unsigned long ret = mmap_region(NULL, addr, len, VM_DATA_DEFAULT_FLAGS | flags, addr >> PAGE_SHIFT);

	return IS_ERR_VALUE(ret) ? (int)ret : 0;
}

int vm_brk_flags(unsigned long addr, unsigned long request, unsigned long flags)
{
	struct mm_struct *mm = current->mm;
	unsigned long len = PAGE_ALIGN(request);
	int ret;

	if (len < request)
		return -ENOMEM;
	if (!len)
		return 0;
	if (mmap_write_lock_killable(mm))
		return -EINTR;
	ret = do_brk_flags(addr, len, flags);
	mmap_write_unlock(mm);
	return ret;
}
EXPORT_SYMBOL(vm_brk_flags);

SYSCALL_DEFINE1(brk, unsigned long, brk)
{
	struct mm_struct *mm = current->mm;
	unsigned long newbrk = PAGE_ALIGN(brk), oldbrk;
	struct vm_area_struct *next;

	if (mmap_write_lock_killable(mm))
		return -EINTR;
	oldbrk = PAGE_ALIGN(mm->brk);
	if (brk < mm->start_brk)
		goto out;
	if (newbrk < oldbrk) {
		if (do_munmap(mm, newbrk, oldbrk - newbrk))
			goto out;
	} else if (newbrk > oldbrk) {
		if (brk - mm->start_brk > rlimit(RLIMIT_DATA))
			goto out;
		next = find_vma(mm, oldbrk);
		if (next && newbrk + PAGE_SIZE > next->vm_start)
			goto out;
		if (do_brk_flags(oldbrk, newbrk - oldbrk, 0))
			goto out;
	}
	mm->brk = brk;
out:
	brk = mm->brk;
	mmap_write_unlock(mm);
	return brk;
}

SYSCALL_DEFINE6(mmap, unsigned long, addr, unsigned long, len, unsigned long, prot, unsigned long, flags,
		unsigned long, fd, unsigned long, off)
{
	struct file *file = NULL;
	unsigned long ret;

	if (offset_in_page(off))
		return -EINVAL;
	if (!(flags & MAP_ANONYMOUS)) {
		file = fget(fd);
		if (!file)
			return -EBADF;
	}
	ret = vm_mmap_pgoff(file, addr, len, prot, flags, off >> PAGE_SHIFT);
	if (file)
		fput(file);
	return ret;
}

SYSCALL_DEFINE2(munmap, unsigned long, addr, size_t, len)
{
	return vm_munmap(addr, len);
}

/* fork: a copy of every area that wants to be copied. */
int dup_mmap(struct mm_struct *mm, struct mm_struct *oldmm)
{
	struct vm_area_struct *mpnt;
	int retval = 0;

	if (mmap_write_lock_killable(oldmm))
		return -EINTR;
	for (mpnt = oldmm->mmap; mpnt && !retval; mpnt = mpnt->vm_next) {
		struct vm_area_struct *tmp;

		if (mpnt->vm_flags & VM_DONTCOPY)
			continue;
		tmp = vm_area_dup(mpnt);
		if (!tmp) {
			retval = -ENOMEM;
			break;
		}
		tmp->vm_mm = mm;
		if (tmp->vm_file)
			get_file(tmp->vm_file);
		vma_link(mm, tmp);
		retval = copy_page_range(tmp, mpnt);
		if (tmp->vm_ops && tmp->vm_ops->open)
			tmp->vm_ops->open(tmp);
	}
	flush_tlb_mm(oldmm);
	mmap_write_unlock(oldmm);
	return retval;
}

/* The last user is gone. */
void exit_mmap(struct mm_struct *mm)
{
	struct vm_area_struct *vma, *next;

	for (vma = mm->mmap; vma; vma = next) {
		next = vma->vm_next;
		unmap_page_range(mm, vma->vm_start, vma->vm_end);
		remove_vma(vma);
	}
	mm->mmap = NULL;
	mm->mm_rb = RB_ROOT;
	mm->map_count = 0;
	free_pgtables(mm);
}
