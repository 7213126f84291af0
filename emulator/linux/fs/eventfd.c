/*
 * eventfd(2): a counter as a file. Writing adds to it, reading takes it (or 1 of it) and waits while it is 0.
 */
#include <linux/anon_inodes.h>
#include <linux/fs.h>
#include <linux/kernel.h>
#include <linux/poll.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/syscalls.h>
#include <linux/uaccess.h>
#include <linux/wait.h>

#define EFD_SEMAPHORE	1

struct eventfd_ctx {
	wait_queue_head_t wqh;	/* its lock guards count */
	u64 count;
	unsigned int flags;
};

static int eventfd_release(struct inode *inode, struct file *file)
{
	kfree(file->private_data);
	return 0;
}

static unsigned int eventfd_poll(struct file *file, poll_table *wait)
{
	struct eventfd_ctx *ctx = file->private_data;
	unsigned int events = 0;
	u64 count;

	poll_wait(file, &ctx->wqh, wait);
	count = READ_ONCE(ctx->count);
	if (count > 0)
		events |= EPOLLIN;
	if (count == U64_MAX)
		events |= EPOLLERR;
	if (count < U64_MAX - 1)
		events |= EPOLLOUT;
	return events;
}

/* Takes what a reader gets, if there is anything. */
static bool eventfd_take(struct eventfd_ctx *ctx, u64 *value)
{
	unsigned long flags;
	bool taken;

	spin_lock_irqsave(&ctx->wqh.lock, flags);
	taken = ctx->count > 0;
	if (taken) {
		*value = (ctx->flags & EFD_SEMAPHORE) ? 1 : ctx->count;
		ctx->count -= *value;
	}
	spin_unlock_irqrestore(&ctx->wqh.lock, flags);
	return taken;
}

static bool eventfd_add(struct eventfd_ctx *ctx, u64 value)
{
	unsigned long flags;
	bool fits;

	spin_lock_irqsave(&ctx->wqh.lock, flags);
	fits = U64_MAX - ctx->count > value;
	if (fits)
		ctx->count += value;
	spin_unlock_irqrestore(&ctx->wqh.lock, flags);
	return fits;
}

static ssize_t eventfd_read(struct file *file, char __user *buf, size_t count, loff_t *ppos)
{
	struct eventfd_ctx *ctx = file->private_data;
	u64 value = 0;

	if (count < sizeof(value))
		return -EINVAL;
	if (!eventfd_take(ctx, &value)) {
		if (file->f_flags & O_NONBLOCK)
			return -EAGAIN;
		if (wait_event_interruptible(ctx->wqh, eventfd_take(ctx, &value)))
			return -ERESTARTSYS;
	}
	wake_up_poll(&ctx->wqh, EPOLLOUT);
	return copy_to_user(buf, &value, sizeof(value)) ? -EFAULT : (ssize_t)sizeof(value);
}

static ssize_t eventfd_write(struct file *file, const char __user *buf, size_t count, loff_t *ppos)
{
	struct eventfd_ctx *ctx = file->private_data;
	u64 value;

	if (count < sizeof(value))
		return -EINVAL;
	if (copy_from_user(&value, buf, sizeof(value)))
		return -EFAULT;
	if (value == U64_MAX)
		return -EINVAL;
	if (!eventfd_add(ctx, value)) {
		if (file->f_flags & O_NONBLOCK)
			return -EAGAIN;
		if (wait_event_interruptible(ctx->wqh, eventfd_add(ctx, value)))
			return -ERESTARTSYS;
	}
	wake_up_poll(&ctx->wqh, EPOLLIN);
	return sizeof(value);
}

static const struct file_operations eventfd_fops = {
	.release = eventfd_release,
	.poll = eventfd_poll,
	.read = eventfd_read,
	.write = eventfd_write,
	.llseek = noop_llseek,
};

static int do_eventfd(unsigned int count, int flags)
{
	struct eventfd_ctx *ctx;
	int fd;

	if (flags & ~(O_CLOEXEC | O_NONBLOCK | EFD_SEMAPHORE))
		return -EINVAL;
	ctx = kmalloc(sizeof(*ctx), GFP_KERNEL);
	if (!ctx)
		return -ENOMEM;
	init_waitqueue_head(&ctx->wqh);
	ctx->count = count;
	ctx->flags = flags;
	fd = anon_inode_getfd("[eventfd]", &eventfd_fops, ctx, O_RDWR | (flags & (O_CLOEXEC | O_NONBLOCK)));
	if (fd < 0)
		kfree(ctx);
	return fd;
}

SYSCALL_DEFINE2(eventfd2, unsigned int, count, int, flags)
{
	return do_eventfd(count, flags);
}

SYSCALL_DEFINE1(eventfd, unsigned int, count)
{
	return do_eventfd(count, 0);
}
