/*
 * The scheduler proper: the switch from task to task, wake-ups, the tick. Which task comes next is the business of the
 * scheduling classes (rt.c, fair.c, idle.c), asked in this order.
 *
 * Rules: the run queue of a CPU is changed under its lock with interrupts off. on_rq says that a task is runnable;
 * on_cpu that it is running or still being switched away from, and nobody may run it elsewhere before that is over.
 */
#include <linux/cred.h>
#include <linux/interrupt.h>
#include <linux/kernel.h>
#include <linux/kprobes.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/nmi.h>
#include <linux/percpu.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>
#include <linux/sched/debug.h>
#include <linux/smp.h>
#include <linux/syscalls.h>
#include <linux/tick.h>
#include <linux/timer.h>
#include <linux/uaccess.h>
#include <lab/gates.h>
#include <asm/pgtable.h>
#include <asm/switch_to.h>

#include "sched.h"

DEFINE_PER_CPU(struct rq, runqueues);

struct rq *task_rq_lock(struct task_struct *p, unsigned long *flags)
{
	struct rq *rq;

	for (;;) {
		rq = task_rq(p);
		raw_spin_lock_irqsave(&rq->__lock, *flags);
		if (likely(rq == task_rq(p)))
			return rq;
		raw_spin_unlock_irqrestore(&rq->__lock, *flags);
	}
}

void set_task_cpu(struct task_struct *p, unsigned int new_cpu)
{
	if (task_cpu(p) != new_cpu)
		p->se.nr_migrations++;
	p->recent_used_cpu = task_cpu(p);
	WRITE_ONCE(p->thread_info.cpu, new_cpu);
	p->wake_cpu = new_cpu;
}

void activate_task(struct rq *rq, struct task_struct *p, int flags)
{
	p->sched_class->enqueue_task(rq, p, flags);
	p->on_rq = 1;
	rq->nr_running++;
}

void deactivate_task(struct rq *rq, struct task_struct *p, int flags)
{
	p->on_rq = 0;
	rq->nr_running--;
	p->sched_class->dequeue_task(rq, p, flags);
}

/* What runs on rq shall be rescheduled soon: by itself, or at an interrupt that we send. */
void resched_curr(struct rq *rq)
{
	struct task_struct *curr = rq->curr;

	if (test_tsk_need_resched(curr))
		return;
	set_tsk_need_resched(curr);
	if (rq->cpu != smp_processor_id())
		smp_send_reschedule(rq->cpu);
}

static void check_preempt_curr(struct rq *rq, struct task_struct *p, int flags)
{
	if (!rq->curr) /* that CPU has not started: it will pick for itself */
		return;
	if (rq->curr->sched_class == p->sched_class)
		p->sched_class->check_preempt_curr(rq, p, flags);
	else if (rq->curr->sched_class == &idle_sched_class || p->sched_class == &rt_sched_class)
		resched_curr(rq);
}

/* ---- waking up ---- */

static void ttwu_do_activate(struct rq *rq, struct task_struct *p, int wake_flags)
{
	if (p->__state & TASK_UNINTERRUPTIBLE)
		rq->nr_uninterruptible--;
	activate_task(rq, p, ENQUEUE_WAKEUP);
	WRITE_ONCE(p->__state, TASK_RUNNING);
	check_preempt_curr(rq, p, wake_flags);
}

/*
 * Make a task runnable if its state is one of those given. Returns 1 if it was woken. The three cases: it is the
 * running task itself; it is on its way to sleep but still on its queue; it sleeps, and is put on a queue.
 */
int try_to_wake_up(struct task_struct *p, unsigned int state, int wake_flags)
{
	unsigned long flags;
	struct rq *rq;
	int cpu, success = 0;

	raw_spin_lock_irqsave(&p->pi_lock, flags);
	smp_mb();
	if (!(READ_ONCE(p->__state) & state))
		goto unlock;
	success = 1;
	if (p->on_rq) {
		rq = task_rq(p);
		raw_spin_lock(&rq->__lock);
		if (p->on_rq) {
			WRITE_ONCE(p->__state, TASK_RUNNING);
			check_preempt_curr(rq, p, wake_flags);
			raw_spin_unlock(&rq->__lock);
			goto unlock;
		}
		raw_spin_unlock(&rq->__lock);
	}
	/* It may still be on its old CPU, in the middle of the switch. */
	while (READ_ONCE(p->on_cpu))
		cpu_relax();
	cpu = p->sched_class->select_task_rq(p, p->wake_cpu, wake_flags);
	if (task_cpu(p) != (unsigned int)cpu) {
		p->se.vruntime -= task_rq(p)->cfs.min_vruntime;
		p->se.vruntime += cpu_rq(cpu)->cfs.min_vruntime;
		set_task_cpu(p, cpu);
	}
	rq = cpu_rq(cpu);
	raw_spin_lock(&rq->__lock);
	update_rq_clock(rq);
	ttwu_do_activate(rq, p, wake_flags);
	raw_spin_unlock(&rq->__lock);
unlock:
	raw_spin_unlock_irqrestore(&p->pi_lock, flags);
	return success;
}

