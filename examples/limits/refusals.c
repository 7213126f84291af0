// SPDX-License-Identifier: MIT
/*
 * Four places where no probe can be, and what register_kprobe() answers:
 *
 *   a name that no symbol has                  -ENOENT (-2)   missing symbol
 *   the second byte of an instruction          -EILSEQ (-84)  not an instruction's start
 *   a function that the probes themselves use  -EINVAL (-22)  blacklisted, see
 *                                              /sys/kernel/debug/kprobes/blacklist
 *   a symbol and an address at once            -EINVAL (-22)  which of the two?
 *
 * The module loads all the same and prints the four numbers. The machine's log
 * has a plain sentence about each beside them.
 */
#include <linux/kprobes.h>
#include <linux/module.h>

static int handler_pre(struct kprobe *p, struct pt_regs *regs)
{
	return 0;
}

static struct kprobe missing = {
	.symbol_name = "do_sys_opne",
	.pre_handler = handler_pre,
};

static struct kprobe mid_instruction = {
	.symbol_name = "do_sys_open",
	.offset = 2,	/* the first one, push %rbp, is one byte long, the next begins at 1 */
	.pre_handler = handler_pre,
};

static struct kprobe blacklisted = {
	.symbol_name = "exc_page_fault",
	.pre_handler = handler_pre,
};

static struct kprobe both = {
	.symbol_name = "do_sys_open",
	.pre_handler = handler_pre,
};

static void __init try(const char *what, struct kprobe *p)
{
	int ret = register_kprobe(p);

	pr_info("%s: %d (%pe)\n", what, ret, ERR_PTR(ret));
	if (ret == 0)
		unregister_kprobe(p);
}

static int __init refusals_init(void)
{
	both.addr = (kprobe_opcode_t *)refusals_init;
	try("missing symbol", &missing);
	try("mid-instruction", &mid_instruction);
	try("blacklisted", &blacklisted);
	try("symbol and address", &both);
	return 0;
}

static void __exit refusals_exit(void)
{
}

module_init(refusals_init);
module_exit(refusals_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Places where no probe can be");
