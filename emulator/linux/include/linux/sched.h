/* Tasks and the scheduler. */
#ifndef _LINUX_SCHED_H
#define _LINUX_SCHED_H

#include <linux/cpumask.h>
#include <linux/kernel.h>
#include <linux/list.h>
#include <linux/llist.h>
#include <linux/mutex.h>
#include <linux/pid.h>
#include <linux/rbtree.h>
#include <linux/rcupdate.h>
#include <linux/signal.h>
#include <linux/wait.h>
#include <linux/thread_info.h>
#include <linux/time64.h>
#include <linux/uidgid.h>
#include <asm/processor.h>

struct completion;
struct cred;
struct io_context;
struct timer_list;
struct files_struct;
struct fs_struct;
struct mm_struct;
struct nsproxy;
struct sched_class;
struct sighand_struct;
struct signal_struct;
struct tty_struct;
struct vm_struct;

#define TASK_RUNNING 0x00000000
#define TASK_INTERRUPTIBLE 0x00000001
#define TASK_UNINTERRUPTIBLE 0x00000002
#define __TASK_STOPPED 0x00000004
#define __TASK_TRACED 0x00000008
#define EXIT_DEAD 0x00000010
#define EXIT_ZOMBIE 0x00000020
#define TASK_PARKED 0x00000040
#define TASK_DEAD 0x00000080
#define TASK_WAKEKILL 0x00000100
#define TASK_WAKING 0x00000200
#define TASK_NOLOAD 0x00000400
#define TASK_NEW 0x00000800
#define TASK_KILLABLE (TASK_WAKEKILL | TASK_UNINTERRUPTIBLE)
#define TASK_STOPPED (TASK_WAKEKILL | __TASK_STOPPED)
#define TASK_IDLE (TASK_UNINTERRUPTIBLE | TASK_NOLOAD)
#define TASK_NORMAL (TASK_INTERRUPTIBLE | TASK_UNINTERRUPTIBLE)
#define TASK_ALL 0x3ff
#define TASK_REPORT 0x7f

#define PF_IDLE 0x00000002
#define PF_EXITING 0x00000004
#define PF_WQ_WORKER 0x00000020
#define PF_FORKNOEXEC 0x00000040
#define PF_SUPERPRIV 0x00000100
#define PF_DUMPCORE 0x00000200
#define PF_SIGNALED 0x00000400
#define PF_MEMALLOC 0x00000800
#define PF_NPROC_EXCEEDED 0x00001000
#define PF_NO_SETAFFINITY 0x04000000
#define PF_KTHREAD 0x00200000
#define PF_RANDOMIZE 0x00400000

#define SCHED_NORMAL 0
#define SCHED_FIFO 1
#define SCHED_RR 2
#define SCHED_BATCH 3
#define SCHED_IDLE 5
#define MAX_NICE 19
#define MIN_NICE (-20)
#define MAX_RT_PRIO 100
#define MAX_PRIO 140
#define DEFAULT_PRIO 120
#define NICE_TO_PRIO(nice) ((nice) + DEFAULT_PRIO)
#define PRIO_TO_NICE(prio) ((prio) - DEFAULT_PRIO)
#define TASK_COMM_LEN 16

#define CLONE_VM 0x00000100
#define CLONE_FS 0x00000200
#define CLONE_FILES 0x00000400
#define CLONE_SIGHAND 0x00000800
#define CLONE_PTRACE 0x00002000
#define CLONE_VFORK 0x00004000
#define CLONE_PARENT 0x00008000
#define CLONE_THREAD 0x00010000
#define CLONE_SYSVSEM 0x00040000
#define CLONE_SETTLS 0x00080000
#define CLONE_PARENT_SETTID 0x00100000
#define CLONE_CHILD_CLEARTID 0x00200000
#define CLONE_UNTRACED 0x00800000
#define CLONE_CHILD_SETTID 0x01000000
#define CSIGNAL 0x000000ff

/* What the fair scheduler keeps for each task. */
struct sched_entity {
	unsigned long load_weight;
	struct rb_node run_node;
	unsigned int on_rq;
	u64 exec_start;
	u64 sum_exec_runtime;
	u64 vruntime;
	u64 prev_sum_exec_runtime;
	u64 nr_migrations;
};

struct restart_block {
	long (*fn)(struct restart_block *);
	u64 expires;
	void __user *rmtp;
	clockid_t clockid;
};

