// SPDX-License-Identifier: MIT
/*
 * "Multiple probes can share an address", and the newest runs first.
 *
 * Three probes sit on target(). Each call runs second, first, then the
 * instruction, then the post handlers. The third is registered disabled and
 * does not run until enable_kprobe().
 */
#include <linux/kprobes.h>
#include <linux/module.h>

static noinline int target(int x)
{
	return x + 1;
}

static int first_pre(struct kprobe *p, struct pt_regs *regs)
{
	pr_info("first: pre\n");
	return 0;
}

static void first_post(struct kprobe *p, struct pt_regs *regs, unsigned long flags)
{
	pr_info("first: post\n");
}

static int second_pre(struct kprobe *p, struct pt_regs *regs)
{
	pr_info("second: pre\n");
	return 0;
}

static int third_pre(struct kprobe *p, struct pt_regs *regs)
{
	pr_info("third: pre\n");
	return 0;
}

static struct kprobe first = {
	.symbol_name = "target",
	.pre_handler = first_pre,
	.post_handler = first_post,
};
static struct kprobe second = { .symbol_name = "target", .pre_handler = second_pre };
static struct kprobe third = {
	.symbol_name = "target",
	.pre_handler = third_pre,
	.flags = KPROBE_FLAG_DISABLED,
};
static struct kprobe *all[] = { &first, &second, &third };

static int __init several_init(void)
{
	int ret = register_kprobes(all, ARRAY_SIZE(all));

	if (ret < 0)
		return ret;
	pr_info("target(1) = %d\n", target(1));
	enable_kprobe(&third);
	pr_info("target(2) = %d\n", target(2));
	return 0;
}

static void __exit several_exit(void)
{
	unregister_kprobes(all, ARRAY_SIZE(all));
}

module_init(several_init);
module_exit(several_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Several probes on one address");
