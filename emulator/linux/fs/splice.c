/*
 * Moving bytes between files inside the kernel: sendfile, splice, tee, copy_file_range.
 *
 * Linux moves pages; here the bytes are copied. What leaves a pipe is taken out of it only when it has arrived.
 */
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/pipe_fs_i.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/syscalls.h>
#include <linux/uaccess.h>
#include <linux/uio.h>

#define SPLICE_F_MOVE		1
#define SPLICE_F_NONBLOCK	2
#define SPLICE_F_MORE		4
#define SPLICE_F_GIFT		8
#define SPLICE_F_ALL		(SPLICE_F_MOVE | SPLICE_F_NONBLOCK | SPLICE_F_MORE | SPLICE_F_GIFT)

static struct pipe_inode_info *get_pipe_info(struct file *file)
{
	return file->f_op == &pipefifo_fops ? file->private_data : NULL;
}

static loff_t *own_position(struct file *file)
{
	return (file->f_mode & FMODE_STREAM) ? NULL : &file->f_pos;
}

/* Copies at most count bytes through a page of memory. A NULL position: the file has none. */
static ssize_t copy_bytes(struct file *in, loff_t *in_pos, struct file *out, loff_t *out_pos, size_t count)
{
	char *page = kmalloc(PAGE_SIZE, GFP_KERNEL);
	ssize_t total = 0, got = 0;

	if (!page)
		return -ENOMEM;
	while (count) {
		ssize_t put;

		got = kernel_read(in, page, min_t(size_t, count, PAGE_SIZE), in_pos);
		if (got <= 0)
			break;
		put = kernel_write(out, page, got, out_pos);
		if (put < got && in_pos)
			*in_pos -= got - (put > 0 ? put : 0);
		if (put <= 0) {
			got = put;
			break;
		}
		total += put;
		count -= put;
		if (put < got || fatal_signal_pending(current))
			break;
		cond_resched();
	}
	kfree(page);
	return total ? total : got;
}

/* A position in user memory, or the file's own. */
static int get_offset(struct file *file, loff_t __user *user, loff_t *copy, loff_t **pos)
{
	*pos = own_position(file);
	if (!user)
		return 0;
	if (copy_from_user(copy, user, sizeof(*copy)))
		return -EFAULT;
	*pos = copy;
	return *copy < 0 ? -EINVAL : 0;
}

static ssize_t do_sendfile(struct file *out, struct file *in, loff_t __user *offset, size_t count)
{
	loff_t copy, *pos;
	ssize_t ret;

	if (!(in->f_mode & FMODE_READ) || !(out->f_mode & FMODE_WRITE))
		return -EBADF;
	if (offset && !(in->f_mode & FMODE_PREAD))
		return -ESPIPE;
	if (!in->f_op->read_iter || !out->f_op->write_iter || (in->f_mode & FMODE_STREAM) || (out->f_flags & O_APPEND))
		return -EINVAL;
	ret = get_offset(in, offset, &copy, &pos);
	if (ret)
		return ret;
	ret = copy_bytes(in, pos, out, own_position(out), count);
	return offset && copy_to_user(offset, &copy, sizeof(copy)) ? -EFAULT : ret;
}

SYSCALL_DEFINE4(sendfile, int, out_fd, int, in_fd, loff_t __user *, offset, size_t, count)
{
	struct fd in = fdget(in_fd), out = fdget(out_fd);
	ssize_t ret = -EBADF;

	if (in.file && out.file)
		ret = do_sendfile(out.file, in.file, offset, count);
	fdput(in);
	fdput(out);
	return ret;
}

static ssize_t do_copy_file_range(struct file *in, loff_t __user *off_in, struct file *out, loff_t __user *off_out,
				  size_t count)
{
	loff_t copy_in, copy_out, *pos_in, *pos_out;
	ssize_t ret;

	if (S_ISDIR(file_inode(in)->i_mode) || S_ISDIR(file_inode(out)->i_mode))
		return -EISDIR;
	if (!S_ISREG(file_inode(in)->i_mode) || !S_ISREG(file_inode(out)->i_mode))
		return -EINVAL;
	if (!(in->f_mode & FMODE_READ) || !(out->f_mode & FMODE_WRITE) || (out->f_flags & O_APPEND))
		return -EBADF;
	ret = get_offset(in, off_in, &copy_in, &pos_in);
	if (!ret)
		ret = get_offset(out, off_out, &copy_out, &pos_out);
	if (ret)
		return ret;
	if (file_inode(in) == file_inode(out) && *pos_out < *pos_in + (loff_t)count && *pos_in < *pos_out + (loff_t)count)
		return -EINVAL;		/* they overlap */
	ret = copy_bytes(in, pos_in, out, pos_out, count);
	if (ret > 0 && ((off_in && copy_to_user(off_in, &copy_in, sizeof(copy_in))) ||
			(off_out && copy_to_user(off_out, &copy_out, sizeof(copy_out)))))
		ret = -EFAULT;
	return ret;
}

SYSCALL_DEFINE6(copy_file_range, int, fd_in, loff_t __user *, off_in, int, fd_out, loff_t __user *, off_out, size_t, len,
		unsigned int, flags)
{
	struct fd in = fdget(fd_in), out = fdget(fd_out);
	ssize_t ret = -EBADF;

	if (in.file && out.file)
		ret = flags ? -EINVAL : do_copy_file_range(in.file, off_in, out.file, off_out, len);
	fdput(in);
	fdput(out);
	return ret;
}

static bool pipe_has_something(struct pipe_inode_info *pipe)
{
	return !pipe_empty(pipe->head, pipe->tail) || !pipe->writers;
}

static bool pipe_has_room(struct pipe_inode_info *pipe)
{
	return !pipe_full(pipe->head, pipe->tail, pipe->max_usage) || !pipe->readers;
}

