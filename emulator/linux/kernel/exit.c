/*
 * The end of tasks. do_exit gives back everything but the task structure itself, which stays as a zombie until the
 * parent has asked what became of it (wait4, waitid), or goes at once if the parent does not care.
 */
#include <linux/cred.h>
#include <linux/fdtable.h>
#include <linux/file.h>
#include <linux/fs_struct.h>
#include <linux/kernel.h>
#include <linux/kprobes.h>
#include <linux/kthread.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/rculist.h>
#include <linux/resource.h>
#include <linux/sched.h>
#include <linux/signal.h>
#include <linux/slab.h>
#include <linux/syscalls.h>
#include <linux/uaccess.h>
#include <linux/wait.h>
#include <lab/gates.h>

extern void exit_itimers(struct signal_struct *sig);
extern void __cleanup_sighand(struct sighand_struct *sighand);
extern void kthread_complete_exit(struct task_struct *tsk, long code);

/* Take a task out of all lists. tasklist_lock is held for writing. */
static void __unhash_process(struct task_struct *p, bool group_dead)
{
	nr_threads--;
	detach_pid(p, PIDTYPE_PID);
	if (group_dead) {
		detach_pid(p, PIDTYPE_TGID);
		detach_pid(p, PIDTYPE_PGID);
		detach_pid(p, PIDTYPE_SID);
		list_del_rcu(&p->tasks);
		list_del_init(&p->sibling);
	}
	list_del_rcu(&p->thread_group);
	list_del_rcu(&p->thread_node);
}

/* What the threads have used is kept for the whole process. */
static void __exit_signal(struct task_struct *tsk)
{
	struct signal_struct *sig = tsk->signal;
	struct sighand_struct *sighand = tsk->sighand;
	bool group_dead = thread_group_leader(tsk);

	spin_lock(&sighand->siglock);
	sig->utime += tsk->utime;
	sig->stime += tsk->stime;
	sig->nvcsw += tsk->nvcsw;
	sig->nivcsw += tsk->nivcsw;
	sig->min_flt += tsk->min_flt;
	sig->maj_flt += tsk->maj_flt;
	sig->nr_threads--;
	if (sig->curr_target == tsk)
		sig->curr_target = tsk->group_leader;
	__unhash_process(tsk, group_dead);
	flush_sigqueue(&tsk->pending);
	tsk->sighand = NULL;
	spin_unlock(&sighand->siglock);
	__cleanup_sighand(sighand);
	if (group_dead)
		flush_sigqueue(&sig->shared_pending);
}

static bool thread_group_is_empty(struct task_struct *p)
{
	return p->signal->nr_threads <= 1;
}

/* A zombie goes for good. When it was the last thread but its leader, the leader may go as well. */
void release_task(struct task_struct *p)
{
	struct task_struct *leader;
	bool leader_too;

	do {
		write_lock_irq(&tasklist_lock);
		__exit_signal(p);
		leader = p->group_leader;
		leader_too = leader != p && thread_group_is_empty(leader) && leader->exit_state == EXIT_ZOMBIE &&
			     do_notify_parent(leader, leader->exit_signal);
		if (leader_too)
			leader->exit_state = EXIT_DEAD;
		write_unlock_irq(&tasklist_lock);
		put_task_struct(p);
		p = leader;
	} while (leader_too);
}

/* Who takes care of the children of a task that exits: another thread of the process, or the first process. */
static struct task_struct *find_new_reaper(struct task_struct *father)
{
	struct task_struct *thread;

	for_each_thread(father, thread)
		if (!(thread->flags & PF_EXITING))
			return thread;
	return find_task_by_vpid(1);
}

static void reparent_leader(struct task_struct *father, struct task_struct *p, struct list_head *dead)
{
	if (p->exit_state == EXIT_DEAD)
		return;
	p->exit_signal = SIGCHLD;
	if (p->exit_state == EXIT_ZOMBIE && thread_group_is_empty(p) && do_notify_parent(p, p->exit_signal)) {
		p->exit_state = EXIT_DEAD;
		list_move(&p->sibling, dead);
	}
}

