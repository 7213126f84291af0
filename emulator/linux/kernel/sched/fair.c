/*
 * The fair scheduler. Each task has a virtual run time, which grows with the time that it has run, more slowly the
 * higher its weight. The task with the smallest virtual run time runs next; a new or woken task starts near the
 * smallest, so that it neither waits long nor catches up on what it slept through.
 */
#include <linux/kernel.h>
#include <linux/kprobes.h>
#include <linux/module.h>
#include <linux/sched.h>
#include <linux/smp.h>

#include "sched.h"

/* Everybody who is runnable gets a turn within this time, but nobody a shorter turn than the minimum. ns. */
static const u64 sysctl_sched_latency = 12000000;
static const u64 sysctl_sched_min_granularity = 1500000;
static const u64 sysctl_sched_wakeup_granularity = 2000000;

/* Weights of the nice levels from -20 to 19: a step is about a quarter more or less CPU time. */
const int sched_prio_to_weight[40] = {
	88761, 71755, 56483, 46273, 36291, 29154, 23254, 18705, 14949, 11916, 9548, 7620, 6100, 4904,
	3906, 3121, 2501, 1991, 1586, 1277, 1024, 820, 655, 526, 423, 335, 272, 215, 172, 137,
	110, 87, 70, 56, 45, 36, 29, 23, 18, 15,
};

static u64 calc_delta_fair(u64 delta, struct sched_entity *se)
{
	return se->load_weight == NICE_0_LOAD ? delta : delta * NICE_0_LOAD / se->load_weight;
}

static bool entity_before(const struct sched_entity *a, const struct sched_entity *b)
{
	return (s64)(a->vruntime - b->vruntime) < 0;
}

static bool __entity_less(struct rb_node *a, const struct rb_node *b)
{
	return entity_before(rb_entry(a, struct sched_entity, run_node), rb_entry(b, struct sched_entity, run_node));
}

static struct sched_entity *__pick_first_entity(struct cfs_rq *cfs_rq)
{
	struct rb_node *left = rb_first_cached(&cfs_rq->tasks_timeline);

	return left ? rb_entry(left, struct sched_entity, run_node) : NULL;
}

/* The smallest virtual run time of all, which never goes back. */
static void update_min_vruntime(struct cfs_rq *cfs_rq)
{
	struct sched_entity *curr = cfs_rq->curr, *first = __pick_first_entity(cfs_rq);
	u64 vruntime = cfs_rq->min_vruntime;

	if (curr && curr->on_rq)
		vruntime = curr->vruntime;
	if (first && (!(curr && curr->on_rq) || entity_before(first, curr)))
		vruntime = first->vruntime;
	if ((s64)(vruntime - cfs_rq->min_vruntime) > 0)
		cfs_rq->min_vruntime = vruntime;
}

/* Charge the running task for the time since it was last charged. */
static void update_curr(struct rq *rq)
{
	struct cfs_rq *cfs_rq = &rq->cfs;
	struct sched_entity *curr = cfs_rq->curr;
	u64 delta_exec;

	if (!curr)
		return;
	delta_exec = rq->clock - curr->exec_start;
	if ((s64)delta_exec <= 0)
		return;
	curr->exec_start = rq->clock;
	curr->sum_exec_runtime += delta_exec;
	curr->vruntime += calc_delta_fair(delta_exec, curr);
	update_min_vruntime(cfs_rq);
}

static void place_entity(struct cfs_rq *cfs_rq, struct sched_entity *se, bool initial)
{
	u64 vruntime = cfs_rq->min_vruntime;

	if (initial)
		vruntime += calc_delta_fair(sysctl_sched_min_granularity, se);
	else
		vruntime -= sysctl_sched_latency / 2;
	if ((s64)(vruntime - se->vruntime) > 0)
		se->vruntime = vruntime;
}

static void __enqueue_entity(struct cfs_rq *cfs_rq, struct sched_entity *se)
{
	rb_add_cached(&se->run_node, &cfs_rq->tasks_timeline, __entity_less);
}

