/*
 * New tasks. copy_process makes a complete but sleeping copy of the caller, sharing or copying each part as the clone
 * flags say; kernel_clone wakes it up. fork, vfork, clone and kernel threads all come through here.
 *
 * do_fork and _do_fork are the names that this entry had up to Linux 4.1 and 5.9; texts and modules probe them.
 */
#include <linux/completion.h>
#include <linux/cred.h>
#include <linux/fdtable.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/fs_struct.h>
#include <linux/kernel.h>
#include <linux/kprobes.h>
#include <linux/kthread.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/poll.h>
#include <linux/rculist.h>
#include <linux/resource.h>
#include <linux/sched.h>
#include <linux/security.h>
#include <linux/slab.h>
#include <linux/syscalls.h>
#include <linux/uaccess.h>
#include <asm/pgtable.h>

int nr_threads;
unsigned long total_forks;
int max_threads = 16384;
rwlock_t tasklist_lock = __RW_LOCK_UNLOCKED(tasklist_lock);
EXPORT_SYMBOL(tasklist_lock);

static struct kmem_cache *task_struct_cachep, *signal_cachep, *sighand_cachep;

extern int copy_thread(struct task_struct *p, const struct kernel_clone_args *args);
extern void mmap_init(void);
extern void mm_cache_init(void);
extern int copy_mm(unsigned long clone_flags, struct task_struct *tsk);

/* ---- files, directories, signals ---- */

static int copy_fs(unsigned long clone_flags, struct task_struct *tsk)
{
	struct fs_struct *fs = current->fs;

	if (clone_flags & CLONE_FS) {
		spin_lock(&fs->lock);
		fs->users++;
		spin_unlock(&fs->lock);
		return 0;
	}
	tsk->fs = copy_fs_struct(fs);
	return tsk->fs ? 0 : -ENOMEM;
}

static int copy_files(unsigned long clone_flags, struct task_struct *tsk)
{
	struct files_struct *oldf = current->files, *newf;
	int error = 0;

	if (!oldf)
		return 0;
	if (clone_flags & CLONE_FILES) {
		atomic_inc(&oldf->count);
		return 0;
	}
	newf = dup_fd(oldf, NR_OPEN, &error);
	if (!newf)
		return error;
	tsk->files = newf;
	return 0;
}

static int copy_sighand(unsigned long clone_flags, struct task_struct *tsk)
{
	struct sighand_struct *sig;

	if (clone_flags & CLONE_SIGHAND) {
		refcount_inc(&current->sighand->count);
		return 0;
	}
	sig = kmem_cache_alloc(sighand_cachep, GFP_KERNEL);
	tsk->sighand = sig;
	if (!sig)
		return -ENOMEM;
	refcount_set(&sig->count, 1);
	spin_lock_init(&sig->siglock);
	init_waitqueue_head(&sig->signalfd_wqh);
	memcpy(sig->action, current->sighand->action, sizeof(sig->action));
	return 0;
}

void __cleanup_sighand(struct sighand_struct *sighand)
{
	if (!refcount_dec_and_test(&sighand->count))
		return;
	__wake_up(&sighand->signalfd_wqh, TASK_NORMAL, 0, (void *)POLLFREE);
	kmem_cache_free(sighand_cachep, sighand);
}

static void init_sigpending(struct sigpending *sig)
{
	sigemptyset(&sig->signal);
	INIT_LIST_HEAD(&sig->list);
}

static int copy_signal(unsigned long clone_flags, struct task_struct *tsk)
{
	struct signal_struct *sig;

	if (clone_flags & CLONE_THREAD)
		return 0;
	sig = kmem_cache_zalloc(signal_cachep, GFP_KERNEL);
	tsk->signal = sig;
	if (!sig)
		return -ENOMEM;
	sig->nr_threads = 1;
	atomic_set(&sig->live, 1);
	refcount_set(&sig->sigcnt, 1);
	INIT_LIST_HEAD(&sig->thread_head);
	list_add(&tsk->thread_node, &sig->thread_head);
	init_waitqueue_head(&sig->wait_chldexit);
	sig->curr_target = tsk;
	init_sigpending(&sig->shared_pending);
	memcpy(sig->rlim, current->signal->rlim, sizeof(sig->rlim));
	sig->tty = current->signal->tty;
	return 0;
}

static void free_signal_struct(struct signal_struct *sig)
{
	if (refcount_dec_and_test(&sig->sigcnt))
		kmem_cache_free(signal_cachep, sig);
}

unsigned long rlimit(unsigned int limit)
{
	return current->signal->rlim[limit][0];
}

/* ---- the task itself ---- */

/*
 * Kernel stacks are mapped page by page, with nothing behind them: a stack that overflows faults, instead of writing
 * over whatever lies below. Each CPU keeps two of those that were freed last.
 */