static void forget_original_parent(struct task_struct *father, struct list_head *dead)
{
	struct task_struct *p, *t, *n, *reaper = find_new_reaper(father);

	if (!reaper || reaper == father)
		return;
	list_for_each_entry_safe(p, n, &father->children, sibling) {
		for_each_thread(p, t) {
			t->real_parent = t->parent = reaper;
			if (t->pdeath_signal)
				group_send_sig_info(t->pdeath_signal, SEND_SIG_NOINFO, t, PIDTYPE_TGID);
		}
		list_move_tail(&p->sibling, &reaper->children);
		if (!same_thread_group(reaper, father))
			reparent_leader(father, p, dead);
	}
}

/* Become a zombie, or dead at once, and tell the parent. */
static void exit_notify(struct task_struct *tsk, int group_dead)
{
	struct task_struct *p, *n;
	LIST_HEAD(dead);
	bool autoreap;

	write_lock_irq(&tasklist_lock);
	forget_original_parent(tsk, &dead);
	tsk->exit_state = EXIT_ZOMBIE;
	if (thread_group_leader(tsk))
		autoreap = thread_group_is_empty(tsk) && do_notify_parent(tsk, tsk->exit_signal);
	else
		autoreap = true;
	if (autoreap) {
		tsk->exit_state = EXIT_DEAD;
		list_move(&tsk->sibling, &dead);
	}
	write_unlock_irq(&tasklist_lock);
	list_for_each_entry_safe(p, n, &dead, sibling) {
		list_del_init(&p->sibling);
		release_task(p);
	}
}

static void exit_mm(void)
{
	struct mm_struct *mm = current->mm;

	if (!mm)
		return;
	mm_release(current, mm);
	mmgrab(mm); /* it stays loaded until the next switch */
	task_lock(current);
	current->mm = NULL;
	task_unlock(current);
	mmput(mm);
}

/* Namespaces do not exist here; the function does, for those who watch exits through it. */
noinline void exec_task_namespaces(void)
{
}

noinline void exit_task_namespaces(struct task_struct *p)
{
	p->nsproxy = NULL;
}

void __noreturn do_exit(long code)
{
	struct task_struct *tsk = current;
	int group_dead;

	if (unlikely(in_interrupt()))
		panic("Aiee, killing interrupt handler!");
	if (unlikely(!tsk->pid))
		panic("Attempted to kill the idle task!");
	if (unlikely(in_atomic())) {
		pr_info("note: %s[%d] exited with preempt_count %d\n", tsk->comm, task_pid_nr(tsk), preempt_count());
		preempt_count_set(0);
	}
	if (unlikely(irqs_disabled())) {
		pr_info("note: %s[%d] exited with irqs disabled\n", tsk->comm, task_pid_nr(tsk));
		local_irq_enable();
	}
	WARN_ON(tsk->flags & PF_EXITING);
	spin_lock_irq(&tsk->sighand->siglock);
	tsk->flags |= PF_EXITING;
	spin_unlock_irq(&tsk->sighand->siglock);
	group_dead = atomic_dec_and_test(&tsk->signal->live);
	if (group_dead) {
		if (unlikely(is_global_init(tsk))) {
			lab_power_off(tsk->signal->group_exit_code ? tsk->signal->group_exit_code : code);
			panic("Attempted to kill init! exitcode=0x%08x\n",
			      tsk->signal->group_exit_code ? tsk->signal->group_exit_code : (int)code);
		}
		exit_itimers(tsk->signal);
	}
	tsk->exit_code = (int)code;
	if (group_dead && tsk->signal->group_exit_code == 0)
		tsk->signal->group_exit_code = (int)code;
	if (tsk->flags & PF_KTHREAD)
		kthread_complete_exit(tsk, code);
	exit_mm();
	exit_files(tsk);
	exit_fs(tsk);
	exit_task_namespaces(tsk);
	lab_task_exit(tsk, code, group_dead);
	exit_notify(tsk, group_dead);
	do_task_dead();
}
EXPORT_SYMBOL(do_exit);

