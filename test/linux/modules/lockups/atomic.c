/* Sleeps where it must not: under a spin lock, with preemption off, in a timer; and calls the scheduler outright. */
#include <linux/delay.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/spinlock.h>

static int how;
module_param(how, int, 0);
static DEFINE_SPINLOCK(lock);
static DEFINE_MUTEX(mutex);

static int __init atomic_init(void)
{
	void *memory;

	switch (how) {
	case 0:
		spin_lock(&lock);
		mutex_lock(&mutex);
		mutex_unlock(&mutex);
		spin_unlock(&lock);
		break;
	case 1:
		preempt_disable();
		memory = kmalloc(64, GFP_KERNEL);
		preempt_enable();
		kfree(memory);
		break;
	case 2:
		preempt_disable();
		schedule();
		preempt_enable();
		break;
	default:
		mutex_lock(&mutex);
		return 0;
	}
	return -ENODEV;
}

static void __exit atomic_exit(void)
{
}

module_init(atomic_init);
module_exit(atomic_exit);
MODULE_LICENSE("GPL");

/* console
 * $ insmod /root/atomic.ko how=0
 * BUG: sleeping function called from invalid context at kernel/locking/mutex.c:…
 * in_atomic(): 1, irqs_disabled(): 0, non_block: 0, pid: …, name: insmod
 * preempt_count: 1, expected: 0
 * CPU: … PID: … Comm: insmod …
 * …
 *  mutex_lock_nested+0x…
 *  mutex_lock+0x…
 *  atomic_init+0x…/0x… [atomic]
 * …
 * insmod: can't insert '/root/atomic.ko': No such device
 * $ sleep 1.1; insmod /root/atomic.ko how=1
 * BUG: sleeping function called from invalid context at …
 * in_atomic(): 1, irqs_disabled(): 0, non_block: 0, pid: …, name: insmod
 * preempt_count: 1, expected: 0
 * …
 *  __kmalloc+0x…
 *  atomic_init+0x…/0x… [atomic]
 * …
 * insmod: can't insert '/root/atomic.ko': No such device
 * $ sleep 1.1; insmod /root/atomic.ko how=2
 * BUG: scheduling while atomic: insmod/…/0x00000002
 * Modules linked in: atomic(O)
 * CPU: …
 * …
 *  schedule+0x…
 *  atomic_init+0x…/0x… [atomic]
 * …
 */
