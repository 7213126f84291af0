// SPDX-License-Identifier: MIT
/*
 * A return probe has room for `maxactive` calls that are under way at once.
 *
 * nested(5) calls itself: six calls are open before the first returns. With
 * maxactive = 2 the probe sees the returns of two of them and counts the
 * others in nmissed.
 */
#include <linux/kprobes.h>
#include <linux/module.h>

static int returns;

static noinline int nested(int depth)
{
	int below = depth > 0 ? nested(depth - 1) : 0;

	barrier();
	return below + 1;
}

static int ret_handler(struct kretprobe_instance *ri, struct pt_regs *regs)
{
	returns++;
	pr_info("nested returns %ld\n", regs_return_value(regs));
	return 0;
}

static struct kretprobe rp = {
	.kp.symbol_name = "nested",
	.handler = ret_handler,
	.maxactive = 2,
};

static int __init maxactive_init(void)
{
	int ret = register_kretprobe(&rp);
	int calls;

	if (ret < 0)
		return ret;
	calls = nested(5);
	pr_info("%d calls: %d returns seen, %d missed\n", calls, returns, rp.nmissed);
	return 0;
}

static void __exit maxactive_exit(void)
{
	unregister_kretprobe(&rp);
}

module_init(maxactive_init);
module_exit(maxactive_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("A return probe with too little room");