/* The end of a task that the kernel cannot let go on: after an oops. */
void __noreturn make_task_dead(int signr)
{
	struct task_struct *tsk = current;

	if (unlikely(tsk->flags & PF_EXITING)) {
		pr_alert("Fixing recursive fault but reboot is needed!\n");
		tsk->exit_state = EXIT_DEAD;
		refcount_inc(&tsk->usage);
		do_task_dead();
	}
	do_exit(signr);
}

SYSCALL_DEFINE1(exit, int, error_code)
{
	do_exit((error_code & 0xff) << 8);
}

/* The whole process: the other threads are killed. */
void __noreturn do_group_exit(int exit_code)
{
	struct signal_struct *sig = current->signal;

	if (sig->flags & SIGNAL_GROUP_EXIT) {
		exit_code = sig->group_exit_code;
	} else {
		spin_lock_irq(&current->sighand->siglock);
		if (sig->flags & SIGNAL_GROUP_EXIT) {
			exit_code = sig->group_exit_code;
		} else {
			sig->group_exit_code = exit_code;
			sig->flags = SIGNAL_GROUP_EXIT;
			zap_other_threads(current);
		}
		spin_unlock_irq(&current->sighand->siglock);
	}
	do_exit(exit_code);
}

SYSCALL_DEFINE1(exit_group, int, error_code)
{
	do_group_exit((error_code & 0xff) << 8);
}

/* ---- waiting for children ---- */

#define WNOHANG 0x00000001
#define WUNTRACED 0x00000002
#define WSTOPPED WUNTRACED
#define WEXITED 0x00000004
#define WCONTINUED 0x00000008
#define WNOWAIT 0x01000000
#define __WALL 0x40000000
#define P_ALL 0
#define P_PID 1
#define P_PGID 2

struct wait_opts {
	enum pid_type wo_type; /* PIDTYPE_MAX: any child */
	int wo_flags;
	struct pid *wo_pid;
	int wo_stat;
	pid_t wo_child;
	uid_t wo_uid;
	int wo_cause; /* CLD_* */
	struct rusage *wo_rusage;
	struct wait_queue_entry child_wait;
	int notask_error;
};

static bool eligible_child(struct wait_opts *wo, struct task_struct *p)
{
	struct pid *pid;

	if (wo->wo_type == PIDTYPE_MAX)
		return true;
	pid = wo->wo_type == PIDTYPE_PGID ? task_pgrp(p) : p->thread_pid;
	return pid == wo->wo_pid;
}

static void sum_rusage(struct rusage *r, struct task_struct *p)
{
	struct signal_struct *sig = p->signal;
	u64 ut = sig->utime + p->utime, st = sig->stime + p->stime;

	memset(r, 0, sizeof(*r));
	r->ru_utime = (struct timeval) { (long)(ut / NSEC_PER_SEC), (long)(ut % NSEC_PER_SEC / 1000) };
	r->ru_stime = (struct timeval) { (long)(st / NSEC_PER_SEC), (long)(st % NSEC_PER_SEC / 1000) };
	r->ru_minflt = (long)(sig->min_flt + p->min_flt);
	r->ru_majflt = (long)(sig->maj_flt + p->maj_flt);
	r->ru_nvcsw = (long)(sig->nvcsw + p->nvcsw);
	r->ru_nivcsw = (long)(sig->nivcsw + p->nivcsw);
}

