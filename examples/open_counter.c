// SPDX-License-Identifier: MIT
/*
 * Counts the calls of do_sys_open and reads their arguments from pt_regs.
 *
 *   long do_sys_open(int dfd, const char __user *filename, int flags, umode_t mode)
 *                    rdi      rsi                          rdx        rcx
 *
 * The file name lies in the caller's memory: it is copied with
 * strncpy_from_user_nofault(), which may fail but never sleeps. A handler runs
 * with interrupts off and must not sleep.
 */
#include <linux/kprobes.h>
#include <linux/module.h>
#include <linux/sched.h>
#include <linux/uaccess.h>

static atomic_t count = ATOMIC_INIT(0);

static int handler_pre(struct kprobe *p, struct pt_regs *regs)
{
	int dfd = (int)regs->di;
	const char __user *filename = (const char __user *)regs->si;
	int flags = (int)regs->dx;
	umode_t mode = (umode_t)regs->cx;
	char name[64];

	if (strncpy_from_user_nofault(name, filename, sizeof(name)) < 0)
		strscpy(name, "(fault)", sizeof(name));
	pr_info("%s[%d] opens \"%s\": dfd=%d flags=%#x mode=%o\n",
		current->comm, current->pid, name, dfd, flags, mode);
	atomic_inc(&count);
	return 0;
}

static struct kprobe kp = {
	.symbol_name = "do_sys_open",
	.pre_handler = handler_pre,
};

static int __init open_counter_init(void)
{
	int ret = register_kprobe(&kp);

	if (ret < 0) {
		pr_err("register_kprobe failed, returned %d\n", ret);
		return ret;
	}
	pr_info("kprobe registered at %pS\n", kp.addr);
	return 0;
}

static void __exit open_counter_exit(void)
{
	unregister_kprobe(&kp);
	pr_info("do_sys_open was called %d times\n", atomic_read(&count));
}

module_init(open_counter_init);
module_exit(open_counter_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Counts do_sys_open and reads its arguments from pt_regs");