struct task_struct {
	struct thread_info thread_info;	/* must be first */
	unsigned int __state __former_name("state");
	void *stack;			/* lowest address of the kernel stack */
	refcount_t usage;
	unsigned int flags;
	unsigned int ptrace;

	int on_cpu;			/* running right now */
	int on_rq;			/* on a run queue, or running */
	int wake_cpu;
	int recent_used_cpu;
	int prio;
	int static_prio;
	int normal_prio;
	unsigned int rt_priority;
	struct sched_entity se;
	const struct sched_class *sched_class;
	unsigned int policy;
	int nr_cpus_allowed;
	cpumask_t cpus_mask;

	struct list_head tasks;		/* all processes, from init_task */
	struct mm_struct *mm;		/* NULL for a kernel thread */
	struct mm_struct *active_mm;	/* the address space that it runs in, its own or borrowed */

	int exit_state;
	int exit_code;
	int exit_signal;
	int pdeath_signal;
	unsigned int personality;
	unsigned in_execve : 1;
	unsigned no_new_privs : 1;

	pid_t pid;			/* thread */
	pid_t tgid;			/* process */
	struct task_struct *real_parent;
	struct task_struct *parent;	/* who gets SIGCHLD and waits */
	struct list_head children;
	struct list_head sibling;
	struct task_struct *group_leader;
	struct pid *thread_pid;
	struct hlist_node pid_links[PIDTYPE_MAX];
	struct list_head thread_group;
	struct list_head thread_node;

	struct completion *vfork_done;
	int __user *set_child_tid;
	int __user *clear_child_tid;
	void *worker_private;		/* kthread data */

	u64 utime;			/* ns */
	u64 stime;
	u64 utimescaled;
	u64 gtime;
	unsigned long nvcsw;
	unsigned long nivcsw;
	u64 start_time;			/* monotonic, ns */
	u64 start_boottime;
	unsigned long min_flt;
	unsigned long maj_flt;

	uid_t uid;			/* cred->uid, where kernels before 2.6.29 had it */
	const struct cred *ptracer_cred;
	const struct cred *real_cred;
	const struct cred *cred;
	char comm[TASK_COMM_LEN];
	struct fs_struct *fs;
	struct files_struct *files;
	struct io_context *io_context;
	struct nsproxy *nsproxy;
	struct signal_struct *signal;
	struct sighand_struct *sighand;
	sigset_t blocked;
	sigset_t real_blocked;
	sigset_t saved_sigmask;
	struct sigpending pending;
	bool restore_sigmask;
	unsigned long sas_ss_sp;
	size_t sas_ss_size;
	unsigned int sas_ss_flags;
	struct restart_block restart_block;

	spinlock_t alloc_lock;		/* protects mm, files, fs, comm */
	raw_spinlock_t pi_lock;		/* protects waking it */
	void *journal_info;
	void *security;
	struct llist_head kretprobe_instances;
	struct vm_struct *stack_vm_area;
	unsigned long last_switch_count;
	unsigned long last_switch_time;
	struct rcu_head rcu;
	struct thread_struct thread;	/* must be last, as on Linux */
};

/* What the threads of a process share. */
struct signal_struct {
	refcount_t sigcnt;
	atomic_t live;
	int nr_threads;
	struct list_head thread_head;
	struct wait_queue_head wait_chldexit;
	struct task_struct *curr_target;
	struct sigpending shared_pending;
	int group_exit_code;
	struct task_struct *group_exec_task;
	int group_stop_count;
	unsigned int flags;
	struct pid *pids[PIDTYPE_MAX];
	int leader;
	struct tty_struct *tty;
	u64 utime, stime, cutime, cstime;
	unsigned long nvcsw, nivcsw, cnvcsw, cnivcsw, min_flt, maj_flt, cmin_flt, cmaj_flt;
	unsigned long rlim[16][2];
	struct timer_list *real_timer;
	u64 it_real_incr;
	unsigned char oom_score_adj;
};

#define SIGNAL_STOP_STOPPED 0x00000001
#define SIGNAL_STOP_CONTINUED 0x00000002
#define SIGNAL_GROUP_EXIT 0x00000004
#define SIGNAL_UNKILLABLE 0x00000040

struct sighand_struct {
	spinlock_t siglock;
	refcount_t count;
	struct wait_queue_head signalfd_wqh;
	struct k_sigaction action[_NSIG];
};