static void __dequeue_entity(struct cfs_rq *cfs_rq, struct sched_entity *se)
{
	rb_erase_cached(&se->run_node, &cfs_rq->tasks_timeline);
}

static void enqueue_task_fair(struct rq *rq, struct task_struct *p, int flags)
{
	struct cfs_rq *cfs_rq = &rq->cfs;
	struct sched_entity *se = &p->se;

	update_curr(rq);
	if (flags & ENQUEUE_WAKEUP)
		place_entity(cfs_rq, se, false);
	se->on_rq = 1;
	cfs_rq->load_weight += se->load_weight;
	cfs_rq->nr_running++;
	if (cfs_rq->curr != se)
		__enqueue_entity(cfs_rq, se);
}

static void dequeue_task_fair(struct rq *rq, struct task_struct *p, int flags)
{
	struct cfs_rq *cfs_rq = &rq->cfs;
	struct sched_entity *se = &p->se;

	update_curr(rq);
	if (cfs_rq->curr != se)
		__dequeue_entity(cfs_rq, se);
	se->on_rq = 0;
	cfs_rq->load_weight -= se->load_weight;
	cfs_rq->nr_running--;
	update_min_vruntime(cfs_rq);
}

/* The part of the latency period that is the task's by its weight. */
static u64 sched_slice(struct cfs_rq *cfs_rq, struct sched_entity *se)
{
	u64 period = max(sysctl_sched_latency, cfs_rq->nr_running * sysctl_sched_min_granularity);
	u64 slice = cfs_rq->load_weight ? period * se->load_weight / cfs_rq->load_weight : period;

	return max(slice, sysctl_sched_min_granularity);
}

static void check_preempt_tick(struct cfs_rq *cfs_rq, struct sched_entity *curr, struct rq *rq)
{
	u64 delta_exec = curr->sum_exec_runtime - curr->prev_sum_exec_runtime;

	if (delta_exec > sched_slice(cfs_rq, curr))
		resched_curr(rq);
}

static void task_tick_fair(struct rq *rq, struct task_struct *curr)
{
	update_curr(rq);
	if (rq->cfs.nr_running > 1)
		check_preempt_tick(&rq->cfs, &curr->se, rq);
}

/* A task has woken up: does it deserve to run at once? */
static void check_preempt_wakeup(struct rq *rq, struct task_struct *p, int wake_flags)
{
	struct sched_entity *curr = rq->cfs.curr;

	update_curr(rq);
	if (!curr || (wake_flags & WF_SYNC))
		return;
	if ((s64)(curr->vruntime - p->se.vruntime) > (s64)calc_delta_fair(sysctl_sched_wakeup_granularity, &p->se))
		resched_curr(rq);
}

static void set_next_entity(struct cfs_rq *cfs_rq, struct sched_entity *se, u64 now)
{
	if (se->on_rq)
		__dequeue_entity(cfs_rq, se);
	se->exec_start = now;
	se->prev_sum_exec_runtime = se->sum_exec_runtime;
	cfs_rq->curr = se;
}

static void put_prev_task_fair(struct rq *rq, struct task_struct *prev)
{
	struct sched_entity *se = &prev->se;

	if (se->on_rq) {
		update_curr(rq);
		__enqueue_entity(&rq->cfs, se);
	}
	rq->cfs.curr = NULL;
}

/* The next task to run, or NULL when no fair task is runnable here, not even one taken from another CPU. */
noinline struct task_struct *pick_next_task_fair(struct rq *rq, struct task_struct *prev, struct rq_flags *rf)
{
	struct sched_entity *se;

	if (!rq->cfs.nr_running && !newidle_balance(rq))
		return NULL;
	se = __pick_first_entity(&rq->cfs);
	if (!se)
		return NULL;
	set_next_entity(&rq->cfs, se, rq->clock);
	return task_of(se);
}
EXPORT_SYMBOL_GPL(pick_next_task_fair);

static struct task_struct *__pick_next_task_fair(struct rq *rq)
{
	return pick_next_task_fair(rq, NULL, NULL);
}

