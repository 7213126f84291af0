/*
 * Signals: who may send them, where they wait, which one a task takes next. The frame on the user's stack is the
 * architecture's part, the system calls are in signal_calls.c.
 */
#include <linux/cred.h>
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/sched.h>
#include <linux/security.h>
#include <linux/signal.h>
#include <linux/slab.h>
#include <linux/wait.h>

static struct kmem_cache *sigqueue_cachep;

void __init signals_init(void)
{
	sigqueue_cachep = KMEM_CACHE(sigqueue, SLAB_PANIC);
}

static __sighandler_t sig_handler(struct task_struct *t, int sig)
{
	return t->sighand->action[sig - 1].sa.sa_handler;
}

/* Nothing happens at this signal: it need not even be queued. */
static bool sig_ignored(struct task_struct *t, int sig)
{
	__sighandler_t handler = sig_handler(t, sig);

	if (sigismember(&t->blocked, sig) || sigismember(&t->real_blocked, sig))
		return false;
	if (is_global_init(t) && handler == SIG_DFL && !(sigmask(sig) & SIG_KERNEL_ONLY_MASK))
		return true;
	return handler == SIG_IGN || (handler == SIG_DFL && sig < SIGRTMIN && (sigmask(sig) & SIG_KERNEL_IGNORE_MASK));
}

static bool has_pending_signals(struct task_struct *t)
{
	unsigned long pending = t->pending.signal.sig[0] | t->signal->shared_pending.signal.sig[0];

	return (pending & ~t->blocked.sig[0]) != 0;
}

static void recalc_sigpending_tsk(struct task_struct *t)
{
	if (has_pending_signals(t) || t->signal->group_stop_count)
		set_tsk_thread_flag(t, TIF_SIGPENDING);
	else if (t == current)
		clear_tsk_thread_flag(t, TIF_SIGPENDING);
}

void recalc_sigpending(void)
{
	recalc_sigpending_tsk(current);
}
EXPORT_SYMBOL(recalc_sigpending);

void flush_sigqueue(struct sigpending *queue)
{
	struct sigqueue *q, *n;

	sigemptyset(&queue->signal);
	list_for_each_entry_safe(q, n, &queue->list, list) {
		list_del_init(&q->list);
		kmem_cache_free(sigqueue_cachep, q);
	}
}

void flush_signals(struct task_struct *t)
{
	unsigned long flags;

	spin_lock_irqsave(&t->sighand->siglock, flags);
	clear_tsk_thread_flag(t, TIF_SIGPENDING);
	flush_sigqueue(&t->pending);
	flush_sigqueue(&t->signal->shared_pending);
	spin_unlock_irqrestore(&t->sighand->siglock, flags);
}
EXPORT_SYMBOL(flush_signals);

void ignore_signals(struct task_struct *t)
{
	int i;

	for (i = 0; i < _NSIG; i++)
		t->sighand->action[i].sa.sa_handler = SIG_IGN;
	flush_signals(t);
}

/* execve: handlers are gone with the old program; what was ignored stays ignored. */
void flush_signal_handlers(struct task_struct *t, int force_default)
{
	int i;

	for (i = 0; i < _NSIG; i++) {
		struct sigaction *sa = &t->sighand->action[i].sa;

		if (force_default || sa->sa_handler != SIG_IGN)
			sa->sa_handler = SIG_DFL;
		sa->sa_flags = 0;
		sa->sa_restorer = NULL;
		sigemptyset(&sa->sa_mask);
	}
}

static void signal_wake_up(struct task_struct *t, bool fatal)
{
	set_tsk_thread_flag(t, TIF_SIGPENDING);
	if (!wake_up_state(t, TASK_INTERRUPTIBLE | (fatal ? TASK_WAKEKILL : 0)) && t != current && t->on_cpu)
		smp_send_reschedule((int)task_cpu(t));
}

/* Stop signals cancel continue signals that wait, and the other way round. */
static void flush_opposite(struct task_struct *p, unsigned long mask)
{
	struct task_struct *t;

	p->signal->shared_pending.signal.sig[0] &= ~mask;
	for_each_thread(p, t)
		t->pending.signal.sig[0] &= ~mask;
}

static bool prepare_signal(int sig, struct task_struct *p)
{
	struct task_struct *t;

	if (sigmask(sig) & SIG_KERNEL_STOP_MASK) {
		flush_opposite(p, sigmask(SIGCONT));
	} else if (sig == SIGCONT) {
		flush_opposite(p, SIG_KERNEL_STOP_MASK);
		if (p->signal->flags & SIGNAL_STOP_STOPPED)
			p->signal->flags = (p->signal->flags & ~SIGNAL_STOP_STOPPED) | SIGNAL_STOP_CONTINUED;
		p->signal->group_stop_count = 0;
		for_each_thread(p, t)
			wake_up_state(t, __TASK_STOPPED);
	}
	return !sig_ignored(p, sig);
}

