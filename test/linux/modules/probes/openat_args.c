/* A system call's wrapper has one argument, the caller's registers: the path is behind the second of those. */
#include <linux/kernel.h>
#include <linux/kprobes.h>
#include <linux/module.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/syscalls.h>
#include <linux/uaccess.h>

static int opening(struct kprobe *p, struct pt_regs *regs)
{
	struct pt_regs *user = (struct pt_regs *)regs->di;
	char *path = kmalloc(256, GFP_ATOMIC);
	long got;

	if (!path)
		return 0;
	got = strncpy_from_user(path, (const char __user *)user->si, 256);
	if (got > 0 && strstr(path, "hostname"))
		pr_info("%s(%d): openat(%d, \"%s\", 0x%lx, 0%lo) length %ld, call %ld\n", current->comm,
			current->pid == current->tgid, (int)user->di, path, user->dx, user->r10, got, user->orig_ax);
	kfree(path);
	return 0;
}

static struct kprobe kp = { .symbol_name = "__x64_sys_openat", .pre_handler = opening };

static int __init openat_args_init(void)
{
	return register_kprobe(&kp);
}

static void __exit openat_args_exit(void)
{
	unregister_kprobe(&kp);
}

module_init(openat_args_init);
module_exit(openat_args_exit);
MODULE_LICENSE("GPL");

/* console
 * $ insmod /root/openat_args.ko
 * $ cat /etc/hostname > /dev/null
 * cat(1): openat(-100, "/etc/hostname", 0x…, 0…) length 13, call 257
 * $ rmmod openat_args
 */
