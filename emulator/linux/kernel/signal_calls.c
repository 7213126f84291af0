/*
 * The system calls about signals: masks, actions, waiting, sending.
 */
#include <linux/cred.h>
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/poll.h>
#include <linux/sched.h>
#include <linux/signal.h>
#include <linux/string.h>
#include <linux/syscalls.h>
#include <linux/uaccess.h>

void set_current_blocked(sigset_t *set)
{
	set->sig[0] &= ~SIG_KERNEL_ONLY_MASK;
	spin_lock_irq(&current->sighand->siglock);
	current->blocked = *set;
	recalc_sigpending();
	spin_unlock_irq(&current->sighand->siglock);
}

int sigprocmask(int how, sigset_t *set, sigset_t *oldset)
{
	sigset_t newset;

	if (oldset)
		*oldset = current->blocked;
	switch (how) {
	case SIG_BLOCK:
		newset.sig[0] = current->blocked.sig[0] | set->sig[0];
		break;
	case SIG_UNBLOCK:
		newset.sig[0] = current->blocked.sig[0] & ~set->sig[0];
		break;
	case SIG_SETMASK:
		newset = *set;
		break;
	default:
		return -EINVAL;
	}
	set_current_blocked(&newset);
	return 0;
}
EXPORT_SYMBOL(sigprocmask);

SYSCALL_DEFINE4(rt_sigprocmask, int, how, sigset_t __user *, nset, sigset_t __user *, oset, size_t, sigsetsize)
{
	sigset_t old = current->blocked, new;
	int error;

	if (sigsetsize != sizeof(sigset_t))
		return -EINVAL;
	if (nset) {
		if (copy_from_user(&new, nset, sizeof(new)))
			return -EFAULT;
		error = sigprocmask(how, &new, NULL);
		if (error)
			return error;
	}
	return oset && copy_to_user(oset, &old, sizeof(old)) ? -EFAULT : 0;
}

SYSCALL_DEFINE4(rt_sigaction, int, sig, const struct sigaction __user *, act, struct sigaction __user *, oact, size_t,
		sigsetsize)
{
	struct sigaction new, old;
	struct k_sigaction *k;

	if (sigsetsize != sizeof(sigset_t) || !valid_signal(sig) || sig < 1)
		return -EINVAL;
	if (act && (sigmask(sig) & SIG_KERNEL_ONLY_MASK))
		return -EINVAL;
	if (act && copy_from_user(&new, act, sizeof(new)))
		return -EFAULT;
	k = &current->sighand->action[sig - 1];
	spin_lock_irq(&current->sighand->siglock);
	old = k->sa;
	if (act) {
		new.sa_mask.sig[0] &= ~SIG_KERNEL_ONLY_MASK;
		k->sa = new;
	}
	spin_unlock_irq(&current->sighand->siglock);
	return oact && copy_to_user(oact, &old, sizeof(old)) ? -EFAULT : 0;
}

SYSCALL_DEFINE2(rt_sigpending, sigset_t __user *, uset, size_t, sigsetsize)
{
	sigset_t set;

	if (sigsetsize > sizeof(set))
		return -EINVAL;
	set.sig[0] = (current->pending.signal.sig[0] | current->signal->shared_pending.signal.sig[0]) & current->blocked.sig[0];
	return copy_to_user(uset, &set, sigsetsize) ? -EFAULT : 0;
}

SYSCALL_DEFINE2(rt_sigsuspend, sigset_t __user *, unewset, size_t, sigsetsize)
{
	sigset_t newset;

	if (sigsetsize != sizeof(newset))
		return -EINVAL;
	if (copy_from_user(&newset, unewset, sizeof(newset)))
		return -EFAULT;
	current->saved_sigmask = current->blocked;
	set_current_blocked(&newset);
	while (!signal_pending(current)) {
		__set_current_state(TASK_INTERRUPTIBLE);
		schedule();
	}
	current->restore_sigmask = true;
	return -ERESTARTNOHAND;
}

SYSCALL_DEFINE0(pause)
{
	while (!signal_pending(current)) {
		__set_current_state(TASK_INTERRUPTIBLE);
		schedule();
	}
	return -ERESTARTNOHAND;
}

SYSCALL_DEFINE2(sigaltstack, const stack_t __user *, uss, stack_t __user *, uoss)
{
	stack_t old = { (void __user *)current->sas_ss_sp, (int)current->sas_ss_flags, current->sas_ss_size }, new;

	if (!current->sas_ss_size)
		old.ss_flags = SS_DISABLE;
	if (uss) {
		if (copy_from_user(&new, uss, sizeof(new)))
			return -EFAULT;
		if (new.ss_flags & SS_DISABLE) {
			new.ss_size = 0;
			new.ss_sp = NULL;
		} else if (new.ss_size < 2048) {
			return -ENOMEM;
		}
		current->sas_ss_sp = (unsigned long)new.ss_sp;
		current->sas_ss_size = new.ss_size;
		current->sas_ss_flags = 0;
	}
	return uoss && copy_to_user(uoss, &old, sizeof(old)) ? -EFAULT : 0;
}

SYSCALL_DEFINE0(restart_syscall)
{
	struct restart_block *restart = &current->restart_block;

	return restart->fn ? restart->fn(restart) : -EINTR;
}

static void prepare_kill_siginfo(int sig, struct kernel_siginfo *info, int code)
{
	memset(info, 0, sizeof(*info));
	info->si_signo = sig;
	info->si_code = code;
	info->si_pid = task_tgid_vnr(current);
	info->si_uid = from_kuid_munged(current_user_ns(), current_uid());
}

