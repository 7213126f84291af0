/* The shape of most kprobe modules: a symbol from a parameter, three handlers, and what each sees of the registers. */
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/kprobes.h>

#define MAX_SYMBOL_LEN 64
static char symbol[MAX_SYMBOL_LEN] = "kernel_clone";
module_param_string(symbol, symbol, sizeof(symbol), 0644);

static unsigned long hits;

static int handler_pre(struct kprobe *p, struct pt_regs *regs)
{
	if (strcmp(current->comm, "cat"))
		return 0;
	if (!hits++)
		pr_info("<%s> pre: at %pS, ip-addr %ld, one more %d, IF %d\n", p->symbol_name, p->addr,
			(long)(regs->ip - (unsigned long)p->addr), (int)instruction_pointer(regs) == (int)regs->ip,
			(regs->flags & X86_EFLAGS_IF) != 0);
	return 0;
}

static void handler_post(struct kprobe *p, struct pt_regs *regs, unsigned long flags)
{
	if (hits == 1 && !strcmp(current->comm, "cat"))
		pr_info("<%s> post: flags argument %lu, went on behind %d\n", p->symbol_name, flags,
			regs->ip > (unsigned long)p->addr);
}

#ifdef CONFIG_KPROBES
static int handler_fault(struct kprobe *p, struct pt_regs *regs, int trapnr)
{
	printk(KERN_INFO "fault_handler: p->addr = 0x%p, trap #%d\n", p->addr, trapnr);
	return 0;
}
#endif

static struct kprobe kp = {
	.symbol_name = symbol,
};

static int __init entry_sample_init(void)
{
	int ret;

	kp.pre_handler = handler_pre;
	kp.post_handler = handler_post;
	kp.fault_handler = handler_fault;
	ret = register_kprobe(&kp);
	if (ret < 0) {
		pr_err("register_kprobe failed, returned %d\n", ret);
		return ret;
	}
	pr_info("Planted kprobe at %pS\n", kp.addr);
	return 0;
}

static void __exit entry_sample_exit(void)
{
	unregister_kprobe(&kp);
	pr_info("kprobe at %pS unregistered after %s\n", kp.addr, hits ? "hits" : "nothing");
}

module_init(entry_sample_init)
module_exit(entry_sample_exit)
MODULE_LICENSE("GPL");

/* console
 * $ insmod /root/entry_sample.ko symbol=no_such_thing
 * kprobes: register_kprobe: no symbol no_such_thing in the kernel or its modules (see /proc/kallsyms) (-ENOENT)
 * register_kprobe failed, returned -2
 * insmod: can't insert '/root/entry_sample.ko': Unknown symbol in module
 * $ insmod /root/entry_sample.ko symbol=do_sys_openat2; cat /sys/module/entry_sample/parameters/symbol
 * Planted kprobe at do_sys_openat2+0x0/0x…
 * <do_sys_openat2> pre: at do_sys_openat2+0x0/0x…, ip-addr 1, one more 1, IF 1
 * <do_sys_openat2> post: flags argument 0, went on behind 1
 * do_sys_openat2
 * $ rmmod entry_sample
 * kprobe at do_sys_openat2+0x0/0x… unregistered after hits
 */
