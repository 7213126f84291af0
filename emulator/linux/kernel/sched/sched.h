/*
 * Inside the scheduler: a run queue for each CPU, and what a scheduling class has to be able to do.
 */
#ifndef _KERNEL_SCHED_SCHED_H
#define _KERNEL_SCHED_SCHED_H

#include <linux/kernel.h>
#include <linux/percpu.h>
#include <linux/rbtree.h>
#include <linux/sched.h>
#include <linux/spinlock.h>

#define NICE_0_LOAD 1024
#define ENQUEUE_WAKEUP 0x01
#define ENQUEUE_NEW 0x02
#define DEQUEUE_SLEEP 0x01
#define WF_SYNC 0x10

/* Fair tasks by virtual run time: the one that has had least comes first. The running one is not in the tree. */
struct cfs_rq {
	unsigned long load_weight;
	unsigned int nr_running;
	u64 min_vruntime;
	struct rb_root_cached tasks_timeline;
	struct sched_entity *curr;
};

/* Real-time tasks, in order of priority and then of arrival. */
struct rt_rq {
	struct list_head queue;
	unsigned int nr_running;
};

struct rq_flags {
	unsigned long flags;
};

struct rq {
	raw_spinlock_t __lock;
	unsigned int nr_running;
	unsigned long nr_uninterruptible;
	u64 nr_switches;
	struct cfs_rq cfs;
	struct rt_rq rt;
	struct task_struct *curr;
	struct task_struct *idle;
	struct mm_struct *prev_mm;	/* borrowed by a kernel thread, to be dropped after the switch */
	u64 clock;
	int cpu;
	u64 idle_ns;
};

DECLARE_PER_CPU(struct rq, runqueues);
#define cpu_rq(cpu) (&per_cpu(runqueues, (cpu)))
#define this_rq() this_cpu_ptr(&runqueues)
#define task_rq(p) cpu_rq(task_cpu(p))

struct sched_class {
	void (*enqueue_task)(struct rq *rq, struct task_struct *p, int flags);
	void (*dequeue_task)(struct rq *rq, struct task_struct *p, int flags);
	void (*check_preempt_curr)(struct rq *rq, struct task_struct *p, int flags);
	struct task_struct *(*pick_next_task)(struct rq *rq);
	void (*put_prev_task)(struct rq *rq, struct task_struct *p);
	void (*task_tick)(struct rq *rq, struct task_struct *p);
	void (*task_fork)(struct task_struct *p);
	void (*yield_task)(struct rq *rq);
	int (*select_task_rq)(struct task_struct *p, int prev_cpu, int flags);
};

extern const struct sched_class fair_sched_class, rt_sched_class, idle_sched_class;
extern const int sched_prio_to_weight[40];

static inline void update_rq_clock(struct rq *rq)
{
	rq->clock = sched_clock();
}

extern void resched_curr(struct rq *rq);
extern struct rq *task_rq_lock(struct task_struct *p, unsigned long *flags);
extern void set_load_weight(struct task_struct *p);
extern void apply_affinity(struct task_struct *p, long mask);
extern void init_cfs_rq(struct cfs_rq *cfs_rq);
extern struct task_struct *pick_next_task_fair(struct rq *rq, struct task_struct *prev, struct rq_flags *rf);
extern bool newidle_balance(struct rq *this_rq);
extern void set_task_cpu(struct task_struct *p, unsigned int new_cpu);
extern void activate_task(struct rq *rq, struct task_struct *p, int flags);
extern void deactivate_task(struct rq *rq, struct task_struct *p, int flags);

static inline int task_current(struct rq *rq, struct task_struct *p)
{
	return rq->curr == p;
}

static inline struct task_struct *task_of(struct sched_entity *se)
{
	return container_of(se, struct task_struct, se);
}

#endif
