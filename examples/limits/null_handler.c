// SPDX-License-Identifier: MIT
/*
 * "Handlers crashing due to illegal memory access."
 *
 * The pre handler reads through a NULL pointer when a process named "cat"
 * opens a file. The kernel oopses inside the handler,
 *
 *   BUG: kernel NULL pointer dereference, address: 0000000000000008
 *
 * with a call trace that leads from the handler to the probed function and its
 * system call, and kills that cat. The machine goes on; the module can still
 * be removed. In the editor the machine stops at the faulting line.
 */
#include <linux/kprobes.h>
#include <linux/module.h>
#include <linux/sched.h>
#include <linux/string.h>

struct record {
	long first;
	long second;
};

static struct record *last;

static int handler_pre(struct kprobe *p, struct pt_regs *regs)
{
	if (strcmp(current->comm, "cat") == 0)
		pr_info("second = %ld\n", READ_ONCE(last->second));
	return 0;
}

static struct kprobe kp = {
	.symbol_name = "do_sys_open",
	.pre_handler = handler_pre,
};

static int __init null_handler_init(void)
{
	return register_kprobe(&kp);
}

static void __exit null_handler_exit(void)
{
	unregister_kprobe(&kp);
	pr_info("null_handler removed\n");
}

module_init(null_handler_init);
module_exit(null_handler_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("A handler that dereferences NULL");
