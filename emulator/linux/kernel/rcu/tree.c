/*
 * Read-copy-update. A grace period is over when every CPU has passed a point where it cannot have been inside a reader:
 * a context switch, user mode, or idleness. Callbacks queued before it began are run after it has ended.
 *
 * One grace period runs at a time. rcu_state.waiting is the set of CPUs that have not yet been seen.
 */
#include <linux/completion.h>
#include <linux/interrupt.h>
#include <linux/kernel.h>
#include <linux/kprobes.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/percpu.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>
#include <asm/irq_regs.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/smp.h>
#include <linux/spinlock.h>

/* Linux waits 21 s; here a second is long. 3 s is the shortest that Linux can be set to. */
#define RCU_STALL_JIFFIES (3 * HZ)
#define RCU_STALL_RAT_DELAY 2 /* others wait a little longer, so that the culprit tells of itself */

/* Callbacks in the order of their coming: those of the running grace period, and those that wait for the next. */
struct rcu_cblist {
	struct rcu_head *head;
	struct rcu_head **tail;
	unsigned long len;
};

struct rcu_data {
	struct rcu_cblist next;		/* since the current grace period began */
	struct rcu_cblist wait;		/* for the current grace period */
	struct rcu_cblist done;
	unsigned long wait_seq;		/* the grace period whose end `wait` waits for */
	int idle_nesting;		/* interrupts on top of idleness */
	bool idle;
};

static struct {
	raw_spinlock_t lock;
	unsigned long gp_seq;		/* grace periods begun */
	unsigned long completed;	/* grace periods ended */
	unsigned long waiting;
	unsigned long gp_start;		/* jiffies */
	bool stall_reported;
} rcu_state = { .lock = __RAW_SPIN_LOCK_UNLOCKED(rcu_state.lock) };

static DEFINE_PER_CPU(struct rcu_data, rcu_data);

static void cblist_init(struct rcu_cblist *list)
{
	list->head = NULL;
	list->tail = &list->head;
	list->len = 0;
}

static void cblist_move(struct rcu_cblist *to, struct rcu_cblist *from)
{
	if (!from->head)
		return;
	*to->tail = from->head;
	to->tail = from->tail;
	to->len += from->len;
	cblist_init(from);
}

/* Idle CPUs are in no reader. The state lock is held. */
static void rcu_start_gp(void)
{
	unsigned int cpu;

	if (rcu_state.gp_seq != rcu_state.completed)
		return;
	rcu_state.gp_seq++;
	rcu_state.gp_start = jiffies;
	rcu_state.stall_reported = false;
	rcu_state.waiting = 0;
	smp_mb();
	for_each_online_cpu(cpu)
		if (!per_cpu(rcu_data, cpu).idle)
			rcu_state.waiting |= 1UL << cpu;
	if (!rcu_state.waiting)
		rcu_state.completed = rcu_state.gp_seq;
}

/* This CPU cannot be in a reader that began before now. Interrupts are off. */
static void rcu_report_qs(void)
{
	unsigned long bit = 1UL << smp_processor_id();
	bool ended = false;

	if (!(READ_ONCE(rcu_state.waiting) & bit))
		return;
	raw_spin_lock(&rcu_state.lock);
	rcu_state.waiting &= ~bit;
	if (!rcu_state.waiting && rcu_state.gp_seq != rcu_state.completed) {
		rcu_state.completed = rcu_state.gp_seq;
		ended = true;
	}
	raw_spin_unlock(&rcu_state.lock);
	if (ended && rcu_needs_cpu())
		raise_softirq_irqoff(RCU_SOFTIRQ);
}

/*
 * Move this CPU's callbacks along. What came after a grace period had begun waits for the one after it: that one had
 * readers before the callback was queued.
 */
static void rcu_advance_cbs(struct rcu_data *rdp)
{
	raw_spin_lock(&rcu_state.lock);
	if (rdp->wait.head && (long)(rcu_state.completed - rdp->wait_seq) >= 0)
		cblist_move(&rdp->done, &rdp->wait);
	if (!rdp->wait.head && rdp->next.head) {
		cblist_move(&rdp->wait, &rdp->next);
		rdp->wait_seq = rcu_state.gp_seq + 1;
	}
	if (rdp->wait.head)
		rcu_start_gp();
	if (rdp->wait.head && (long)(rcu_state.completed - rdp->wait_seq) >= 0)
		cblist_move(&rdp->done, &rdp->wait);
	raw_spin_unlock(&rcu_state.lock);
}