/* A zombie that we wait for. tasklist_lock is held for reading, and is released when there is a result. */
static int wait_task_zombie(struct wait_opts *wo, struct task_struct *p)
{
	struct signal_struct *psig = current->signal, *sig = p->signal;
	pid_t pid = task_pid_vnr(p);
	int status;

	wo->wo_uid = from_kuid_munged(current_user_ns(), task_uid(p));
	status = (sig->flags & SIGNAL_GROUP_EXIT) ? sig->group_exit_code : p->exit_code;
	wo->wo_stat = status;
	wo->wo_child = pid;
	wo->wo_cause = (status & 0x7f) == 0 ? CLD_EXITED : (status & 0x80) ? CLD_DUMPED : CLD_KILLED;
	if (wo->wo_flags & WNOWAIT) {
		read_unlock(&tasklist_lock);
		return pid;
	}
	if (cmpxchg(&p->exit_state, EXIT_ZOMBIE, EXIT_DEAD) != EXIT_ZOMBIE)
		return 0;
	if (wo->wo_rusage)
		sum_rusage(wo->wo_rusage, p);
	spin_lock_irq(&current->sighand->siglock);
	psig->cutime += sig->utime + p->utime + sig->cutime;
	psig->cstime += sig->stime + p->stime + sig->cstime;
	psig->cmin_flt += sig->min_flt + p->min_flt + sig->cmin_flt;
	psig->cmaj_flt += sig->maj_flt + p->maj_flt + sig->cmaj_flt;
	spin_unlock_irq(&current->sighand->siglock);
	read_unlock(&tasklist_lock);
	release_task(p);
	return pid;
}

static int wait_task_stopped(struct wait_opts *wo, struct task_struct *p)
{
	struct signal_struct *sig = p->signal;

	if (!(sig->flags & SIGNAL_STOP_STOPPED) || !sig->group_exit_code)
		return 0;
	wo->wo_stat = (sig->group_exit_code << 8) | 0x7f;
	wo->wo_cause = CLD_STOPPED;
	wo->wo_child = task_pid_vnr(p);
	if (!(wo->wo_flags & WNOWAIT))
		sig->group_exit_code = 0;
	read_unlock(&tasklist_lock);
	return wo->wo_child;
}

static int wait_task_continued(struct wait_opts *wo, struct task_struct *p)
{
	if (!(p->signal->flags & SIGNAL_STOP_CONTINUED))
		return 0;
	wo->wo_stat = 0xffff;
	wo->wo_cause = CLD_CONTINUED;
	wo->wo_child = task_pid_vnr(p);
	if (!(wo->wo_flags & WNOWAIT))
		p->signal->flags &= ~SIGNAL_STOP_CONTINUED;
	read_unlock(&tasklist_lock);
	return wo->wo_child;
}

static int wait_consider_task(struct wait_opts *wo, struct task_struct *p)
{
	int ret = 0;

	if (READ_ONCE(p->exit_state) == EXIT_DEAD || !eligible_child(wo, p))
		return 0;
	if (p->exit_state == EXIT_ZOMBIE) {
		wo->notask_error = 0;
		if ((wo->wo_flags & WEXITED) && thread_group_is_empty(p))
			return wait_task_zombie(wo, p);
		return 0;
	}
	wo->notask_error = 0;
	if (wo->wo_flags & WSTOPPED)
		ret = wait_task_stopped(wo, p);
	if (!ret && (wo->wo_flags & WCONTINUED))
		ret = wait_task_continued(wo, p);
	return ret;
}

static int do_wait_children(struct wait_opts *wo)
{
	struct task_struct *tsk, *p;
	int ret;

	for_each_thread(current, tsk) {
		list_for_each_entry(p, &tsk->children, sibling) {
			ret = wait_consider_task(wo, p);
			if (ret)
				return ret;
		}
	}
	return 0;
}

