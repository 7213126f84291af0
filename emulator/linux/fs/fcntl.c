/*
 * fcntl(2), ioctl(2) and fsync(2): what can be asked of every open file.
 */
#include <linux/fs.h>
#include <linux/file.h>
#include <linux/fdtable.h>
#include <linux/pipe_fs_i.h>
#include <linux/sched.h>
#include <linux/export.h>
#include <linux/syscalls.h>
#include <linux/uaccess.h>
#include "internal.h"

#define SETFL_MASK (O_APPEND | O_NONBLOCK | O_NDELAY | O_DIRECT | O_NOATIME)

static long do_fcntl(int fd, unsigned int cmd, unsigned long arg, struct file *filp)
{
	switch (cmd) {
	case F_DUPFD:
		return f_dupfd(arg, filp, 0);
	case F_DUPFD_CLOEXEC:
		return f_dupfd(arg, filp, O_CLOEXEC);
	case F_GETFD:
		return get_close_on_exec(fd) ? FD_CLOEXEC : 0;
	case F_SETFD:
		set_close_on_exec(fd, arg & FD_CLOEXEC);
		return 0;
	case F_GETFL:
		return filp->f_flags;
	case F_SETFL:
		spin_lock(&filp->f_lock);
		filp->f_flags = (arg & SETFL_MASK) | (filp->f_flags & ~SETFL_MASK);
		spin_unlock(&filp->f_lock);
		return 0;
	case F_GETPIPE_SZ:
		if (filp->f_op != &pipefifo_fops)
			return -EBADF;
		return ((struct pipe_inode_info *)filp->private_data)->max_usage * 4096;
	case F_SETPIPE_SZ:
		if (filp->f_op != &pipefifo_fops)
			return -EBADF;
		return pipe_set_size(filp->private_data, arg);
	case F_GETLK:
	case F_OFD_GETLK:
		return fcntl_getlk(filp, cmd == F_OFD_GETLK, (struct flock __user *)arg);
	case F_SETLK:
	case F_SETLKW:
		return fcntl_setlk(filp, false, cmd == F_SETLKW, (struct flock __user *)arg);
	case F_OFD_SETLK:
	case F_OFD_SETLKW:
		return fcntl_setlk(filp, true, cmd == F_OFD_SETLKW, (struct flock __user *)arg);
	default:
		return -EINVAL;
	}
}

SYSCALL_DEFINE3(fcntl, unsigned int, fd, unsigned int, cmd, unsigned long, arg)
{
	struct fd f = fdget_raw(fd);
	long error = -EBADF;

	if (f.file) {
		bool only_a_place = (f.file->f_mode & FMODE_PATH) && cmd != F_DUPFD && cmd != F_DUPFD_CLOEXEC &&
				    cmd != F_GETFD && cmd != F_SETFD && cmd != F_GETFL;

		if (!only_a_place)
			error = do_fcntl(fd, cmd, arg, f.file);
		fdput(f);
	}
	return error;
}

/* The file's own ioctl. Files that have none are no terminals, whatever was asked. */
noinline long vfs_ioctl(struct file *filp, unsigned int cmd, unsigned long arg)
{
	long error = -ENOTTY;

	if (filp->f_op->unlocked_ioctl) {
		error = filp->f_op->unlocked_ioctl(filp, cmd, arg);
		if (error == -ENOIOCTLCMD)
			error = -ENOTTY;
	}
	return error;
}
EXPORT_SYMBOL(vfs_ioctl);

static noinline int do_vfs_ioctl(struct file *filp, unsigned int fd, unsigned int cmd, unsigned long arg)
{
	int value;

	switch (cmd) {
	case FIOCLEX:
		set_close_on_exec(fd, 1);
		return 0;
	case FIONCLEX:
		set_close_on_exec(fd, 0);
		return 0;
	case FIONBIO:
		if (get_user(value, (int __user *)arg))
			return -EFAULT;
		spin_lock(&filp->f_lock);
		filp->f_flags = value ? filp->f_flags | O_NONBLOCK : filp->f_flags & ~O_NONBLOCK;
		spin_unlock(&filp->f_lock);
		return 0;
	case FIONREAD:
		if (!S_ISREG(file_inode(filp)->i_mode))
			return vfs_ioctl(filp, cmd, arg);
		value = i_size_read(file_inode(filp)) - filp->f_pos;
		return put_user(value, (int __user *)arg);
	default:
		return vfs_ioctl(filp, cmd, arg);
	}
}

SYSCALL_DEFINE3(ioctl, unsigned int, fd, unsigned int, cmd, unsigned long, arg)
{
	struct fd f = fdget(fd);
	int error;

	if (!f.file)
		return -EBADF;
	error = do_vfs_ioctl(f.file, fd, cmd, arg);
	fdput(f);
	return error;
}

/* Everything is in memory: what is written is as safe as it will ever be. */
noinline int vfs_fsync(struct file *file, int datasync)
{
	if (!file->f_op->fsync)
		return S_ISREG(file_inode(file)->i_mode) ? 0 : -EINVAL;
	return file->f_op->fsync(file, 0, 0x7fffffffffffffffLL, datasync);
}

static int do_fsync(unsigned int fd, int datasync)
{
	struct fd f = fdget(fd);
	int error = -EBADF;

	if (f.file) {
		error = vfs_fsync(f.file, datasync);
		fdput(f);
	}
	return error;
}

SYSCALL_DEFINE1(fsync, unsigned int, fd)
{
	return do_fsync(fd, 0);
}

SYSCALL_DEFINE1(fdatasync, unsigned int, fd)
{
	return do_fsync(fd, 1);
}

SYSCALL_DEFINE0(sync)
{
	return 0;
}
