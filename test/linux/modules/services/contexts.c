/* The places where code runs: threads, work, timers, tasklets, softirqs' and interrupts' marks, notifiers, stacks. */
#include <linux/completion.h>
#include <linux/delay.h>
#include <linux/hrtimer.h>
#include <linux/interrupt.h>
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/notifier.h>
#include <linux/sched.h>
#include <linux/stacktrace.h>
#include <linux/timer.h>
#include <linux/workqueue.h>

static DECLARE_COMPLETION(done);
static ATOMIC_NOTIFIER_HEAD(chain);
static RAW_NOTIFIER_HEAD(raw_chain);
static struct workqueue_struct *queue;
static struct timer_list timer;
static struct hrtimer hrtimer;
static struct work_struct work;
static struct delayed_work later;

static const char *context(void)
{
	return in_hardirq() ? "hard interrupt" : in_serving_softirq() ? "softirq" : current->mm ? "a program" :
	       current->flags & PF_WQ_WORKER ? "a worker" : "a thread";
}

static void on_timer(struct timer_list *t)
{
	pr_info("timer in %s, sleeping %s\n", context(), in_atomic() ? "forbidden" : "allowed");
	complete(&done);
}

static enum hrtimer_restart on_hrtimer(struct hrtimer *t)
{
	pr_info("hrtimer in %s\n", context());
	complete(&done);
	return HRTIMER_NORESTART;
}

static void on_work(struct work_struct *w)
{
	pr_info("%s in %s of %d, pending %d\n", w == &work ? "work" : "later", context(), current->mm == NULL, work_pending(w));
	complete(&done);
}

static void on_tasklet(struct tasklet_struct *t)
{
	pr_info("tasklet in %s\n", context());
	complete(&done);
}
static DECLARE_TASKLET(tasklet, on_tasklet);

static int thread(void *data)
{
	pr_info("%s in %s: %s\n", current->comm, context(), (char *)data);
	complete(&done);
	while (!kthread_should_stop())
		schedule_timeout_interruptible(HZ);
	return 7;
}

static int first(struct notifier_block *nb, unsigned long action, void *data)
{
	pr_info("first told of %lu\n", action);
	return action == 2 ? NOTIFY_STOP : NOTIFY_OK;
}

static int second(struct notifier_block *nb, unsigned long action, void *data)
{
	pr_info("second told of %lu, %s\n", action, (char *)data);
	return NOTIFY_DONE;
}

static struct notifier_block nb_first = { .notifier_call = first, .priority = 10 }, nb_second = { .notifier_call = second };

static int __init contexts_init(void)
{
	struct task_struct *task;
	unsigned long entries[16];
	unsigned int n, i, mine = 0;
	char text[KSYM_SYMBOL_LEN];

	timer_setup(&timer, on_timer, 0);
	mod_timer(&timer, jiffies + 1);
	wait_for_completion(&done);
	hrtimer_init(&hrtimer, CLOCK_MONOTONIC, HRTIMER_MODE_REL);
	hrtimer.function = on_hrtimer;
	hrtimer_start(&hrtimer, ms_to_ktime(1), HRTIMER_MODE_REL);
	wait_for_completion(&done);
	queue = alloc_workqueue("lab_%d", 0, 1, 3);
	INIT_WORK(&work, on_work);
	INIT_DELAYED_WORK(&later, on_work);
	queue_work(queue, &work);
	wait_for_completion(&done);
	queue_delayed_work(queue, &later, 2);
	wait_for_completion(&done);
	destroy_workqueue(queue);
	tasklet_schedule(&tasklet);
	wait_for_completion(&done);
	tasklet_kill(&tasklet);
	task = kthread_run(thread, "hello", "lab_thread/%d", 1);
	wait_for_completion(&done);
	pr_info("thread returned %d, timeout left %d\n", kthread_stop(task), wait_for_completion_timeout(&done, 2) == 0);
	atomic_notifier_chain_register(&chain, &nb_second);
	atomic_notifier_chain_register(&chain, &nb_first);
	pr_info("chain %x\n", atomic_notifier_call_chain(&chain, 1, "data"));
	pr_info("chain %x\n", atomic_notifier_call_chain(&chain, 2, "data"));
	atomic_notifier_chain_unregister(&chain, &nb_first);
	raw_notifier_chain_register(&raw_chain, &nb_second);
	raw_notifier_call_chain(&raw_chain, 3, "raw");
	n = stack_trace_save(entries, ARRAY_SIZE(entries), 0);
	for (i = 0; i < n; i++) {
		sprint_symbol(text, entries[i]);
		mine += strstr(text, "[contexts]") != NULL;
	}
	pr_info("stack %d deep, %u here, last %ps\n", n > 4, mine, (void *)entries[n - 1]);
	return 0;
}

static void __exit contexts_exit(void)
{
}

module_init(contexts_init);
module_exit(contexts_exit);
MODULE_LICENSE("GPL");

/* console
 * $ insmod /root/contexts.ko; rmmod contexts
 * timer in softirq, sleeping forbidden
 * hrtimer in hard interrupt
 * work in a worker of 1, pending 0
 * later in a worker of 1, pending 0
 * tasklet in softirq
 * lab_thread/1 in a thread: hello
 * thread returned 7, timeout left 1
 * first told of 1
 * second told of 1, data
 * chain 0
 * first told of 2
 * chain 8001
 * second told of 3, raw
 * stack 1 deep, 1 here, last entry_SYSCALL_64
 */