static void task_fork_fair(struct task_struct *p)
{
	struct rq *rq = this_rq();
	unsigned long flags;

	raw_spin_lock_irqsave(&rq->__lock, flags);
	update_rq_clock(rq);
	update_curr(rq);
	p->se.vruntime = rq->cfs.curr ? rq->cfs.curr->vruntime : rq->cfs.min_vruntime;
	place_entity(&rq->cfs, &p->se, true);
	p->se.vruntime -= rq->cfs.min_vruntime; /* made absolute again on the queue that it is put on */
	raw_spin_unlock_irqrestore(&rq->__lock, flags);
}

static void yield_task_fair(struct rq *rq)
{
	struct rb_node *last = rb_last(&rq->cfs.tasks_timeline.rb_root);
	struct sched_entity *curr = rq->cfs.curr;

	update_rq_clock(rq);
	update_curr(rq);
	if (curr && last && entity_before(curr, rb_entry(last, struct sched_entity, run_node)))
		curr->vruntime = rb_entry(last, struct sched_entity, run_node)->vruntime + 1;
}

/* The CPU that the task last ran on if that is idle, else the allowed one with the fewest runnable tasks. */
static int select_task_rq_fair(struct task_struct *p, int prev_cpu, int wake_flags)
{
	unsigned int best = prev_cpu, cpu;

	if (cpumask_test_cpu(prev_cpu, &p->cpus_mask) && cpu_online(prev_cpu) && !cpu_rq(prev_cpu)->nr_running)
		return prev_cpu;
	if (!cpumask_test_cpu(prev_cpu, &p->cpus_mask))
		best = cpumask_first(&p->cpus_mask);
	for_each_online_cpu(cpu)
		if (cpumask_test_cpu(cpu, &p->cpus_mask) && cpu_rq(cpu)->nr_running < cpu_rq(best)->nr_running)
			best = cpu;
	return best;
}

static bool can_migrate_task(struct rq *src_rq, struct task_struct *p, int dst_cpu)
{
	return !task_current(src_rq, p) && !p->on_cpu && cpumask_test_cpu(dst_cpu, &p->cpus_mask);
}

/* This CPU is about to be idle: take a waiting task from the busiest other one. Called and left with rq locked. */
bool newidle_balance(struct rq *this_rq)
{
	struct rq *busiest = NULL;
	struct rb_node *node;
	unsigned int cpu;
	bool pulled = false;

	for_each_online_cpu(cpu) {
		struct rq *rq = cpu_rq(cpu);

		if (rq != this_rq && rq->cfs.nr_running > 1 && (!busiest || rq->nr_running > busiest->nr_running))
			busiest = rq;
	}
	if (!busiest || !raw_spin_trylock(&busiest->__lock))
		return false;
	for (node = rb_first_cached(&busiest->cfs.tasks_timeline); node; node = rb_next(node)) {
		struct task_struct *p = task_of(rb_entry(node, struct sched_entity, run_node));

		if (!can_migrate_task(busiest, p, this_rq->cpu))
			continue;
		deactivate_task(busiest, p, 0);
		p->se.vruntime += this_rq->cfs.min_vruntime - busiest->cfs.min_vruntime;
		set_task_cpu(p, this_rq->cpu);
		activate_task(this_rq, p, 0);
		pulled = true;
		break;
	}
	raw_spin_unlock(&busiest->__lock);
	return pulled;
}

void init_cfs_rq(struct cfs_rq *cfs_rq)
{
	cfs_rq->tasks_timeline = RB_ROOT_CACHED;
	cfs_rq->min_vruntime = (u64)(-(1LL << 20));
}

const struct sched_class fair_sched_class = {
	.enqueue_task = enqueue_task_fair,
	.dequeue_task = dequeue_task_fair,
	.check_preempt_curr = check_preempt_wakeup,
	.pick_next_task = __pick_next_task_fair,
	.put_prev_task = put_prev_task_fair,
	.task_tick = task_tick_fair,
	.task_fork = task_fork_fair,
	.yield_task = yield_task_fair,
	.select_task_rq = select_task_rq_fair,
};
