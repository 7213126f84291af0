/*
 * fallocate(2): room for a range of a file before it is written, and holes in what was.
 */
#include <linux/fs.h>
#include <linux/file.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/sched.h>
#include <linux/syscalls.h>

#define FALLOC_FL_KEEP_SIZE	1
#define FALLOC_FL_PUNCH_HOLE	2

/* Gives the range pages, zeroed where there was a hole. The inode is locked. */
static long allocate_range(struct inode *inode, loff_t offset, loff_t len, bool keep_size)
{
	loff_t at;

	for (at = offset & ~(loff_t)(PAGE_SIZE - 1); at < offset + len; at += PAGE_SIZE) {
		struct page *page;

		if (fatal_signal_pending(current))
			return -EINTR;
		page = find_or_create_page(inode->i_mapping, at >> PAGE_SHIFT, GFP_HIGHUSER | __GFP_NOWARN);
		if (!page)
			return -ENOSPC;
		put_page(page);
		cond_resched();
	}
	if (!keep_size && offset + len > i_size_read(inode))
		i_size_write(inode, offset + len);
	inode->i_mtime = inode->i_ctime = current_time(inode);
	return 0;
}

static long vfs_fallocate(struct file *file, int mode, loff_t offset, loff_t len)
{
	struct inode *inode = file_inode(file);
	bool punch = mode & FALLOC_FL_PUNCH_HOLE, keep_size = mode & FALLOC_FL_KEEP_SIZE;
	long error = 0;

	if (offset < 0 || len <= 0)
		return -EINVAL;
	if ((mode & ~(FALLOC_FL_KEEP_SIZE | FALLOC_FL_PUNCH_HOLE)) || (punch && !keep_size))
		return -EOPNOTSUPP;
	if (!(file->f_mode & FMODE_WRITE))
		return -EBADF;
	if (S_ISFIFO(inode->i_mode))
		return -ESPIPE;
	if (!S_ISREG(inode->i_mode))
		return S_ISDIR(inode->i_mode) ? -EISDIR : -ENODEV;
	if (offset + len < 0)
		return -EFBIG;
	if (!(file->f_op->mmap == generic_file_mmap))
		return -EOPNOTSUPP;	/* not a file of pages */
	inode_lock(inode);
	if (punch)
		truncate_inode_pages_range(inode->i_mapping, offset, offset + len);
	else
		error = allocate_range(inode, offset, len, keep_size);
	inode_unlock(inode);
	return error;
}

SYSCALL_DEFINE4(fallocate, int, fd, int, mode, loff_t, offset, loff_t, len)
{
	struct fd f = fdget(fd);
	long error = -EBADF;

	if (f.file) {
		error = vfs_fallocate(f.file, mode, offset, len);
		fdput(f);
	}
	return error;
}

SYSCALL_DEFINE1(syncfs, int, fd)
{
	struct fd f = fdget(fd);

	if (!f.file)
		return -EBADF;
	fdput(f);
	return 0;
}

/* Advice about a file whose pages are in memory anyway: only its sense is checked. */
SYSCALL_DEFINE4(fadvise64, int, fd, loff_t, offset, size_t, len, int, advice)
{
	struct fd f = fdget(fd);
	long error = 0;

	if (!f.file)
		return -EBADF;
	if (S_ISFIFO(file_inode(f.file)->i_mode))
		error = -ESPIPE;
	else if (advice < 0 || advice > 5 || (loff_t)len < 0)
		error = -EINVAL;
	fdput(f);
	return error;
}

SYSCALL_DEFINE3(readahead, int, fd, loff_t, offset, size_t, count)
{
	struct fd f = fdget(fd);
	long error = -EBADF;

	if (!f.file)
		return -EBADF;
	if (f.file->f_mode & FMODE_READ)
		error = S_ISREG(file_inode(f.file)->i_mode) ? 0 : -EINVAL;
	fdput(f);
	return error;
}
