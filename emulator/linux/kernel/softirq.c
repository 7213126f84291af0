/*
 * Softirqs: work that an interrupt handler leaves for when interrupts are on again. They run on the way out of the
 * interrupt, before whatever was interrupted goes on; when they do not come to an end, ksoftirqd takes over.
 */
#include <linux/interrupt.h>
#include <linux/kernel.h>
#include <linux/kprobes.h>
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/percpu.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>

#define MAX_SOFTIRQ_RESTART 10

const char *const softirq_to_name[NR_SOFTIRQS] = {
	"HI", "TIMER", "NET_TX", "NET_RX", "BLOCK", "IRQ_POLL", "TASKLET", "SCHED", "HRTIMER", "RCU",
};

static struct softirq_action softirq_vec[NR_SOFTIRQS];
static DEFINE_PER_CPU(unsigned int, softirq_pending);
static DEFINE_PER_CPU(struct task_struct *, ksoftirqd);

bool local_softirq_pending(void)
{
	return this_cpu_read(softirq_pending) != 0;
}

void open_softirq(int nr, void (*action)(struct softirq_action *))
{
	softirq_vec[nr].action = action;
}

static void wakeup_softirqd(void)
{
	struct task_struct *tsk = this_cpu_read(ksoftirqd);

	if (tsk)
		wake_up_process(tsk);
}

/* Interrupts are off. Outside of interrupts nobody would come by to run it: wake the thread. */
void raise_softirq_irqoff(unsigned int nr)
{
	this_cpu_write(softirq_pending, this_cpu_read(softirq_pending) | (1U << nr));
	if (!in_interrupt())
		wakeup_softirqd();
}
EXPORT_SYMBOL(raise_softirq_irqoff);

void raise_softirq(unsigned int nr)
{
	unsigned long flags;

	local_irq_save(flags);
	raise_softirq_irqoff(nr);
	local_irq_restore(flags);
}
EXPORT_SYMBOL(raise_softirq);

/* Called and left with interrupts off; they are on while the actions run. */
void __do_softirq(void)
{
	int max_restart = MAX_SOFTIRQ_RESTART;
	unsigned int pending;

	preempt_count_add(SOFTIRQ_OFFSET);
	while ((pending = this_cpu_read(softirq_pending))) {
		if (!max_restart--) {
			wakeup_softirqd();
			break;
		}
		this_cpu_write(softirq_pending, 0);
		local_irq_enable();
		while (pending) {
			unsigned int nr = __ffs(pending);
			int prev_count = preempt_count();

			pending &= pending - 1;
			softirq_vec[nr].action(&softirq_vec[nr]);
			if (unlikely(prev_count != preempt_count())) {
				pr_err("huh, entered softirq %u %s %pS with preempt_count %08x, exited with %08x?\n", nr,
				       softirq_to_name[nr], softirq_vec[nr].action, prev_count, preempt_count());
				preempt_count_set(prev_count);
			}
		}
		local_irq_disable();
	}
	preempt_count_sub(SOFTIRQ_OFFSET);
}

void do_softirq(void)
{
	unsigned long flags;

	if (in_interrupt())
		return;
	local_irq_save(flags);
	if (local_softirq_pending())
		__do_softirq();
	local_irq_restore(flags);
}
EXPORT_SYMBOL(do_softirq);

void local_bh_disable(void)
{
	preempt_count_add(SOFTIRQ_DISABLE_OFFSET);
}
EXPORT_SYMBOL(local_bh_disable);

void local_bh_enable(void)
{
	preempt_count_sub(SOFTIRQ_DISABLE_OFFSET);
	if (unlikely(!in_interrupt() && local_softirq_pending()))
		do_softirq();
}
EXPORT_SYMBOL(local_bh_enable);

void irq_enter(void)
{
	rcu_irq_enter();
	preempt_count_add(HARDIRQ_OFFSET);
}

void irq_exit(void)
{
	preempt_count_sub(HARDIRQ_OFFSET);
	if (!in_interrupt() && local_softirq_pending())
		__do_softirq();
	rcu_irq_exit();
}

/* ---- tasklets: softirq work that is queued one by one ---- */

struct tasklet_head {
	struct tasklet_struct *head;
	struct tasklet_struct **tail;
};

static DEFINE_PER_CPU(struct tasklet_head, tasklet_vec);
static DEFINE_PER_CPU(struct tasklet_head, tasklet_hi_vec);

