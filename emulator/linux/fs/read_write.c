/*
 * Reading, writing and seeking: from the system call through vfs_read and vfs_write to the file's own operation.
 */
#include <linux/fs.h>
#include <linux/file.h>
#include <linux/kernel.h>
#include <linux/sched.h>
#include <linux/security.h>
#include <linux/slab.h>
#include <linux/uio.h>
#include <linux/uaccess.h>
#include <linux/export.h>
#include <linux/syscalls.h>

/* The most that one call transfers: whole pages below 2 GiB. */
#define MAX_RW_COUNT	(INT_MAX & PAGE_MASK)

/* preadv2 and pwritev2: RWF_HIPRI, RWF_DSYNC and RWF_SYNC change nothing where everything is in memory. */
#define RWF_SUPPORTED	0x7

static loff_t vfs_setpos(struct file *file, loff_t offset, loff_t maxsize)
{
	if (offset < 0 || offset > maxsize)
		return -EINVAL;
	if (offset != file->f_pos) {
		file->f_pos = offset;
		file->f_version = 0;
	}
	return offset;
}

/* llseek for files whose end is i_size. */
loff_t generic_file_llseek(struct file *file, loff_t offset, int whence)
{
	struct inode *inode = file->f_mapping->host;

	return fixed_size_llseek(file, offset, whence, i_size_read(inode));
}
EXPORT_SYMBOL(generic_file_llseek);

loff_t fixed_size_llseek(struct file *file, loff_t offset, int whence, loff_t size)
{
	switch (whence) {
	case SEEK_SET:
		break;
	case SEEK_CUR:
		if (offset == 0)
			return file->f_pos;
		offset += file->f_pos;
		break;
	case SEEK_END:
		offset += size;
		break;
	default:
		return -EINVAL;
	}
	return vfs_setpos(file, offset, file_inode(file)->i_sb->s_maxbytes);
}
EXPORT_SYMBOL(fixed_size_llseek);

loff_t default_llseek(struct file *file, loff_t offset, int whence)
{
	return fixed_size_llseek(file, offset, whence, i_size_read(file_inode(file)));
}
EXPORT_SYMBOL(default_llseek);

loff_t noop_llseek(struct file *file, loff_t offset, int whence)
{
	return file->f_pos;
}
EXPORT_SYMBOL(noop_llseek);

loff_t no_llseek(struct file *file, loff_t offset, int whence)
{
	return -ESPIPE;
}
EXPORT_SYMBOL(no_llseek);

noinline loff_t vfs_llseek(struct file *file, loff_t offset, int whence)
{
	if (!(file->f_mode & FMODE_LSEEK))
		return -ESPIPE;
	if (!file->f_op->llseek)
		return default_llseek(file, offset, whence);
	return file->f_op->llseek(file, offset, whence);
}
EXPORT_SYMBOL(vfs_llseek);

static off_t ksys_lseek(unsigned int fd, off_t offset, unsigned int whence)
{
	struct fd f = fdget_pos(fd);
	off_t result;

	if (!f.file)
		return -EBADF;
	result = whence <= SEEK_END ? vfs_llseek(f.file, offset, whence) : -EINVAL;
	fdput_pos(f);
	return result;
}

SYSCALL_DEFINE3(lseek, unsigned int, fd, off_t, offset, unsigned int, whence)
{
	return ksys_lseek(fd, offset, whence);
}

static noinline int rw_verify_area(int read_write, struct file *file, const loff_t *ppos, size_t count)
{
	if ((ssize_t)count < 0)
		return -EINVAL;
	if (ppos && *ppos < 0)
		return -EINVAL;
	return security_file_permission(file, read_write == READ ? MAY_READ : MAY_WRITE);
}

/* Reads through read_iter() on behalf of a caller that has a plain user buffer. */
static noinline ssize_t new_sync_read(struct file *filp, char __user *buf, size_t len, loff_t *ppos)
{
	struct kiocb kiocb = { .ki_filp = filp, .ki_pos = ppos ? *ppos : 0 };
	struct iov_iter iter;
	ssize_t ret;

	if (filp->f_flags & O_NONBLOCK)
		kiocb.ki_flags |= IOCB_NOWAIT;
	iov_iter_ubuf(&iter, ITER_DEST, buf, len);
	ret = filp->f_op->read_iter(&kiocb, &iter);
	if (ppos)
		*ppos = kiocb.ki_pos;
	return ret;
}

