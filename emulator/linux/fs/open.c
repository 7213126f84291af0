/*
 * Opening and closing files.
 *
 * The way of an open(2): the system call -> do_sys_open -> do_sys_openat2, which copies the name (getname), takes a
 * descriptor, walks the path to an open struct file (do_filp_open, fs/namei_open.c) and installs it. At the end of
 * the walk vfs_open -> do_dentry_open lets the file's own open() have its say.
 */
#include <linux/fs.h>
#include <linux/file.h>
#include <linux/fdtable.h>
#include <linux/mount.h>
#include <linux/namei.h>
#include <linux/openat2.h>
#include <linux/sched.h>
#include <linux/security.h>
#include <linux/string.h>
#include <linux/export.h>
#include <linux/syscalls.h>
#include <linux/uaccess.h>
#include "internal.h"

#define RESOLVE_NO_XDEV		0x01
#define RESOLVE_NO_MAGICLINKS	0x02
#define RESOLVE_NO_SYMLINKS	0x04
#define RESOLVE_BENEATH		0x08
#define RESOLVE_IN_ROOT		0x10
#define RESOLVE_CACHED		0x20

/*
 * Lets the inode's operations open file. On success file holds its path; on failure nothing is held.
 */
static noinline int do_dentry_open(struct file *file, struct inode *inode,
				   int (*open)(struct inode *, struct file *))
{
	int error;

	path_get(&file->f_path);
	file->f_inode = inode;
	file->f_mapping = inode->i_mapping;

	/* O_PATH: a place in the tree, nothing more. */
	if (file->f_flags & O_PATH) {
		static const struct file_operations empty_fops;

		file->f_mode = FMODE_PATH | FMODE_OPENED;
		file->f_op = &empty_fops;
		return 0;
	}
	if ((file->f_mode & FMODE_WRITE) && S_ISREG(inode->i_mode)) {
		error = get_write_access(inode);
		if (error)
			goto cleanup_path;
		file->f_mode |= FMODE_WRITER;
	}
	/* Readers and writers of regular files and directories share a position: they take turns (fdget_pos). */
	if (S_ISREG(inode->i_mode) || S_ISDIR(inode->i_mode))
		file->f_mode |= FMODE_ATOMIC_POS;
	file->f_op = inode->i_fop;

	error = security_file_open(file);
	if (error)
		goto cleanup_access;
	file->f_mode |= FMODE_LSEEK | FMODE_PREAD | FMODE_PWRITE;
	if (!open)
		open = file->f_op->open;
	if (open) {
		error = open(inode, file);
		if (error)
			goto cleanup_access;
	}
	file->f_mode |= FMODE_OPENED;
	if ((file->f_mode & FMODE_READ) && (file->f_op->read || file->f_op->read_iter))
		file->f_mode |= FMODE_CAN_READ;
	if ((file->f_mode & FMODE_WRITE) && (file->f_op->write || file->f_op->write_iter))
		file->f_mode |= FMODE_CAN_WRITE;
	file->f_flags &= ~(O_CREAT | O_EXCL | O_NOCTTY | O_TRUNC);
	return 0;

cleanup_access:
	if (file->f_mode & FMODE_WRITER)
		put_write_access(inode);
cleanup_path:
	path_put(&file->f_path);
	file->f_path.mnt = NULL;
	file->f_path.dentry = NULL;
	file->f_inode = NULL;
	return error;
}

/* Opens what path refers to. file must be fresh from alloc_empty_file(). */
noinline int vfs_open(const struct path *path, struct file *file)
{
	file->f_path = *path;
	return do_dentry_open(file, d_backing_inode(path->dentry), NULL);
}
EXPORT_SYMBOL(vfs_open);

int finish_open(struct file *file, struct dentry *dentry, int (*open)(struct inode *, struct file *))
{
	file->f_path.dentry = dentry;
	return do_dentry_open(file, d_backing_inode(dentry), open);
}
EXPORT_SYMBOL(finish_open);

struct file *dentry_open(const struct path *path, int flags, const struct cred *cred)
{
	struct file *file = alloc_empty_file(flags);
	int error;

