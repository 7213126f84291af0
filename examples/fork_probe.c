// SPDX-License-Identifier: MIT
/*
 * A kprobe on do_fork with all three handlers.
 *
 * Click in the gutter beside a line of handler_pre and press F5: the machine
 * stops there each time a process forks. Or open kernel/fork.c ("Kprobe Lab:
 * Open Kernel Source") and click beside do_fork itself.
 */
#include <linux/kprobes.h>
#include <linux/module.h>
#include <linux/sched.h>

static unsigned long forks;

/* Runs before the probed instruction, on the forking task's own stack. */
static int handler_pre(struct kprobe *p, struct pt_regs *regs)
{
	forks++;
	pr_info("<%s> pre: %s[%d] forks, ip = %lx, flags = %lx\n",
		p->symbol_name, current->comm, current->pid, regs->ip, regs->flags);
	return 0;
}

/* Runs after the instruction was executed out of line. */
static void handler_post(struct kprobe *p, struct pt_regs *regs, unsigned long flags)
{
	pr_info("<%s> post: next ip = %lx, flags = %lx\n", p->symbol_name, regs->ip, flags);
}

/* Runs when a handler, or the stepped instruction, faults. 0: the kernel takes over. */
static int handler_fault(struct kprobe *p, struct pt_regs *regs, int trapnr)
{
	pr_info("<%s> fault: trap #%d at %lx\n", p->symbol_name, trapnr, regs->ip);
	return 0;
}
NOKPROBE_SYMBOL(handler_fault);

static struct kprobe kp = {
	.symbol_name = "do_fork",
	.pre_handler = handler_pre,
	.post_handler = handler_post,
	.fault_handler = handler_fault,
};

static int __init fork_probe_init(void)
{
	int ret = register_kprobe(&kp);

	if (ret < 0) {
		pr_err("register_kprobe failed, returned %d\n", ret);
		return ret;
	}
	pr_info("Planted kprobe at %pS\n", kp.addr);
	return 0;
}

static void __exit fork_probe_exit(void)
{
	unregister_kprobe(&kp);
	pr_info("kprobe at %pS unregistered after %lu forks\n", kp.addr, forks);
}

module_init(fork_probe_init);
module_exit(fork_probe_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("A kprobe with pre, post and fault handlers on do_fork");