static bool wants_signal(int sig, struct task_struct *p)
{
	if (sigismember(&p->blocked, sig) || (p->flags & PF_EXITING))
		return false;
	return sig == SIGKILL || !task_sigpending(p) || p == current;
}

/* Which thread takes it? A fatal one ends them all at once. */
static void complete_signal(int sig, struct task_struct *p, enum pid_type type)
{
	struct task_struct *t = p;

	if (!wants_signal(sig, p)) {
		if (type == PIDTYPE_PID)
			return;
		for_each_thread(p, t)
			if (wants_signal(sig, t))
				goto found;
		return;
	}
found:
	if (sig == SIGKILL || (sig_handler(p, sig) == SIG_DFL && !sigismember(&t->real_blocked, sig) && !(p->signal->flags & SIGNAL_GROUP_EXIT) && sig < SIGRTMIN &&
			       !(sigmask(sig) & (SIG_KERNEL_IGNORE_MASK | SIG_KERNEL_STOP_MASK | SIG_KERNEL_COREDUMP_MASK)))) {
		p->signal->flags |= SIGNAL_GROUP_EXIT;
		p->signal->group_exit_code = sig;
		p->signal->group_stop_count = 0;
		for_each_thread(p, t) {
			sigaddset(&t->pending.signal, SIGKILL);
			signal_wake_up(t, true);
			wake_up_state(t, __TASK_STOPPED);
		}
		return;
	}
	signal_wake_up(t, sig == SIGKILL);
}

/* Queue a signal. siglock is held. */
static int __send_signal_locked(int sig, struct kernel_siginfo *info, struct task_struct *t, enum pid_type type, bool force)
{
	struct sigpending *pending = type != PIDTYPE_PID ? &t->signal->shared_pending : &t->pending;
	struct sigqueue *q;

	if (!prepare_signal(sig, t) && !force)
		return 0;
	if (sig < SIGRTMIN && sigismember(&pending->signal, sig))
		return 0; /* an ordinary signal waits only once */
	q = sig == SIGKILL ? NULL : kmem_cache_alloc(sigqueue_cachep, GFP_ATOMIC);
	if (q) {
		if (info == SEND_SIG_NOINFO || info == SEND_SIG_PRIV) {
			memset(&q->info, 0, sizeof(q->info));
			q->info.si_signo = sig;
			q->info.si_code = info == SEND_SIG_NOINFO ? SI_USER : SI_KERNEL;
			if (info == SEND_SIG_NOINFO) {
				q->info.si_pid = task_tgid_nr(current);
				q->info.si_uid = from_kuid_munged(current_user_ns(), current_uid());
			}
		} else {
			q->info = *info;
		}
		list_add_tail(&q->list, &pending->list);
	} else if (sig >= SIGRTMIN && sig != SIGKILL) {
		return -EAGAIN;
	}
	sigaddset(&pending->signal, sig);
	if (waitqueue_active(&t->sighand->signalfd_wqh))
		wake_up(&t->sighand->signalfd_wqh);
	complete_signal(sig, t, type);
	return 0;
}

static int send_signal_locked(int sig, struct kernel_siginfo *info, struct task_struct *t, enum pid_type type)
{
	return __send_signal_locked(sig, info, t, type, info == SEND_SIG_PRIV && sig == SIGKILL);
}

int do_send_sig_info(int sig, struct kernel_siginfo *info, struct task_struct *p, int type)
{
	struct sighand_struct *sighand;
	unsigned long flags;
	int ret = -ESRCH;

	rcu_read_lock();
	sighand = READ_ONCE(p->sighand);
	if (sighand) {
		spin_lock_irqsave(&sighand->siglock, flags);
		ret = send_signal_locked(sig, info, p, type);
		spin_unlock_irqrestore(&sighand->siglock, flags);
	}
	rcu_read_unlock();
	return ret;
}

/* A fault of the task itself: it cannot be blocked or ignored, or the task would fault for ever. */
static void force_sig_info(struct kernel_siginfo *info)
{
	struct task_struct *t = current;
	int sig = info->si_signo;
	struct k_sigaction *action = &t->sighand->action[sig - 1];
	unsigned long flags;

	spin_lock_irqsave(&t->sighand->siglock, flags);
	if (action->sa.sa_handler == SIG_IGN || sigismember(&t->blocked, sig)) {
		action->sa.sa_handler = SIG_DFL;
		sigdelset(&t->blocked, sig);
	}
	__send_signal_locked(sig, info, t, PIDTYPE_PID, true);
	recalc_sigpending();
	spin_unlock_irqrestore(&t->sighand->siglock, flags);
}