	if (IS_ERR(file))
		return file;
	error = vfs_open(path, file);
	if (error) {
		fput(file);
		file = ERR_PTR(error);
	}
	return file;
}
EXPORT_SYMBOL(dentry_open);

/* What O_WRONLY, O_CREAT and so on ask of the path walk. Returns -EINVAL for what contradicts itself. */
static int build_open_flags(const struct open_how *how, struct open_flags *op)
{
	int flags = how->flags & VALID_OPEN_FLAGS;
	int lookup_flags = 0;

	op->mode = 0;
	if (flags & (O_CREAT | __O_TMPFILE))
		op->mode = (how->mode & S_IALLUGO) | S_IFREG;
	if ((flags & __O_TMPFILE) == __O_TMPFILE)
		return -EOPNOTSUPP;
	if ((flags & (O_DIRECTORY | O_CREAT)) == (O_DIRECTORY | O_CREAT))
		return -EINVAL;
	if (flags & O_PATH)
		flags &= O_DIRECTORY | O_NOFOLLOW | O_PATH | O_CLOEXEC;
	op->open_flag = flags;
	op->acc_mode = (flags & O_PATH) ? 0 : ACC_MODE(flags);
	if (flags & O_TRUNC)
		op->acc_mode |= MAY_WRITE;
	if (flags & O_APPEND)
		op->acc_mode |= MAY_APPEND;
	op->intent = (flags & O_PATH) ? 0 : LOOKUP_OPEN;
	if (flags & O_CREAT) {
		op->intent |= LOOKUP_CREATE;
		if (flags & O_EXCL) {
			op->intent |= LOOKUP_EXCL;
			flags |= O_NOFOLLOW;
		}
	}
	if (flags & O_DIRECTORY)
		lookup_flags |= LOOKUP_DIRECTORY;
	if (!(flags & O_NOFOLLOW))
		lookup_flags |= LOOKUP_FOLLOW;
	if (how->resolve & RESOLVE_NO_XDEV)
		lookup_flags |= LOOKUP_NO_XDEV;
	if (how->resolve & RESOLVE_NO_MAGICLINKS)
		lookup_flags |= LOOKUP_NO_MAGICLINKS;
	if (how->resolve & RESOLVE_NO_SYMLINKS)
		lookup_flags |= LOOKUP_NO_SYMLINKS;
	if (how->resolve & RESOLVE_BENEATH)
		lookup_flags |= LOOKUP_BENEATH;
	op->lookup_flags = lookup_flags;
	return 0;
}

static struct open_how build_open_how(int flags, umode_t mode)
{
	struct open_how how = {
		.flags = flags & VALID_OPEN_FLAGS,
		.mode = mode & S_IALLUGO,
	};

	/* Without O_CREAT the mode means nothing, and may be rubbish. */
	if (!(flags & (O_CREAT | __O_TMPFILE)))
		how.mode = 0;
	return how;
}

static noinline long do_sys_openat2(int dfd, const char __user *filename, struct open_how *how)
{
	struct open_flags op;
	struct filename *name;
	struct file *file;
	int fd;

	fd = build_open_flags(how, &op);
	if (fd)
		return fd;
	name = getname(filename);
	if (IS_ERR(name))
		return PTR_ERR(name);

	fd = get_unused_fd_flags(how->flags);
	if (fd >= 0) {
		file = do_filp_open(dfd, name, &op);
		if (IS_ERR(file)) {
			put_unused_fd(fd);
			fd = PTR_ERR(file);
		} else {
			fd_install(fd, file);
		}
	}
	putname(name);
	return fd;
}

/*
 * open(2) and openat(2).
 * dfd:      where a relative filename starts: a directory's descriptor, or AT_FDCWD
 * filename: in user space
 * flags:    O_RDONLY and so on
 * mode:     permissions of a file that O_CREAT makes, before the umask
 * Returns a descriptor or a negative errno.
 */
noinline long do_sys_open(int dfd, const char __user *filename, int flags, umode_t mode)
{
	struct open_how how = build_open_how(flags, mode);

	return do_sys_openat2(dfd, filename, &how);
}

SYSCALL_DEFINE3(open, const char __user *, filename, int, flags, umode_t, mode)
{
	return do_sys_open(AT_FDCWD, filename, flags, mode);
}

