/*
 * Futexes: a user program waits in the kernel only when its lock word says that it must. Waiters are found by address
 * space and address.
 */
#include <linux/errno.h>
#include <linux/futex.h>
#include <linux/hash.h>
#include <linux/kernel.h>
#include <linux/ktime.h>
#include <linux/mm.h>
#include <linux/sched.h>
#include <linux/spinlock.h>
#include <linux/syscalls.h>
#include <linux/uaccess.h>

#define FUTEX_HASH_BITS 6

struct futex_q {
	struct list_head list;
	struct task_struct *task;
	struct mm_struct *mm;
	unsigned long uaddr;
	u32 bitset;
	bool woken;
};

struct futex_hash_bucket {
	spinlock_t lock;
	struct list_head chain;
};

static struct futex_hash_bucket futex_queues[1 << FUTEX_HASH_BITS];

static struct futex_hash_bucket *hash_futex(unsigned long uaddr)
{
	return &futex_queues[hash_long(uaddr, FUTEX_HASH_BITS)];
}

static int futex_wake(unsigned long uaddr, int nr_wake, u32 bitset)
{
	struct futex_hash_bucket *hb = hash_futex(uaddr);
	struct futex_q *this, *next;
	int ret = 0;

	spin_lock(&hb->lock);
	list_for_each_entry_safe(this, next, &hb->chain, list) {
		if (this->uaddr != uaddr || this->mm != current->mm || !(this->bitset & bitset))
			continue;
		if (ret >= nr_wake)
			break;
		list_del_init(&this->list);
		this->woken = true;
		wake_up_process(this->task);
		ret++;
	}
	spin_unlock(&hb->lock);
	return ret;
}

int futex_wake_address(unsigned long uaddr, int nr_wake)
{
	return futex_wake(uaddr, nr_wake, ~0u);
}

/* The word is read with the bucket locked: a waker changes the word before it looks for waiters. */
static int futex_wait(u32 __user *uaddr, u32 val, long timeout, u32 bitset)
{
	struct futex_hash_bucket *hb = hash_futex((unsigned long)uaddr);
	struct futex_q q = {
		.task = current, .mm = current->mm, .uaddr = (unsigned long)uaddr, .bitset = bitset,
	};
	u32 uval;

	if (get_user(uval, uaddr))
		return -EFAULT;
	spin_lock(&hb->lock);
	if (copy_from_user_nofault(&uval, uaddr, sizeof(uval)) || uval != val) {
		spin_unlock(&hb->lock);
		return -EAGAIN;
	}
	list_add_tail(&q.list, &hb->chain);
	set_current_state(TASK_INTERRUPTIBLE);
	spin_unlock(&hb->lock);
	while (!READ_ONCE(q.woken) && timeout && !signal_pending(current)) {
		timeout = schedule_timeout(timeout);
		set_current_state(TASK_INTERRUPTIBLE);
	}
	__set_current_state(TASK_RUNNING);
	spin_lock(&hb->lock);
	list_del_init(&q.list);
	spin_unlock(&hb->lock);
	if (q.woken)
		return 0;
	return timeout ? -ERESTARTSYS : -ETIMEDOUT;
}

static int futex_requeue(unsigned long uaddr1, unsigned long uaddr2, int nr_wake, int nr_requeue)
{
	struct futex_hash_bucket *hb1 = hash_futex(uaddr1), *hb2 = hash_futex(uaddr2);
	struct futex_q *this, *next;
	int ret = futex_wake(uaddr1, nr_wake, ~0u);

	spin_lock(hb1 < hb2 ? &hb1->lock : &hb2->lock);
	if (hb1 != hb2)
		spin_lock(hb1 < hb2 ? &hb2->lock : &hb1->lock);
	list_for_each_entry_safe(this, next, &hb1->chain, list) {
		if (this->uaddr != uaddr1 || this->mm != current->mm)
			continue;
		if (nr_requeue-- <= 0)
			break;
		this->uaddr = uaddr2;
		list_move_tail(&this->list, &hb2->chain);
		ret++;
	}
	if (hb1 != hb2)
		spin_unlock(&hb2->lock);
	spin_unlock(&hb1->lock);
	return ret;
}

SYSCALL_DEFINE6(futex, u32 __user *, uaddr, int, op, u32, val, const struct timespec64 __user *, utime,
		u32 __user *, uaddr2, u32, val3)
{
	int cmd = op & ~(FUTEX_PRIVATE_FLAG | FUTEX_CLOCK_REALTIME);
	long timeout = LONG_MAX;
	struct timespec64 ts;
	u32 word;

	if (!IS_ALIGNED((unsigned long)uaddr, 4))
		return -EINVAL;
	if (utime && (cmd == FUTEX_WAIT || cmd == FUTEX_WAIT_BITSET)) {
		s64 ns;

		if (copy_from_user(&ts, utime, sizeof(ts)))
			return -EFAULT;
		ns = timespec64_to_ns(&ts);
		if (cmd == FUTEX_WAIT_BITSET)
			ns -= (op & FUTEX_CLOCK_REALTIME) ? ktime_get_real() : ktime_get();
		timeout = ns > 0 ? DIV_ROUND_UP(ns, TICK_NSEC) : 0;
	}
	switch (cmd) {
	case FUTEX_WAIT:
		return futex_wait(uaddr, val, timeout, ~0u);
	case FUTEX_WAIT_BITSET:
		return val3 ? futex_wait(uaddr, val, timeout, val3) : -EINVAL;
	case FUTEX_WAKE:
		return futex_wake((unsigned long)uaddr, (int)val, ~0u);
	case FUTEX_WAKE_BITSET:
		return val3 ? futex_wake((unsigned long)uaddr, (int)val, val3) : -EINVAL;
	case FUTEX_CMP_REQUEUE:
		if (get_user(word, uaddr))
			return -EFAULT;
		if (word != val3)
			return -EAGAIN;
		fallthrough;
	case FUTEX_REQUEUE:
		return futex_requeue((unsigned long)uaddr, (unsigned long)uaddr2, (int)val, (int)(long)utime);
	default:
		return -ENOSYS;
	}
}

SYSCALL_DEFINE2(set_robust_list, void __user *, head, size_t, len)
{
	return 0;
}

static int __init futex_init(void)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(futex_queues); i++) {
		spin_lock_init(&futex_queues[i].lock);
		INIT_LIST_HEAD(&futex_queues[i].chain);
	}
	return 0;
}
core_initcall(futex_init);
