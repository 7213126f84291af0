/*
 * Read-copy-update. A reader marks its section and takes no lock; whoever removes something waits until every CPU has
 * been seen outside such a section (a grace period), and only then frees it. kernel/rcu/tree.c does the seeing.
 */
#ifndef _LINUX_RCUPDATE_H
#define _LINUX_RCUPDATE_H

#include <linux/preempt.h>
#include <linux/types.h>
#include <asm/barrier.h>

extern void synchronize_rcu(void);
extern void call_rcu(struct rcu_head *head, rcu_callback_t func);
extern void rcu_barrier(void);
extern void kfree_rcu_callback(struct rcu_head *head);
#define synchronize_sched() synchronize_rcu()
#define synchronize_rcu_expedited() synchronize_rcu()
#define call_rcu_hurry(head, func) call_rcu(head, func)

/* A reader cannot be scheduled away: that is all that the grace period machinery relies on. */
static __always_inline void __rcu_read_lock(void)
{
	preempt_disable();
}

static __always_inline void __rcu_read_unlock(void)
{
	preempt_enable();
}

#define rcu_read_lock() __rcu_read_lock()
#define rcu_read_unlock() __rcu_read_unlock()
#define rcu_read_lock_bh() local_bh_disable()
#define rcu_read_unlock_bh() local_bh_enable()
#define rcu_read_lock_sched() preempt_disable()
#define rcu_read_unlock_sched() preempt_enable()
#define rcu_read_lock_held() 1

#define rcu_dereference(p) READ_ONCE(p)
#define rcu_dereference_raw(p) READ_ONCE(p)
#define rcu_dereference_check(p, c) READ_ONCE(p)
#define rcu_dereference_protected(p, c) (p)
#define rcu_dereference_sched(p) READ_ONCE(p)
#define rcu_access_pointer(p) READ_ONCE(p)
#define rcu_assign_pointer(p, v) smp_store_release(&(p), v)
#define RCU_INIT_POINTER(p, v) WRITE_ONCE(p, v)
#define rcu_replace_pointer(p, v, c) ({ typeof(p) __old = (p); rcu_assign_pointer(p, v); __old; })

/* Free with kfree after a grace period: the offset of the rcu_head travels in place of a function. */
extern void kvfree_call_rcu(struct rcu_head *head, rcu_callback_t func);
#define kfree_rcu(ptr, rhf) do {						\
	typeof(ptr) ___p = (ptr);						\
	if (___p)								\
		kvfree_call_rcu(&___p->rhf, (rcu_callback_t)offsetof(typeof(*(ptr)), rhf));	\
} while (0)

/* Hooks of the scheduler, the tick and the idle loop. */
extern void rcu_init(void);
extern void rcu_note_context_switch(void);
extern void rcu_sched_clock_irq(int user);
extern void rcu_idle_enter(void);
extern void rcu_idle_exit(void);
extern void rcu_irq_enter(void);
extern void rcu_irq_exit(void);
extern bool rcu_needs_cpu(void);
extern bool rcu_is_watching(void);

#endif