#define NR_CACHED_STACKS 2
static DEFINE_PER_CPU(void *, cached_stacks[NR_CACHED_STACKS]);

static void *alloc_thread_stack_node(void)
{
	void **cache, *stack = NULL;
	unsigned long flags;
	int i;

	local_irq_save(flags);
	cache = *this_cpu_ptr(&cached_stacks);
	for (i = 0; i < NR_CACHED_STACKS && !stack; i++)
		swap(stack, cache[i]);
	local_irq_restore(flags);
	if (!stack)
		stack = __vmalloc_node_range(THREAD_SIZE, THREAD_SIZE, VMALLOC_START, VMALLOC_END, GFP_KERNEL,
					     __builtin_return_address(0));
	return stack;
}

static void free_thread_stack(void *stack)
{
	unsigned long flags;
	void **cache;
	int i;

	local_irq_save(flags);
	cache = *this_cpu_ptr(&cached_stacks);
	for (i = 0; i < NR_CACHED_STACKS && stack; i++)
		if (!cache[i])
			swap(stack, cache[i]);
	local_irq_restore(flags);
	if (stack)
		vfree_atomic(stack);
}

static void free_task(struct task_struct *tsk)
{
	free_thread_stack(tsk->stack);
	kmem_cache_free(task_struct_cachep, tsk);
}

static void __put_task_struct_rcu(struct rcu_head *rcu)
{
	struct task_struct *tsk = container_of(rcu, struct task_struct, rcu);

	security_task_free(tsk);
	exit_creds(tsk);
	free_signal_struct(tsk->signal);
	free_task(tsk);
}

void __put_task_struct(struct task_struct *tsk)
{
	WARN_ON(!tsk->exit_state);
	call_rcu(&tsk->rcu, __put_task_struct_rcu);
}
EXPORT_SYMBOL_GPL(__put_task_struct);

/* A copy of the caller's task structure with a stack of its own. */
static struct task_struct *dup_task_struct(struct task_struct *orig)
{
	struct task_struct *tsk = kmem_cache_alloc(task_struct_cachep, GFP_KERNEL);
	void *stack;

	if (!tsk)
		return NULL;
	stack = alloc_thread_stack_node();
	if (!stack) {
		kmem_cache_free(task_struct_cachep, tsk);
		return NULL;
	}
	*tsk = *orig;
	tsk->stack = stack;
	*(unsigned long *)stack = STACK_END_MAGIC;
	refcount_set(&tsk->usage, 2); /* one until it is reaped, one until it has been switched away from for good */
	clear_tsk_need_resched(tsk);
	clear_tsk_thread_flag(tsk, TIF_SIGPENDING);
	tsk->kretprobe_instances.first = NULL;
	return tsk;
}

/*
 * Make a new task. It is complete but does not run yet. pid is the one it shall have, or NULL for a new one; only an
 * idle task is given one.
 */
