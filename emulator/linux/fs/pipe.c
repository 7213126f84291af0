/*
 * Pipes and FIFOs: a ring of pages that writers fill and readers drain, each waiting for the other when they must.
 */
#include <linux/capability.h>
#include <linux/fs.h>
#include <linux/file.h>
#include <linux/pipe_fs_i.h>
#include <linux/mm.h>
#include <linux/mount.h>
#include <linux/poll.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/signal.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/statfs.h>
#include <linux/uio.h>
#include <linux/uaccess.h>
#include <linux/init.h>
#include <linux/export.h>
#include <linux/syscalls.h>

static struct vfsmount *pipe_mnt;

struct pipe_inode_info *alloc_pipe_info(void)
{
	struct pipe_inode_info *pipe = kzalloc(sizeof(*pipe), GFP_KERNEL);

	if (!pipe)
		return NULL;
	pipe->bufs = kcalloc(PIPE_DEF_BUFFERS, sizeof(struct pipe_buffer), GFP_KERNEL);
	if (!pipe->bufs) {
		kfree(pipe);
		return NULL;
	}
	mutex_init(&pipe->mutex);
	init_waitqueue_head(&pipe->rd_wait);
	init_waitqueue_head(&pipe->wr_wait);
	pipe->ring_size = PIPE_DEF_BUFFERS;
	pipe->max_usage = PIPE_DEF_BUFFERS;
	pipe->r_counter = pipe->w_counter = 1;
	return pipe;
}

void free_pipe_info(struct pipe_inode_info *pipe)
{
	for (; !pipe_empty(pipe->head, pipe->tail); pipe->tail++)
		put_page(pipe->bufs[pipe->tail % pipe->ring_size].page);
	kfree(pipe->bufs);
	kfree(pipe);
}

static bool pipe_readable(const struct pipe_inode_info *pipe)
{
	return !pipe_empty(pipe->head, pipe->tail) || !pipe->writers;
}

static bool pipe_writable(const struct pipe_inode_info *pipe)
{
	return !pipe_full(pipe->head, pipe->tail, pipe->max_usage) || !pipe->readers;
}

/* Takes what is there, at most the iterator's length; waits only if there is nothing at all. */
static noinline ssize_t pipe_read(struct kiocb *iocb, struct iov_iter *to)
{
	struct file *filp = iocb->ki_filp;
	struct pipe_inode_info *pipe = filp->private_data;
	bool made_room = false;
	ssize_t ret = 0;

	if (!iov_iter_count(to))
		return 0;
	mutex_lock(&pipe->mutex);
	for (;;) {
		while (!pipe_empty(pipe->head, pipe->tail) && iov_iter_count(to)) {
			struct pipe_buffer *buf = &pipe->bufs[pipe->tail % pipe->ring_size];
			size_t chars = min_t(size_t, buf->len, iov_iter_count(to));
			size_t copied = copy_to_iter((char *)page_address(buf->page) + buf->offset, chars, to);

			ret += copied;
			buf->offset += copied;
			buf->len -= copied;
			if (!buf->len) {
				put_page(buf->page);
				buf->page = NULL;
				pipe->tail++;
				made_room = true;
			}
			if (copied < chars) {
				if (!ret)
					ret = -EFAULT;
				goto out;
			}
		}
		if (ret || !pipe->writers)
			break;
		if (filp->f_flags & O_NONBLOCK) {
			ret = -EAGAIN;
			break;
		}
		mutex_unlock(&pipe->mutex);
		if (wait_event_interruptible(pipe->rd_wait, pipe_readable(pipe)) < 0)
			return -ERESTARTSYS;
		mutex_lock(&pipe->mutex);
	}
out:
	mutex_unlock(&pipe->mutex);
	if (made_room)
		wake_up_interruptible(&pipe->wr_wait);
	return ret;
}

/* Adds to the newest buffer's page what fits in it whole. Small writes share pages that way. */
static size_t append_to_last(struct pipe_inode_info *pipe, struct iov_iter *from)
{
	size_t total = iov_iter_count(from);
	struct pipe_buffer *buf;
	size_t end, copied;

	if (pipe_empty(pipe->head, pipe->tail))
		return 0;
	buf = &pipe->bufs[(pipe->head - 1) % pipe->ring_size];
	end = buf->offset + buf->len;
	if (end + total > PAGE_SIZE)
		return 0;
	copied = copy_from_iter((char *)page_address(buf->page) + end, total, from);
	buf->len += copied;
	return copied;
}

