/*
 * timerfd_create(2): a timer as a file. Reading gives how often it has run out since the last time, and waits for one.
 */
#include <linux/anon_inodes.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/hrtimer.h>
#include <linux/kernel.h>
#include <linux/poll.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/syscalls.h>
#include <linux/time64.h>
#include <linux/uaccess.h>
#include <linux/wait.h>

#define TFD_TIMER_ABSTIME	1
#define TFD_TIMER_CANCEL_ON_SET	2

struct itimerspec64 {
	struct timespec64 it_interval;
	struct timespec64 it_value;
};

struct timerfd_ctx {
	struct hrtimer timer;
	ktime_t interval;
	wait_queue_head_t wqh;	/* its lock guards ticks */
	u64 ticks;
	clockid_t clockid;
	bool expired;		/* an interval timer is started again by its reader, as often as it has missed */
};

static enum hrtimer_restart timerfd_fire(struct hrtimer *timer)
{
	struct timerfd_ctx *ctx = container_of(timer, struct timerfd_ctx, timer);
	unsigned long flags;

	spin_lock_irqsave(&ctx->wqh.lock, flags);
	ctx->expired = true;
	ctx->ticks++;
	spin_unlock_irqrestore(&ctx->wqh.lock, flags);
	wake_up_poll(&ctx->wqh, EPOLLIN);
	return HRTIMER_NORESTART;
}

/* What a wall clock is ahead of the monotonic one, in which timers count. */
static s64 clock_offset(const struct timerfd_ctx *ctx)
{
	return ctx->clockid == CLOCK_REALTIME ? ktime_get_real() - ktime_get() : 0;
}

static int timerfd_release(struct inode *inode, struct file *file)
{
	struct timerfd_ctx *ctx = file->private_data;

	hrtimer_cancel(&ctx->timer);
	kfree(ctx);
	return 0;
}

static unsigned int timerfd_poll(struct file *file, poll_table *wait)
{
	struct timerfd_ctx *ctx = file->private_data;

	poll_wait(file, &ctx->wqh, wait);
	return READ_ONCE(ctx->ticks) ? EPOLLIN : 0;
}

/* All expirations up to now; starts a periodic timer for the next one. */
static bool timerfd_take(struct timerfd_ctx *ctx, u64 *ticks)
{
	bool restart = false, taken;
	unsigned long flags;

	spin_lock_irqsave(&ctx->wqh.lock, flags);
	taken = ctx->ticks > 0;
	if (taken) {
		restart = ctx->expired && ctx->interval;
		if (restart)
			ctx->ticks += hrtimer_forward_now(&ctx->timer, ctx->interval) - 1;
		*ticks = ctx->ticks;
		ctx->expired = false;
		ctx->ticks = 0;
	}
	spin_unlock_irqrestore(&ctx->wqh.lock, flags);
	if (restart)
		hrtimer_restart(&ctx->timer);
	return taken;
}

static ssize_t timerfd_read(struct file *file, char __user *buf, size_t count, loff_t *ppos)
{
	struct timerfd_ctx *ctx = file->private_data;
	u64 ticks = 0;

	if (count < sizeof(ticks))
		return -EINVAL;
	if (!timerfd_take(ctx, &ticks)) {
		if (file->f_flags & O_NONBLOCK)
			return -EAGAIN;
		if (wait_event_interruptible(ctx->wqh, timerfd_take(ctx, &ticks)))
			return -ERESTARTSYS;
	}
	return copy_to_user(buf, &ticks, sizeof(ticks)) ? -EFAULT : (ssize_t)sizeof(ticks);
}

static const struct file_operations timerfd_fops = {
	.release = timerfd_release,
	.poll = timerfd_poll,
	.read = timerfd_read,
	.llseek = noop_llseek,
};