static void rcu_core(struct softirq_action *unused)
{
	struct rcu_data *rdp = this_cpu_ptr(&rcu_data);
	struct rcu_cblist ready;
	struct rcu_head *head;

	cblist_init(&ready);
	local_irq_disable();
	rcu_advance_cbs(rdp);
	cblist_move(&ready, &rdp->done);
	local_irq_enable();
	for (head = ready.head; head;) {
		struct rcu_head *next = head->next;

		head->func(head);
		head = next;
	}
}

void call_rcu(struct rcu_head *head, rcu_callback_t func)
{
	struct rcu_data *rdp;
	unsigned long flags;

	head->func = func;
	head->next = NULL;
	local_irq_save(flags);
	rdp = this_cpu_ptr(&rcu_data);
	*rdp->next.tail = head;
	rdp->next.tail = &head->next;
	rdp->next.len++;
	local_irq_restore(flags);
}
EXPORT_SYMBOL_GPL(call_rcu);

struct rcu_synchronize {
	struct rcu_head head;
	struct completion completion;
};

static void wakeme_after_rcu(struct rcu_head *head)
{
	complete(&container_of(head, struct rcu_synchronize, head)->completion);
}

/* Make all CPUs pass through the scheduler, so that a grace period does not have to wait for their ticks. */
static void rcu_expedite(void *unused)
{
	set_tsk_need_resched(current);
	raise_softirq_irqoff(RCU_SOFTIRQ);
}

void synchronize_rcu(void)
{
	struct rcu_synchronize rcu;

	might_sleep();
	init_completion(&rcu.completion);
	call_rcu(&rcu.head, wakeme_after_rcu);
	on_each_cpu(rcu_expedite, NULL, 0);
	wait_for_completion(&rcu.completion);
}
EXPORT_SYMBOL_GPL(synchronize_rcu);

/* Wait until all callbacks that are queued now have run: they run in order, so wait for one more on each CPU. */
void rcu_barrier(void)
{
	unsigned int cpu;

	for_each_online_cpu(cpu)
		synchronize_rcu();
}
EXPORT_SYMBOL_GPL(rcu_barrier);

/* kfree_rcu: the "function" is the offset of the head in the object. */
static void kfree_rcu_cb(struct rcu_head *head)
{
	kvfree(head);
}

struct kfree_rcu_request {
	struct rcu_head head;
	void *object;
};

static void kfree_rcu_request_cb(struct rcu_head *head)
{
	struct kfree_rcu_request *request = container_of(head, struct kfree_rcu_request, head);

	kvfree(request->object);
	kfree(request);
}

void kvfree_call_rcu(struct rcu_head *head, rcu_callback_t func)
{
	unsigned long offset = (unsigned long)func;
	void *object = (void *)head - offset;
	struct kfree_rcu_request *request;

	if (!offset) {
		call_rcu(head, kfree_rcu_cb);
		return;
	}
	request = kmalloc(sizeof(*request), GFP_ATOMIC);
	if (!request) {
		synchronize_rcu();
		kvfree(object);
		return;
	}
	request->object = object;
	call_rcu(&request->head, kfree_rcu_request_cb);
}
EXPORT_SYMBOL_GPL(kvfree_call_rcu);

/* The scheduler switches: whatever reader there was has ended. Interrupts are off. */
void rcu_note_context_switch(void)
{
	rcu_report_qs();
}

extern void show_regs(struct pt_regs *regs);

/* What a CPU that has not been seen is doing: this one's registers, of another only who runs there. */
static void rcu_dump_cpu(unsigned int cpu)
{
	if (cpu == smp_processor_id() && get_irq_regs())
		show_regs(get_irq_regs());
	else
		pr_info("Task dump for CPU %u:\ntask:%s state:R running task pid:%d\n", cpu, curr_task(cpu)->comm,
			curr_task(cpu)->pid);
}

