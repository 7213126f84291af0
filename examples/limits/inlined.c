// SPDX-License-Identifier: MIT
/*
 * "Inline functions may not be fully probed."
 *
 * square() is compiled into its callers. A probe by name finds no such symbol:
 * -ENOENT. The probe on twice(), which is kept whole, is hit once for a call
 * that reaches square() two times: those two leave no trace of their own.
 *
 * In the editor, a breakpoint on the line inside square() is set in every
 * place where it was inlined, because it goes by line and not by name.
 */
#include <linux/kprobes.h>
#include <linux/module.h>

static int hits;

static __always_inline int square(int x)
{
	return x * x;
}

static noinline int twice(int x)
{
	return square(x) + square(x + 1);
}

static int handler_pre(struct kprobe *p, struct pt_regs *regs)
{
	hits++;
	return 0;
}

static struct kprobe on_square = { .symbol_name = "square", .pre_handler = handler_pre };
static struct kprobe on_twice = { .symbol_name = "twice", .pre_handler = handler_pre };

static int __init inlined_init(void)
{
	int ret, value;

	pr_info("probe on square: %d\n", register_kprobe(&on_square));
	ret = register_kprobe(&on_twice);
	pr_info("probe on twice: %d\n", ret);
	if (ret < 0)
		return ret;
	value = twice(3);
	pr_info("twice(3) = %d, %d hit\n", value, hits);
	return 0;
}

static void __exit inlined_exit(void)
{
	unregister_kprobe(&on_twice);
}

module_init(inlined_init);
module_exit(inlined_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("An inlined function cannot be probed by name");
