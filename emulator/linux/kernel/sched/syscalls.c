/*
 * How a task is to be scheduled: nice levels, policies, the CPUs that it may use; and the system calls that ask and set.
 */
#include <linux/capability.h>
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>
#include <linux/smp.h>
#include <linux/syscalls.h>
#include <linux/uaccess.h>

#include "sched.h"

int task_nice(const struct task_struct *p)
{
	return PRIO_TO_NICE(p->static_prio);
}
EXPORT_SYMBOL(task_nice);

int task_prio(const struct task_struct *p)
{
	return p->prio - MAX_RT_PRIO;
}

/* Take a task off its queue, change it, and put it back. */
static void change_task(struct task_struct *p, void (*change)(struct task_struct *p, long arg), long arg)
{
	unsigned long flags;
	struct rq *rq = task_rq_lock(p, &flags);
	bool queued = p->on_rq, running = task_current(rq, p);

	update_rq_clock(rq);
	if (queued)
		deactivate_task(rq, p, 0);
	if (running)
		p->sched_class->put_prev_task(rq, p);
	change(p, arg);
	if (queued)
		activate_task(rq, p, 0);
	if (running && p->sched_class == &fair_sched_class) {
		rb_erase_cached(&p->se.run_node, &rq->cfs.tasks_timeline);
		rq->cfs.curr = &p->se;
		p->se.exec_start = rq->clock;
	}
	if (running)
		resched_curr(rq);
	raw_spin_unlock_irqrestore(&rq->__lock, flags);
}

static void apply_nice(struct task_struct *p, long nice)
{
	p->static_prio = NICE_TO_PRIO(nice);
	if (p->sched_class == &fair_sched_class)
		p->prio = p->normal_prio = p->static_prio;
	set_load_weight(p);
}

void set_user_nice(struct task_struct *p, long nice)
{
	if (nice >= MIN_NICE && nice <= MAX_NICE)
		change_task(p, apply_nice, nice);
}
EXPORT_SYMBOL(set_user_nice);

/* arg: the policy and, above bit 16, the real-time priority. */
static void apply_policy(struct task_struct *p, long arg)
{
	p->policy = arg & 0xffff;
	p->rt_priority = (unsigned int)(arg >> 16);
	if (p->policy == SCHED_FIFO || p->policy == SCHED_RR) {
		p->sched_class = &rt_sched_class;
		p->prio = p->normal_prio = MAX_RT_PRIO - 1 - p->rt_priority;
	} else {
		p->sched_class = &fair_sched_class;
		p->prio = p->normal_prio = p->static_prio;
		p->se.vruntime = task_rq(p)->cfs.min_vruntime;
	}
}

static struct task_struct *find_process_by_pid(pid_t pid)
{
	return pid ? find_task_by_vpid(pid) : current;
}

struct sched_param {
	int sched_priority;
};

SYSCALL_DEFINE3(sched_setscheduler, pid_t, pid, int, policy, struct sched_param __user *, param)
{
	struct task_struct *p;
	struct sched_param lparam;
	bool rt = policy == SCHED_FIFO || policy == SCHED_RR;

	if (!param || pid < 0)
		return -EINVAL;
	if (copy_from_user(&lparam, param, sizeof(lparam)))
		return -EFAULT;
	if (!rt && policy != SCHED_NORMAL && policy != SCHED_BATCH && policy != SCHED_IDLE)
		return -EINVAL;
	if (rt ? lparam.sched_priority < 1 || lparam.sched_priority > 99 : lparam.sched_priority != 0)
		return -EINVAL;
	if (rt && !capable(CAP_SYS_NICE))
		return -EPERM;
	rcu_read_lock();
	p = find_process_by_pid(pid);
	if (p)
		change_task(p, apply_policy, policy | (long)lparam.sched_priority << 16);
	rcu_read_unlock();
	return p ? 0 : -ESRCH;
}

SYSCALL_DEFINE1(sched_getscheduler, pid_t, pid)
{
	struct task_struct *p;
	int retval;

	if (pid < 0)
		return -EINVAL;
	rcu_read_lock();
	p = find_process_by_pid(pid);
	retval = p ? (int)p->policy : -ESRCH;
	rcu_read_unlock();
	return retval;
}

SYSCALL_DEFINE2(sched_getparam, pid_t, pid, struct sched_param __user *, param)
{
	struct sched_param lp = { 0 };
	struct task_struct *p;

	rcu_read_lock();
	p = find_process_by_pid(pid);
	if (p)
		lp.sched_priority = (int)p->rt_priority;
	rcu_read_unlock();
	if (!p)
		return -ESRCH;
	return copy_to_user(param, &lp, sizeof(lp)) ? -EFAULT : 0;
}