/* From the tick, on every CPU: a grace period that does not end is told of, with those who hold it up. */
static void rcu_check_stall(void)
{
	unsigned long waited = jiffies - rcu_state.gp_start, waiting = rcu_state.waiting;
	unsigned int cpu, me = smp_processor_id();
	bool self = waiting & (1UL << me);

	if (rcu_state.stall_reported || rcu_state.gp_seq == rcu_state.completed || !waiting ||
	    waited < RCU_STALL_JIFFIES + (self ? 0 : RCU_STALL_RAT_DELAY))
		return;
	rcu_state.stall_reported = true;
	pr_err("rcu: INFO: rcu_sched %s\n", self ? "self-detected stall on CPU" : "detected stalls on CPUs/tasks:");
	for_each_online_cpu(cpu)
		if (waiting & (1UL << cpu))
			pr_err("rcu: \t%u-....: (%lu ticks this GP)\n", cpu, waited);
	if (self)
		pr_err("rcu: \t(t=%lu jiffies g=%ld q=%lu ncpus=%u)\n", waited, rcu_state.gp_seq,
		       this_cpu_ptr(&rcu_data)->wait.len, num_online_cpus());
	else
		pr_err("rcu: \t(detected by %u, t=%lu jiffies, g=%ld, q=%lu ncpus=%u)\n", me, waited, rcu_state.gp_seq,
		       this_cpu_ptr(&rcu_data)->wait.len, num_online_cpus());
	for_each_online_cpu(cpu)
		if (waiting & (1UL << cpu))
			rcu_dump_cpu(cpu);
}

/* From the tick. In user mode, and in an idle task that was interrupted, there is no reader. */
void rcu_sched_clock_irq(int user)
{
	struct rcu_data *rdp = this_cpu_ptr(&rcu_data);

	if (user || (rdp->idle_nesting == 1 && is_idle_task(current)))
		rcu_report_qs();
	rcu_check_stall();
	if (rdp->next.head || rdp->wait.head || rdp->done.head)
		raise_softirq_irqoff(RCU_SOFTIRQ);
}

void rcu_idle_enter(void)
{
	struct rcu_data *rdp = this_cpu_ptr(&rcu_data);

	rcu_report_qs();
	WRITE_ONCE(rdp->idle, true);
}
NOKPROBE_SYMBOL(rcu_idle_enter);

void rcu_idle_exit(void)
{
	WRITE_ONCE(this_cpu_ptr(&rcu_data)->idle, false);
	smp_mb();
}
NOKPROBE_SYMBOL(rcu_idle_exit);

/* An interrupt handler may be a reader, even on an idle CPU. */
void rcu_irq_enter(void)
{
	struct rcu_data *rdp = this_cpu_ptr(&rcu_data);

	if (rdp->idle || rdp->idle_nesting) {
		rdp->idle_nesting++;
		WRITE_ONCE(rdp->idle, false);
		smp_mb();
	}
}
NOKPROBE_SYMBOL(rcu_irq_enter);

void rcu_irq_exit(void)
{
	struct rcu_data *rdp = this_cpu_ptr(&rcu_data);

	if (!rdp->idle_nesting || --rdp->idle_nesting)
		return;
	rcu_report_qs();
	WRITE_ONCE(rdp->idle, true);
}
NOKPROBE_SYMBOL(rcu_irq_exit);

/* Does an idle CPU have to stay awake for callbacks of its own? */
bool rcu_needs_cpu(void)
{
	struct rcu_data *rdp = this_cpu_ptr(&rcu_data);

	return rdp->next.head || rdp->wait.head || rdp->done.head;
}

bool rcu_is_watching(void)
{
	return !this_cpu_ptr(&rcu_data)->idle;
}
EXPORT_SYMBOL_GPL(rcu_is_watching);

void __init rcu_init(void)
{
	unsigned int cpu;

	for_each_possible_cpu(cpu) {
		struct rcu_data *rdp = &per_cpu(rcu_data, cpu);

		cblist_init(&rdp->next);
		cblist_init(&rdp->wait);
		cblist_init(&rdp->done);
	}
	open_softirq(RCU_SOFTIRQ, rcu_core);
}