SYSCALL_DEFINE2(kill, pid_t, pid, int, sig)
{
	struct kernel_siginfo info;

	prepare_kill_siginfo(sig, &info, SI_USER);
	return kill_something_info(sig, &info, pid);
}

/* One thread of a process gets a signal with what the sender says about it. */
static int send_to_thread(pid_t tgid, pid_t pid, int sig, struct kernel_siginfo *info)
{
	struct task_struct *p = find_get_task_by_vpid(pid);
	int error = -ESRCH;

	if (!p)
		return -ESRCH;
	if (tgid <= 0 || task_tgid_vnr(p) == tgid) {
		error = check_kill_permission(sig, info, p);
		if (!error && sig)
			error = do_send_sig_info(sig, info, p, PIDTYPE_PID);
	}
	put_task_struct(p);
	return error;
}

static int do_tkill(pid_t tgid, pid_t pid, int sig)
{
	struct kernel_siginfo info;

	prepare_kill_siginfo(sig, &info, SI_TKILL);
	return send_to_thread(tgid, pid, sig, &info);
}

/* Waits for one of the signals in a set, and takes it without a handler. timeout in ticks, negative: for ever. */
static int do_sigtimedwait(const sigset_t *which, kernel_siginfo_t *info, long timeout)
{
	sigset_t mask = { { ~(which->sig[0] & ~SIG_KERNEL_ONLY_MASK) } };
	struct task_struct *tsk = current;
	int sig;

	spin_lock_irq(&tsk->sighand->siglock);
	sig = dequeue_signal(tsk, &mask, info);
	if (!sig && timeout) {
		/* For the time of the wait they are not blocked, but still neither ignored nor fatal. */
		tsk->real_blocked = tsk->blocked;
		tsk->blocked.sig[0] &= mask.sig[0];
		recalc_sigpending();
		spin_unlock_irq(&tsk->sighand->siglock);
		timeout = schedule_timeout_interruptible(timeout < 0 ? MAX_SCHEDULE_TIMEOUT : timeout);
		spin_lock_irq(&tsk->sighand->siglock);
		tsk->blocked = tsk->real_blocked;
		sigemptyset(&tsk->real_blocked);
		sig = dequeue_signal(tsk, &mask, info);
		recalc_sigpending();
	}
	spin_unlock_irq(&tsk->sighand->siglock);
	return sig ? sig : timeout ? -EINTR : -EAGAIN;
}

/* siginfo_t of user space is longer than what this kernel fills. */
static int copy_siginfo_to_user(void __user *to, const kernel_siginfo_t *info)
{
	char raw[128] = { 0 };

	memcpy(raw, info, sizeof(*info));
	return copy_to_user(to, raw, sizeof(raw)) ? -EFAULT : 0;
}

SYSCALL_DEFINE4(rt_sigtimedwait, const sigset_t __user *, uthese, void __user *, uinfo, const struct timespec64 __user *, uts,
		size_t, sigsetsize)
{
	kernel_siginfo_t info;
	struct timespec64 ts;
	sigset_t these;
	long timeout = -1;
	int ret;

	if (sigsetsize != sizeof(these))
		return -EINVAL;
	if (copy_from_user(&these, uthese, sizeof(these)))
		return -EFAULT;
	if (uts) {
		if (copy_from_user(&ts, uts, sizeof(ts)))
			return -EFAULT;
		if (ts.tv_sec < 0 || (unsigned long)ts.tv_nsec >= NSEC_PER_SEC)
			return -EINVAL;
		timeout = timespec64_to_ticks(&ts);
	}
	ret = do_sigtimedwait(&these, &info, timeout);
	if (ret > 0 && uinfo && copy_siginfo_to_user(uinfo, &info))
		ret = -EFAULT;
	return ret;
}

/* What a process says about a signal that it sends: it must not pretend to be the kernel. */
static int copy_siginfo_from_user(kernel_siginfo_t *info, const void __user *from, int sig, pid_t target)
{
	if (copy_from_user(info, from, sizeof(*info)))
		return -EFAULT;
	info->si_signo = sig;
	return (info->si_code >= 0 || info->si_code == SI_TKILL) && task_tgid_vnr(current) != target ? -EPERM : 0;
}

SYSCALL_DEFINE3(rt_sigqueueinfo, pid_t, pid, int, sig, void __user *, uinfo)
{
	kernel_siginfo_t info;
	struct pid *target;
	int error = copy_siginfo_from_user(&info, uinfo, sig, pid);

	if (error)
		return error;
	target = find_get_pid(pid);
	error = kill_pid_info(sig, &info, target);
	put_pid(target);
	return error;
}

SYSCALL_DEFINE4(rt_tgsigqueueinfo, pid_t, tgid, pid_t, pid, int, sig, void __user *, uinfo)
{
	kernel_siginfo_t info;
	int error;

	if (pid <= 0 || tgid <= 0)
		return -EINVAL;
	error = copy_siginfo_from_user(&info, uinfo, sig, pid);
	return error ? error : send_to_thread(tgid, pid, sig, &info);
}

SYSCALL_DEFINE3(tgkill, pid_t, tgid, pid_t, pid, int, sig)
{
	return pid <= 0 || tgid <= 0 ? -EINVAL : do_tkill(tgid, pid, sig);
}

SYSCALL_DEFINE2(tkill, pid_t, pid, int, sig)
{
	return pid <= 0 ? -EINVAL : do_tkill(0, pid, sig);
}