static noinline struct task_struct *copy_process(struct pid *pid, struct kernel_clone_args *args)
{
	unsigned long clone_flags = args->flags;
	struct task_struct *p;
	int retval;

	if ((clone_flags & CLONE_THREAD) && !(clone_flags & CLONE_SIGHAND))
		return ERR_PTR(-EINVAL);
	if ((clone_flags & CLONE_SIGHAND) && !(clone_flags & CLONE_VM))
		return ERR_PTR(-EINVAL);
	if (nr_threads >= max_threads)
		return ERR_PTR(-EAGAIN);
	p = dup_task_struct(current);
	if (!p)
		return ERR_PTR(-ENOMEM);
	p->flags &= ~(PF_SUPERPRIV | PF_WQ_WORKER | PF_IDLE | PF_NO_SETAFFINITY);
	p->flags |= PF_FORKNOEXEC;
	if (args->kthread)
		p->flags |= PF_KTHREAD;
	else
		p->flags &= ~PF_KTHREAD;
	p->set_child_tid = (clone_flags & CLONE_CHILD_SETTID) ? args->child_tid : NULL;
	p->clear_child_tid = (clone_flags & CLONE_CHILD_CLEARTID) ? args->child_tid : NULL;
	if (args->name)
		strscpy_pad(p->comm, args->name, sizeof(p->comm));
	copy_creds(p, clone_flags);
	INIT_LIST_HEAD(&p->children);
	INIT_LIST_HEAD(&p->sibling);
	p->vfork_done = NULL;
	p->worker_private = NULL;
	spin_lock_init(&p->alloc_lock);
	raw_spin_lock_init(&p->pi_lock);
	init_sigpending(&p->pending);
	p->utime = p->stime = p->gtime = 0;
	p->exit_state = 0;
	p->exit_code = 0;
	p->restore_sigmask = false;
	p->restart_block.fn = NULL;
	p->start_time = (u64)ktime_get();
	p->start_boottime = p->start_time;
	p->pdeath_signal = 0;
	sched_fork(clone_flags, p);

	retval = security_task_alloc(p, clone_flags);
	if (retval)
		goto bad_fork_cleanup_creds;
	retval = copy_files(clone_flags, p);
	if (retval)
		goto bad_fork_cleanup_creds;
	retval = copy_fs(clone_flags, p);
	if (retval)
		goto bad_fork_cleanup_files;
	retval = copy_sighand(clone_flags, p);
	if (retval)
		goto bad_fork_cleanup_fs;
	retval = copy_signal(clone_flags, p);
	if (retval)
		goto bad_fork_cleanup_sighand;
	retval = copy_mm(clone_flags, p);
	if (retval)
		goto bad_fork_cleanup_signal;
	retval = copy_thread(p, args);
	if (retval)
		goto bad_fork_cleanup_mm;
	if (!pid) {
		pid = alloc_pid();
		if (IS_ERR(pid)) {
			retval = PTR_ERR(pid);
			goto bad_fork_cleanup_mm;
		}
	}

	p->pid = pid_nr(pid);
	p->thread_pid = pid;
	p->sas_ss_sp = p->sas_ss_size = 0;
	if (clone_flags & CLONE_THREAD) {
		p->group_leader = current->group_leader;
		p->tgid = current->tgid;
		p->exit_signal = -1;
	} else {
		p->group_leader = p;
		p->tgid = p->pid;
		p->exit_signal = (clone_flags & CLONE_PARENT) ? current->group_leader->exit_signal : args->exit_signal;
	}
	INIT_LIST_HEAD(&p->thread_group);
	INIT_LIST_HEAD(&p->tasks);

	write_lock_irq(&tasklist_lock);
	p->real_parent = (clone_flags & (CLONE_PARENT | CLONE_THREAD)) ? current->real_parent : current;
	p->parent = p->real_parent;
	if (fatal_signal_pending(current)) {
		write_unlock_irq(&tasklist_lock);
		retval = -EINTR;
		goto bad_fork_free_pid;
	}
	if (p->pid) {
		if (thread_group_leader(p)) {
			p->signal->pids[PIDTYPE_TGID] = pid;
			p->signal->pids[PIDTYPE_PGID] = task_pgrp(current);
			p->signal->pids[PIDTYPE_SID] = task_session(current);
			list_add_tail(&p->sibling, &p->real_parent->children);
			list_add_tail_rcu(&p->tasks, &init_task.tasks);
			attach_pid(p, PIDTYPE_TGID);
			attach_pid(p, PIDTYPE_PGID);
			attach_pid(p, PIDTYPE_SID);
		} else {
			current->signal->nr_threads++;
			atomic_inc(&current->signal->live);
			refcount_inc(&current->signal->sigcnt);
			list_add_tail_rcu(&p->thread_group, &p->group_leader->thread_group);
			list_add_tail_rcu(&p->thread_node, &p->signal->thread_head);
		}
		attach_pid(p, PIDTYPE_PID);
		nr_threads++;
	}
	total_forks++;
	write_unlock_irq(&tasklist_lock);
	return p;

bad_fork_free_pid:
	if (pid != &init_struct_pid)
		free_pid(pid);
bad_fork_cleanup_mm:
	if (p->mm) {
		mm_release(p, p->mm);
		mmput(p->mm);
	}
bad_fork_cleanup_signal:
	if (!(clone_flags & CLONE_THREAD))
		free_signal_struct(p->signal);
bad_fork_cleanup_sighand:
	__cleanup_sighand(p->sighand);
bad_fork_cleanup_fs:
	exit_fs(p);
bad_fork_cleanup_files:
	exit_files(p);
bad_fork_cleanup_creds:
	exit_creds(p);
	free_task(p);
	return ERR_PTR(retval);
}

/* vfork: wait until the child has exited or executed a program. */
static int wait_for_vfork_done(struct task_struct *child, struct completion *vfork)
{
	int killed = wait_for_completion_killable(vfork);

	if (killed) {
		task_lock(child);
		child->vfork_done = NULL;
		task_unlock(child);
	}
	put_task_struct(child);
	return killed;
}

/* Make a task and let it run. Returns its pid, or -errno. */
noinline pid_t kernel_clone(struct kernel_clone_args *args)
{
	u64 clone_flags = args->flags;
	struct completion vfork;
	struct task_struct *p;
	pid_t nr;

	p = copy_process(NULL, args);
	if (IS_ERR(p))
		return PTR_ERR(p);
	nr = p->pid;
	if (clone_flags & CLONE_PARENT_SETTID)
		put_user(nr, args->parent_tid);
	if (clone_flags & CLONE_VFORK) {
		p->vfork_done = &vfork;
		init_completion(&vfork);
		get_task_struct(p);
	}
	wake_up_new_task(p);
	if (clone_flags & CLONE_VFORK)
		wait_for_vfork_done(p, &vfork);
	return nr;
}

