/* Members under their former names, functions that are gone, declarations without a type. */
#include <linux/kallsyms.h>
#include <linux/kernel.h>
#include <linux/kprobes.h>
#include <linux/mm_types.h>
#include <linux/module.h>
#include <linux/rbtree.h>
#include <linux/sched.h>
#include <linux/version.h>

#if LINUX_VERSION_CODE < KERNEL_VERSION(3, 0, 0)
#error this kernel is not that old
#endif

static counter;

static old_handler(struct kprobe *p, struct pt_regs *regs)
{
	struct rb_node *n;
	int areas = 0;

	if (strcmp(current->comm, "mkdir") || counter++)
		return 0;
	for (n = rb_first(&current->mm->mm_rb); n; n = rb_next(n))
		areas++;
	pr_info("state %ld uid %d once %d rip %d rdi %d areas %d\n", (long)current->state, current->uid,
		ACCESS_ONCE(current->pid) == current->pid, regs->rip == (unsigned long)p->addr + 1, regs->rdi == regs->di,
		areas > 2);
	print_symbol("called from %s\n", *(unsigned long *)regs->rsp);
	return 0;
}

static int ret_handler(struct kretprobe_instance *ri, struct pt_regs *regs)
{
	if (counter == 1 && ri->rp->kp.symbol_name && ri->task == current)
		printk("returned %ld\n", (long)regs->rax);
	counter += counter == 1;
	return 0;
}

static struct kprobe kp = {
	.symbol_name = "do_mkdirat",
	.pre_handler = old_handler,
	.fault_handler = NULL,
	.break_handler = NULL,
};
static struct kretprobe rp = { .kp.symbol_name = "do_mkdirat", .handler = ret_handler };

static int __init old_names_init(void)
{
	int err = register_kretprobe(&rp);

	return err ? err : register_kprobe(&kp);
}

static void __exit old_names_exit(void)
{
	unregister_kretprobe(&rp);
	unregister_kprobe(&kp);
}

module_init(old_names_init);
module_exit(old_names_exit);
MODULE_LICENSE("GPL");

/* console
 * warning: type defaults to 'int' in declaration of 'counter'
 * warning: type defaults to 'int' in declaration of 'old_handler'
 * warning: 'state' is called '__state' now
 * warning: 'rip' is called 'ip' now
 * warning: 'rdi' is called 'di' now
 * warning: 'rsp' is called 'sp' now
 * warning: 'rax' is called 'ax' now
 * $ insmod /root/old_names.ko; mkdir /tmp/made; rmdir /tmp/made; rmmod old_names
 * state 0 uid 0 once 1 rip 1 rdi 1 areas 1
 * called from __x64_sys_mkdir+0x…/0x…
 * returned 0
 */
