/*
 * Terminals as files: /dev/console and /dev/tty1 are the machine's console, /dev/tty is the one of whoever opens it.
 */
#include <linux/tty.h>
#include <linux/device.h>
#include <linux/fs.h>
#include <linux/file.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/pid.h>
#include <linux/poll.h>
#include <linux/sched.h>
#include <linux/signal.h>
#include <linux/string.h>
#include <linux/syscalls.h>
#include <linux/uaccess.h>
#include <linux/export.h>

#define TTY_MAJOR	4
#define TTYAUX_MAJOR	5

/* The controlling terminal of the current task's session, or NULL. */
noinline struct tty_struct *get_current_tty(void)
{
	return current->signal ? current->signal->tty : NULL;
}
EXPORT_SYMBOL(get_current_tty);

void tty_kref_put(struct tty_struct *tty)
{
	/* There is one terminal and it never goes. */
	(void)tty;
}
EXPORT_SYMBOL(tty_kref_put);

static void set_controlling_tty(struct tty_struct *tty)
{
	current->signal->tty = tty;
	tty->session = task_session_nr(current);
	tty->pgrp = task_pgrp_nr(current);
}

static noinline int tty_open(struct inode *inode, struct file *filp)
{
	struct tty_struct *tty = &console_tty;

	if (inode->i_rdev == MKDEV(TTYAUX_MAJOR, 0)) {
		tty = get_current_tty();
		if (!tty)
			return -ENXIO;
	}
	filp->private_data = tty;
	/* A session leader without a terminal gets the first that it opens. */
	if (!(filp->f_flags & O_NOCTTY) && current->signal->leader && !current->signal->tty && !tty->session)
		set_controlling_tty(tty);
	return nonseekable_open(inode, filp);
}

/* A background process that wants to read the terminal is stopped. */
static int tty_check_change(struct tty_struct *tty, int sig)
{
	if (current->signal->tty != tty || !tty->pgrp || task_pgrp_nr(current) == tty->pgrp)
		return 0;
	if (sigismember(&current->blocked, sig) ||
	    current->sighand->action[sig - 1].sa.sa_handler == SIG_IGN)
		return sig == SIGTTIN ? -EIO : 0;
	kill_pgrp(task_pgrp(current), sig, 1);
	return -ERESTARTSYS;
}

static noinline ssize_t tty_read(struct file *file, char __user *buf, size_t count, loff_t *ppos)
{
	struct tty_struct *tty = file->private_data;
	int error = tty_check_change(tty, SIGTTIN);

	return error ? error : n_tty_read(tty, file, buf, count);
}

static noinline ssize_t tty_write(struct file *file, const char __user *buf, size_t count, loff_t *ppos)
{
	return n_tty_write(file->private_data, file, buf, count);
}

static unsigned int tty_poll(struct file *file, poll_table *wait)
{
	return n_tty_poll(file->private_data, file, wait);
}

static int tiocspgrp(struct tty_struct *tty, int __user *p)
{
	struct pid *pid;
	int pgrp;

	if (get_user(pgrp, p))
		return -EFAULT;
	if (pgrp < 0)
		return -EINVAL;
	if (current->signal->tty != tty || tty->session != task_session_nr(current))
		return -ENOTTY;
	pid = find_vpid(pgrp);
	if (!pid || !pid_task(pid, PIDTYPE_PGID))
		return -ESRCH;
	tty->pgrp = pgrp;
	return 0;
}

static noinline long tty_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	struct tty_struct *tty = file->private_data;
	void __user *p = (void __user *)arg;
	unsigned long flags;
	int value;

	switch (cmd) {
	case TCGETS:
		return copy_to_user(p, &tty->termios, sizeof(struct termios)) ? -EFAULT : 0;
	case TCSETSF:
		spin_lock_irqsave(&tty->lock, flags);
		tty->ldisc_data.read_tail = tty->ldisc_data.canon_head = tty->ldisc_data.read_head;
		spin_unlock_irqrestore(&tty->lock, flags);
		return copy_from_user(&tty->termios, p, sizeof(struct termios)) ? -EFAULT : 0;
	case TCSETS:
	case TCSETSW:
		return copy_from_user(&tty->termios, p, sizeof(struct termios)) ? -EFAULT : 0;
	case TIOCGWINSZ:
		return copy_to_user(p, &tty->winsize, sizeof(tty->winsize)) ? -EFAULT : 0;
	case TIOCSWINSZ:
		return copy_from_user(&tty->winsize, p, sizeof(tty->winsize)) ? -EFAULT : 0;
	case TIOCGPGRP:
		if (current->signal->tty != tty)
			return -ENOTTY;
		value = tty->pgrp;
		return put_user(value, (int __user *)p);
	case TIOCSPGRP:
		return tiocspgrp(tty, p);
	case TIOCGSID:
		if (current->signal->tty != tty)
			return -ENOTTY;
		value = tty->session;
		return put_user(value, (int __user *)p);
	case TIOCSCTTY:
		if (!current->signal->leader)
			return -EPERM;
		set_controlling_tty(tty);
		return 0;
	case TIOCNOTTY:
		if (current->signal->tty != tty)
			return -ENOTTY;
		current->signal->tty = NULL;
		return 0;
	case FIONREAD:
		value = tty->ldisc_data.canon_head - tty->ldisc_data.read_tail;
		return put_user(value, (int __user *)p);
	default:
		return -ENOTTY;
	}
}

static const struct file_operations tty_fops = {
	.llseek = no_llseek,
	.open = tty_open,
	.read = tty_read,
	.write = tty_write,
	.poll = tty_poll,
	.unlocked_ioctl = tty_ioctl,
};

static int __init tty_init(void)
{
	int error = register_chrdev(TTY_MAJOR, "tty", &tty_fops);

	if (!error)
		error = register_chrdev(TTYAUX_MAJOR, "/dev/tty", &tty_fops);
	if (error)
		return error;
	devtmpfs_create_node("tty", S_IFCHR | 0666, MKDEV(TTYAUX_MAJOR, 0));
	devtmpfs_create_node("console", S_IFCHR | 0600, MKDEV(TTYAUX_MAJOR, 1));
	devtmpfs_create_node("tty1", S_IFCHR | 0620, MKDEV(TTY_MAJOR, 1));
	return 0;
}
fs_initcall(tty_init);

/*
 * Opens /dev/console as descriptors 0, 1 and 2 of the task that is to become init, in a session of its own whose terminal
 * it is. Elsewhere getty makes that session; here init may be a shell, and ^C must reach the commands that it runs.
 */
void __init console_on_rootfs(void)
{
	struct file *file;
	unsigned int fd;

	ksys_setsid();
	file = filp_open("/dev/console", O_RDWR, 0);

	if (IS_ERR(file)) {
		pr_err("Warning: unable to open an initial console.\n");
		return;
	}
	for (fd = 0; fd < 3; fd++) {
		int got = get_unused_fd_flags(0);

		if (got >= 0)
			fd_install(got, get_file(file));
	}
	fput(file);
}