/* Writes everything, waiting for room as often as needed. Without a reader there is SIGPIPE and EPIPE instead. */
static noinline ssize_t pipe_write(struct kiocb *iocb, struct iov_iter *from)
{
	struct file *filp = iocb->ki_filp;
	struct pipe_inode_info *pipe = filp->private_data;
	bool was_empty = false;
	ssize_t ret = 0;

	if (!iov_iter_count(from))
		return 0;
	mutex_lock(&pipe->mutex);
	if (pipe->readers) {
		was_empty = pipe_empty(pipe->head, pipe->tail);
		ret = append_to_last(pipe, from);
	}
	for (;;) {
		if (!pipe->readers) {
			send_sig(SIGPIPE, current, 0);
			if (!ret)
				ret = -EPIPE;
			break;
		}
		if (!iov_iter_count(from))
			break;
		if (!pipe_full(pipe->head, pipe->tail, pipe->max_usage)) {
			struct pipe_buffer *buf = &pipe->bufs[pipe->head % pipe->ring_size];
			struct page *page = alloc_page(GFP_HIGHUSER);
			size_t chars = min_t(size_t, PAGE_SIZE, iov_iter_count(from));
			size_t copied;

			if (!page) {
				ret = ret ? ret : -ENOMEM;
				break;
			}
			copied = copy_from_iter(page_address(page), chars, from);
			if (!copied) {
				put_page(page);
				ret = ret ? ret : -EFAULT;
				break;
			}
			buf->page = page;
			buf->offset = 0;
			buf->len = copied;
			pipe->head++;
			ret += copied;
			if (copied < chars)
				break;
			continue;
		}
		if (filp->f_flags & O_NONBLOCK) {
			if (!ret)
				ret = -EAGAIN;
			break;
		}
		mutex_unlock(&pipe->mutex);
		wake_up_interruptible(&pipe->rd_wait);
		if (wait_event_interruptible(pipe->wr_wait, pipe_writable(pipe)) < 0)
			return ret ? ret : -ERESTARTSYS;
		mutex_lock(&pipe->mutex);
		was_empty = true;
	}
	mutex_unlock(&pipe->mutex);
	if (was_empty || ret > 0)
		wake_up_interruptible(&pipe->rd_wait);
	return ret;
}

static unsigned int pipe_poll(struct file *filp, poll_table *wait)
{
	struct pipe_inode_info *pipe = filp->private_data;
	unsigned int mask = 0;

	if (filp->f_mode & FMODE_READ)
		poll_wait(filp, &pipe->rd_wait, wait);
	if (filp->f_mode & FMODE_WRITE)
		poll_wait(filp, &pipe->wr_wait, wait);
	if (filp->f_mode & FMODE_READ) {
		if (!pipe_empty(pipe->head, pipe->tail))
			mask |= EPOLLIN | EPOLLRDNORM;
		if (!pipe->writers)
			mask |= EPOLLHUP;
	}
	if (filp->f_mode & FMODE_WRITE) {
		if (!pipe_full(pipe->head, pipe->tail, pipe->max_usage))
			mask |= EPOLLOUT | EPOLLWRNORM;
		if (!pipe->readers)
			mask |= EPOLLERR;
	}
	return mask;
}

/* F_SETPIPE_SZ: as many pages as size needs, a power of two. Returns the new size in bytes. */
long pipe_set_size(struct pipe_inode_info *pipe, unsigned long size)
{
	unsigned int slots = 1, i, used;
	struct pipe_buffer *bufs;

	if (size > PIPE_MAX_SIZE)
		return capable(CAP_SYS_RESOURCE) && size <= 1UL << 31 ? -ENOMEM : -EPERM;
	while (slots * PAGE_SIZE < size)
		slots *= 2;
	bufs = kcalloc(slots, sizeof(*bufs), GFP_KERNEL);
	if (!bufs)
		return -ENOMEM;
	mutex_lock(&pipe->mutex);
	used = pipe_occupancy(pipe->head, pipe->tail);
	if (used > slots) {
		mutex_unlock(&pipe->mutex);
		kfree(bufs);
		return -EBUSY;
	}
	for (i = 0; i < used; i++)
		bufs[i] = pipe->bufs[(pipe->tail + i) % pipe->ring_size];
	kfree(pipe->bufs);
	pipe->bufs = bufs;
	pipe->tail = 0;
	pipe->head = used;
	pipe->ring_size = pipe->max_usage = slots;
	mutex_unlock(&pipe->mutex);
	wake_up_interruptible_all(&pipe->wr_wait);
	return slots * PAGE_SIZE;
}

static long pipe_ioctl(struct file *filp, unsigned int cmd, unsigned long arg)
{
	struct pipe_inode_info *pipe = filp->private_data;
	unsigned int i;
	int count = 0;

	if (cmd != FIONREAD)
		return -ENOTTY;
	mutex_lock(&pipe->mutex);
	for (i = pipe->tail; i != pipe->head; i++)
		count += pipe->bufs[i % pipe->ring_size].len;
	mutex_unlock(&pipe->mutex);
	return put_user(count, (int __user *)arg);
}