/* Waits for bytes in a pipe, or for room in one. */
static int wait_for_pipe(struct pipe_inode_info *pipe, bool (*ready)(struct pipe_inode_info *), wait_queue_head_t *queue,
			 bool nonblock)
{
	if (ready(pipe))
		return 0;
	if (nonblock)
		return -EAGAIN;
	return wait_event_interruptible(*queue, ready(pipe)) ? -ERESTARTSYS : 0;
}

/* Hands a pipe's buffers to a file. consume: what has been written is taken out (splice), or not (tee). */
static ssize_t pipe_to_file(struct pipe_inode_info *pipe, struct file *out, loff_t *pos, size_t count, bool consume)
{
	ssize_t total = 0, put = 0;
	unsigned int at;

	mutex_lock(&pipe->mutex);
	for (at = pipe->tail; at != pipe->head && count; at++) {
		struct pipe_buffer *buf = &pipe->bufs[at % pipe->ring_size];
		size_t chars = min_t(size_t, buf->len, count);

		put = kernel_write(out, (char *)page_address(buf->page) + buf->offset, chars, pos);
		if (put <= 0)
			break;
		total += put;
		count -= put;
		if (consume) {
			buf->offset += put;
			buf->len -= put;
		}
		if (consume && !buf->len) {
			put_page(buf->page);
			buf->page = NULL;
			pipe->tail++;
		}
		if ((size_t)put < chars)
			break;
	}
	mutex_unlock(&pipe->mutex);
	if (total && consume)
		wake_up_interruptible(&pipe->wr_wait);
	return total ? total : put;
}

/* Fills a pipe, as far as there is room without waiting for more. */
static ssize_t file_to_pipe(struct file *in, loff_t *pos, struct file *out, struct pipe_inode_info *pipe, size_t count)
{
	size_t room = (pipe->max_usage - pipe_occupancy(pipe->head, pipe->tail)) * PAGE_SIZE;

	return copy_bytes(in, pos, out, NULL, min_t(size_t, count, max_t(size_t, room, PAGE_SIZE)));
}

static ssize_t do_splice(struct file *in, loff_t __user *off_in, struct file *out, loff_t __user *off_out, size_t len,
			 unsigned int flags)
{
	struct pipe_inode_info *ipipe = get_pipe_info(in), *opipe = get_pipe_info(out);
	bool nonblock = (flags & SPLICE_F_NONBLOCK) || ((in->f_flags | out->f_flags) & O_NONBLOCK);
	loff_t __user *user = ipipe ? off_out : off_in;
	loff_t copy, *pos;
	ssize_t ret;

	if (!(in->f_mode & FMODE_READ) || !(out->f_mode & FMODE_WRITE))
		return -EBADF;
	if ((ipipe && off_in) || (opipe && off_out))
		return -ESPIPE;
	if ((!ipipe && !opipe) || ipipe == opipe)
		return -EINVAL;
	if (user && !((ipipe ? out : in)->f_mode & (ipipe ? FMODE_PWRITE : FMODE_PREAD)))
		return -EINVAL;
	if (ipipe ? !out->f_op->write_iter || (out->f_flags & O_APPEND) : !in->f_op->read_iter)
		return -EINVAL;
	ret = get_offset(ipipe ? out : in, user, &copy, &pos);
	if (!ret && ipipe)
		ret = wait_for_pipe(ipipe, pipe_has_something, &ipipe->rd_wait, nonblock);
	if (!ret && opipe)
		ret = wait_for_pipe(opipe, pipe_has_room, &opipe->wr_wait, nonblock);
	if (ret)
		return ret;
	ret = ipipe ? pipe_to_file(ipipe, out, pos, len, true) : file_to_pipe(in, pos, out, opipe, len);
	return user && copy_to_user(user, &copy, sizeof(copy)) ? -EFAULT : ret;
}

SYSCALL_DEFINE6(splice, int, fd_in, loff_t __user *, off_in, int, fd_out, loff_t __user *, off_out, size_t, len,
		unsigned int, flags)
{
	ssize_t ret = -EBADF;
	struct fd in, out;

	if (!len)
		return 0;
	if (flags & ~SPLICE_F_ALL)
		return -EINVAL;
	in = fdget(fd_in);
	out = fdget(fd_out);
	if (in.file && out.file)
		ret = do_splice(in.file, off_in, out.file, off_out, len, flags);
	fdput(in);
	fdput(out);
	return ret;
}

static ssize_t do_tee(struct file *in, struct file *out, size_t len, bool nonblock)
{
	struct pipe_inode_info *ipipe = get_pipe_info(in), *opipe = get_pipe_info(out);
	ssize_t ret;

	if (!(in->f_mode & FMODE_READ) || !(out->f_mode & FMODE_WRITE))
		return -EBADF;
	if (!ipipe || !opipe || ipipe == opipe)
		return -EINVAL;
	ret = wait_for_pipe(ipipe, pipe_has_something, &ipipe->rd_wait, nonblock);
	if (!ret)
		ret = wait_for_pipe(opipe, pipe_has_room, &opipe->wr_wait, nonblock);
	return ret ? ret : pipe_to_file(ipipe, out, NULL, len, false);
}

SYSCALL_DEFINE4(tee, int, fdin, int, fdout, size_t, len, unsigned int, flags)
{
	struct fd in, out;
	ssize_t ret = -EBADF;

	if (flags & ~SPLICE_F_ALL)
		return -EINVAL;
	if (!len)
		return 0;
	in = fdget(fdin);
	out = fdget(fdout);
	if (in.file && out.file)
		ret = do_tee(in.file, out.file, len, flags & SPLICE_F_NONBLOCK);
	fdput(in);
	fdput(out);
	return ret;
}