void force_sig(int sig)
{
	struct kernel_siginfo info = { .si_signo = sig, .si_code = SI_KERNEL };

	force_sig_info(&info);
}
EXPORT_SYMBOL(force_sig);

int force_sig_fault(int sig, int code, void __user *addr)
{
	struct kernel_siginfo info = { .si_signo = sig, .si_code = code };

	info.si_addr = addr;
	force_sig_info(&info);
	return 0;
}

void force_sigsegv(int sig)
{
	if (sig == SIGSEGV)
		current->sighand->action[SIGSEGV - 1].sa.sa_handler = SIG_DFL;
	force_sig(SIGSEGV);
}

int send_sig_info(int sig, struct kernel_siginfo *info, struct task_struct *p)
{
	return valid_signal(sig) ? do_send_sig_info(sig, info, p, PIDTYPE_PID) : -EINVAL;
}
EXPORT_SYMBOL(send_sig_info);

int send_sig(int sig, struct task_struct *p, int priv)
{
	return send_sig_info(sig, priv ? SEND_SIG_PRIV : SEND_SIG_NOINFO, p);
}
EXPORT_SYMBOL(send_sig);

int check_kill_permission(int sig, struct kernel_siginfo *info, struct task_struct *t)
{
	const struct cred *cred = current_cred(), *tcred;

	if (!valid_signal(sig))
		return -EINVAL;
	if (info == SEND_SIG_PRIV)
		return 0;
	tcred = __task_cred(t);
	if (!same_thread_group(current, t) && !uid_eq(cred->euid, tcred->suid) && !uid_eq(cred->euid, tcred->uid) &&
	    !uid_eq(cred->uid, tcred->suid) && !uid_eq(cred->uid, tcred->uid) && !capable(CAP_KILL)) {
		if (sig != SIGCONT || task_session(t) != task_session(current))
			return -EPERM;
	}
	return security_task_kill(t, info, sig, NULL);
}

int group_send_sig_info(int sig, struct kernel_siginfo *info, struct task_struct *p, int type)
{
	int ret;

	rcu_read_lock();
	ret = check_kill_permission(sig, info, p);
	rcu_read_unlock();
	return !ret && sig ? do_send_sig_info(sig, info, p, type) : ret;
}

int kill_pid_info(int sig, struct kernel_siginfo *info, struct pid *pid)
{
	struct task_struct *p = get_pid_task(pid, PIDTYPE_PID);
	int error;

	if (!p)
		return -ESRCH;
	error = group_send_sig_info(sig, info, p, PIDTYPE_TGID);
	put_task_struct(p);
	return error;
}

int kill_pid(struct pid *pid, int sig, int priv)
{
	return kill_pid_info(sig, priv ? SEND_SIG_PRIV : SEND_SIG_NOINFO, pid);
}
EXPORT_SYMBOL(kill_pid);

/* Everybody in a process group. tasklist_lock is held for reading. */
static int __kill_pgrp_info(int sig, struct kernel_siginfo *info, struct pid *pgrp)
{
	struct task_struct *p;
	int retval = -ESRCH, success = 0;

	do_each_pid_task(pgrp, PIDTYPE_PGID, p)
		int err = group_send_sig_info(sig, info, p, PIDTYPE_PGID);

		success |= !err;
		retval = err;
	while_each_pid_task(pgrp, PIDTYPE_PGID, p);
	return success ? 0 : retval;
}

int kill_pgrp(struct pid *pid, int sig, int priv)
{
	int ret;

	read_lock(&tasklist_lock);
	ret = __kill_pgrp_info(sig, priv ? SEND_SIG_PRIV : SEND_SIG_NOINFO, pid);
	read_unlock(&tasklist_lock);
	return ret;
}
EXPORT_SYMBOL(kill_pgrp);

