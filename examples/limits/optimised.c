// SPDX-License-Identifier: MIT
/*
 * A probe without a post handler is turned from int3 into a jump a moment
 * after it was registered: [OPTIMIZED] in /sys/kernel/debug/kprobes/list.
 *
 * Then a pre handler's changes of ip, and its answer 1, are ignored: answer()
 * runs after all. Write 1 into the parameter `ask` to call it:
 *
 *   insmod optimised.ko
 *   echo 1 > /sys/module/optimised/parameters/ask      the trap: 42
 *   sleep 1
 *   grep answer /sys/kernel/debug/kprobes/list
 *   echo 1 > /sys/module/optimised/parameters/ask      the jump: 1
 *   sysctl -w debug.kprobes-optimization=0             back to traps
 *   echo 1 > /sys/module/optimised/parameters/ask      the trap: 42
 */
#include <linux/kprobes.h>
#include <linux/module.h>

static noinline int answer(int x)
{
	return x;
}

static int handler_pre(struct kprobe *p, struct pt_regs *regs)
{
	regs->ax = 42;
	regs->ip = *(unsigned long *)regs->sp;
	regs->sp += sizeof(long);
	return 1;
}

static struct kprobe kp = {
	.symbol_name = "answer",
	.pre_handler = handler_pre,
};

static int ask(const char *text, const struct kernel_param *param)
{
	pr_info("answer(1) = %d\n", answer(1));
	return 0;
}

static const struct kernel_param_ops ask_ops = { .set = ask };
module_param_cb(ask, &ask_ops, NULL, 0200);

static int __init optimised_init(void)
{
	return register_kprobe(&kp);
}

static void __exit optimised_exit(void)
{
	unregister_kprobe(&kp);
}

module_init(optimised_init);
module_exit(optimised_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("A jump instead of a trap ignores what the handler answers");