int wake_up_process(struct task_struct *p)
{
	return try_to_wake_up(p, TASK_NORMAL, 0);
}
EXPORT_SYMBOL(wake_up_process);

int wake_up_state(struct task_struct *p, unsigned int state)
{
	return try_to_wake_up(p, state, 0);
}

/* The first wake-up of a task that fork has just made. */
noinline void wake_up_new_task(struct task_struct *p)
{
	unsigned long flags;
	struct rq *rq;
	int cpu;

	raw_spin_lock_irqsave(&p->pi_lock, flags);
	WRITE_ONCE(p->__state, TASK_RUNNING);
	cpu = p->sched_class->select_task_rq(p, task_cpu(p), 0);
	set_task_cpu(p, cpu);
	rq = cpu_rq(cpu);
	raw_spin_lock(&rq->__lock);
	update_rq_clock(rq);
	p->se.vruntime += rq->cfs.min_vruntime;
	activate_task(rq, p, ENQUEUE_NEW);
	check_preempt_curr(rq, p, 0);
	raw_spin_unlock(&rq->__lock);
	raw_spin_unlock_irqrestore(&p->pi_lock, flags);
}

static void __sched_fork(unsigned long clone_flags, struct task_struct *p)
{
	p->on_rq = 0;
	p->on_cpu = 0;
	p->se.on_rq = 0;
	p->se.exec_start = 0;
	p->se.sum_exec_runtime = 0;
	p->se.prev_sum_exec_runtime = 0;
	p->se.nr_migrations = 0;
	p->se.vruntime = 0;
}

void set_load_weight(struct task_struct *p)
{
	p->se.load_weight = sched_prio_to_weight[p->static_prio - MAX_RT_PRIO];
}

void sched_fork(unsigned long clone_flags, struct task_struct *p)
{
	__sched_fork(clone_flags, p);
	p->__state = TASK_NEW; /* nobody can wake it before it is complete */
	p->prio = current->normal_prio;
	if (is_idle_task(current)) { /* the first threads: an idle task's ties to its CPU are not inherited */
		p->cpus_mask = *cpu_possible_mask;
		p->nr_cpus_allowed = (int)num_possible_cpus();
		p->prio = p->static_prio = p->normal_prio = DEFAULT_PRIO;
	}
	set_load_weight(p);
	p->sched_class = p->prio < MAX_RT_PRIO ? &rt_sched_class : &fair_sched_class;
	p->thread_info.cpu = smp_processor_id();
	p->wake_cpu = p->thread_info.cpu;
	p->sched_class->task_fork(p);
}

/* ---- the switch ---- */

static struct rq *finish_task_switch(struct task_struct *prev);

/* Sleeping in a place that must not sleep: the report names the code. */
extern void print_modules(void);

static void __schedule_bug(struct task_struct *prev)
{
	if (oops_in_progress)
		return;
	printk(KERN_ERR "BUG: scheduling while atomic: %s/%d/0x%08x\n", prev->comm, prev->pid, preempt_count());
	print_modules();
	lab_sleep_in_atomic("kernel/sched/core.c", __LINE__);
	dump_stack();
	add_taint(TAINT_WARN, LOCKDEP_STILL_OK);
}

static void schedule_debug(struct task_struct *prev)
{
	if (*(unsigned long *)task_stack_page(prev) != STACK_END_MAGIC)
		panic("corrupted stack end detected inside scheduler\n");
	if (unlikely(preempt_count() != 1 && READ_ONCE(prev->__state) != TASK_DEAD)) {
		__schedule_bug(prev);
		preempt_count_set(1);
	}
}

static struct task_struct *pick_next_task(struct rq *rq, struct task_struct *prev)
{
	struct rq_flags rf = { 0 };
	struct task_struct *p;

	prev->sched_class->put_prev_task(rq, prev);
	p = rt_sched_class.pick_next_task(rq);
	if (!p)
		p = pick_next_task_fair(rq, prev, &rf);
	if (!p)
		p = idle_sched_class.pick_next_task(rq);
	return p;
}

