/*
 * Spin locks, out of line. A ticket lock serves in the order of arrival; the read-write lock lets readers in together
 * as long as no writer holds it.
 */
#include <linux/kernel.h>
#include <linux/interrupt.h>
#include <linux/module.h>
#include <linux/sched.h>
#include <linux/spinlock.h>

/* Virtual time after which a lock that is still not free is taken for stuck, once per boot. */
#define SPIN_LOCKUP_NS (30ULL * 1000000000)

static void spin_lockup_report(raw_spinlock_t *lock)
{
	static bool reported;

	if (reported)
		return;
	reported = true;
	pr_emerg("BUG: spinlock lockup suspected on CPU#%d, %s/%d\n", raw_smp_processor_id(), current->comm, current->pid);
	pr_emerg(" lock: %px, taken at %pS on CPU#%d\n", lock, lock->caller, lock->owner_cpu);
	dump_stack();
}

static void do_raw_spin_lock(raw_spinlock_t *lock, const void *caller)
{
	u32 ticket = 1;
	u64 start = 0;

	asm volatile("lock; xaddl %0, %1" : "+r"(ticket), "+m"(lock->raw_lock.next) : : "memory");
	while (unlikely(lock->raw_lock.owner != ticket)) {
		if (!start)
			start = sched_clock();
		else if (sched_clock() - start > SPIN_LOCKUP_NS)
			spin_lockup_report(lock);
		cpu_relax();
	}
	lock->owner_cpu = raw_smp_processor_id();
	lock->caller = caller;
}

static void do_raw_spin_unlock(raw_spinlock_t *lock)
{
	lock->owner_cpu = -1;
	barrier();
	lock->raw_lock.owner++;
}

void _raw_spin_lock(raw_spinlock_t *lock)
{
	preempt_disable();
	do_raw_spin_lock(lock, __builtin_return_address(0));
}
EXPORT_SYMBOL(_raw_spin_lock);

void _raw_spin_lock_bh(raw_spinlock_t *lock)
{
	local_bh_disable();
	do_raw_spin_lock(lock, __builtin_return_address(0));
}
EXPORT_SYMBOL(_raw_spin_lock_bh);

void _raw_spin_lock_irq(raw_spinlock_t *lock)
{
	local_irq_disable();
	preempt_disable();
	do_raw_spin_lock(lock, __builtin_return_address(0));
}
EXPORT_SYMBOL(_raw_spin_lock_irq);

unsigned long _raw_spin_lock_irqsave(raw_spinlock_t *lock)
{
	unsigned long flags;

	local_irq_save(flags);
	preempt_disable();
	do_raw_spin_lock(lock, __builtin_return_address(0));
	return flags;
}
EXPORT_SYMBOL(_raw_spin_lock_irqsave);

int _raw_spin_trylock(raw_spinlock_t *lock)
{
	u32 owner = lock->raw_lock.owner;

	preempt_disable();
	if (cmpxchg(&lock->raw_lock.next, owner, owner + 1) == owner) {
		lock->owner_cpu = raw_smp_processor_id();
		lock->caller = __builtin_return_address(0);
		return 1;
	}
	preempt_enable();
	return 0;
}
EXPORT_SYMBOL(_raw_spin_trylock);

void _raw_spin_unlock(raw_spinlock_t *lock)
{
	do_raw_spin_unlock(lock);
	preempt_enable();
}
EXPORT_SYMBOL(_raw_spin_unlock);

void _raw_spin_unlock_bh(raw_spinlock_t *lock)
{
	do_raw_spin_unlock(lock);
	local_bh_enable();
}
EXPORT_SYMBOL(_raw_spin_unlock_bh);

void _raw_spin_unlock_irq(raw_spinlock_t *lock)
{
	do_raw_spin_unlock(lock);
	local_irq_enable();
	preempt_enable();
}
EXPORT_SYMBOL(_raw_spin_unlock_irq);

void _raw_spin_unlock_irqrestore(raw_spinlock_t *lock, unsigned long flags)
{
	do_raw_spin_unlock(lock);
	local_irq_restore(flags);
	preempt_enable();
}
EXPORT_SYMBOL(_raw_spin_unlock_irqrestore);

static void do_read_lock(rwlock_t *lock)
{
	for (;;) {
		int cnts = atomic_read(&lock->cnts);

		if (cnts >= 0 && atomic_cmpxchg(&lock->cnts, cnts, cnts + 1) == cnts)
			return;
		cpu_relax();
	}
}

