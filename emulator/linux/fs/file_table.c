/*
 * struct file: allocated when something is opened, freed when its last user lets go.
 */
#include <linux/eventpoll.h>
#include <linux/fs.h>
#include <linux/file.h>
#include <linux/cred.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/mount.h>
#include <linux/init.h>
#include <linux/export.h>
#include "internal.h"

#define NR_FILES_MAX	65536	/* of the whole machine: beyond it open(2) fails with ENFILE */

static struct kmem_cache *filp_cachep;
static atomic_t nr_files = ATOMIC_INIT(0);

static void file_free(struct file *file)
{
	put_cred(file->f_cred);
	kmem_cache_free(filp_cachep, file);
	atomic_dec(&nr_files);
}

/* An open file that refers to nothing yet. */
noinline struct file *alloc_empty_file(int flags)
{
	struct file *file;

	if (atomic_inc_return(&nr_files) > NR_FILES_MAX) {
		atomic_dec(&nr_files);
		return ERR_PTR(-ENFILE);
	}
	file = kmem_cache_alloc(filp_cachep, GFP_KERNEL);
	if (!file) {
		atomic_dec(&nr_files);
		return ERR_PTR(-ENOMEM);
	}
	memset(file, 0, sizeof(*file));
	file->f_cred = get_current_cred();
	atomic_long_set(&file->f_count, 1);
	spin_lock_init(&file->f_lock);
	mutex_init(&file->f_pos_lock);
	file->f_flags = flags;
	file->f_mode = OPEN_FMODE(flags);
	return file;
}

/* An open file for an object that no open() leads to: a pipe's end, a socket. Takes over the counts of path. */
struct file *alloc_file(const struct path *path, int flags, const struct file_operations *fop)
{
	struct file *file = alloc_empty_file(flags);

	if (IS_ERR(file))
		return file;
	file->f_path = *path;
	file->f_inode = path->dentry->d_inode;
	file->f_mapping = file->f_inode->i_mapping;
	if ((file->f_mode & FMODE_READ) && (fop->read || fop->read_iter))
		file->f_mode |= FMODE_CAN_READ;
	if ((file->f_mode & FMODE_WRITE) && (fop->write || fop->write_iter))
		file->f_mode |= FMODE_CAN_WRITE;
	file->f_mode |= FMODE_OPENED;
	file->f_op = fop;
	return file;
}
EXPORT_SYMBOL(alloc_file);

struct file *alloc_file_clone(struct file *base, int flags, const struct file_operations *fop)
{
	struct file *file = alloc_file(&base->f_path, flags, fop);

	if (!IS_ERR(file)) {
		path_get(&file->f_path);
		file->f_mapping = base->f_mapping;
	}
	return file;
}

/* The last use is over: tell the driver, then give everything back. */
static noinline void __fput(struct file *file)
{
	struct inode *inode = file->f_inode;

	if (file->f_mode & FMODE_OPENED) {
		eventpoll_release(file);
		locks_remove_file(file);
		locks_remove_ofd(file);
		if (file->f_op->release)
			file->f_op->release(inode, file);
		if (file->f_mode & FMODE_WRITER)
			put_write_access(inode);
		path_put(&file->f_path);
	}
	file_free(file);
}

void fput(struct file *file)
{
	if (file && atomic_long_dec_return(&file->f_count) == 0)
		__fput(file);
}
EXPORT_SYMBOL(fput);

void __init files_init(void)
{
	filp_cachep = kmem_cache_create("filp", sizeof(struct file), 0, SLAB_PANIC, NULL);
}