/* A kernel thread keeps running in the address space that is loaded, whoever's that is. */
static noinline struct rq *context_switch(struct rq *rq, struct task_struct *prev, struct task_struct *next)
{
	next->on_cpu = 1;
	if (!next->mm) {
		next->active_mm = prev->active_mm;
		if (prev->mm)
			mmgrab(prev->active_mm);
		else
			prev->active_mm = NULL;
	} else {
		switch_mm_irqs_off(prev->active_mm, next->mm, next);
		if (!prev->mm) {
			rq->prev_mm = prev->active_mm;
			prev->active_mm = NULL;
		}
	}
	switch_to(prev, next, prev);
	barrier();
	return finish_task_switch(prev);
}

/* On the new task's stack: the old one may run elsewhere now, and, if it is dead, be buried. */
static noinline struct rq *finish_task_switch(struct task_struct *prev)
{
	struct rq *rq = this_rq();
	struct mm_struct *mm = rq->prev_mm;
	unsigned int prev_state = READ_ONCE(prev->__state);

	rq->prev_mm = NULL;
	smp_store_release(&prev->on_cpu, 0);
	_raw_spin_unlock(&rq->__lock);
	local_irq_enable();
	if (mm)
		mmdrop(mm);
	if (unlikely(prev_state == TASK_DEAD)) {
		kprobe_flush_task(prev);
		put_task_struct(prev);
	}
	return rq;
}

/* A new task starts here, with the run queue still locked by the task that was switched away from. */
void schedule_tail(struct task_struct *prev)
{
	finish_task_switch(prev);
	preempt_count_set(0);
	if (current->set_child_tid)
		put_user(task_pid_vnr(current), current->set_child_tid);
}

static void __schedule(bool preempt)
{
	int cpu = smp_processor_id();
	struct rq *rq = cpu_rq(cpu);
	struct task_struct *prev = rq->curr, *next;
	unsigned int prev_state;

	schedule_debug(prev);
	local_irq_disable();
	rcu_note_context_switch();
	raw_spin_lock(&rq->__lock);
	update_rq_clock(rq);
	prev_state = READ_ONCE(prev->__state);
	if (!preempt && prev_state != TASK_RUNNING) {
		if (signal_pending_state(prev_state, prev)) {
			WRITE_ONCE(prev->__state, TASK_RUNNING);
		} else {
			if (prev_state & TASK_UNINTERRUPTIBLE)
				rq->nr_uninterruptible++;
			deactivate_task(rq, prev, DEQUEUE_SLEEP);
		}
		prev->nvcsw++;
	} else {
		prev->nivcsw++;
	}
	next = pick_next_task(rq, prev);
	clear_tsk_need_resched(prev);
	watchdog_note_switch();
	if (likely(prev != next)) {
		rq->nr_switches++;
		rq->curr = next;
		context_switch(rq, prev, next);
	} else {
		raw_spin_unlock(&rq->__lock);
		local_irq_enable();
	}
}

void schedule(void)
{
	do {
		preempt_disable();
		__schedule(false);
		preempt_enable_no_resched();
	} while (need_resched());
}
EXPORT_SYMBOL(schedule);

/* For the idle loop, which always runs with preemption off. */
void schedule_preempt_disabled(void)
{
	preempt_enable_no_resched();
	schedule();
	preempt_disable();
}

/* The last act of a task. */
void __noreturn do_task_dead(void)
{
	WRITE_ONCE(current->__state, TASK_DEAD);
	preempt_disable();
	__schedule(false);
	BUG();
}

void io_schedule(void)
{
	schedule();
}
EXPORT_SYMBOL(io_schedule);

int __cond_resched(void)
{
	if (!need_resched() || preempt_count() || irqs_disabled())
		return 0;
	preempt_disable();
	__schedule(true);
	preempt_enable_no_resched();
	return 1;
}
EXPORT_SYMBOL(__cond_resched);

void yield(void)
{
	struct rq *rq;
	unsigned long flags;

	set_current_state(TASK_RUNNING);
	rq = task_rq_lock(current, &flags);
	current->sched_class->yield_task(rq);
	raw_spin_unlock_irqrestore(&rq->__lock, flags);
	schedule();
}
EXPORT_SYMBOL(yield);

SYSCALL_DEFINE0(sched_yield)
{
	yield();
	return 0;
}

#define MEMBARRIER_CMD_QUERY	0
#define MEMBARRIER_CMD_GLOBAL	1

/* Memory is ordered as seen by all CPUs once each of them has been through the scheduler. */
SYSCALL_DEFINE3(membarrier, int, cmd, unsigned int, flags, int, cpu_id)
{
	if (flags)
		return -EINVAL;
	switch (cmd) {
	case MEMBARRIER_CMD_QUERY:
		return MEMBARRIER_CMD_GLOBAL;
	case MEMBARRIER_CMD_GLOBAL:
		synchronize_rcu();
		return 0;
	default:
		return -EINVAL;
	}
}