SYSCALL_DEFINE2(timerfd_create, int, clockid, int, flags)
{
	struct timerfd_ctx *ctx;
	int fd;

	if ((flags & ~(O_CLOEXEC | O_NONBLOCK)) ||
	    (clockid != CLOCK_MONOTONIC && clockid != CLOCK_REALTIME && clockid != CLOCK_BOOTTIME))
		return -EINVAL;
	ctx = kzalloc(sizeof(*ctx), GFP_KERNEL);
	if (!ctx)
		return -ENOMEM;
	init_waitqueue_head(&ctx->wqh);
	ctx->clockid = clockid;
	hrtimer_init(&ctx->timer, CLOCK_MONOTONIC, HRTIMER_MODE_ABS);
	ctx->timer.function = timerfd_fire;
	fd = anon_inode_getfd("[timerfd]", &timerfd_fops, ctx, O_RDWR | (flags & (O_CLOEXEC | O_NONBLOCK)));
	if (fd < 0)
		kfree(ctx);
	return fd;
}

/* What is left, and how long an interval is. */
static void timerfd_setting(struct timerfd_ctx *ctx, struct itimerspec64 *setting)
{
	s64 left = hrtimer_active(&ctx->timer) ? hrtimer_get_remaining(&ctx->timer) : 0;

	if (ctx->expired && ctx->interval) {	/* the next one, although nobody has started it yet */
		s64 late = ktime_get() - hrtimer_get_expires(&ctx->timer);

		left = ctx->interval - late % ctx->interval;
	}
	setting->it_value = ns_to_timespec64(left > 0 ? left : 0);
	setting->it_interval = ns_to_timespec64(ctx->interval);
}

static bool valid_itimerspec(const struct itimerspec64 *setting)
{
	return setting->it_value.tv_sec >= 0 && (unsigned long)setting->it_value.tv_nsec < NSEC_PER_SEC &&
	       setting->it_interval.tv_sec >= 0 && (unsigned long)setting->it_interval.tv_nsec < NSEC_PER_SEC;
}

static struct timerfd_ctx *timerfd_fget(int ufd, struct fd *f)
{
	*f = fdget(ufd);
	if (!f->file)
		return ERR_PTR(-EBADF);
	if (f->file->f_op != &timerfd_fops) {
		fdput(*f);
		return ERR_PTR(-EINVAL);
	}
	return f->file->private_data;
}

SYSCALL_DEFINE4(timerfd_settime, int, ufd, int, flags, const struct itimerspec64 __user *, utmr,
		struct itimerspec64 __user *, otmr)
{
	struct itimerspec64 new, old;
	struct timerfd_ctx *ctx;
	struct fd f;
	s64 value;

	if (copy_from_user(&new, utmr, sizeof(new)))
		return -EFAULT;
	if ((flags & ~(TFD_TIMER_ABSTIME | TFD_TIMER_CANCEL_ON_SET)) || !valid_itimerspec(&new))
		return -EINVAL;
	ctx = timerfd_fget(ufd, &f);
	if (IS_ERR(ctx))
		return PTR_ERR(ctx);
	hrtimer_cancel(&ctx->timer);
	timerfd_setting(ctx, &old);
	value = timespec64_to_ns(&new.it_value);
	spin_lock_irq(&ctx->wqh.lock);
	ctx->ticks = 0;
	ctx->expired = false;
	ctx->interval = timespec64_to_ns(&new.it_interval);
	spin_unlock_irq(&ctx->wqh.lock);
	if (value && (flags & TFD_TIMER_ABSTIME))
		hrtimer_start(&ctx->timer, max_t(s64, value - clock_offset(ctx), 1), HRTIMER_MODE_ABS);
	else if (value)
		hrtimer_start(&ctx->timer, value, HRTIMER_MODE_REL);
	fdput(f);
	return otmr && copy_to_user(otmr, &old, sizeof(old)) ? -EFAULT : 0;
}

SYSCALL_DEFINE2(timerfd_gettime, int, ufd, struct itimerspec64 __user *, otmr)
{
	struct itimerspec64 setting;
	struct timerfd_ctx *ctx;
	struct fd f;

	ctx = timerfd_fget(ufd, &f);
	if (IS_ERR(ctx))
		return PTR_ERR(ctx);
	timerfd_setting(ctx, &setting);
	fdput(f);
	return copy_to_user(otmr, &setting, sizeof(setting)) ? -EFAULT : 0;
}