/* kill(2): one process, a group, or (-1) everybody but the first process and the caller. */
noinline int kill_something_info(int sig, struct kernel_siginfo *info, pid_t pid)
{
	struct task_struct *p;
	struct pid *target;
	int ret = -ESRCH;

	if (pid > 0) {
		target = find_get_pid(pid);
		ret = kill_pid_info(sig, info, target);
		put_pid(target);
		return ret;
	}
	if (pid == INT_MIN)
		return -ESRCH;
	read_lock(&tasklist_lock);
	if (pid != -1) {
		ret = __kill_pgrp_info(sig, info, pid ? find_vpid(-pid) : task_pgrp(current));
	} else {
		int count = 0, retval = 0;

		for_each_process(p) {
			if (task_pid_vnr(p) > 1 && !same_thread_group(p, current) && !(p->flags & PF_KTHREAD)) {
				int err = group_send_sig_info(sig, info, p, PIDTYPE_MAX);

				count++;
				if (err != -EPERM)
					retval = err;
			}
		}
		ret = count ? retval : -ESRCH;
	}
	read_unlock(&tasklist_lock);
	return ret;
}

/* A child has changed state: signal and wake the parent. True: nobody wants to wait for it, it can go. */
bool do_notify_parent(struct task_struct *tsk, int sig)
{
	struct sighand_struct *psig = tsk->parent->sighand;
	struct kernel_siginfo info = { .si_signo = sig };
	unsigned long flags;
	bool autoreap = false;

	info.si_pid = task_pid_nr(tsk);
	info.si_uid = from_kuid_munged(current_user_ns(), task_uid(tsk));
	info.si_status = tsk->exit_code & 0x7f;
	if (tsk->exit_code & 0x80) {
		info.si_code = CLD_DUMPED;
	} else if (tsk->exit_code & 0x7f) {
		info.si_code = CLD_KILLED;
	} else {
		info.si_code = CLD_EXITED;
		info.si_status = tsk->exit_code >> 8;
	}
	spin_lock_irqsave(&psig->siglock, flags);
	if (sig == SIGCHLD && (psig->action[SIGCHLD - 1].sa.sa_handler == SIG_IGN ||
			       (psig->action[SIGCHLD - 1].sa.sa_flags & SA_NOCLDWAIT))) {
		autoreap = true;
		if (psig->action[SIGCHLD - 1].sa.sa_handler == SIG_IGN)
			sig = 0;
	}
	if (valid_signal(sig) && sig > 0)
		__send_signal_locked(sig, &info, tsk->parent, PIDTYPE_TGID, false);
	spin_unlock_irqrestore(&psig->siglock, flags);
	__wake_up(&tsk->parent->signal->wait_chldexit, TASK_INTERRUPTIBLE, 0, NULL);
	return autoreap || sig < 0;
}

void zap_other_threads(struct task_struct *p)
{
	struct task_struct *t;

	p->signal->group_stop_count = 0;
	for_each_thread(p, t) {
		if (t == p || t->exit_state)
			continue;
		sigaddset(&t->pending.signal, SIGKILL);
		signal_wake_up(t, true);
	}
}

/* execve by one of several threads: the others have to go first. The caller takes over the process's id. */
int de_thread(struct task_struct *tsk)
{
	struct signal_struct *sig = tsk->signal;

	if (sig->nr_threads <= 1)
		return 0;
	spin_lock_irq(&tsk->sighand->siglock);
	zap_other_threads(tsk);
	spin_unlock_irq(&tsk->sighand->siglock);
	while (sig->nr_threads > (thread_group_leader(tsk) ? 1 : 2))
		schedule_timeout_killable(1);
	return fatal_signal_pending(tsk) ? -EAGAIN : 0;
}

/* Faults first, then by number. */
static int next_signal(struct sigpending *pending, sigset_t *mask)
{
	unsigned long x = pending->signal.sig[0] & ~mask->sig[0];
	unsigned long synchronous = sigmask(SIGSEGV) | sigmask(SIGBUS) | sigmask(SIGILL) | sigmask(SIGTRAP) |
				    sigmask(SIGFPE) | sigmask(SIGSYS);

	if (!x)
		return 0;
	if (x & synchronous)
		x &= synchronous;
	return (int)__ffs(x) + 1;
}

static void collect_signal(int sig, struct sigpending *list, kernel_siginfo_t *info)
{
	struct sigqueue *q, *first = NULL;
	bool more = false;

	list_for_each_entry(q, &list->list, list) {
		if (q->info.si_signo != sig)
			continue;
		if (first) {
			more = true;
			break;
		}
		first = q;
	}
	if (!more)
		sigdelset(&list->signal, sig);
	if (first) {
		list_del_init(&first->list);
		*info = first->info;
		kmem_cache_free(sigqueue_cachep, first);
	} else {
		memset(info, 0, sizeof(*info));
		info->si_signo = sig;
	}
}