void __might_resched(const char *file, int line, unsigned int offsets)
{
	static unsigned long prev_jiffy;

	if (likely(preempt_count() == 0 && !irqs_disabled()) || is_idle_task(current) || system_state == SYSTEM_BOOTING ||
	    system_state > SYSTEM_RUNNING || oops_in_progress)
		return;
	if (time_before(jiffies, prev_jiffy + HZ) && prev_jiffy)
		return;
	prev_jiffy = jiffies;
	pr_err("BUG: sleeping function called from invalid context at %s:%d\n", file, line);
	pr_err("in_atomic(): %d, irqs_disabled(): %d, non_block: 0, pid: %d, name: %s\n", in_atomic(), irqs_disabled(),
	       current->pid, current->comm);
	pr_err("preempt_count: %x, expected: 0\n", preempt_count());
	lab_sleep_in_atomic(file, line);
	dump_stack();
	add_taint(TAINT_WARN, LOCKDEP_STILL_OK);
}
EXPORT_SYMBOL(__might_resched);

void __might_sleep(const char *file, int line)
{
	__might_resched(file, line, 0);
}
EXPORT_SYMBOL(__might_sleep);

/* ---- the tick ---- */

void scheduler_tick(void)
{
	struct rq *rq = this_rq();

	raw_spin_lock(&rq->__lock);
	update_rq_clock(rq);
	rq->curr->sched_class->task_tick(rq, rq->curr);
	raw_spin_unlock(&rq->__lock);
}

/* ---- start, and what others ask ---- */

/* Make a task the idle task of a CPU. */
void init_idle(struct task_struct *idle, int cpu)
{
	struct rq *rq = cpu_rq(cpu);

	__sched_fork(0, idle);
	idle->__state = TASK_RUNNING;
	idle->prio = idle->normal_prio = idle->static_prio = MAX_PRIO - 1;
	set_load_weight(idle);
	idle->flags |= PF_IDLE | PF_KTHREAD;
	idle->sched_class = &idle_sched_class;
	idle->thread_info.cpu = cpu;
	idle->on_cpu = 1;
	idle->on_rq = 1;
	apply_affinity(idle, 1L << cpu);
	rq->curr = rq->idle = idle;
}

void __init sched_init(void)
{
	unsigned int cpu;

	for_each_possible_cpu(cpu) {
		struct rq *rq = cpu_rq(cpu);

		raw_spin_lock_init(&rq->__lock);
		init_cfs_rq(&rq->cfs);
		INIT_LIST_HEAD(&rq->rt.queue);
		rq->cpu = cpu;
	}
	mmgrab(&init_mm); /* the idle task's, beside the one that keeps it for ever */
	init_idle(current, smp_processor_id());
}

struct task_struct *idle_task(int cpu)
{
	return cpu_rq(cpu)->idle;
}

struct task_struct *curr_task(int cpu)
{
	return cpu_rq(cpu)->curr;
}

unsigned long nr_running(void)
{
	unsigned long sum = 0;
	unsigned int cpu;

	for_each_online_cpu(cpu)
		sum += cpu_rq(cpu)->nr_running;
	return sum;
}

unsigned long long nr_context_switches(void)
{
	unsigned long long sum = 0;
	unsigned int cpu;

	for_each_online_cpu(cpu)
		sum += cpu_rq(cpu)->nr_switches;
	return sum;
}

/* Load averages in 1/65536: the number of runnable tasks, without memory of the past. */
void get_avenrun(unsigned long *loads)
{
	loads[0] = loads[1] = loads[2] = nr_running() << 16;
}

unsigned int task_state_index(struct task_struct *tsk)
{
	unsigned int state = (READ_ONCE(tsk->__state) | (unsigned int)tsk->exit_state) & TASK_REPORT;

	if ((READ_ONCE(tsk->__state) & TASK_IDLE) == TASK_IDLE)
		return 8;
	return (unsigned int)fls((int)state);
}

char task_state_to_char(struct task_struct *tsk)
{
	return "RSDTtXZPI"[task_state_index(tsk)];
}

void sched_show_task(struct task_struct *p)
{
	pr_info("task:%-15.15s state:%c stack:0     pid:%-5d ppid:%-6d flags:0x%08lx\n", p->comm, task_state_to_char(p),
		task_pid_nr(p), task_ppid_nr(p), p->thread_info.flags);
	show_stack(p, NULL, KERN_INFO);
}
EXPORT_SYMBOL_GPL(sched_show_task);
