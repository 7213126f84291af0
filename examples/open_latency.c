// SPDX-License-Identifier: MIT
/*
 * A kretprobe on do_sys_open: the entry handler notes the time, the return
 * handler sees the value that the function returns and how long it took.
 *
 * The argument registers are gone at return, so what is needed later is kept
 * in the instance's own data.
 */
#include <linux/kprobes.h>
#include <linux/ktime.h>
#include <linux/module.h>
#include <linux/sched.h>

struct call {
	ktime_t entered;
	int flags;
};

static int entry_handler(struct kretprobe_instance *ri, struct pt_regs *regs)
{
	struct call *call = (struct call *)ri->data;

	if (!current->mm)
		return 1;	/* a kernel thread: do not watch this call */
	call->entered = ktime_get();
	call->flags = (int)regs->dx;
	return 0;
}

static int ret_handler(struct kretprobe_instance *ri, struct pt_regs *regs)
{
	struct call *call = (struct call *)ri->data;
	long fd = regs_return_value(regs);
	s64 took = ktime_to_ns(ktime_sub(ktime_get(), call->entered));

	pr_info("%s[%d]: do_sys_open(flags=%#x) returned %ld after %lld ns\n",
		current->comm, current->pid, call->flags, fd, took);
	return 0;
}

static struct kretprobe rp = {
	.kp.symbol_name = "do_sys_open",
	.handler = ret_handler,
	.entry_handler = entry_handler,
	.data_size = sizeof(struct call),
	.maxactive = 20,
};

static int __init open_latency_init(void)
{
	int ret = register_kretprobe(&rp);

	if (ret < 0) {
		pr_err("register_kretprobe failed, returned %d\n", ret);
		return ret;
	}
	pr_info("Planted return probe at %pS\n", rp.kp.addr);
	return 0;
}

static void __exit open_latency_exit(void)
{
	unregister_kretprobe(&rp);
	pr_info("kretprobe unregistered, missed %d calls\n", rp.nmissed);
}

module_init(open_latency_init);
module_exit(open_latency_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Return values and durations of do_sys_open");