/* The next signal that mask does not hold back, or 0. siglock is held. */
int dequeue_signal(struct task_struct *tsk, sigset_t *mask, kernel_siginfo_t *info)
{
	struct sigpending *pending = &tsk->pending;
	int sig = next_signal(pending, mask);

	if (!sig) {
		pending = &tsk->signal->shared_pending;
		sig = next_signal(pending, mask);
	}
	if (sig)
		collect_signal(sig, pending, info);
	recalc_sigpending();
	return sig;
}

/* Tell the parent that we have stopped or go on, and wake it if it waits for that. */
static void do_notify_parent_cldstop(int why, int status)
{
	struct kernel_siginfo info = { .si_signo = SIGCHLD, .si_code = why };
	struct task_struct *parent;

	info.si_pid = task_tgid_nr(current);
	info.si_uid = from_kuid_munged(current_user_ns(), current_uid());
	info.si_status = status;
	read_lock(&tasklist_lock);
	parent = current->group_leader->parent;
	if (!(parent->sighand->action[SIGCHLD - 1].sa.sa_flags & SA_NOCLDSTOP))
		do_send_sig_info(SIGCHLD, &info, parent, PIDTYPE_TGID);
	__wake_up(&parent->signal->wait_chldexit, TASK_INTERRUPTIBLE, 0, NULL);
	read_unlock(&tasklist_lock);
}

/* Sleep until SIGCONT. siglock is held and is released. */
static void do_signal_stop(int signr)
{
	struct signal_struct *sig = current->signal;
	struct task_struct *t;

	sig->group_exit_code = signr;
	sig->flags |= SIGNAL_STOP_STOPPED;
	set_current_state(TASK_STOPPED);
	for_each_thread(current, t)
		if (t != current)
			signal_wake_up(t, false);
	spin_unlock_irq(&current->sighand->siglock);
	do_notify_parent_cldstop(CLD_STOPPED, signr);
	schedule();
	if (sig->flags & SIGNAL_STOP_CONTINUED)
		do_notify_parent_cldstop(CLD_CONTINUED, SIGCONT);
}

/* The next signal that has a handler; the others are dealt with here. False when there is none. */
bool get_signal(struct ksignal *ksig)
{
	struct sighand_struct *sighand = current->sighand;
	struct signal_struct *signal = current->signal;
	int signr;

	for (;;) {
		struct k_sigaction *ka;

		spin_lock_irq(&sighand->siglock);
		if ((signal->flags & SIGNAL_GROUP_EXIT) || sigismember(&current->pending.signal, SIGKILL)) {
			signr = SIGKILL;
			sigdelset(&current->pending.signal, SIGKILL);
			recalc_sigpending();
			spin_unlock_irq(&sighand->siglock);
			goto fatal;
		}
		signr = dequeue_signal(current, &current->blocked, &ksig->info);
		if (!signr) {
			spin_unlock_irq(&sighand->siglock);
			ksig->sig = 0;
			return false;
		}
		ka = &sighand->action[signr - 1];
		if (ka->sa.sa_handler == SIG_IGN) {
			spin_unlock_irq(&sighand->siglock);
			continue;
		}
		if (ka->sa.sa_handler != SIG_DFL) {
			ksig->ka = *ka;
			if (ka->sa.sa_flags & SA_RESETHAND)
				ka->sa.sa_handler = SIG_DFL;
			spin_unlock_irq(&sighand->siglock);
			ksig->sig = signr;
			return true;
		}
		if (signr < SIGRTMIN && (sigmask(signr) & SIG_KERNEL_IGNORE_MASK)) {
			spin_unlock_irq(&sighand->siglock);
			continue;
		}
		if (is_global_init(current) && !(sigmask(signr) & SIG_KERNEL_ONLY_MASK) && ksig->info.si_code <= 0) {
			spin_unlock_irq(&sighand->siglock);
			continue;
		}
		if (signr < SIGRTMIN && (sigmask(signr) & SIG_KERNEL_STOP_MASK)) {
			do_signal_stop(signr);
			continue;
		}
		spin_unlock_irq(&sighand->siglock);
		break;
	}
fatal:
	current->flags |= PF_SIGNALED;
	do_group_exit((signal->flags & SIGNAL_GROUP_EXIT) ? signal->group_exit_code : signr);
}

/* A handler has been set up: block what it wants blocked. */
void signal_setup_done(int failed, struct ksignal *ksig, int stepping)
{
	sigset_t blocked;

	if (failed) {
		force_sigsegv(ksig->sig);
		return;
	}
	current->restore_sigmask = false;
	blocked.sig[0] = current->blocked.sig[0] | ksig->ka.sa.sa_mask.sig[0];
	if (!(ksig->ka.sa.sa_flags & SA_NODEFER))
		sigaddset(&blocked, ksig->sig);
	set_current_blocked(&blocked);
}
