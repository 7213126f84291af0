/*
 * signalfd(2): signals as a file. The caller blocks them, and takes them by reading instead of by a handler.
 */
#include <linux/anon_inodes.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/kernel.h>
#include <linux/poll.h>
#include <linux/sched.h>
#include <linux/signal.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/syscalls.h>
#include <linux/uaccess.h>
#include <linux/wait.h>

/* As read(2) passes it: signalfd(2). */
struct signalfd_siginfo {
	u32 ssi_signo;
	s32 ssi_errno;
	s32 ssi_code;
	u32 ssi_pid;
	u32 ssi_uid;
	s32 ssi_fd;
	u32 ssi_tid;
	u32 ssi_band;
	u32 ssi_overrun;
	u32 ssi_trapno;
	s32 ssi_status;
	s32 ssi_int;
	u64 ssi_ptr;
	u64 ssi_utime;
	u64 ssi_stime;
	u64 ssi_addr;
	u8 __pad[48];
};

struct signalfd_ctx {
	sigset_t sigmask;	/* what is not wanted: the complement of what the caller gave */
};

static int signalfd_release(struct inode *inode, struct file *file)
{
	kfree(file->private_data);
	return 0;
}

static unsigned int signalfd_poll(struct file *file, poll_table *wait)
{
	struct signalfd_ctx *ctx = file->private_data;
	unsigned long pending;

	poll_wait(file, &current->sighand->signalfd_wqh, wait);
	pending = current->pending.signal.sig[0] | current->signal->shared_pending.signal.sig[0];
	return (pending & ~ctx->sigmask.sig[0]) ? EPOLLIN : 0;
}

static bool signalfd_take(struct signalfd_ctx *ctx, kernel_siginfo_t *info)
{
	int sig;

	spin_lock_irq(&current->sighand->siglock);
	sig = dequeue_signal(current, &ctx->sigmask, info);
	spin_unlock_irq(&current->sighand->siglock);
	return sig != 0;
}

static int signalfd_copyinfo(struct signalfd_siginfo __user *uinfo, const kernel_siginfo_t *info)
{
	struct signalfd_siginfo new;

	memset(&new, 0, sizeof(new));
	new.ssi_signo = info->si_signo;
	new.ssi_errno = info->si_errno;
	new.ssi_code = info->si_code;
	if (info->si_signo == SIGCHLD || info->si_code <= 0) {
		new.ssi_pid = info->si_pid;
		new.ssi_uid = info->si_uid;
		if (info->si_signo == SIGCHLD && info->si_code > 0) {
			new.ssi_status = info->si_status;
		} else if (info->si_code == SI_QUEUE) {
			new.ssi_ptr = (unsigned long)info->si_value.sival_ptr;
			new.ssi_int = info->si_value.sival_int;
		}
	} else {
		new.ssi_addr = (unsigned long)info->si_addr;
	}
	return copy_to_user(uinfo, &new, sizeof(new)) ? -EFAULT : 0;
}

static ssize_t signalfd_read(struct file *file, char __user *buf, size_t count, loff_t *ppos)
{
	struct signalfd_siginfo __user *siginfo = (struct signalfd_siginfo __user *)buf;
	struct signalfd_ctx *ctx = file->private_data;
	bool nonblock = file->f_flags & O_NONBLOCK;
	kernel_siginfo_t info;
	ssize_t total = 0;

	count /= sizeof(struct signalfd_siginfo);
	if (!count)
		return -EINVAL;
	for (; count; count--, siginfo++) {
		if (!signalfd_take(ctx, &info)) {
			if (total)
				break;
			if (nonblock)
				return -EAGAIN;
			if (wait_event_interruptible(current->sighand->signalfd_wqh, signalfd_take(ctx, &info)))
				return -ERESTARTSYS;
		}
		if (signalfd_copyinfo(siginfo, &info))
			return total ? total : -EFAULT;
		total += sizeof(*siginfo);
	}
	return total;
}

static const struct file_operations signalfd_fops = {
	.release = signalfd_release,
	.poll = signalfd_poll,
	.read = signalfd_read,
	.llseek = noop_llseek,
};

static int do_signalfd4(int ufd, const sigset_t __user *user_mask, size_t sizemask, int flags)
{
	struct signalfd_ctx *ctx;
	sigset_t mask;
	struct fd f;

	if (flags & ~(O_CLOEXEC | O_NONBLOCK) || sizemask != sizeof(mask))
		return -EINVAL;
	if (copy_from_user(&mask, user_mask, sizeof(mask)))
		return -EFAULT;
	mask.sig[0] = ~(mask.sig[0] & ~SIG_KERNEL_ONLY_MASK);
	if (ufd == -1) {
		ctx = kmalloc(sizeof(*ctx), GFP_KERNEL);
		if (!ctx)
			return -ENOMEM;
		ctx->sigmask = mask;
		ufd = anon_inode_getfd("[signalfd]", &signalfd_fops, ctx, O_RDWR | (flags & (O_CLOEXEC | O_NONBLOCK)));
		if (ufd < 0)
			kfree(ctx);
		return ufd;
	}
	f = fdget(ufd);
	if (!f.file)
		return -EBADF;
	if (f.file->f_op != &signalfd_fops) {
		fdput(f);
		return -EINVAL;
	}
	ctx = f.file->private_data;
	spin_lock_irq(&current->sighand->siglock);
	ctx->sigmask = mask;
	spin_unlock_irq(&current->sighand->siglock);
	wake_up(&current->sighand->signalfd_wqh);
	fdput(f);
	return ufd;
}

SYSCALL_DEFINE4(signalfd4, int, ufd, const sigset_t __user *, user_mask, size_t, sizemask, int, flags)
{
	return do_signalfd4(ufd, user_mask, sizemask, flags);
}

SYSCALL_DEFINE3(signalfd, int, ufd, const sigset_t __user *, user_mask, size_t, sizemask)
{
	return do_signalfd4(ufd, user_mask, sizemask, 0);
}