extern struct task_struct init_task;
extern struct signal_struct init_signals;
extern struct sighand_struct init_sighand;
extern rwlock_t tasklist_lock;
extern unsigned long init_stack[THREAD_SIZE / sizeof(unsigned long)];
extern int nr_threads;
extern unsigned long total_forks;

#define task_is_running(task) (READ_ONCE((task)->__state) == TASK_RUNNING)
#define __set_current_state(state_value) WRITE_ONCE(current->__state, (state_value))
#define set_current_state(state_value) smp_store_mb(current->__state, (state_value))
#define get_current_state() READ_ONCE(current->__state)
#define set_task_state(task, state_value) WRITE_ONCE((task)->__state, (state_value))
#define task_thread_info(task) (&(task)->thread_info)
#define task_stack_page(task) ((void *)(task)->stack)
#define task_cpu(p) ((unsigned int)READ_ONCE((p)->thread_info.cpu))

static inline pid_t task_pid_nr(struct task_struct *tsk)
{
	return tsk->pid;
}

static inline pid_t task_tgid_nr(struct task_struct *tsk)
{
	return tsk->tgid;
}

#define task_pid_vnr(tsk) task_pid_nr(tsk)
#define task_tgid_vnr(tsk) task_tgid_nr(tsk)
#define task_pid(task) ((task)->thread_pid)
#define task_tgid(task) ((task)->signal->pids[PIDTYPE_TGID])
#define task_pgrp(task) ((task)->signal->pids[PIDTYPE_PGID])
#define task_session(task) ((task)->signal->pids[PIDTYPE_SID])
#define task_pgrp_nr(task) pid_nr(task_pgrp(task))
#define task_pgrp_vnr(task) task_pgrp_nr(task)
#define task_session_nr(task) pid_nr(task_session(task))
#define task_session_vnr(task) task_session_nr(task)
#define task_ppid_nr(task) ((task)->real_parent->tgid)
#define is_global_init(tsk) ((tsk)->tgid == 1)
#define thread_group_leader(p) ((p)->exit_signal >= 0)
#define same_thread_group(p1, p2) ((p1)->signal == (p2)->signal)
#define thread_group_empty(p) list_empty(&(p)->thread_group)

static inline struct task_struct *next_task_entry(struct task_struct *p)
{
	return list_entry(p->tasks.next, struct task_struct, tasks);
}

#define next_task(p) next_task_entry(p)
#define for_each_process(p) for (p = &init_task; (p = next_task(p)) != &init_task;)
#define next_thread(t) list_entry((t)->thread_group.next, struct task_struct, thread_group)
#define while_each_thread(g, t) while ((t = next_thread(t)) != g)
#define do_each_thread(g, t) for (g = t = &init_task; (g = t = next_task(g)) != &init_task;) do
#define for_each_thread(p, t) list_for_each_entry(t, &(p)->signal->thread_head, thread_node)
#define for_each_process_thread(p, t) for_each_process(p) for_each_thread(p, t)

static inline void set_tsk_thread_flag(struct task_struct *tsk, int flag)
{
	set_bit(flag, &tsk->thread_info.flags);
}

static inline void clear_tsk_thread_flag(struct task_struct *tsk, int flag)
{
	clear_bit(flag, &tsk->thread_info.flags);
}

static inline int test_tsk_thread_flag(struct task_struct *tsk, int flag)
{
	return test_bit(flag, &tsk->thread_info.flags);
}

#define set_tsk_need_resched(tsk) set_tsk_thread_flag(tsk, TIF_NEED_RESCHED)
#define clear_tsk_need_resched(tsk) clear_tsk_thread_flag(tsk, TIF_NEED_RESCHED)
#define test_tsk_need_resched(tsk) test_tsk_thread_flag(tsk, TIF_NEED_RESCHED)
#define need_resched() tif_need_resched()

static inline int task_sigpending(struct task_struct *p)
{
	return test_tsk_thread_flag(p, TIF_SIGPENDING);
}

#define signal_pending(p) task_sigpending(p)

static inline int __fatal_signal_pending(struct task_struct *p)
{
	return sigismember(&p->pending.signal, SIGKILL);
}

static inline int fatal_signal_pending(struct task_struct *p)
{
	return task_sigpending(p) && __fatal_signal_pending(p);
}

static inline int signal_pending_state(unsigned int state, struct task_struct *p)
{
	if (!(state & (TASK_INTERRUPTIBLE | TASK_WAKEKILL)) || !signal_pending(p))
		return 0;
	return (state & TASK_INTERRUPTIBLE) || __fatal_signal_pending(p);
}

