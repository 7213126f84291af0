// SPDX-License-Identifier: MIT
/*
 * A pre handler that returns 1 has changed where execution goes on: the probed
 * instruction is not run, and neither is the post handler.
 *
 * This one makes answer() return 42 without running it: it puts 42 into ax and
 * pops the return address into ip, as if answer() had returned.
 *
 * A probe that only has a pre handler may be optimised to a jump, whose
 * handler's answer is ignored. So a handler that answers 1 needs a post
 * handler beside it (an empty one will do): such probes stay traps.
 * optimised.c shows what happens without.
 */
#include <linux/kprobes.h>
#include <linux/module.h>

static noinline int answer(int x)
{
	pr_info("answer runs\n");
	return x;
}

static int handler_pre(struct kprobe *p, struct pt_regs *regs)
{
	regs->ax = 42;
	regs->ip = *(unsigned long *)regs->sp;
	regs->sp += sizeof(long);
	return 1;
}

static void handler_post(struct kprobe *p, struct pt_regs *regs, unsigned long flags)
{
	pr_info("post handler runs\n");
}

static struct kprobe kp = {
	.symbol_name = "answer",
	.pre_handler = handler_pre,
	.post_handler = handler_post,
};

static int __init skip_function_init(void)
{
	int ret;

	pr_info("before: answer(1) = %d\n", answer(1));
	ret = register_kprobe(&kp);
	if (ret < 0)
		return ret;
	pr_info("probed: answer(1) = %d\n", answer(1));
	return 0;
}

static void __exit skip_function_exit(void)
{
	unregister_kprobe(&kp);
}

module_init(skip_function_init);
module_exit(skip_function_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("A pre handler that returns 1");
