/*
 * Real-time tasks (SCHED_FIFO, SCHED_RR): the one with the highest priority runs, until it sleeps or one with a higher
 * priority appears; equal ones take turns if they are round-robin.
 */
#include <linux/kernel.h>
#include <linux/sched.h>

#include "sched.h"

/* A queue entry is borrowed from the fair scheduler's node: a task is never on both queues. */
struct rt_entry {
	struct list_head list;
};

static struct list_head *rt_link(struct task_struct *p)
{
	return &((struct rt_entry *)&p->se.run_node)->list;
}

static struct task_struct *rt_task_of(struct list_head *link)
{
	return container_of((struct rb_node *)link, struct task_struct, se.run_node);
}

static void enqueue_task_rt(struct rq *rq, struct task_struct *p, int flags)
{
	struct list_head *pos;

	list_for_each(pos, &rq->rt.queue)
		if (rt_task_of(pos)->prio > p->prio)
			break;
	list_add_tail(rt_link(p), pos);
	rq->rt.nr_running++;
	p->se.on_rq = 1;
}

static void dequeue_task_rt(struct rq *rq, struct task_struct *p, int flags)
{
	list_del(rt_link(p));
	rq->rt.nr_running--;
	p->se.on_rq = 0;
}

static void check_preempt_curr_rt(struct rq *rq, struct task_struct *p, int flags)
{
	if (p->prio < rq->curr->prio)
		resched_curr(rq);
}

static struct task_struct *pick_next_task_rt(struct rq *rq)
{
	struct task_struct *p;

	if (!rq->rt.nr_running)
		return NULL;
	p = rt_task_of(rq->rt.queue.next);
	p->se.exec_start = rq->clock;
	return p;
}

static void put_prev_task_rt(struct rq *rq, struct task_struct *p)
{
	p->se.sum_exec_runtime += rq->clock - p->se.exec_start;
	p->se.exec_start = rq->clock;
}

static void yield_task_rt(struct rq *rq)
{
	struct task_struct *p = rq->curr;

	dequeue_task_rt(rq, p, 0);
	enqueue_task_rt(rq, p, 0);
}

/* Round robin: at the end of a slice behind the others of the same priority. */
static void task_tick_rt(struct rq *rq, struct task_struct *p)
{
	put_prev_task_rt(rq, p);
	if (p->policy == SCHED_RR && rq->rt.nr_running > 1) {
		yield_task_rt(rq);
		resched_curr(rq);
	}
}

static void task_fork_rt(struct task_struct *p)
{
}

static int select_task_rq_rt(struct task_struct *p, int prev_cpu, int flags)
{
	unsigned int cpu;

	for_each_online_cpu(cpu)
		if (cpumask_test_cpu(cpu, &p->cpus_mask) && cpu_rq(cpu)->curr->prio > p->prio)
			return cpu;
	return prev_cpu;
}

const struct sched_class rt_sched_class = {
	.enqueue_task = enqueue_task_rt,
	.dequeue_task = dequeue_task_rt,
	.check_preempt_curr = check_preempt_curr_rt,
	.pick_next_task = pick_next_task_rt,
	.put_prev_task = put_prev_task_rt,
	.task_tick = task_tick_rt,
	.task_fork = task_fork_rt,
	.yield_task = yield_task_rt,
	.select_task_rq = select_task_rq_rt,
};
