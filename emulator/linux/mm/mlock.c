/*
 * What a program may ask and wish about the memory behind its addresses: is it there (mincore), keep it there (mlock),
 * and another process's memory (process_vm_readv). Nothing is ever swapped out, so a lock only brings pages in.
 */
#include <linux/capability.h>
#include <linux/cred.h>
#include <linux/fs.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/mman.h>
#include <linux/pid.h>
#include <linux/resource.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/syscalls.h>
#include <linux/uaccess.h>
#include <linux/uio.h>
#include <asm/pgtable.h>

#define MCL_CURRENT	1
#define MCL_FUTURE	2
#define MCL_ONFAULT	4
#define MLOCK_ONFAULT	1

/* All areas of a range get or lose VM_LOCKED. -ENOMEM: there is a gap. mmap_lock is held for writing. */
static int apply_vma_lock_flags(struct mm_struct *mm, unsigned long start, unsigned long end, bool lock)
{
	unsigned long addr = start;

	while (addr < end) {
		struct vm_area_struct *vma = find_vma(mm, addr);

		if (!vma || vma->vm_start > addr)
			return -ENOMEM;
		vma->vm_flags = lock ? vma->vm_flags | VM_LOCKED : vma->vm_flags & ~VM_LOCKED;
		addr = vma->vm_end;
	}
	return 0;
}

static int do_mlock(unsigned long start, size_t len, bool lock, bool populate)
{
	unsigned long end = PAGE_ALIGN(start + len);
	struct mm_struct *mm = current->mm;
	int error;

	start &= PAGE_MASK;
	if (end < start)
		return -EINVAL;
	if (lock && end - start > rlimit(RLIMIT_MEMLOCK) && !capable(CAP_IPC_LOCK))
		return rlimit(RLIMIT_MEMLOCK) ? -ENOMEM : -EPERM;
	if (mmap_write_lock_killable(mm))
		return -EINTR;
	error = apply_vma_lock_flags(mm, start, end, lock);
	mmap_write_unlock(mm);
	if (error || !populate || start == end)
		return error;
	mmap_read_lock(mm);
	if (get_user_pages_remote(mm, start, (end - start) >> PAGE_SHIFT, 0, NULL, NULL, NULL) < 0)
		error = -ENOMEM;
	mmap_read_unlock(mm);
	return error;
}

SYSCALL_DEFINE2(mlock, unsigned long, start, size_t, len)
{
	return do_mlock(start, len, true, true);
}

SYSCALL_DEFINE3(mlock2, unsigned long, start, size_t, len, int, flags)
{
	return flags & ~MLOCK_ONFAULT ? -EINVAL : do_mlock(start, len, true, !flags);
}

SYSCALL_DEFINE2(munlock, unsigned long, start, size_t, len)
{
	return do_mlock(start, len, false, false);
}

static void lock_all(bool lock)
{
	struct mm_struct *mm = current->mm;
	struct vm_area_struct *vma;

	mmap_write_lock(mm);
	for (vma = mm->mmap; vma; vma = vma->vm_next)
		vma->vm_flags = lock ? vma->vm_flags | VM_LOCKED : vma->vm_flags & ~VM_LOCKED;
	mmap_write_unlock(mm);
}

SYSCALL_DEFINE1(mlockall, int, flags)
{
	if (!flags || (flags & ~(MCL_CURRENT | MCL_FUTURE | MCL_ONFAULT)) || flags == MCL_ONFAULT)
		return -EINVAL;
	if (!capable(CAP_IPC_LOCK))
		return rlimit(RLIMIT_MEMLOCK) ? -ENOMEM : -EPERM;
	if (flags & MCL_CURRENT)
		lock_all(true);
	return 0;
}

SYSCALL_DEFINE0(munlockall)
{
	lock_all(false);
	return 0;
}

