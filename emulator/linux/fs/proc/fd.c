/*
 * /proc/PID/fd: a link for each open file. The link reads as the file's name, but opening it opens the file itself, even
 * if that is a pipe or was unlinked.
 */
#include <linux/fs.h>
#include <linux/fdtable.h>
#include <linux/file.h>
#include <linux/kernel.h>
#include <linux/namei.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/string.h>
#include "internal.h"

/* A task's file at fd, counted, or NULL. */
static struct file *fget_task(struct task_struct *task, unsigned int fd)
{
	struct file *file = NULL;

	task_lock(task);
	if (task->files) {
		spin_lock(&task->files->file_lock);
		file = files_lookup_fd_raw(task->files, fd);
		if (file)
			get_file(file);
		spin_unlock(&task->files->file_lock);
	}
	task_unlock(task);
	return file;
}

static int fd_revalidate(struct dentry *dentry, unsigned int flags)
{
	struct task_struct *task;
	struct file *file;

	if (!dentry->d_inode)
		return 0;
	task = get_proc_task(dentry->d_inode);
	if (!task)
		return 0;
	file = fget_task(task, PROC_I(dentry->d_inode)->fd);
	put_task_struct(task);
	if (!file)
		return 0;
	fput(file);
	return 1;
}

static const struct dentry_operations tid_fd_dentry_operations = {
	.d_revalidate = fd_revalidate,
	.d_delete = always_delete_dentry,
};

static int proc_fd_get_jump(struct dentry *dentry, struct path *path)
{
	struct inode *inode = d_inode(dentry);
	struct task_struct *task = get_proc_task(inode);
	struct file *file;

	if (!task)
		return -ENOENT;
	file = fget_task(task, PROC_I(inode)->fd);
	put_task_struct(task);
	if (!file)
		return -ENOENT;
	*path = file->f_path;
	path_get(path);
	fput(file);
	return 0;
}

static const char *proc_fd_get_link(struct dentry *dentry, struct inode *inode, struct delayed_call *done)
{
	struct path path;
	char *page, *name;
	int error = proc_fd_get_jump(dentry, &path);

	if (error)
		return ERR_PTR(error);
	page = kmalloc(PATH_MAX, GFP_KERNEL);
	name = page ? d_path(&path, page, PATH_MAX) : ERR_PTR(-ENOMEM);
	path_put(&path);
	if (IS_ERR(name)) {
		kfree(page);
		return name;
	}
	set_delayed_call(done, (void (*)(void *))kfree, page);
	return name;
}

static const struct inode_operations proc_fd_link_inode_operations = {
	.get_link = proc_fd_get_link,
	.get_jump = proc_fd_get_jump,
};

static struct dentry *proc_lookupfd(struct inode *dir, struct dentry *dentry, unsigned int flags)
{
	struct task_struct *task = get_proc_task(dir);
	struct dentry *result = ERR_PTR(-ENOENT);
	struct inode *inode;
	struct file *file = NULL;
	unsigned int fd;

	if (!task)
		return result;
	if (!kstrtouint((const char *)dentry->d_name.name, 10, &fd))
		file = fget_task(task, fd);
	if (file) {
		umode_t mode = S_IFLNK;

		if (file->f_mode & FMODE_READ)
			mode |= S_IRUSR | S_IXUSR;
		if (file->f_mode & FMODE_WRITE)
			mode |= S_IWUSR | S_IXUSR;
		fput(file);
		result = ERR_PTR(-ENOMEM);
		inode = proc_pid_make_inode(dir->i_sb, task, mode);
		if (inode) {
			PROC_I(inode)->fd = fd;
			inode->i_op = &proc_fd_link_inode_operations;
			inode->i_size = 64;
			dentry->d_op = &tid_fd_dentry_operations;
			d_add(dentry, inode);
			result = NULL;
		}
	}
	put_task_struct(task);
	return result;
}

static int proc_readfd(struct file *file, struct dir_context *ctx)
{
	struct task_struct *task = get_proc_task(file_inode(file));
	unsigned int max = 0;

	if (!task)
		return -ENOENT;
	if (ctx->pos == 0) {
		if (!dir_emit(ctx, ".", 1, file_inode(file)->i_ino, DT_DIR))
			goto out;
		ctx->pos = 1;
	}
	if (ctx->pos == 1) {
		if (!dir_emit(ctx, "..", 2, d_inode(file->f_path.dentry->d_parent)->i_ino, DT_DIR))
			goto out;
		ctx->pos = 2;
	}
	task_lock(task);
	if (task->files)
		max = task->files->fdt->max_fds;
	task_unlock(task);
	for (; ctx->pos - 2 < max; ctx->pos++) {
		struct file *open = fget_task(task, ctx->pos - 2);
		char name[12];
		int length;

		if (!open)
			continue;
		fput(open);
		length = snprintf(name, sizeof(name), "%u", (unsigned int)(ctx->pos - 2));
		if (!dir_emit(ctx, name, length, file_inode(file)->i_ino + ctx->pos, DT_LNK))
			break;
	}
out:
	put_task_struct(task);
	return 0;
}

const struct file_operations proc_fd_operations = {
	.read = generic_read_dir,
	.iterate_shared = proc_readfd,
	.llseek = generic_file_llseek,
};

const struct inode_operations proc_fd_inode_operations = {
	.lookup = proc_lookupfd,
};
