/* Jumper probes on a function of the module's own, with a return probe beside them. */
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/kprobes.h>
#include <linux/module.h>

static noinline long helper(int times, const char *text)
{
	return times * (long)strlen(text);
}

static long watch(int times, const char *text)
{
	pr_info_ratelimited("helper(%d, \"%s\")\n", times, text);
	jprobe_return();
	return 0;
}

static int result(struct kretprobe_instance *ri, struct pt_regs *regs)
{
	pr_warn_ratelimited("helper returned %ld\n", regs_return_value(regs));
	return 0;
}

static struct jprobe jp = { .entry = JPROBE_ENTRY(watch), .kp = { .symbol_name = "helper" } };
static struct kretprobe rp = { .kp.symbol_name = "helper", .handler = result };

static int __init old_jprobe_init(void)
{
	int err = register_jprobe(&jp);

	if (!err)
		err = register_kretprobe(&rp);
	pr_info("registered %d at %ps, answer %ld\n", err, jp.kp.addr, helper(3, "four"));
	return err;
}

static void __exit old_jprobe_exit(void)
{
	unregister_kretprobe(&rp);
	unregister_jprobe(&jp);
}

module_init(old_jprobe_init);
module_exit(old_jprobe_exit);
MODULE_LICENSE("GPL");

/* console
 * warning: 'register_jprobe' is deprecated: jprobes are gone since 4.15: use a kprobe whose pre_handler reads regs->di, regs->si, ...
 * $ insmod /root/old_jprobe.ko; rmmod old_jprobe
 * …
 * helper(3, "four")
 * helper returned 12
 * registered 0 at helper [old_jprobe], answer 12
 */