noinline pid_t _do_fork(struct kernel_clone_args *args)
{
	return kernel_clone(args);
}

noinline pid_t do_fork(struct kernel_clone_args *args)
{
	return _do_fork(args);
}

/* A kernel thread: fn runs in it, in the kernel's address space. */
pid_t kernel_thread(int (*fn)(void *), void *arg, unsigned long flags)
{
	struct kernel_clone_args args = {
		.flags = (flags | CLONE_VM | CLONE_UNTRACED) & ~CSIGNAL,
		.exit_signal = flags & CSIGNAL,
		.fn = fn,
		.fn_arg = arg,
		.kthread = 1,
	};

	return kernel_clone(&args);
}

/* A task that begins in the kernel and will execute a program: the first process. */
pid_t user_mode_thread(int (*fn)(void *), void *arg, unsigned long flags)
{
	struct kernel_clone_args args = {
		.flags = (flags | CLONE_VM | CLONE_UNTRACED) & ~CSIGNAL,
		.exit_signal = flags & CSIGNAL,
		.fn = fn,
		.fn_arg = arg,
	};

	return kernel_clone(&args);
}

static int idle_dummy(void *dummy)
{
	return 0;
}

struct task_struct *fork_idle(int cpu)
{
	struct kernel_clone_args args = { .flags = CLONE_VM, .fn = idle_dummy, .kthread = 1 };
	struct task_struct *task = copy_process(&init_struct_pid, &args);

	if (!IS_ERR(task)) {
		snprintf(task->comm, sizeof(task->comm), "swapper/%d", cpu);
		task->active_mm = &init_mm;
		mmgrab(&init_mm);
		init_idle(task, cpu);
	}
	return task;
}

SYSCALL_DEFINE0(fork)
{
	struct kernel_clone_args args = { .exit_signal = SIGCHLD };

	return do_fork(&args);
}

SYSCALL_DEFINE0(vfork)
{
	struct kernel_clone_args args = { .flags = CLONE_VFORK | CLONE_VM, .exit_signal = SIGCHLD };

	return do_fork(&args);
}

SYSCALL_DEFINE5(clone, unsigned long, clone_flags, unsigned long, newsp, int __user *, parent_tidptr,
		int __user *, child_tidptr, unsigned long, tls)
{
	struct kernel_clone_args args = {
		.flags = (u32)clone_flags & ~CSIGNAL,
		.child_tid = child_tidptr,
		.parent_tid = parent_tidptr,
		.exit_signal = clone_flags & CSIGNAL,
		.stack = newsp,
		.tls = tls,
	};

	return do_fork(&args);
}

/* clone3's argument as user programs lay it out. */
struct clone_args {
	u64 flags, pidfd, child_tid, parent_tid, exit_signal, stack, stack_size, tls, set_tid, set_tid_size, cgroup;
};

SYSCALL_DEFINE2(clone3, struct clone_args __user *, uargs, size_t, size)
{
	struct kernel_clone_args kargs;
	struct clone_args args;
	int error;

	if (size < 64)
		return -EINVAL;
	error = copy_struct_from_user(&args, sizeof(args), uargs, size);
	if (error)
		return error;
	if (args.set_tid || args.pidfd || args.exit_signal > _NSIG || (!args.stack != !args.stack_size))
		return -EINVAL;
	kargs = (struct kernel_clone_args) {
		.flags = args.flags,
		.child_tid = u64_to_user_ptr(args.child_tid),
		.parent_tid = u64_to_user_ptr(args.parent_tid),
		.exit_signal = (int)args.exit_signal,
		.stack = args.stack ? args.stack + args.stack_size : 0,
		.tls = args.tls,
	};
	return kernel_clone(&kargs);
}

SYSCALL_DEFINE1(set_tid_address, int __user *, tidptr)
{
	current->clear_child_tid = tidptr;
	return task_pid_vnr(current);
}

void __init fork_init(void)
{
	mmap_init();
	task_struct_cachep = KMEM_CACHE(task_struct, SLAB_PANIC);
	mm_cache_init();
	signal_cachep = KMEM_CACHE(signal_struct, SLAB_PANIC);
	sighand_cachep = KMEM_CACHE(sighand_struct, SLAB_PANIC);
	/* A task needs a stack and a few pages: no more than would use an eighth of memory. */
	max_threads = clamp_t(long, totalram_pages() / (8 * (THREAD_SIZE / PAGE_SIZE)), 64, 32768);
	init_task.signal->rlim[RLIMIT_NPROC][0] = max_threads / 2;
	init_task.signal->rlim[RLIMIT_NPROC][1] = max_threads / 2;
}
