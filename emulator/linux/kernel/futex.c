/*
 * Futexes: a user program waits in the kernel only when its lock word says that it must. Waiters are found by what
 * the word is part of, so that processes can wait in memory that they share.
 */
#include <linux/errno.h>
#include <linux/fs.h>
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

/* What a word is in all address spaces: for shared memory the mapped object, else the address space itself. */
struct futex_key {
	const void *object;
	unsigned long offset;
};

struct futex_hash_bucket {
	spinlock_t lock;
	struct list_head chain;
};

struct futex_q {
	struct list_head list;
	struct futex_hash_bucket *hb;	/* changes when it is requeued */
	struct task_struct *task;
	struct futex_key key;
	u32 bitset;
	bool woken;
};

static struct futex_hash_bucket futex_queues[1 << FUTEX_HASH_BITS];

static struct futex_hash_bucket *hash_futex(const struct futex_key *key)
{
	return &futex_queues[hash_long((unsigned long)key->object + key->offset, FUTEX_HASH_BITS)];
}

static bool same_key(const struct futex_key *a, const struct futex_key *b)
{
	return a->object == b->object && a->offset == b->offset;
}

static struct futex_key private_key(unsigned long uaddr)
{
	return (struct futex_key) { .object = current->mm, .offset = uaddr };
}

static struct futex_key get_futex_key(unsigned long uaddr, bool shared)
{
	struct futex_key key = private_key(uaddr);
	struct vm_area_struct *vma;

	if (!shared)
		return key;
	mmap_read_lock(current->mm);
	vma = find_vma(current->mm, uaddr);
	if (vma && vma->vm_start <= uaddr && (vma->vm_flags & VM_SHARED)) {
		key.object = vma->vm_file ? (const void *)file_inode(vma->vm_file) : vma->vm_private_data;
		key.offset = uaddr - vma->vm_start + (vma->vm_pgoff << PAGE_SHIFT);
	}
	mmap_read_unlock(current->mm);
	return key;
}

static int futex_wake(const struct futex_key *key, int nr_wake, u32 bitset)
{
	struct futex_hash_bucket *hb = hash_futex(key);
	struct futex_q *this, *next;
	int ret = 0;

	spin_lock(&hb->lock);
	list_for_each_entry_safe(this, next, &hb->chain, list) {
		if (!same_key(&this->key, key) || !(this->bitset & bitset))
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

/* A thread's word at its end: whoever waits for it may have thought it private or shared. */
int futex_wake_address(unsigned long uaddr, int nr_wake)
{
	struct futex_key key = get_futex_key(uaddr, true);

	return futex_wake(&key, nr_wake, ~0u);
}

/* Takes a waiter off its queue, wherever a requeue has put it. */
static void futex_unqueue(struct futex_q *q)
{
	for (;;) {
		struct futex_hash_bucket *hb = READ_ONCE(q->hb);
		bool right;

		spin_lock(&hb->lock);
		right = hb == q->hb;
		if (right)
			list_del_init(&q->list);
		spin_unlock(&hb->lock);
		if (right)
			return;
	}
}

/* The word is read with the bucket locked: a waker changes the word before it looks for waiters. */
static int futex_wait(u32 __user *uaddr, bool shared, u32 val, long timeout, u32 bitset)
{
	struct futex_q q = { .task = current, .bitset = bitset };
	struct futex_hash_bucket *hb;
	u32 uval;

	if (get_user(uval, uaddr))
		return -EFAULT;
	q.key = get_futex_key((unsigned long)uaddr, shared);
	q.hb = hb = hash_futex(&q.key);
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
	futex_unqueue(&q);
	if (q.woken)
		return 0;
	return timeout ? -ERESTARTSYS : -ETIMEDOUT;
}

static int futex_requeue(const struct futex_key *from, const struct futex_key *to, int nr_wake, int nr_requeue)
{
	struct futex_hash_bucket *hb1 = hash_futex(from), *hb2 = hash_futex(to);
	struct futex_q *this, *next;
	int ret = futex_wake(from, nr_wake, ~0u);

	spin_lock(hb1 < hb2 ? &hb1->lock : &hb2->lock);
	if (hb1 != hb2)
		spin_lock(hb1 < hb2 ? &hb2->lock : &hb1->lock);
	list_for_each_entry_safe(this, next, &hb1->chain, list) {
		if (!same_key(&this->key, from))
			continue;
		if (nr_requeue-- <= 0)
			break;
		this->key = *to;
		WRITE_ONCE(this->hb, hb2);
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
	bool shared = !(op & FUTEX_PRIVATE_FLAG);
	struct futex_key key, key2;
	u32 word;

	if (!IS_ALIGNED((unsigned long)uaddr, 4))
		return -EINVAL;
	if (utime && (cmd == FUTEX_WAIT || cmd == FUTEX_WAIT_BITSET)) {
		s64 ns;

		if (copy_from_user(&ts, utime, sizeof(ts)))
			return -EFAULT;
		if (ts.tv_sec < 0 || (unsigned long)ts.tv_nsec >= NSEC_PER_SEC)
			return -EINVAL;
		ns = timespec64_to_ns(&ts);
		if (cmd == FUTEX_WAIT_BITSET)
			ns -= (op & FUTEX_CLOCK_REALTIME) ? ktime_get_real() : ktime_get();
		timeout = ns > 0 ? DIV_ROUND_UP(ns, TICK_NSEC) : 0;
	}
	switch (cmd) {
	case FUTEX_WAIT:
		return futex_wait(uaddr, shared, val, timeout, ~0u);
	case FUTEX_WAIT_BITSET:
		return val3 ? futex_wait(uaddr, shared, val, timeout, val3) : -EINVAL;
	case FUTEX_WAKE:
		key = get_futex_key((unsigned long)uaddr, shared);
		return futex_wake(&key, (int)val, ~0u);
	case FUTEX_WAKE_BITSET:
		key = get_futex_key((unsigned long)uaddr, shared);
		return val3 ? futex_wake(&key, (int)val, val3) : -EINVAL;
	case FUTEX_CMP_REQUEUE:
		if (get_user(word, uaddr))
			return -EFAULT;
		if (word != val3)
			return -EAGAIN;
		fallthrough;
	case FUTEX_REQUEUE:
		key = get_futex_key((unsigned long)uaddr, shared);
		key2 = get_futex_key((unsigned long)uaddr2, shared);
		return futex_requeue(&key, &key2, (int)val, (int)(long)utime);
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
