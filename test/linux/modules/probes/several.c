/* Arrays of probes and of return probes, registered and unregistered at once; one bad name takes all with it. */
#include <linux/fs.h>
#include <linux/kprobes.h>
#include <linux/module.h>
#include <linux/printk.h>

static atomic_t entered = ATOMIC_INIT(0), left = ATOMIC_INIT(0);

static int entry(struct kprobe *p, struct pt_regs *regs)
{
	atomic_inc(&entered);
	return 0;
}

static int ret(struct kretprobe_instance *ri, struct pt_regs *regs)
{
	atomic_inc(&left);
	return 0;
}

static struct kprobe opened = { .symbol_name = "vfs_open", .pre_handler = entry };
static struct kprobe closed = { .symbol_name = "filp_close", .pre_handler = entry };
static struct kprobe wrong = { .symbol_name = "no_such_function", .pre_handler = entry };
static struct kprobe *good[] = { &opened, &closed }, *bad[] = { &opened, &wrong, &closed };
static struct kretprobe listens = { .kp.symbol_name = "__sys_listen", .handler = ret };
static struct kretprobe reads = { .kp.symbol_name = "vfs_read", .handler = ret, .maxactive = 20 };
static struct kretprobe protects = { .kp.symbol_name = "security_file_mprotect", .handler = ret };
static struct kretprobe *returns[] = { &listens, &reads, &protects };

static int __init several_init(void)
{
	int err;

	pr_info("with a wrong one: %d, first %s\n", register_kprobes(bad, 3), opened.nmissed ? "?" : "taken back");
	opened.addr = NULL;
	err = register_kprobes(good, ARRAY_SIZE(good));
	if (!err)
		err = register_kretprobes(returns, ARRAY_SIZE(returns));
	pr_info("registered: %d\n", err);
	return err;
}

static void __exit several_exit(void)
{
	unregister_kretprobes(returns, ARRAY_SIZE(returns));
	unregister_kprobes(good, ARRAY_SIZE(good));
	pr_info("entered %d, returned %d\n", atomic_read(&entered) > 0, atomic_read(&left) > 0);
}

module_init(several_init);
module_exit(several_exit);
MODULE_LICENSE("GPL");

/* console
 * $ insmod /root/several.ko
 * kprobes: register_kprobes: no symbol no_such_function in the kernel or its modules (see /proc/kallsyms) (-ENOENT)
 * with a wrong one: -2, first taken back
 * registered: 0
 * $ cat /etc/hostname
 * kprobe-lab
 * $ rmmod several
 * entered 1, returned 1
 */
