/*
 * Probes whose handlers do next to nothing: what the benches of probes load. Parameters: symbol and offset of the place,
 * post=1 for a post handler as well, ret=1 for a return probe instead.
 */
#include <linux/kprobes.h>
#include <linux/module.h>

static char *symbol = "__x64_sys_getppid";
module_param(symbol, charp, 0444);
static int offset;
module_param(offset, int, 0444);
static int post;
module_param(post, int, 0444);
static int ret;
module_param(ret, int, 0444);

static unsigned long hits;

static int count_pre(struct kprobe *p, struct pt_regs *regs)
{
	hits++;
	return 0;
}

static void count_post(struct kprobe *p, struct pt_regs *regs, unsigned long flags)
{
}

static int count_entry(struct kretprobe_instance *ri, struct pt_regs *regs)
{
	return 0;
}

static int count_return(struct kretprobe_instance *ri, struct pt_regs *regs)
{
	hits++;
	return 0;
}

static struct kprobe kp = { .pre_handler = count_pre };
static struct kretprobe rp = {
	.entry_handler = count_entry,
	.handler = count_return,
	.data_size = sizeof(long),
	.maxactive = 20,
};

static int __init probe_cost_init(void)
{
	if (ret) {
		rp.kp.symbol_name = symbol;
		return register_kretprobe(&rp);
	}
	kp.symbol_name = symbol;
	kp.offset = offset;
	if (post)
		kp.post_handler = count_post;
	return register_kprobe(&kp);
}

static void __exit probe_cost_exit(void)
{
	if (ret)
		unregister_kretprobe(&rp);
	else
		unregister_kprobe(&kp);
}

module_init(probe_cost_init);
module_exit(probe_cost_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Probes that cost only what a probe costs");
