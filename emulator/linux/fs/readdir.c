/*
 * Listing directories: getdents64(2) and the older getdents(2) over the file system's iterate operation.
 */
#include <linux/fs.h>
#include <linux/file.h>
#include <linux/security.h>
#include <linux/string.h>
#include <linux/export.h>
#include <linux/syscalls.h>
#include <linux/uaccess.h>

struct linux_dirent64 {
	u64 d_ino;
	s64 d_off;
	unsigned short d_reclen;
	unsigned char d_type;
	char d_name[];
};

struct linux_dirent {
	unsigned long d_ino;
	unsigned long d_off;
	unsigned short d_reclen;
	char d_name[];		/* the type follows in the record's last byte */
};

/* Calls ctx->actor for each entry from the file's position on, until it returns false. */
noinline int iterate_dir(struct file *file, struct dir_context *ctx)
{
	struct inode *inode = file_inode(file);
	int error = -ENOTDIR;

	if (!file->f_op->iterate && !file->f_op->iterate_shared)
		return error;
	error = security_file_permission(file, MAY_READ);
	if (error)
		return error;
	inode_lock_shared(inode);
	error = -ENOENT;
	if (inode->i_nlink) {
		ctx->pos = file->f_pos;
		if (file->f_op->iterate_shared)
			error = file->f_op->iterate_shared(file, ctx);
		else
			error = file->f_op->iterate(file, ctx);
		file->f_pos = ctx->pos;
	}
	inode_unlock_shared(inode);
	touch_atime(&file->f_path);
	return error;
}
EXPORT_SYMBOL(iterate_dir);

struct getdents_callback {
	struct dir_context ctx;
	char __user *next;	/* where the next record goes */
	char __user *previous;	/* the last one written: its d_off is the position of the one after it */
	int room;
	int error;
	bool old_layout;
};

static bool filldir(struct dir_context *ctx, const char *name, int length, loff_t offset, u64 ino,
		    unsigned int d_type)
{
	struct getdents_callback *buf = container_of(ctx, struct getdents_callback, ctx);
	size_t head = buf->old_layout ? offsetof(struct linux_dirent, d_name) : offsetof(struct linux_dirent64, d_name);
	/* The name, its NUL and, in the old layout, the type; records are multiples of 8. */
	int size = (head + length + (buf->old_layout ? 2 : 1) + 7) & ~7;
	char record[sizeof(struct linux_dirent64) + NAME_MAX + 16];

	buf->error = -EINVAL;	/* only if not even one record fits */
	if (size > buf->room)
		return false;
	if (buf->previous && put_user((s64)offset, (s64 __user *)(buf->previous + 8))) {
		buf->error = -EFAULT;
		return false;
	}
	memset(record, 0, size);
	if (buf->old_layout) {
		struct linux_dirent *dirent = (struct linux_dirent *)record;

		dirent->d_ino = ino;
		dirent->d_reclen = size;
		memcpy(dirent->d_name, name, length);
		record[size - 1] = d_type;
	} else {
		struct linux_dirent64 *dirent = (struct linux_dirent64 *)record;

		dirent->d_ino = ino;
		dirent->d_reclen = size;
		dirent->d_type = d_type;
		memcpy(dirent->d_name, name, length);
	}
	if (copy_to_user(buf->next, record, size)) {
		buf->error = -EFAULT;
		return false;
	}
	buf->error = 0;
	buf->previous = buf->next;
	buf->next += size;
	buf->room -= size;
	return true;
}

static long do_getdents(unsigned int fd, char __user *dirent, unsigned int count, bool old_layout)
{
	struct getdents_callback buf = {
		.ctx.actor = filldir,
		.next = dirent,
		.room = count,
		.old_layout = old_layout,
	};
	struct fd f = fdget_pos(fd);
	int error;

	if (!f.file)
		return -EBADF;
	error = iterate_dir(f.file, &buf.ctx);
	if (error >= 0)
		error = buf.error;
	if (buf.previous) {
		error = count - buf.room;
		if (put_user((s64)buf.ctx.pos, (s64 __user *)(buf.previous + 8)))
			error = -EFAULT;
	}
	fdput_pos(f);
	return error;
}

SYSCALL_DEFINE3(getdents64, unsigned int, fd, char __user *, dirent, unsigned int, count)
{
	return do_getdents(fd, dirent, count, false);
}

SYSCALL_DEFINE3(getdents, unsigned int, fd, char __user *, dirent, unsigned int, count)
{
	return do_getdents(fd, dirent, count, true);
}