static void put_pipe_info(struct inode *inode, struct pipe_inode_info *pipe)
{
	bool last;

	spin_lock(&inode->i_lock);
	last = --pipe->files == 0;
	if (last)
		inode->i_pipe = NULL;
	spin_unlock(&inode->i_lock);
	if (last)
		free_pipe_info(pipe);
}

static int pipe_release(struct inode *inode, struct file *file)
{
	struct pipe_inode_info *pipe = file->private_data;

	mutex_lock(&pipe->mutex);
	if (file->f_mode & FMODE_READ)
		pipe->readers--;
	if (file->f_mode & FMODE_WRITE)
		pipe->writers--;
	mutex_unlock(&pipe->mutex);
	/* Whoever waits for the end that is going must learn of it. */
	wake_up_interruptible_all(&pipe->rd_wait);
	wake_up_interruptible_all(&pipe->wr_wait);
	put_pipe_info(inode, pipe);
	return 0;
}

/* Opening a FIFO waits until the other end is opened too. */
static noinline int fifo_open(struct inode *inode, struct file *filp)
{
	struct pipe_inode_info *pipe, *fresh = NULL;
	bool is_pipe = inode->i_sb->s_magic == PIPEFS_MAGIC;
	unsigned int seen;
	int ret = 0;

	if (!inode->i_pipe) {
		fresh = alloc_pipe_info();
		if (!fresh)
			return -ENOMEM;
	}
	spin_lock(&inode->i_lock);
	if (!inode->i_pipe) {
		inode->i_pipe = fresh;
		fresh = NULL;
	}
	pipe = inode->i_pipe;
	pipe->files++;
	spin_unlock(&inode->i_lock);
	if (fresh)
		free_pipe_info(fresh);
	filp->private_data = pipe;
	stream_open(inode, filp);

	mutex_lock(&pipe->mutex);
	if (filp->f_mode & FMODE_READ) {
		pipe->r_counter++;
		if (pipe->readers++ == 0)
			wake_up_interruptible_all(&pipe->wr_wait);
	}
	if (filp->f_mode & FMODE_WRITE) {
		if (!(filp->f_mode & FMODE_READ) && !is_pipe && (filp->f_flags & O_NONBLOCK) && !pipe->readers) {
			ret = -ENXIO;
			goto fail;
		}
		pipe->w_counter++;
		if (pipe->writers++ == 0)
			wake_up_interruptible_all(&pipe->rd_wait);
	}
	if (!is_pipe && !(filp->f_flags & O_NONBLOCK)) {
		if ((filp->f_mode & FMODE_READ) && !pipe->writers) {
			seen = pipe->w_counter;
			mutex_unlock(&pipe->mutex);
			ret = wait_event_interruptible(pipe->rd_wait, pipe->w_counter != seen);
			mutex_lock(&pipe->mutex);
		} else if ((filp->f_mode & FMODE_WRITE) && !pipe->readers) {
			seen = pipe->r_counter;
			mutex_unlock(&pipe->mutex);
			ret = wait_event_interruptible(pipe->wr_wait, pipe->r_counter != seen);
			mutex_lock(&pipe->mutex);
		}
		if (ret) {
			if (filp->f_mode & FMODE_READ)
				pipe->readers--;
			if (filp->f_mode & FMODE_WRITE)
				pipe->writers--;
			ret = -ERESTARTSYS;
			goto fail;
		}
	}
	mutex_unlock(&pipe->mutex);
	return 0;
fail:
	mutex_unlock(&pipe->mutex);
	put_pipe_info(inode, pipe);
	return ret;
}

const struct file_operations pipefifo_fops = {
	.open = fifo_open,
	.llseek = no_llseek,
	.read_iter = pipe_read,
	.write_iter = pipe_write,
	.poll = pipe_poll,
	.unlocked_ioctl = pipe_ioctl,
	.release = pipe_release,
};

/* pipe:[12], as ls -l /proc/PID/fd shows it. */
static char *pipefs_dname(struct dentry *dentry, char *buffer, int length)
{
	return dynamic_dname(buffer, length, "pipe:[%lu]", d_inode(dentry)->i_ino);
}

static const struct dentry_operations pipefs_dentry_operations = {
	.d_dname = pipefs_dname,
};

static struct inode *get_pipe_inode(void)
{
	struct inode *inode = new_inode(pipe_mnt->mnt_sb);
	struct pipe_inode_info *pipe;

