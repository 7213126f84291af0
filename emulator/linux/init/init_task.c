/*
 * Task 0: the context in which the kernel boots, and then CPU 0's idle task. Every other task is a copy of a copy of
 * it.
 */
#include <linux/cred.h>
#include <linux/fdtable.h>
#include <linux/fs_struct.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/resource.h>
#include <linux/sched.h>

unsigned long init_stack[THREAD_SIZE / sizeof(unsigned long)] __aligned(THREAD_SIZE) = { STACK_END_MAGIC };

#define UNLIMITED { RLIM_INFINITY, RLIM_INFINITY }

struct signal_struct init_signals = {
	.sigcnt = REFCOUNT_INIT(1),
	.nr_threads = 1,
	.live = ATOMIC_INIT(1),
	.thread_head = LIST_HEAD_INIT(init_task.thread_node),
	.wait_chldexit = __WAIT_QUEUE_HEAD_INITIALIZER(init_signals.wait_chldexit),
	.shared_pending = { .list = LIST_HEAD_INIT(init_signals.shared_pending.list) },
	.pids = { [PIDTYPE_TGID] = &init_struct_pid, [PIDTYPE_PGID] = &init_struct_pid, [PIDTYPE_SID] = &init_struct_pid },
	.rlim = {
		[RLIMIT_CPU] = UNLIMITED, [RLIMIT_FSIZE] = UNLIMITED, [RLIMIT_DATA] = UNLIMITED,
		[RLIMIT_STACK] = { 8UL << 20, RLIM_INFINITY }, [RLIMIT_CORE] = { 0, RLIM_INFINITY },
		[RLIMIT_RSS] = UNLIMITED, [RLIMIT_NPROC] = { 0, 0 }, [RLIMIT_NOFILE] = { 1024, 4096 },
		[RLIMIT_MEMLOCK] = { 65536, 65536 }, [RLIMIT_AS] = UNLIMITED,
	},
};

struct sighand_struct init_sighand = {
	.count = REFCOUNT_INIT(1),
	.siglock = __SPIN_LOCK_UNLOCKED(init_sighand.siglock),
	.signalfd_wqh = __WAIT_QUEUE_HEAD_INITIALIZER(init_sighand.signalfd_wqh),
};

struct task_struct init_task = {
	.stack = init_stack,
	.usage = REFCOUNT_INIT(2),
	.flags = PF_KTHREAD,
	.prio = DEFAULT_PRIO,
	.static_prio = DEFAULT_PRIO,
	.normal_prio = DEFAULT_PRIO,
	.policy = SCHED_NORMAL,
	.nr_cpus_allowed = CONFIG_NR_CPUS,
	.cpus_mask = { { ~0UL } },
	.active_mm = &init_mm,
	.tasks = LIST_HEAD_INIT(init_task.tasks),
	.real_parent = &init_task,
	.parent = &init_task,
	.children = LIST_HEAD_INIT(init_task.children),
	.sibling = LIST_HEAD_INIT(init_task.sibling),
	.group_leader = &init_task,
	.real_cred = &init_cred,
	.cred = &init_cred,
	.comm = "swapper/0",
	.fs = &init_fs,
	.files = &init_files,
	.signal = &init_signals,
	.sighand = &init_sighand,
	.pending = { .list = LIST_HEAD_INIT(init_task.pending.list) },
	.alloc_lock = __SPIN_LOCK_UNLOCKED(init_task.alloc_lock),
	.pi_lock = __RAW_SPIN_LOCK_UNLOCKED(init_task.pi_lock),
	.thread_pid = &init_struct_pid,
	.thread_group = LIST_HEAD_INIT(init_task.thread_group),
	.thread_node = LIST_HEAD_INIT(init_signals.thread_head),
};
EXPORT_SYMBOL(init_task);