static inline struct task_struct *get_task_struct(struct task_struct *t)
{
	refcount_inc(&t->usage);
	return t;
}

extern void __put_task_struct(struct task_struct *t);

static inline void put_task_struct(struct task_struct *t)
{
	if (refcount_dec_and_test(&t->usage))
		__put_task_struct(t);
}

static inline void task_lock(struct task_struct *p)
{
	spin_lock(&p->alloc_lock);
}

static inline void task_unlock(struct task_struct *p)
{
	spin_unlock(&p->alloc_lock);
}

/* sched/core.c */
extern void schedule(void);
extern void schedule_preempt_disabled(void);
extern void io_schedule(void);
#define MAX_SCHEDULE_TIMEOUT LONG_MAX
extern long schedule_timeout(long timeout);
extern long schedule_timeout_interruptible(long timeout);
extern long schedule_timeout_killable(long timeout);
extern long schedule_timeout_uninterruptible(long timeout);
extern long schedule_timeout_idle(long timeout);
extern int wake_up_state(struct task_struct *tsk, unsigned int state);
extern int wake_up_process(struct task_struct *tsk);
extern int try_to_wake_up(struct task_struct *p, unsigned int state, int wake_flags);
extern void wake_up_new_task(struct task_struct *tsk);
extern void sched_init(void);
extern void sched_fork(unsigned long clone_flags, struct task_struct *p);
extern void scheduler_tick(void);
extern void schedule_tail(struct task_struct *prev);
extern void __noreturn do_task_dead(void);
extern void yield(void);
extern int task_nice(const struct task_struct *p);
extern void set_user_nice(struct task_struct *p, long nice);
extern int task_prio(const struct task_struct *p);
extern int set_cpus_allowed_ptr(struct task_struct *p, const struct cpumask *new_mask);
extern void init_idle(struct task_struct *idle, int cpu);
extern void cpu_startup_entry(void) __noreturn;
extern unsigned long nr_running(void);
extern unsigned long long nr_context_switches(void);
extern unsigned int task_state_index(struct task_struct *tsk);
extern char task_state_to_char(struct task_struct *tsk);
extern void sched_show_task(struct task_struct *p);
extern u64 sched_clock(void);
extern struct task_struct *idle_task(int cpu);
extern struct task_struct *curr_task(int cpu);
extern void get_avenrun(unsigned long *loads);
extern int do_nanosleep_ns(u64 ns);

/* fork.c, exit.c */
struct kernel_clone_args {
	u64 flags;
	int __user *pidfd;
	int __user *child_tid;
	int __user *parent_tid;
	const char *name;
	int exit_signal;
	unsigned kthread : 1;
	unsigned long stack;
	unsigned long stack_size;
	unsigned long tls;
	int (*fn)(void *);
	void *fn_arg;
};
extern pid_t kernel_clone(struct kernel_clone_args *args);
extern pid_t do_fork(struct kernel_clone_args *args);
extern pid_t _do_fork(struct kernel_clone_args *args);
extern pid_t kernel_thread(int (*fn)(void *), void *arg, unsigned long flags);
extern pid_t user_mode_thread(int (*fn)(void *), void *arg, unsigned long flags);
extern struct task_struct *fork_idle(int cpu);
extern void fork_init(void);
extern void release_task(struct task_struct *p);
extern void __noreturn do_exit(long code);
extern void __noreturn do_group_exit(int exit_code);
extern void __noreturn make_task_dead(int signr);
extern void mm_release(struct task_struct *tsk, struct mm_struct *mm);
extern long kernel_wait4(pid_t upid, int __user *stat_addr, int options, void *ru);
struct k_stat;
extern void __set_task_comm(struct task_struct *tsk, const char *buf, bool exec);
extern char *__get_task_comm(char *buf, size_t buf_size, struct task_struct *tsk);
#define get_task_comm(buf, tsk) __get_task_comm(buf, sizeof(buf), tsk)
#define set_task_comm(tsk, from) __set_task_comm(tsk, from, false)
#define is_idle_task(p) (!!((p)->flags & PF_IDLE))
extern void task_cputime_adjusted(struct task_struct *p, u64 *ut, u64 *st);
extern int de_thread(struct task_struct *tsk);
extern void exec_task_namespaces(void);
extern unsigned long rlimit(unsigned int limit);

#endif