static bool page_is_there(struct mm_struct *mm, struct vm_area_struct *vma, unsigned long addr)
{
	pte_t *pte = lookup_address_in_mm(mm, addr);
	struct page *page;

	if (pte && !pte_none(*pte))
		return true;
	if (!vma->vm_file)
		return false;
	page = find_get_page(vma->vm_file->f_mapping, ((addr - vma->vm_start) >> PAGE_SHIFT) + vma->vm_pgoff);
	if (page)
		put_page(page);
	return page != NULL;
}

SYSCALL_DEFINE3(mincore, unsigned long, start, size_t, len, unsigned char __user *, vec)
{
	unsigned long end = start + PAGE_ALIGN(len), addr;
	struct mm_struct *mm = current->mm;

	if (offset_in_page(start))
		return -EINVAL;
	if (end < start || !access_ok((void __user *)start, len))
		return -ENOMEM;
	if (!access_ok(vec, (end - start) >> PAGE_SHIFT))
		return -EFAULT;
	for (addr = start; addr < end; addr += PAGE_SIZE, vec++) {
		struct vm_area_struct *vma;
		int there = -1;

		mmap_read_lock(mm);
		vma = find_vma(mm, addr);
		if (vma && vma->vm_start <= addr)
			there = page_is_there(mm, vma, addr);
		mmap_read_unlock(mm);
		if (there < 0)
			return -ENOMEM;
		if (put_user((unsigned char)there, vec))
			return -EFAULT;
	}
	return 0;
}

/* One piece of another process's memory into the reader's buffers. Returns the bytes that could be moved. */
static ssize_t read_piece(struct mm_struct *mm, unsigned long from, size_t len, struct iov_iter *to, char *page)
{
	size_t done = 0;

	while (done < len && iov_iter_count(to)) {
		int bytes = min_t(size_t, min_t(size_t, len - done, iov_iter_count(to)), PAGE_SIZE);
		int got = access_remote_vm(mm, from + done, page, bytes, 0);

		if (got <= 0 || copy_to_iter(page, got, to) != (size_t)got)
			break;
		done += got;
		if (got < bytes)
			break;
	}
	return done;
}

SYSCALL_DEFINE6(process_vm_readv, pid_t, pid, const struct iovec __user *, lvec, unsigned long, liovcnt,
		const struct iovec __user *, rvec, unsigned long, riovcnt, unsigned long, flags)
{
	struct iovec *local = NULL;
	struct iov_iter iter;
	struct task_struct *task;
	struct mm_struct *mm;
	ssize_t ret, total = 0;
	unsigned long i;
	char *page;

	if (flags || riovcnt > UIO_MAXIOV)
		return -EINVAL;
	ret = import_iovec(ITER_DEST, lvec, liovcnt, 0, &local, &iter);
	if (ret < 0)
		return ret;
	ret = -ESRCH;
	task = find_get_task_by_vpid(pid);
	if (!task)
		goto out_iov;
	mm = get_task_mm(task);
	if (!mm)
		goto out_task;
	ret = -EPERM;
	if (!uid_eq(current_uid(), task_uid(task)) && !capable(CAP_SYS_PTRACE))
		goto out_mm;
	ret = -ENOMEM;
	page = kmalloc(PAGE_SIZE, GFP_KERNEL);
	if (!page)
		goto out_mm;
	for (ret = 0, i = 0; i < riovcnt && iov_iter_count(&iter); i++) {
		struct iovec remote;
		ssize_t got;

		ret = -EFAULT;
		if (copy_from_user(&remote, rvec + i, sizeof(remote)))
			break;
		got = read_piece(mm, (unsigned long)remote.iov_base, remote.iov_len, &iter, page);
		total += got;
		if ((size_t)got < remote.iov_len)
			break;
		ret = 0;
	}
	kfree(page);
	if (total)
		ret = total;
out_mm:
	mmput(mm);
out_task:
	put_task_struct(task);
out_iov:
	kfree(local);
	return ret;
}