static noinline ssize_t new_sync_write(struct file *filp, const char __user *buf, size_t len, loff_t *ppos)
{
	struct kiocb kiocb = { .ki_filp = filp, .ki_pos = ppos ? *ppos : 0 };
	struct iov_iter iter;
	ssize_t ret;

	if (filp->f_flags & O_APPEND)
		kiocb.ki_flags |= IOCB_APPEND;
	if (filp->f_flags & O_NONBLOCK)
		kiocb.ki_flags |= IOCB_NOWAIT;
	iov_iter_ubuf(&iter, ITER_SOURCE, (void __user *)buf, len);
	ret = filp->f_op->write_iter(&kiocb, &iter);
	if (ret > 0 && ppos)
		*ppos = kiocb.ki_pos;
	return ret;
}

/*
 * Reads up to count bytes at *pos into buf, in user space, and moves *pos.
 * Returns the number of bytes, 0 at the end of the file, or a negative errno.
 */
noinline ssize_t vfs_read(struct file *file, char __user *buf, size_t count, loff_t *pos)
{
	ssize_t ret;

	if (!(file->f_mode & FMODE_READ))
		return -EBADF;
	if (!(file->f_mode & FMODE_CAN_READ))
		return S_ISDIR(file_inode(file)->i_mode) ? -EISDIR : -EINVAL;
	if (!access_ok(buf, count))
		return -EFAULT;
	ret = rw_verify_area(READ, file, pos, count);
	if (ret)
		return ret;
	if (count > MAX_RW_COUNT)
		count = MAX_RW_COUNT;
	if (file->f_op->read)
		ret = file->f_op->read(file, buf, count, pos);
	else
		ret = new_sync_read(file, buf, count, pos);
	return ret;
}
EXPORT_SYMBOL(vfs_read);

/* Writes count bytes from buf, in user space, at *pos, and moves *pos. Returns how many, or a negative errno. */
noinline ssize_t vfs_write(struct file *file, const char __user *buf, size_t count, loff_t *pos)
{
	ssize_t ret;

	if (!(file->f_mode & FMODE_WRITE))
		return -EBADF;
	if (!(file->f_mode & FMODE_CAN_WRITE))
		return -EINVAL;
	if (!access_ok(buf, count))
		return -EFAULT;
	ret = rw_verify_area(WRITE, file, pos, count);
	if (ret)
		return ret;
	if (count > MAX_RW_COUNT)
		count = MAX_RW_COUNT;
	if (file->f_op->write)
		ret = file->f_op->write(file, buf, count, pos);
	else
		ret = new_sync_write(file, buf, count, pos);
	return ret;
}
EXPORT_SYMBOL(vfs_write);

/* The position a call works with: the file's own, or none for files that have no positions. */
static loff_t *file_ppos(struct file *file)
{
	return (file->f_mode & FMODE_STREAM) ? NULL : &file->f_pos;
}

noinline ssize_t ksys_read(unsigned int fd, char __user *buf, size_t count)
{
	struct fd f = fdget_pos(fd);
	ssize_t ret = -EBADF;

	if (f.file) {
		loff_t pos, *ppos = file_ppos(f.file);

		if (ppos) {
			pos = *ppos;
			ppos = &pos;
		}
		ret = vfs_read(f.file, buf, count, ppos);
		if (ret >= 0 && ppos)
			f.file->f_pos = pos;
		fdput_pos(f);
	}
	return ret;
}

SYSCALL_DEFINE3(read, unsigned int, fd, char __user *, buf, size_t, count)
{
	return ksys_read(fd, buf, count);
}

noinline ssize_t ksys_write(unsigned int fd, const char __user *buf, size_t count)
{
	struct fd f = fdget_pos(fd);
	ssize_t ret = -EBADF;

	if (f.file) {
		loff_t pos, *ppos = file_ppos(f.file);

		if (ppos) {
			pos = *ppos;
			ppos = &pos;
		}
		ret = vfs_write(f.file, buf, count, ppos);
		if (ret >= 0 && ppos)
			f.file->f_pos = pos;
		fdput_pos(f);
	}
	return ret;
}

