/*
 * Work queues. Each queue has a thread on every CPU, or one in all if it is unbound; a thread takes work from its list
 * in order. Flushing waits for work to be done by queueing a marker behind it.
 */
#include <linux/completion.h>
#include <linux/interrupt.h>
#include <linux/kernel.h>
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/percpu.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/wait.h>
#include <linux/workqueue.h>

/* One worker thread and its list. */
struct pool_workqueue {
	spinlock_t lock;
	struct list_head worklist;
	struct wait_queue_head more_work;
	struct work_struct *current_work;
	struct task_struct *worker;
	struct workqueue_struct *wq;
};

struct workqueue_struct {
	char name[24];
	unsigned int flags;
	struct list_head list;
	struct pool_workqueue pwqs[CONFIG_NR_CPUS];
};

struct workqueue_struct *system_wq, *system_highpri_wq, *system_long_wq, *system_unbound_wq;
EXPORT_SYMBOL(system_wq);
EXPORT_SYMBOL(system_highpri_wq);
EXPORT_SYMBOL(system_long_wq);
EXPORT_SYMBOL(system_unbound_wq);

static noinline void process_one_work(struct pool_workqueue *pwq, struct work_struct *work)
{
	work_func_t func = work->func;

	list_del_init(&work->entry);
	pwq->current_work = work;
	clear_bit(WORK_STRUCT_PENDING_BIT, (unsigned long *)&work->data);
	spin_unlock_irq(&pwq->lock);
	func(work); /* may free the work */
	if (unlikely(in_atomic())) {
		pr_err("BUG: workqueue leaked lock or atomic: %s/0x%08x/%d\n     last function: %ps\n", current->comm,
		       preempt_count(), task_pid_nr(current), func);
		dump_stack();
		preempt_count_set(0);
	}
	spin_lock_irq(&pwq->lock);
	pwq->current_work = NULL;
}

static int worker_thread(void *__pwq)
{
	struct pool_workqueue *pwq = __pwq;

	current->flags |= PF_WQ_WORKER;
	while (!kthread_should_stop()) {
		wait_event_interruptible(pwq->more_work, !list_empty(&pwq->worklist) || kthread_should_stop());
		spin_lock_irq(&pwq->lock);
		while (!list_empty(&pwq->worklist))
			process_one_work(pwq, list_first_entry(&pwq->worklist, struct work_struct, entry));
		spin_unlock_irq(&pwq->lock);
		cond_resched();
	}
	return 0;
}

static struct pool_workqueue *choose_pwq(struct workqueue_struct *wq, int cpu)
{
	if (wq->flags & WQ_UNBOUND)
		return &wq->pwqs[0];
	return &wq->pwqs[cpu == WORK_CPU_UNBOUND ? raw_smp_processor_id() : cpu];
}

static void insert_work(struct pool_workqueue *pwq, struct work_struct *work)
{
	unsigned long flags;

	spin_lock_irqsave(&pwq->lock, flags);
	atomic_long_set(&work->data, (long)pwq | (1L << WORK_STRUCT_PENDING_BIT));
	list_add_tail(&work->entry, &pwq->worklist);
	spin_unlock_irqrestore(&pwq->lock, flags);
	wake_up(&pwq->more_work);
}

/* False when it is already queued. */
bool queue_work_on(int cpu, struct workqueue_struct *wq, struct work_struct *work)
{
	if (test_and_set_bit(WORK_STRUCT_PENDING_BIT, (unsigned long *)&work->data))
		return false;
	insert_work(choose_pwq(wq, cpu), work);
	return true;
}
EXPORT_SYMBOL(queue_work_on);

void delayed_work_timer_fn(struct timer_list *t)
{
	struct delayed_work *dwork = from_timer(dwork, t, timer);

	insert_work(choose_pwq(dwork->wq, dwork->cpu), &dwork->work);
}
EXPORT_SYMBOL(delayed_work_timer_fn);

static void __queue_delayed_work(int cpu, struct workqueue_struct *wq, struct delayed_work *dwork, unsigned long delay)
{
	if (!delay) {
		insert_work(choose_pwq(wq, cpu), &dwork->work);
		return;
	}
	dwork->wq = wq;
	dwork->cpu = cpu;
	mod_timer(&dwork->timer, jiffies + delay);
}

bool queue_delayed_work_on(int cpu, struct workqueue_struct *wq, struct delayed_work *dwork, unsigned long delay)
{
	if (test_and_set_bit(WORK_STRUCT_PENDING_BIT, (unsigned long *)&dwork->work.data))
		return false;
	__queue_delayed_work(cpu, wq, dwork, delay);
	return true;
}
EXPORT_SYMBOL(queue_delayed_work_on);

static struct pool_workqueue *get_work_pwq(struct work_struct *work)
{
	return (struct pool_workqueue *)(atomic_long_read(&work->data) & ~3L);
}

/* Take it off its list, if it is on one. */
static bool try_to_grab_pending(struct work_struct *work)
{
	struct pool_workqueue *pwq = get_work_pwq(work);
	unsigned long flags;
	bool grabbed = false;

	if (!pwq)
		return false;
	spin_lock_irqsave(&pwq->lock, flags);
	if (!list_empty(&work->entry)) {
		list_del_init(&work->entry);
		clear_bit(WORK_STRUCT_PENDING_BIT, (unsigned long *)&work->data);
		grabbed = true;
	}
	spin_unlock_irqrestore(&pwq->lock, flags);
	return grabbed;
}

