/* What is executed, by whom, from where: the arguments out of user memory, the paths out of the kernel's own objects. */
#include <linux/binfmts.h>
#include <linux/compat.h>
#include <linux/cred.h>
#include <linux/fdtable.h>
#include <linux/fs_struct.h>
#include <linux/kprobes.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/pagemap.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/tty.h>
#include <linux/uaccess.h>

static const char __user *get_user_arg(const char __user *const __user *argv, int nr)
{
	const char __user *native;

	if (get_user(native, argv + nr))
		return ERR_PTR(-EFAULT);
	return native;
}

static int count_args(const char __user *const __user *argv, int max)
{
	int i = 0;

	for (;;) {
		const char __user *p = get_user_arg(argv, i);

		if (!p)
			break;
		if (IS_ERR(p))
			return -EFAULT;
		if (i >= max)
			return -E2BIG;
		++i;
		if (fatal_signal_pending(current))
			return -ERESTARTNOHAND;
	}
	return i;
}

static char *join_args(const char __user *const __user *argv, int argc)
{
	char *text = kzalloc(512, GFP_ATOMIC);
	int i, at = 0;

	for (i = 0; text && i < argc; i++) {
		const char __user *p = get_user_arg(argv, i);
		int len = IS_ERR(p) ? 0 : strnlen_user(p, 128);

		if (!len || at + len > 500)
			break;
		if (copy_from_user(text + at, p, len))
			break;
		at += len;
		text[at - 1] = ' ';
	}
	if (text && at)
		text[at - 1] = '\0';
	return text;
}

static int entry_execve(struct kretprobe_instance *ri, struct pt_regs *regs)
{
	struct pt_regs *user = (struct pt_regs *)regs->di;
	const char __user *const __user *argv = (const char __user *const __user *)user->si;
	char *page = (char *)__get_free_page(GFP_ATOMIC), *args = NULL, *exe, *cwd;
	struct path pwd;
	int argc = count_args(argv, 32);
	struct tty_struct *tty = get_current_tty();
	struct file *in = files_fdtable(current->files)->fd[0];

	if (page && argc > 0)
		args = join_args(argv, argc);
	if (args && !strcmp(args, "ls /nowhere")) {
		exe = current->mm->exe_file ? d_path(&current->mm->exe_file->f_path, page, PAGE_SIZE) : "none";
		pr_info("argc %d: %s, by %s, uid %u euid %u, parent is init %d\n", argc, args, IS_ERR(exe) ? "?" : exe,
			__kuid_val(current->real_cred->uid), from_kuid(&init_user_ns, current_euid()),
			current->real_parent->pid > 0);
		pwd = current->fs->pwd;
		path_get(&pwd);
		cwd = d_path(&pwd, page, PAGE_SIZE);
		pr_info("in %s, on %s, stdin %pD\n", cwd, tty ? tty->name : "no tty", in);
		path_put(&pwd);
	}
	tty_kref_put(tty);
	kfree(args);
	free_page((unsigned long)page);
	return 0;
}

static int ret_execve(struct kretprobe_instance *ri, struct pt_regs *regs)
{
	int ret = regs_return_value(regs);

	if (!strcmp(current->comm, "ls"))
		pr_info("execve: %d\n", ret);
	return 0;
}

static struct kretprobe execve = {
	.kp.symbol_name = "__x64_sys_execve",
	.entry_handler = entry_execve,
	.handler = ret_execve,
	.data_size = sizeof(void *),
};

static int bprm(struct kprobe *p, struct pt_regs *regs)
{
	struct linux_binprm *bprm = (struct linux_binprm *)regs->di;

	if (bprm->filename && strstr(bprm->filename, "ls"))
		pr_info("bprm_execve: %s, interp %s, flags %lx\n", bprm->filename, bprm->interp, regs->flags & X86_EFLAGS_DF);
	return 0;
}

static struct kprobe loading = { .symbol_name = "bprm_execve", .pre_handler = bprm };

static int __init exec_log_init(void)
{
	int err = register_kretprobe(&execve);

	return err ? err : register_kprobe(&loading);
}

static void __exit exec_log_exit(void)
{
	unregister_kprobe(&loading);
	unregister_kretprobe(&execve);
}

module_init(exec_log_init);
module_exit(exec_log_exit);
MODULE_LICENSE("GPL");

/* console
 * $ insmod /root/exec_log.ko; cd /tmp; ls /nowhere; cd /root; rmmod exec_log
 * …
 * argc 2: ls /nowhere, by …, uid 0 euid 0, parent is init 1
 * in /tmp, on …, stdin …
 * bprm_execve: …/ls, interp …/ls, flags 0
 * execve: 0
 * ls: cannot access '/nowhere': No such file or directory
 */