	if (!inode)
		return NULL;
	pipe = alloc_pipe_info();
	if (!pipe) {
		iput(inode);
		return NULL;
	}
	inode->i_ino = get_next_ino();
	inode->i_pipe = pipe;
	pipe->files = 2;
	pipe->readers = pipe->writers = 1;
	inode->i_fop = &pipefifo_fops;
	inode->i_mode = S_IFIFO | S_IRUSR | S_IWUSR;
	inode->i_uid = current_fsuid();
	inode->i_gid = current_fsgid();
	inode->i_atime = inode->i_mtime = inode->i_ctime = current_time(inode);
	return inode;
}

/* Both ends of a new pipe: res[0] reads, res[1] writes. */
noinline int create_pipe_files(struct file **res, int flags)
{
	static const struct qstr empty = QSTR_INIT("", 0);
	struct inode *inode = get_pipe_inode();
	struct pipe_inode_info *pipe;
	struct path path;

	if (!inode)
		return -ENFILE;
	pipe = inode->i_pipe;
	path.dentry = d_alloc_pseudo(pipe_mnt->mnt_sb, &empty);
	if (!path.dentry) {
		free_pipe_info(pipe);
		iput(inode);
		return -ENOMEM;
	}
	path.mnt = mntget(pipe_mnt);
	d_instantiate(path.dentry, inode);

	res[1] = alloc_file(&path, O_WRONLY | (flags & O_NONBLOCK), &pipefifo_fops);
	if (IS_ERR(res[1])) {
		free_pipe_info(pipe);
		inode->i_pipe = NULL;
		path_put(&path);
		return PTR_ERR(res[1]);
	}
	res[1]->private_data = pipe;
	res[0] = alloc_file_clone(res[1], O_RDONLY | (flags & O_NONBLOCK), &pipefifo_fops);
	if (IS_ERR(res[0])) {
		put_pipe_info(inode, pipe);
		fput(res[1]);
		return PTR_ERR(res[0]);
	}
	res[0]->private_data = pipe;
	stream_open(inode, res[0]);
	stream_open(inode, res[1]);
	return 0;
}

static noinline int __do_pipe_flags(int *fd, struct file **files, int flags)
{
	int error;

	if (flags & ~(O_CLOEXEC | O_NONBLOCK | O_DIRECT))
		return -EINVAL;
	error = create_pipe_files(files, flags);
	if (error)
		return error;
	fd[0] = get_unused_fd_flags(flags);
	if (fd[0] < 0) {
		error = fd[0];
		goto put_files;
	}
	fd[1] = get_unused_fd_flags(flags);
	if (fd[1] < 0) {
		error = fd[1];
		put_unused_fd(fd[0]);
		goto put_files;
	}
	return 0;
put_files:
	fput(files[0]);
	fput(files[1]);
	return error;
}

int do_pipe_flags(int *fd, int flags)
{
	struct file *files[2];
	int error = __do_pipe_flags(fd, files, flags);

	if (!error) {
		fd_install(fd[0], files[0]);
		fd_install(fd[1], files[1]);
	}
	return error;
}

static noinline int do_pipe2(int __user *fildes, int flags)
{
	struct file *files[2];
	int fd[2];
	int error = __do_pipe_flags(fd, files, flags);

	if (error)
		return error;
	if (copy_to_user(fildes, fd, sizeof(fd))) {
		fput(files[0]);
		fput(files[1]);
		put_unused_fd(fd[0]);
		put_unused_fd(fd[1]);
		return -EFAULT;
	}
	fd_install(fd[0], files[0]);
	fd_install(fd[1], files[1]);
	return 0;
}

SYSCALL_DEFINE2(pipe2, int __user *, fildes, int, flags)
{
	return do_pipe2(fildes, flags);
}

SYSCALL_DEFINE1(pipe, int __user *, fildes)
{
	return do_pipe2(fildes, 0);
}

static int pipefs_fill_super(struct super_block *sb, void *data, int silent)
{
	struct inode *root = new_inode(sb);

	if (!root)
		return -ENOMEM;
	root->i_ino = get_next_ino();
	root->i_mode = S_IFDIR | S_IRUSR | S_IWUSR;
	sb->s_magic = PIPEFS_MAGIC;
	sb->s_d_op = &pipefs_dentry_operations;
	sb->s_root = d_make_root(root);
	return sb->s_root ? 0 : -ENOMEM;
}

static struct dentry *pipefs_mount(struct file_system_type *type, int flags, const char *dev_name, void *data)
{
	return mount_nodev(type, flags, data, pipefs_fill_super);
}

static struct file_system_type pipe_fs_type = {
	.name = "pipefs",
	.mount = pipefs_mount,
	.kill_sb = kill_anon_super,
};

static int __init init_pipe_fs(void)
{
	int error = register_filesystem(&pipe_fs_type);

	if (!error) {
		pipe_mnt = kern_mount(&pipe_fs_type);
		if (IS_ERR(pipe_mnt))
			error = PTR_ERR(pipe_mnt);
	}
	return error;
}
fs_initcall(init_pipe_fs);
