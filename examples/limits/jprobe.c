// SPDX-License-Identifier: MIT
/*
 * "jprobes cannot coexist on the same address."
 *
 * A jprobe (Linux had them up to 4.14) is a function with the probed one's own
 * prototype, called with its arguments; it must end in jprobe_return(). A
 * second one on the same function is refused: -EEXIST (-17).
 */
#include <linux/kprobes.h>
#include <linux/module.h>

static noinline int target(int a, const char *b)
{
	pr_info("target runs\n");
	return a + 1;
}

static int on_target(int a, const char *b)
{
	pr_info("jprobe sees a = %d, b = \"%s\"\n", a, b);
	jprobe_return();
	return 0;
}

static struct jprobe jp = {
	.kp.symbol_name = "target",
	.entry = on_target,
};
static struct jprobe other = {
	.kp.symbol_name = "target",
	.entry = on_target,
};

static int __init jprobe_init(void)
{
	int ret = register_jprobe(&jp);

	if (ret < 0)
		return ret;
	pr_info("second jprobe: %d\n", register_jprobe(&other));
	pr_info("target(1) = %d\n", target(1, "one"));
	return 0;
}

static void __exit jprobe_exit(void)
{
	unregister_jprobe(&jp);
}

module_init(jprobe_init);
module_exit(jprobe_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("jprobes, and why two cannot share a function");
