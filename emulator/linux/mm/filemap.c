/*
 * The page cache: a file's data by page number, and the read, write and mmap that work on it.
 *
 * The files that use it live in memory only, so a page once made stays until the file is truncated or goes; a page
 * that was never written is a hole and reads as zeroes. Writers hold the inode's lock, readers do not: a page's
 * count keeps it alive while it is being copied from.
 */
#include <linux/fs.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/uio.h>
#include <linux/resource.h>
#include <linux/sched.h>
#include <linux/signal.h>
#include <linux/mman.h>
#include <linux/export.h>

#define MAX_FILE_PAGES	(1UL << 18)	/* 1 GiB: more than the machine's memory */

/* The page at index with one more count, or NULL for a hole. */
noinline struct page *find_get_page(struct address_space *mapping, unsigned long index)
{
	struct page *page = NULL;

	spin_lock(&mapping->tree_lock);
	if (index < mapping->i_pages_size)
		page = mapping->i_pages[index];
	if (page)
		get_page(page);
	spin_unlock(&mapping->tree_lock);
	return page;
}
EXPORT_SYMBOL(find_get_page);

/* Makes the array of pages reach index. */
static int expand_mapping(struct address_space *mapping, unsigned long index)
{
	unsigned long size = mapping->i_pages_size ? mapping->i_pages_size : 8;
	struct page **pages, **old;

	if (index >= MAX_FILE_PAGES)
		return -EFBIG;
	while (size <= index)
		size *= 2;
	pages = kvzalloc(size * sizeof(*pages), GFP_KERNEL);
	if (!pages)
		return -ENOMEM;
	spin_lock(&mapping->tree_lock);
	if (size <= mapping->i_pages_size) {	/* somebody else was quicker */
		old = pages;
	} else {
		old = mapping->i_pages;
		if (old)
			memcpy(pages, old, mapping->i_pages_size * sizeof(*pages));
		mapping->i_pages = pages;
		mapping->i_pages_size = size;
	}
	spin_unlock(&mapping->tree_lock);
	kvfree(old);
	return 0;
}

/* Puts a page into the cache. Returns -EEXIST if there is one already. */
static noinline int add_to_page_cache(struct page *page, struct address_space *mapping, unsigned long index)
{
	int error = 0;

	if (index >= mapping->i_pages_size) {
		error = expand_mapping(mapping, index);
		if (error)
			return error;
	}
	spin_lock(&mapping->tree_lock);
	if (mapping->i_pages[index]) {
		error = -EEXIST;
	} else {
		mapping->i_pages[index] = page;
		mapping->nrpages++;
		get_page(page);
	}
	spin_unlock(&mapping->tree_lock);
	return error;
}

/* The page at index with one more count, made of zeroes if it was a hole. NULL: no memory. */
noinline struct page *find_or_create_page(struct address_space *mapping, unsigned long index, gfp_t gfp)
{
	for (;;) {
		struct page *page = find_get_page(mapping, index);
		int error;

		if (page)
			return page;
		page = alloc_page(gfp | __GFP_ZERO);
		if (!page)
			return NULL;
		error = add_to_page_cache(page, mapping, index);
		if (!error)
			return page;
		put_page(page);
		if (error != -EEXIST)
			return NULL;
	}
}
EXPORT_SYMBOL(find_or_create_page);

/* Forgets all pages from byte start on; the tail of the page that start lies in is zeroed. */
void truncate_inode_pages(struct address_space *mapping, loff_t start)
{
	unsigned long first = (start + PAGE_SIZE - 1) >> PAGE_SHIFT;
	unsigned long offset = start & (PAGE_SIZE - 1);
	unsigned long index;

	if (offset) {
		struct page *page = find_get_page(mapping, start >> PAGE_SHIFT);

		if (page) {
			memset((char *)page_address(page) + offset, 0, PAGE_SIZE - offset);
			put_page(page);
		}
	}
	for (index = first; index < mapping->i_pages_size; index++) {
		struct page *page;

		spin_lock(&mapping->tree_lock);
		page = mapping->i_pages[index];
		mapping->i_pages[index] = NULL;
		if (page)
			mapping->nrpages--;
		spin_unlock(&mapping->tree_lock);
		if (page)
			put_page(page);
	}
	if (start == 0) {
		kvfree(mapping->i_pages);
		mapping->i_pages = NULL;
		mapping->i_pages_size = 0;
	}
}
EXPORT_SYMBOL(truncate_inode_pages);

/* Makes a hole: whole pages go, the parts of pages at its ends are zeroed. end is the first byte that stays. */
void truncate_inode_pages_range(struct address_space *mapping, loff_t start, loff_t end)
{
	while (start < end) {
		unsigned long index = start >> PAGE_SHIFT, offset = start & (PAGE_SIZE - 1);
		unsigned long bytes = min_t(loff_t, PAGE_SIZE - offset, end - start);
		struct page *page = NULL;

		if (index >= mapping->i_pages_size)
			return;
		if (bytes == PAGE_SIZE) {
			spin_lock(&mapping->tree_lock);
			page = mapping->i_pages[index];
			mapping->i_pages[index] = NULL;
			if (page)
				mapping->nrpages--;
			spin_unlock(&mapping->tree_lock);
		} else {
			page = find_get_page(mapping, index);
			if (page)
				memset((char *)page_address(page) + offset, 0, bytes);
		}
		if (page)
			put_page(page);
		start += bytes;
	}
}
EXPORT_SYMBOL(truncate_inode_pages_range);

void truncate_setsize(struct inode *inode, loff_t newsize)
{
	loff_t oldsize = inode->i_size;

	i_size_write(inode, newsize);
	if (newsize < oldsize)
		truncate_inode_pages(inode->i_mapping, newsize);
}
EXPORT_SYMBOL(truncate_setsize);

