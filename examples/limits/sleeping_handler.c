// SPDX-License-Identifier: MIT
/*
 * "Handlers must avoid sleeping or acquiring semaphores."
 *
 * A pre handler runs inside a trap, with interrupts off. This one sleeps, once.
 * The kernel reports it with a call trace of the handler,
 *
 *   BUG: sleeping function called from invalid context at ...
 *
 * and the machine adds a line that says what to do instead: give the work to a
 * work queue. deferred_work.c does that.
 */
#include <linux/kprobes.h>
#include <linux/module.h>
#include <linux/mutex.h>

static DEFINE_MUTEX(lock);
static bool slept;

static int handler_pre(struct kprobe *p, struct pt_regs *regs)
{
	if (slept)
		return 0;
	slept = true;
	mutex_lock(&lock);	/* may sleep */
	mutex_unlock(&lock);
	return 0;
}

static struct kprobe kp = {
	.symbol_name = "do_sys_open",
	.pre_handler = handler_pre,
};

static int __init sleeping_handler_init(void)
{
	return register_kprobe(&kp);
}

static void __exit sleeping_handler_exit(void)
{
	unregister_kprobe(&kp);
}

module_init(sleeping_handler_init);
module_exit(sleeping_handler_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("A handler that sleeps");
