// SPDX-License-Identifier: MIT
/*
 * What sleeping_handler.c should have done: the handler only notes what it saw
 * and schedules work; a worker thread, which may sleep, does the rest.
 */
#include <linux/kprobes.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/sched.h>
#include <linux/workqueue.h>

static DEFINE_MUTEX(lock);
static atomic_t seen = ATOMIC_INIT(0);

static void report(struct work_struct *work)
{
	mutex_lock(&lock);	/* here it may */
	pr_info("%s saw %d calls\n", current->comm, atomic_read(&seen));
	mutex_unlock(&lock);
}

static DECLARE_WORK(work, report);

static int handler_pre(struct kprobe *p, struct pt_regs *regs)
{
	atomic_inc(&seen);
	schedule_work(&work);
	return 0;
}

static struct kprobe kp = {
	.symbol_name = "do_sys_open",
	.pre_handler = handler_pre,
};

static int __init deferred_work_init(void)
{
	return register_kprobe(&kp);
}

static void __exit deferred_work_exit(void)
{
	unregister_kprobe(&kp);
	flush_work(&work);
}

module_init(deferred_work_init);
module_exit(deferred_work_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Work that sleeps, handed from a handler to a work queue");