SYSCALL_DEFINE3(write, unsigned int, fd, const char __user *, buf, size_t, count)
{
	return ksys_write(fd, buf, count);
}

SYSCALL_DEFINE4(pread64, unsigned int, fd, char __user *, buf, size_t, count, loff_t, pos)
{
	struct fd f;
	ssize_t ret = -EBADF;

	if (pos < 0)
		return -EINVAL;
	f = fdget(fd);
	if (f.file) {
		ret = (f.file->f_mode & FMODE_PREAD) ? vfs_read(f.file, buf, count, &pos) : -ESPIPE;
		fdput(f);
	}
	return ret;
}

SYSCALL_DEFINE4(pwrite64, unsigned int, fd, const char __user *, buf, size_t, count, loff_t, pos)
{
	struct fd f;
	ssize_t ret = -EBADF;

	if (pos < 0)
		return -EINVAL;
	f = fdget(fd);
	if (f.file) {
		ret = (f.file->f_mode & FMODE_PWRITE) ? vfs_write(f.file, buf, count, &pos) : -ESPIPE;
		fdput(f);
	}
	return ret;
}

/* Reads into, or writes from, several buffers: in one go if the file can iterate, else buffer by buffer. */
static ssize_t do_iter_rw(struct file *file, struct iov_iter *iter, loff_t *pos, int type)
{
	size_t total = iov_iter_count(iter);
	const struct iovec *iov = iter->iov;
	unsigned long left = iter->nr_segs;
	ssize_t ret, done = 0;

	if (!(file->f_mode & (type == READ ? FMODE_READ : FMODE_WRITE)))
		return -EBADF;
	if (!(file->f_mode & (type == READ ? FMODE_CAN_READ : FMODE_CAN_WRITE)))
		return -EINVAL;
	if (!total)
		return 0;
	ret = rw_verify_area(type, file, pos, total);
	if (ret)
		return ret;
	if (type == READ ? file->f_op->read_iter != NULL : file->f_op->write_iter != NULL) {
		struct kiocb kiocb = { .ki_filp = file, .ki_pos = pos ? *pos : 0 };

		if (file->f_flags & O_APPEND)
			kiocb.ki_flags |= IOCB_APPEND;
		if (file->f_flags & O_NONBLOCK)
			kiocb.ki_flags |= IOCB_NOWAIT;
		ret = type == READ ? file->f_op->read_iter(&kiocb, iter) : file->f_op->write_iter(&kiocb, iter);
		if (pos)
			*pos = kiocb.ki_pos;
		return ret;
	}
	for (; left; left--, iov++) {
		if (type == READ)
			ret = file->f_op->read(file, iov->iov_base, iov->iov_len, pos);
		else
			ret = file->f_op->write(file, iov->iov_base, iov->iov_len, pos);
		if (ret < 0)
			return done ? done : ret;
		done += ret;
		if ((size_t)ret != iov->iov_len)
			break;
	}
	return done;
}

static noinline ssize_t vfs_iov(unsigned int fd, const struct iovec __user *vec, unsigned long vlen, int type)
{
	struct iovec fast[UIO_FASTIOV], *iov = fast;
	struct iov_iter iter;
	struct fd f = fdget_pos(fd);
	ssize_t ret;

	if (!f.file)
		return -EBADF;
	ret = import_iovec(type == READ ? ITER_DEST : ITER_SOURCE, vec, vlen, UIO_FASTIOV, &iov, &iter);
	if (ret >= 0) {
		ret = do_iter_rw(f.file, &iter, file_ppos(f.file), type);
		kfree(iov);
	}
	fdput_pos(f);
	return ret;
}

SYSCALL_DEFINE3(readv, unsigned long, fd, const struct iovec __user *, vec, unsigned long, vlen)
{
	return vfs_iov(fd, vec, vlen, READ);
}

SYSCALL_DEFINE3(writev, unsigned long, fd, const struct iovec __user *, vec, unsigned long, vlen)
{
	return vfs_iov(fd, vec, vlen, WRITE);
}