SYSCALL_DEFINE4(openat, int, dfd, const char __user *, filename, int, flags, umode_t, mode)
{
	return do_sys_open(dfd, filename, flags, mode);
}

/* As open, but what it does not know it refuses. RESOLVE_IN_ROOT and RESOLVE_CACHED are among that. */
SYSCALL_DEFINE4(openat2, int, dfd, const char __user *, filename, struct open_how __user *, how, size_t, usize)
{
	struct open_how tmp;
	int error;

	if (usize < sizeof(tmp))
		return -EINVAL;
	if (usize > PAGE_SIZE)
		return -E2BIG;
	error = copy_struct_from_user(&tmp, sizeof(tmp), how, usize);
	if (error)
		return error;
	if ((tmp.flags & ~(u64)VALID_OPEN_FLAGS) || (tmp.mode & ~(u64)S_IALLUGO))
		return -EINVAL;
	if (tmp.mode && !(tmp.flags & (O_CREAT | __O_TMPFILE)))
		return -EINVAL;
	if ((tmp.flags & O_PATH) && (tmp.flags & ~(u64)(O_DIRECTORY | O_NOFOLLOW | O_PATH | O_CLOEXEC)))
		return -EINVAL;
	if (tmp.resolve & ~(u64)(RESOLVE_NO_XDEV | RESOLVE_NO_MAGICLINKS | RESOLVE_NO_SYMLINKS | RESOLVE_BENEATH))
		return -EINVAL;
	return do_sys_openat2(dfd, filename, &tmp);
}

SYSCALL_DEFINE2(creat, const char __user *, pathname, umode_t, mode)
{
	return do_sys_open(AT_FDCWD, pathname, O_CREAT | O_WRONLY | O_TRUNC, mode);
}

/* Opens a file from inside the kernel. Returns ERR_PTR() on failure. */
noinline struct file *filp_open(const char *filename, int flags, umode_t mode)
{
	struct open_how how = build_open_how(flags, mode);
	struct filename *name = getname_kernel(filename);
	struct open_flags op;
	struct file *file;
	int error;

	if (IS_ERR(name))
		return ERR_CAST(name);
	error = build_open_flags(&how, &op);
	file = error ? ERR_PTR(error) : do_filp_open(AT_FDCWD, name, &op);
	putname(name);
	return file;
}
EXPORT_SYMBOL(filp_open);

/* One descriptor less refers to filp. A driver that must write back what it buffered does so in flush(). */
noinline int filp_close(struct file *filp, fl_owner_t id)
{
	int error = 0;

	if (filp->f_op->flush)
		error = filp->f_op->flush(filp, id);
	if (!(filp->f_mode & FMODE_PATH))
		locks_remove_posix(filp, id);
	fput(filp);
	return error;
}
EXPORT_SYMBOL(filp_close);

SYSCALL_DEFINE1(close, unsigned int, fd)
{
	int error = close_fd(fd);

	/* The descriptor is gone either way: a restart would close somebody else's file. */
	return error == -ERESTARTSYS ? -EINTR : error;
}

SYSCALL_DEFINE3(close_range, unsigned int, fd, unsigned int, max_fd, unsigned int, flags)
{
	unsigned int last = current->files->fdt->max_fds - 1;

	if (flags || fd > max_fd)
		return -EINVAL;
	if (max_fd > last)
		max_fd = last;
	for (; fd <= max_fd; fd++)
		close_fd(fd);
	return 0;
}

int generic_file_open(struct inode *inode, struct file *filp)
{
	return 0;
}
EXPORT_SYMBOL(generic_file_open);

/* For devices that have no positions. */
int nonseekable_open(struct inode *inode, struct file *filp)
{
	filp->f_mode &= ~(FMODE_LSEEK | FMODE_PREAD | FMODE_PWRITE);
	return 0;
}
EXPORT_SYMBOL(nonseekable_open);

int stream_open(struct inode *inode, struct file *filp)
{
	filp->f_mode &= ~(FMODE_LSEEK | FMODE_PREAD | FMODE_PWRITE | FMODE_ATOMIC_POS);
	filp->f_mode |= FMODE_STREAM;
	return 0;
}
EXPORT_SYMBOL(stream_open);