static void tasklet_queue(struct tasklet_struct *t, struct tasklet_head *head, unsigned int softirq_nr)
{
	unsigned long flags;

	local_irq_save(flags);
	t->next = NULL;
	*head->tail = t;
	head->tail = &t->next;
	raise_softirq_irqoff(softirq_nr);
	local_irq_restore(flags);
}

void tasklet_schedule(struct tasklet_struct *t)
{
	if (!test_and_set_bit(TASKLET_STATE_SCHED, &t->state))
		tasklet_queue(t, this_cpu_ptr(&tasklet_vec), TASKLET_SOFTIRQ);
}
EXPORT_SYMBOL(tasklet_schedule);

void tasklet_hi_schedule(struct tasklet_struct *t)
{
	if (!test_and_set_bit(TASKLET_STATE_SCHED, &t->state))
		tasklet_queue(t, this_cpu_ptr(&tasklet_hi_vec), HI_SOFTIRQ);
}
EXPORT_SYMBOL(tasklet_hi_schedule);

static void tasklet_run(struct tasklet_head *head, unsigned int softirq_nr)
{
	struct tasklet_struct *list;

	local_irq_disable();
	list = head->head;
	head->head = NULL;
	head->tail = &head->head;
	local_irq_enable();
	while (list) {
		struct tasklet_struct *t = list;

		list = list->next;
		if (atomic_read(&t->count) || test_and_set_bit(TASKLET_STATE_RUN, &t->state)) {
			tasklet_queue(t, head, softirq_nr);
			continue;
		}
		clear_bit(TASKLET_STATE_SCHED, &t->state);
		if (t->use_callback)
			t->callback(t);
		else
			t->func(t->data);
		clear_bit(TASKLET_STATE_RUN, &t->state);
	}
}

static void tasklet_action(struct softirq_action *a)
{
	tasklet_run(this_cpu_ptr(&tasklet_vec), TASKLET_SOFTIRQ);
}

static void tasklet_hi_action(struct softirq_action *a)
{
	tasklet_run(this_cpu_ptr(&tasklet_hi_vec), HI_SOFTIRQ);
}

void tasklet_setup(struct tasklet_struct *t, void (*callback)(struct tasklet_struct *))
{
	*t = (struct tasklet_struct) { .use_callback = true };
	t->callback = callback;
}
EXPORT_SYMBOL(tasklet_setup);

void tasklet_init(struct tasklet_struct *t, void (*func)(unsigned long), unsigned long data)
{
	*t = (struct tasklet_struct) { .data = data };
	t->func = func;
}
EXPORT_SYMBOL(tasklet_init);

/* Wait until it is neither queued nor running. */
void tasklet_kill(struct tasklet_struct *t)
{
	while (test_bit(TASKLET_STATE_SCHED, &t->state) || test_bit(TASKLET_STATE_RUN, &t->state))
		yield();
}
EXPORT_SYMBOL(tasklet_kill);

static int run_ksoftirqd(void *unused)
{
	while (!kthread_should_stop()) {
		set_current_state(TASK_INTERRUPTIBLE);
		if (!local_softirq_pending())
			schedule();
		__set_current_state(TASK_RUNNING);
		do_softirq();
		cond_resched();
	}
	return 0;
}

void __init softirq_init(void)
{
	unsigned int cpu;

	for_each_possible_cpu(cpu) {
		per_cpu(tasklet_vec, cpu).tail = &per_cpu(tasklet_vec, cpu).head;
		per_cpu(tasklet_hi_vec, cpu).tail = &per_cpu(tasklet_hi_vec, cpu).head;
	}
	open_softirq(TASKLET_SOFTIRQ, tasklet_action);
	open_softirq(HI_SOFTIRQ, tasklet_hi_action);
}

static int __init spawn_ksoftirqd(void)
{
	unsigned int cpu;

	for_each_online_cpu(cpu) {
		struct task_struct *tsk = kthread_create_on_cpu(run_ksoftirqd, NULL, cpu, "ksoftirqd/%u");

		if (IS_ERR(tsk))
			return PTR_ERR(tsk);
		per_cpu(ksoftirqd, cpu) = tsk;
		wake_up_process(tsk);
	}
	return 0;
}
early_initcall(spawn_ksoftirqd);