static noinline long do_wait(struct wait_opts *wo)
{
	int retval;

	init_waitqueue_entry(&wo->child_wait, current);
	INIT_LIST_HEAD(&wo->child_wait.entry);
	add_wait_queue(&current->signal->wait_chldexit, &wo->child_wait);
	for (;;) {
		wo->notask_error = -ECHILD;
		set_current_state(TASK_INTERRUPTIBLE);
		read_lock(&tasklist_lock);
		retval = do_wait_children(wo);
		if (retval)
			break;
		read_unlock(&tasklist_lock);
		retval = wo->notask_error;
		if (retval || (wo->wo_flags & WNOHANG))
			break;
		if (signal_pending(current)) {
			retval = -ERESTARTSYS;
			break;
		}
		schedule();
	}
	__set_current_state(TASK_RUNNING);
	remove_wait_queue(&current->signal->wait_chldexit, &wo->child_wait);
	return retval;
}

long kernel_wait4(pid_t upid, int __user *stat_addr, int options, void *ru)
{
	struct wait_opts wo = { .wo_type = PIDTYPE_MAX, .wo_flags = options | WEXITED, .wo_rusage = ru };
	long ret;

	if (options & ~(WNOHANG | WUNTRACED | WCONTINUED | __WALL | (int)0x20000000 | (int)0x80000000))
		return -EINVAL;
	if (upid == INT_MIN)
		return -ESRCH;
	if (upid < -1) {
		wo.wo_type = PIDTYPE_PGID;
		wo.wo_pid = find_get_pid(-upid);
	} else if (upid == 0) {
		wo.wo_type = PIDTYPE_PGID;
		wo.wo_pid = get_task_pid(current, PIDTYPE_PGID);
	} else if (upid > 0) {
		wo.wo_type = PIDTYPE_PID;
		wo.wo_pid = find_get_pid(upid);
	}
	ret = do_wait(&wo);
	put_pid(wo.wo_pid);
	if (ret > 0 && stat_addr && put_user(wo.wo_stat, stat_addr))
		ret = -EFAULT;
	return ret;
}

SYSCALL_DEFINE4(wait4, pid_t, upid, int __user *, stat_addr, int, options, struct rusage __user *, ru)
{
	struct rusage r;
	long err = kernel_wait4(upid, stat_addr, options, ru ? &r : NULL);

	if (err > 0 && ru && copy_to_user(ru, &r, sizeof(r)))
		return -EFAULT;
	return err;
}

SYSCALL_DEFINE5(waitid, int, which, pid_t, upid, kernel_siginfo_t __user *, infop, int, options,
		struct rusage __user *, ru)
{
	struct rusage r;
	struct wait_opts wo = { .wo_type = PIDTYPE_MAX, .wo_flags = options, .wo_rusage = ru ? &r : NULL };
	kernel_siginfo_t info = { 0 };
	char raw[128] = { 0 };
	long ret;

	if (!(options & (WEXITED | WSTOPPED | WCONTINUED)))
		return -EINVAL;
	if (which == P_PID || which == P_PGID) {
		wo.wo_type = which == P_PID ? PIDTYPE_PID : PIDTYPE_PGID;
		wo.wo_pid = find_get_pid(upid);
	} else if (which != P_ALL) {
		return -EINVAL;
	}
	ret = do_wait(&wo);
	put_pid(wo.wo_pid);
	if (ret > 0) {
		info.si_signo = SIGCHLD;
		info.si_code = wo.wo_cause;
		info.si_pid = wo.wo_child;
		info.si_uid = wo.wo_uid;
		info.si_status = wo.wo_cause == CLD_EXITED ? wo.wo_stat >> 8 : wo.wo_stat & 0x7f;
		if (ru && copy_to_user(ru, &r, sizeof(r)))
			return -EFAULT;
		ret = 0;
	}
	/* The caller's structure is filled, with zeroes, even when there is nothing to tell. */
	memcpy(raw, &info, sizeof(info));
	return infop && copy_to_user(infop, raw, sizeof(raw)) ? -EFAULT : ret;
}
