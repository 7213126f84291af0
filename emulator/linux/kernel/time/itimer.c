/*
 * The interval timer of a process: SIGALRM when it runs out (alarm, setitimer with ITIMER_REAL).
 */
#include <linux/hrtimer.h>
#include <linux/kernel.h>
#include <linux/sched.h>
#include <linux/signal.h>
#include <linux/slab.h>
#include <linux/syscalls.h>
#include <linux/timer.h>
#include <linux/uaccess.h>

#define ITIMER_REAL 0

struct itimerval {
	struct timeval it_interval;
	struct timeval it_value;
};

/* Lives as long as the process's signal_struct, which points to its timer. */
struct alarm {
	struct timer_list timer;
	struct pid *pid;
};

static void it_real_fn(struct timer_list *t)
{
	struct alarm *alarm = from_timer(alarm, t, timer);
	struct task_struct *task;

	rcu_read_lock();
	task = pid_task(alarm->pid, PIDTYPE_TGID);
	if (task) {
		kill_pid(alarm->pid, SIGALRM, 1);
		if (task->signal->it_real_incr)
			mod_timer(t, jiffies + nsecs_to_jiffies(task->signal->it_real_incr));
	}
	rcu_read_unlock();
}

/* ns until the alarm, 0 if there is none. */
static u64 alarm_remaining(struct signal_struct *sig)
{
	if (!sig->real_timer || !timer_pending(sig->real_timer))
		return 0;
	return time_after(sig->real_timer->expires, jiffies) ? jiffies_to_nsecs(sig->real_timer->expires - jiffies) : TICK_NSEC;
}

static int set_alarm(u64 value, u64 interval)
{
	struct signal_struct *sig = current->signal;
	struct alarm *alarm;

	if (!sig->real_timer) {
		if (!value)
			return 0;
		alarm = kzalloc(sizeof(*alarm), GFP_KERNEL);
		if (!alarm)
			return -ENOMEM;
		timer_setup(&alarm->timer, it_real_fn, 0);
		alarm->pid = get_pid(task_tgid(current));
		sig->real_timer = &alarm->timer;
	}
	sig->it_real_incr = interval;
	if (value)
		mod_timer(sig->real_timer, jiffies + DIV_ROUND_UP_ULL(value, TICK_NSEC));
	else
		del_timer_sync(sig->real_timer);
	return 0;
}

/* The process is gone. */
void exit_itimers(struct signal_struct *sig)
{
	struct alarm *alarm;

	if (!sig->real_timer)
		return;
	alarm = container_of(sig->real_timer, struct alarm, timer);
	sig->real_timer = NULL;
	sig->it_real_incr = 0;
	del_timer_sync(&alarm->timer);
	put_pid(alarm->pid);
	kfree(alarm);
}

static struct timeval ns_to_timeval(u64 ns)
{
	return (struct timeval) { (long)(ns / NSEC_PER_SEC), (long)(ns % NSEC_PER_SEC / NSEC_PER_USEC) };
}

SYSCALL_DEFINE1(alarm, unsigned int, seconds)
{
	u64 left = alarm_remaining(current->signal);
	int error = set_alarm((u64)seconds * NSEC_PER_SEC, 0);

	return error ? error : (long)DIV_ROUND_UP_ULL(left, NSEC_PER_SEC);
}

static int put_itimer(struct itimerval __user *value)
{
	struct itimerval it = {
		.it_interval = ns_to_timeval(current->signal->it_real_incr),
		.it_value = ns_to_timeval(alarm_remaining(current->signal)),
	};

	return copy_to_user(value, &it, sizeof(it)) ? -EFAULT : 0;
}

SYSCALL_DEFINE2(getitimer, int, which, struct itimerval __user *, value)
{
	return which == ITIMER_REAL ? put_itimer(value) : -EINVAL;
}

static bool valid_timeval(const struct timeval *tv)
{
	return tv->tv_sec >= 0 && (unsigned long)tv->tv_usec < 1000000;
}

SYSCALL_DEFINE3(setitimer, int, which, struct itimerval __user *, value, struct itimerval __user *, ovalue)
{
	struct itimerval it = { { 0, 0 }, { 0, 0 } };
	int error;

	if (which != ITIMER_REAL)
		return -EINVAL;
	if (value && copy_from_user(&it, value, sizeof(it)))
		return -EFAULT;
	if (!valid_timeval(&it.it_value) || !valid_timeval(&it.it_interval))
		return -EINVAL;
	if (ovalue) {
		error = put_itimer(ovalue);
		if (error)
			return error;
	}
	return set_alarm(timeval_to_ns(&it.it_value), timeval_to_ns(&it.it_interval));
}