static void do_write_lock(rwlock_t *lock)
{
	while (atomic_cmpxchg(&lock->cnts, 0, -1) != 0)
		cpu_relax();
}

void _raw_read_lock(rwlock_t *lock)
{
	preempt_disable();
	do_read_lock(lock);
}
EXPORT_SYMBOL(_raw_read_lock);

void _raw_read_lock_bh(rwlock_t *lock)
{
	local_bh_disable();
	do_read_lock(lock);
}
EXPORT_SYMBOL(_raw_read_lock_bh);

void _raw_read_lock_irq(rwlock_t *lock)
{
	local_irq_disable();
	preempt_disable();
	do_read_lock(lock);
}
EXPORT_SYMBOL(_raw_read_lock_irq);

unsigned long _raw_read_lock_irqsave(rwlock_t *lock)
{
	unsigned long flags;

	local_irq_save(flags);
	preempt_disable();
	do_read_lock(lock);
	return flags;
}
EXPORT_SYMBOL(_raw_read_lock_irqsave);

void _raw_read_unlock(rwlock_t *lock)
{
	atomic_dec(&lock->cnts);
	preempt_enable();
}
EXPORT_SYMBOL(_raw_read_unlock);

void _raw_read_unlock_bh(rwlock_t *lock)
{
	atomic_dec(&lock->cnts);
	local_bh_enable();
}
EXPORT_SYMBOL(_raw_read_unlock_bh);

void _raw_read_unlock_irq(rwlock_t *lock)
{
	atomic_dec(&lock->cnts);
	local_irq_enable();
	preempt_enable();
}
EXPORT_SYMBOL(_raw_read_unlock_irq);

void _raw_read_unlock_irqrestore(rwlock_t *lock, unsigned long flags)
{
	atomic_dec(&lock->cnts);
	local_irq_restore(flags);
	preempt_enable();
}
EXPORT_SYMBOL(_raw_read_unlock_irqrestore);

void _raw_write_lock(rwlock_t *lock)
{
	preempt_disable();
	do_write_lock(lock);
}
EXPORT_SYMBOL(_raw_write_lock);

void _raw_write_lock_bh(rwlock_t *lock)
{
	local_bh_disable();
	do_write_lock(lock);
}
EXPORT_SYMBOL(_raw_write_lock_bh);

void _raw_write_lock_irq(rwlock_t *lock)
{
	local_irq_disable();
	preempt_disable();
	do_write_lock(lock);
}
EXPORT_SYMBOL(_raw_write_lock_irq);

unsigned long _raw_write_lock_irqsave(rwlock_t *lock)
{
	unsigned long flags;

	local_irq_save(flags);
	preempt_disable();
	do_write_lock(lock);
	return flags;
}
EXPORT_SYMBOL(_raw_write_lock_irqsave);

int _raw_write_trylock(rwlock_t *lock)
{
	preempt_disable();
	if (atomic_cmpxchg(&lock->cnts, 0, -1) == 0)
		return 1;
	preempt_enable();
	return 0;
}
EXPORT_SYMBOL(_raw_write_trylock);

void _raw_write_unlock(rwlock_t *lock)
{
	atomic_set_release(&lock->cnts, 0);
	preempt_enable();
}
EXPORT_SYMBOL(_raw_write_unlock);

void _raw_write_unlock_bh(rwlock_t *lock)
{
	atomic_set_release(&lock->cnts, 0);
	local_bh_enable();
}
EXPORT_SYMBOL(_raw_write_unlock_bh);

void _raw_write_unlock_irq(rwlock_t *lock)
{
	atomic_set_release(&lock->cnts, 0);
	local_irq_enable();
	preempt_enable();
}
EXPORT_SYMBOL(_raw_write_unlock_irq);

void _raw_write_unlock_irqrestore(rwlock_t *lock, unsigned long flags)
{
	atomic_set_release(&lock->cnts, 0);
	local_irq_restore(flags);
	preempt_enable();
}
EXPORT_SYMBOL(_raw_write_unlock_irqrestore);

/* True with the lock held when the count has reached zero. */
int _atomic_dec_and_lock(atomic_t *atomic, spinlock_t *lock)
{
	if (atomic_add_unless(atomic, -1, 1))
		return 0;
	spin_lock(lock);
	if (atomic_dec_and_test(atomic))
		return 1;
	spin_unlock(lock);
	return 0;
}
EXPORT_SYMBOL(_atomic_dec_and_lock);