/* Copies one page's part of a read. Returns the bytes copied; short means the reader's memory faulted. */
static size_t copy_page_to_iter(struct address_space *mapping, loff_t pos, size_t bytes, struct iov_iter *iter)
{
	struct page *page = find_get_page(mapping, pos >> PAGE_SHIFT);
	size_t copied;

	if (!page)
		return iov_iter_zero(bytes, iter);
	copied = copy_to_iter((char *)page_address(page) + (pos & (PAGE_SIZE - 1)), bytes, iter);
	put_page(page);
	return copied;
}

static noinline ssize_t filemap_read(struct kiocb *iocb, struct iov_iter *iter)
{
	struct address_space *mapping = iocb->ki_filp->f_mapping;
	struct inode *inode = mapping->host;
	ssize_t total = 0;

	while (iov_iter_count(iter)) {
		loff_t size = i_size_read(inode);
		size_t bytes = PAGE_SIZE - (iocb->ki_pos & (PAGE_SIZE - 1));
		size_t copied;

		if (iocb->ki_pos >= size)
			break;
		if ((loff_t)bytes > size - iocb->ki_pos)
			bytes = size - iocb->ki_pos;
		if (bytes > iov_iter_count(iter))
			bytes = iov_iter_count(iter);
		copied = copy_page_to_iter(mapping, iocb->ki_pos, bytes, iter);
		iocb->ki_pos += copied;
		total += copied;
		if (copied < bytes) {
			if (!total)
				total = -EFAULT;
			break;
		}
		cond_resched();
	}
	touch_atime(&iocb->ki_filp->f_path);
	return total;
}

noinline ssize_t generic_file_read_iter(struct kiocb *iocb, struct iov_iter *iter)
{
	return filemap_read(iocb, iter);
}
EXPORT_SYMBOL(generic_file_read_iter);

/* Writes page by page at iocb->ki_pos. The inode is locked. */
static noinline ssize_t generic_perform_write(struct kiocb *iocb, struct iov_iter *from)
{
	struct address_space *mapping = iocb->ki_filp->f_mapping;
	struct inode *inode = mapping->host;
	ssize_t written = 0;
	ssize_t error = 0;

	while (iov_iter_count(from)) {
		size_t offset = iocb->ki_pos & (PAGE_SIZE - 1);
		size_t bytes = PAGE_SIZE - offset;
		struct page *page;
		size_t copied;

		if (bytes > iov_iter_count(from))
			bytes = iov_iter_count(from);
		if ((iocb->ki_pos >> PAGE_SHIFT) >= MAX_FILE_PAGES) {
			error = -EFBIG;
			break;
		}
		page = find_or_create_page(mapping, iocb->ki_pos >> PAGE_SHIFT,
					   GFP_HIGHUSER | __GFP_NOWARN);	/* a full disk is no bug */
		if (!page) {
			error = -ENOSPC;
			break;
		}
		copied = copy_from_iter((char *)page_address(page) + offset, bytes, from);
		put_page(page);
		iocb->ki_pos += copied;
		written += copied;
		if (iocb->ki_pos > i_size_read(inode))
			i_size_write(inode, iocb->ki_pos);
		if (copied < bytes) {
			error = -EFAULT;
			break;
		}
		cond_resched();
	}
	return written ? written : error;
}

/* A write that begins at the limit of the process gets a signal, one that would cross it is cut. */
static ssize_t generic_write_checks(struct kiocb *iocb, struct iov_iter *from)
{
	unsigned long limit = rlimit(RLIMIT_FSIZE);

	if (limit != RLIM_INFINITY) {
		if ((unsigned long)iocb->ki_pos >= limit) {
			send_sig(SIGXFSZ, current, 0);
			return -EFBIG;
		}
		iov_iter_truncate(from, limit - iocb->ki_pos);
	}
	return iov_iter_count(from);
}

noinline ssize_t generic_file_write_iter(struct kiocb *iocb, struct iov_iter *from)
{
	struct file *file = iocb->ki_filp;
	struct inode *inode = file->f_mapping->host;
	ssize_t ret = 0;

	inode_lock(inode);
	if (iov_iter_count(from)) {
		if (iocb->ki_flags & IOCB_APPEND)
			iocb->ki_pos = i_size_read(inode);
		ret = generic_write_checks(iocb, from);
		if (ret > 0) {
			file_update_time(file);
			ret = generic_perform_write(iocb, from);
		}
	}
	inode_unlock(inode);
	return ret;
}
EXPORT_SYMBOL(generic_file_write_iter);

/* A page of a mapped file was touched for the first time. Beyond the end of the file there is nothing: SIGBUS. */
noinline vm_fault_t filemap_fault(struct vm_fault *vmf)
{
	struct file *file = vmf->vma->vm_file;
	struct address_space *mapping = file->f_mapping;
	loff_t size = i_size_read(mapping->host);

	if (((loff_t)vmf->pgoff << PAGE_SHIFT) >= size)
		return VM_FAULT_SIGBUS;
	vmf->page = find_or_create_page(mapping, vmf->pgoff, GFP_HIGHUSER);
	return vmf->page ? 0 : VM_FAULT_OOM;
}

const struct vm_operations_struct generic_file_vm_ops = {
	.fault = filemap_fault,
};

int generic_file_mmap(struct file *file, struct vm_area_struct *vma)
{
	touch_atime(&file->f_path);
	vma->vm_ops = &generic_file_vm_ops;
	return 0;
}
EXPORT_SYMBOL(generic_file_mmap);