bool cancel_work(struct work_struct *work)
{
	return try_to_grab_pending(work);
}
EXPORT_SYMBOL(cancel_work);

bool cancel_delayed_work(struct delayed_work *dwork)
{
	if (del_timer(&dwork->timer)) {
		clear_bit(WORK_STRUCT_PENDING_BIT, (unsigned long *)&dwork->work.data);
		return true;
	}
	return try_to_grab_pending(&dwork->work);
}
EXPORT_SYMBOL(cancel_delayed_work);

bool mod_delayed_work_on(int cpu, struct workqueue_struct *wq, struct delayed_work *dwork, unsigned long delay)
{
	bool was_pending = cancel_delayed_work(dwork);

	queue_delayed_work_on(cpu, wq, dwork, delay);
	return was_pending;
}
EXPORT_SYMBOL_GPL(mod_delayed_work_on);

struct wq_barrier {
	struct work_struct work;
	struct completion done;
};

static void wq_barrier_func(struct work_struct *work)
{
	complete(&container_of(work, struct wq_barrier, work)->done);
}

static void insert_barrier(struct pool_workqueue *pwq, struct wq_barrier *barr)
{
	INIT_WORK_ONSTACK(&barr->work, wq_barrier_func);
	init_completion(&barr->done);
	insert_work(pwq, &barr->work);
}

/* True when it had to wait. */
bool flush_work(struct work_struct *work)
{
	struct pool_workqueue *pwq = get_work_pwq(work);
	struct wq_barrier barr;

	might_sleep();
	if (!pwq || (list_empty(&work->entry) && READ_ONCE(pwq->current_work) != work))
		return false;
	insert_barrier(pwq, &barr);
	wait_for_completion(&barr.done);
	return true;
}
EXPORT_SYMBOL_GPL(flush_work);

bool cancel_work_sync(struct work_struct *work)
{
	bool ret = try_to_grab_pending(work);

	flush_work(work);
	return ret;
}
EXPORT_SYMBOL_GPL(cancel_work_sync);

bool cancel_delayed_work_sync(struct delayed_work *dwork)
{
	bool ret = cancel_delayed_work(dwork);

	flush_work(&dwork->work);
	return ret;
}
EXPORT_SYMBOL(cancel_delayed_work_sync);

bool flush_delayed_work(struct delayed_work *dwork)
{
	if (del_timer_sync(&dwork->timer))
		insert_work(choose_pwq(dwork->wq, dwork->cpu), &dwork->work);
	return flush_work(&dwork->work);
}
EXPORT_SYMBOL(flush_delayed_work);

static unsigned int nr_pwqs(struct workqueue_struct *wq)
{
	return (wq->flags & WQ_UNBOUND) ? 1 : nr_cpu_ids;
}

void __flush_workqueue(struct workqueue_struct *wq)
{
	struct wq_barrier barr;
	unsigned int i;

	for (i = 0; i < nr_pwqs(wq); i++) {
		insert_barrier(&wq->pwqs[i], &barr);
		wait_for_completion(&barr.done);
	}
}
EXPORT_SYMBOL(__flush_workqueue);

static int create_worker(struct pool_workqueue *pwq, unsigned int cpu)
{
	struct workqueue_struct *wq = pwq->wq;

	if (wq->flags & WQ_UNBOUND)
		pwq->worker = kthread_create(worker_thread, pwq, "kworker/u:%s", wq->name);
	else
		pwq->worker = kthread_create(worker_thread, pwq, "kworker/%u:%s", cpu, wq->name);
	if (IS_ERR(pwq->worker))
		return PTR_ERR(pwq->worker);
	if (!(wq->flags & WQ_UNBOUND))
		kthread_bind(pwq->worker, cpu);
	wake_up_process(pwq->worker);
	return 0;
}

struct workqueue_struct *alloc_workqueue(const char *fmt, unsigned int flags, int max_active, ...)
{
	struct workqueue_struct *wq = kzalloc(sizeof(*wq), GFP_KERNEL);
	va_list args;
	unsigned int i;

	if (!wq)
		return NULL;
	va_start(args, max_active);
	vsnprintf(wq->name, sizeof(wq->name), fmt, args);
	va_end(args);
	wq->flags = flags;
	for (i = 0; i < nr_pwqs(wq); i++) {
		struct pool_workqueue *pwq = &wq->pwqs[i];

		spin_lock_init(&pwq->lock);
		INIT_LIST_HEAD(&pwq->worklist);
		init_waitqueue_head(&pwq->more_work);
		pwq->wq = wq;
		if (create_worker(pwq, i)) {
			pr_err("workqueue: cannot create a worker for %s\n", wq->name);
			while (i-- > 0)
				kthread_stop(wq->pwqs[i].worker);
			kfree(wq);
			return NULL;
		}
	}
	return wq;
}
EXPORT_SYMBOL_GPL(alloc_workqueue);

void destroy_workqueue(struct workqueue_struct *wq)
{
	unsigned int i;

	__flush_workqueue(wq);
	for (i = 0; i < nr_pwqs(wq); i++)
		kthread_stop(wq->pwqs[i].worker);
	kfree(wq);
}
EXPORT_SYMBOL_GPL(destroy_workqueue);

void __init workqueue_init(void)
{
	system_wq = alloc_workqueue("events", 0, 0);
	system_unbound_wq = alloc_workqueue("events", WQ_UNBOUND, 0);
	system_highpri_wq = system_long_wq = system_wq;
	if (!system_wq || !system_unbound_wq)
		panic("cannot create the system's work queues");
}