/* The same policy with another priority. */
SYSCALL_DEFINE2(sched_setparam, pid_t, pid, struct sched_param __user *, param)
{
	struct task_struct *p;
	struct sched_param lparam;
	int retval = -ESRCH;

	if (!param || pid < 0)
		return -EINVAL;
	if (copy_from_user(&lparam, param, sizeof(lparam)))
		return -EFAULT;
	rcu_read_lock();
	p = find_process_by_pid(pid);
	if (p) {
		bool rt = p->policy == SCHED_FIFO || p->policy == SCHED_RR;

		retval = 0;
		if (rt ? lparam.sched_priority < 1 || lparam.sched_priority > 99 : lparam.sched_priority != 0)
			retval = -EINVAL;
		else
			change_task(p, apply_policy, p->policy | (long)lparam.sched_priority << 16);
	}
	rcu_read_unlock();
	return retval;
}

/* How long a task runs before the next of its priority does: only SCHED_RR has such a time. */
SYSCALL_DEFINE2(sched_rr_get_interval, pid_t, pid, struct timespec64 __user *, interval)
{
	struct timespec64 ts = { 0, 0 };
	struct task_struct *p;

	if (pid < 0)
		return -EINVAL;
	rcu_read_lock();
	p = find_process_by_pid(pid);
	if (p && p->policy == SCHED_RR)
		ts.tv_nsec = 100 * NSEC_PER_MSEC;
	rcu_read_unlock();
	if (!p)
		return -ESRCH;
	return copy_to_user(interval, &ts, sizeof(ts)) ? -EFAULT : 0;
}

SYSCALL_DEFINE1(sched_get_priority_max, int, policy)
{
	if (policy == SCHED_FIFO || policy == SCHED_RR)
		return MAX_RT_PRIO - 1;
	return policy >= 0 && policy <= SCHED_IDLE ? 0 : -EINVAL;
}

SYSCALL_DEFINE1(sched_get_priority_min, int, policy)
{
	if (policy == SCHED_FIFO || policy == SCHED_RR)
		return 1;
	return policy >= 0 && policy <= SCHED_IDLE ? 0 : -EINVAL;
}

void apply_affinity(struct task_struct *p, long mask)
{
	p->cpus_mask.bits[0] = (unsigned long)mask;
	p->nr_cpus_allowed = (int)hweight64((u64)mask);
}

/* A task that is on a CPU it may no longer use moves when it next wakes up, or at once if it is the caller. */
int set_cpus_allowed_ptr(struct task_struct *p, const struct cpumask *new_mask)
{
	unsigned long mask = new_mask->bits[0] & cpu_possible_mask->bits[0];

	if (!mask)
		return -EINVAL;
	apply_affinity(p, (long)mask);
	if (!cpumask_test_cpu(task_cpu(p), &p->cpus_mask)) {
		p->wake_cpu = (int)cpumask_first(&p->cpus_mask);
		if (p == current)
			schedule_timeout_uninterruptible(1);
	}
	return 0;
}
EXPORT_SYMBOL_GPL(set_cpus_allowed_ptr);

SYSCALL_DEFINE3(sched_setaffinity, pid_t, pid, unsigned int, len, unsigned long __user *, user_mask_ptr)
{
	struct task_struct *p;
	struct cpumask mask = { { 0 } };
	int ret;

	if (copy_from_user(&mask, user_mask_ptr, min_t(unsigned int, len, sizeof(mask))))
		return -EFAULT;
	p = pid ? find_get_task_by_vpid(pid) : get_task_struct(current);
	if (!p)
		return -ESRCH;
	ret = set_cpus_allowed_ptr(p, &mask);
	put_task_struct(p);
	return ret;
}

SYSCALL_DEFINE3(sched_getaffinity, pid_t, pid, unsigned int, len, unsigned long __user *, user_mask_ptr)
{
	struct task_struct *p;
	unsigned long mask = 0;

	if (len < sizeof(mask))
		return -EINVAL;
	rcu_read_lock();
	p = find_process_by_pid(pid);
	if (p)
		mask = p->cpus_mask.bits[0] & cpu_online_mask->bits[0];
	rcu_read_unlock();
	if (!p)
		return -ESRCH;
	return copy_to_user(user_mask_ptr, &mask, sizeof(mask)) ? -EFAULT : (long)sizeof(mask);
}