/* preadv and pwritev: at a position of the caller's; -1 with the new forms means the file's own. */
static noinline ssize_t do_iov_at(unsigned long fd, const struct iovec __user *vec, unsigned long vlen, loff_t pos, int type,
				  int flags)
{
	struct iovec fast[UIO_FASTIOV], *iov = fast;
	struct iov_iter iter;
	ssize_t ret;
	struct fd f;

	if (flags & ~RWF_SUPPORTED)
		return -EOPNOTSUPP;
	if (pos < 0)
		return -EINVAL;
	f = fdget(fd);
	if (!f.file)
		return -EBADF;
	ret = -ESPIPE;
	if (f.file->f_mode & (type == READ ? FMODE_PREAD : FMODE_PWRITE)) {
		ret = import_iovec(type == READ ? ITER_DEST : ITER_SOURCE, vec, vlen, UIO_FASTIOV, &iov, &iter);
		if (ret >= 0) {
			ret = do_iter_rw(f.file, &iter, &pos, type);
			kfree(iov);
		}
	}
	fdput(f);
	return ret;
}

SYSCALL_DEFINE5(preadv, unsigned long, fd, const struct iovec __user *, vec, unsigned long, vlen, unsigned long, pos_l,
		unsigned long, pos_h)
{
	return do_iov_at(fd, vec, vlen, pos_l, READ, 0);
}

SYSCALL_DEFINE5(pwritev, unsigned long, fd, const struct iovec __user *, vec, unsigned long, vlen, unsigned long, pos_l,
		unsigned long, pos_h)
{
	return do_iov_at(fd, vec, vlen, pos_l, WRITE, 0);
}

SYSCALL_DEFINE6(preadv2, unsigned long, fd, const struct iovec __user *, vec, unsigned long, vlen, unsigned long, pos_l,
		unsigned long, pos_h, int, flags)
{
	if (pos_l == (unsigned long)-1)
		return flags & ~RWF_SUPPORTED ? -EOPNOTSUPP : vfs_iov(fd, vec, vlen, READ);
	return do_iov_at(fd, vec, vlen, pos_l, READ, flags);
}

SYSCALL_DEFINE6(pwritev2, unsigned long, fd, const struct iovec __user *, vec, unsigned long, vlen, unsigned long, pos_l,
		unsigned long, pos_h, int, flags)
{
	if (pos_l == (unsigned long)-1)
		return flags & ~RWF_SUPPORTED ? -EOPNOTSUPP : vfs_iov(fd, vec, vlen, WRITE);
	return do_iov_at(fd, vec, vlen, pos_l, WRITE, flags);
}

/* vfs_read() into a buffer of the kernel's own. Only for files that can iterate. */
noinline ssize_t kernel_read(struct file *file, void *buf, size_t count, loff_t *pos)
{
	struct kvec kvec = { .iov_base = buf, .iov_len = count };
	struct kiocb kiocb = { .ki_filp = file, .ki_pos = pos ? *pos : 0 };
	struct iov_iter iter;
	ssize_t ret;

	if (!(file->f_mode & FMODE_READ))
		return -EBADF;
	if (!file->f_op->read_iter)
		return -EINVAL;
	iov_iter_kvec(&iter, ITER_DEST, &kvec, 1, count);
	ret = file->f_op->read_iter(&kiocb, &iter);
	if (ret > 0 && pos)
		*pos = kiocb.ki_pos;
	return ret;
}
EXPORT_SYMBOL(kernel_read);

noinline ssize_t kernel_write(struct file *file, const void *buf, size_t count, loff_t *pos)
{
	struct kvec kvec = { .iov_base = (void *)buf, .iov_len = count };
	struct kiocb kiocb = { .ki_filp = file, .ki_pos = pos ? *pos : 0 };
	struct iov_iter iter;
	ssize_t ret;

	if (!(file->f_mode & FMODE_WRITE))
		return -EBADF;
	if (!file->f_op->write_iter)
		return -EINVAL;
	if (file->f_flags & O_APPEND)
		kiocb.ki_flags |= IOCB_APPEND;
	iov_iter_kvec(&iter, ITER_SOURCE, &kvec, 1, count);
	ret = file->f_op->write_iter(&kiocb, &iter);
	if (ret > 0 && pos)
		*pos = kiocb.ki_pos;
	return ret;
}
EXPORT_SYMBOL(kernel_write);
