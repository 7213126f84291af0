/*
 * /proc/PID/stat, status and statm: a task's numbers, in the layouts that ps and top read.
 */
#include <linux/cred.h>
#include <linux/fdtable.h>
#include <linux/fs_struct.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/sched.h>
#include <linux/seq_file.h>
#include <linux/signal.h>
#include <linux/tty.h>
#include <asm/processor.h>
#include "internal.h"

#define NSEC_PER_CLOCK_TICK	10000000ULL	/* user space counts in hundredths of a second */

static const char *state_text(char state)
{
	switch (state) {
	case 'R': return "R (running)";
	case 'S': return "S (sleeping)";
	case 'D': return "D (disk sleep)";
	case 'T': return "T (stopped)";
	case 't': return "t (tracing stop)";
	case 'X': return "X (dead)";
	case 'Z': return "Z (zombie)";
	case 'P': return "P (parked)";
	default: return "I (idle)";
	}
}

static unsigned long kib(unsigned long pages)
{
	return pages << (PAGE_SHIFT - 10);
}

static void task_mem(struct seq_file *m, struct mm_struct *mm)
{
	unsigned long text = (PAGE_ALIGN(mm->end_code) - (mm->start_code & PAGE_MASK)) >> 10;

	seq_printf(m, "VmPeak:\t%8lu kB\nVmSize:\t%8lu kB\nVmRSS:\t%8lu kB\nRssAnon:\t%8lu kB\nRssFile:\t%8lu kB\n",
		   kib(mm->hiwater_vm > mm->total_vm ? mm->hiwater_vm : mm->total_vm), kib(mm->total_vm),
		   kib(get_mm_rss(mm)), kib(get_mm_counter(mm, MM_ANONPAGES)), kib(get_mm_counter(mm, MM_FILEPAGES)));
	seq_printf(m, "VmData:\t%8lu kB\nVmStk:\t%8lu kB\nVmExe:\t%8lu kB\n",
		   kib(mm->data_vm), kib(mm->stack_vm), text);
}

static unsigned long ignored_signals(struct task_struct *task)
{
	unsigned long mask = 0;
	int sig;

	for (sig = 1; sig <= _NSIG; sig++)
		if (task->sighand->action[sig - 1].sa.sa_handler == SIG_IGN)
			mask |= sigmask(sig);
	return mask;
}

static unsigned long caught_signals(struct task_struct *task)
{
	unsigned long mask = 0;
	int sig;

	for (sig = 1; sig <= _NSIG; sig++) {
		__sighandler_t handler = task->sighand->action[sig - 1].sa.sa_handler;

		if (handler != SIG_IGN && handler != SIG_DFL)
			mask |= sigmask(sig);
	}
	return mask;
}

int proc_pid_status(struct seq_file *m, struct task_struct *task)
{
	struct mm_struct *mm = get_task_mm(task);
	const struct cred *cred = get_task_cred(task);
	char comm[TASK_COMM_LEN];

	get_task_comm(comm, task);
	seq_printf(m, "Name:\t%s\n", comm);
	if (task->fs)
		seq_printf(m, "Umask:\t%#04o\n", task->fs->umask);
	seq_printf(m, "State:\t%s\n", state_text(task_state_to_char(task)));
	seq_printf(m, "Tgid:\t%d\nPid:\t%d\nPPid:\t%d\nTracerPid:\t0\n", task->tgid, task->pid, task_ppid_nr(task));
	seq_printf(m, "Uid:\t%u\t%u\t%u\t%u\n", __kuid_val(cred->uid), __kuid_val(cred->euid),
		   __kuid_val(cred->suid), __kuid_val(cred->fsuid));
	seq_printf(m, "Gid:\t%u\t%u\t%u\t%u\n", __kgid_val(cred->gid), __kgid_val(cred->egid),
		   __kgid_val(cred->sgid), __kgid_val(cred->fsgid));
	seq_printf(m, "FDSize:\t%u\n", task->files ? task->files->fdt->max_fds : 0);
	if (mm) {
		task_mem(m, mm);
		mmput(mm);
	}
	if (task->signal && task->sighand) {
		seq_printf(m, "Threads:\t%d\n", task->signal->nr_threads);
		seq_printf(m, "SigPnd:\t%016lx\nShdPnd:\t%016lx\nSigBlk:\t%016lx\nSigIgn:\t%016lx\nSigCgt:\t%016lx\n",
			   task->pending.signal.sig[0], task->signal->shared_pending.signal.sig[0],
			   task->blocked.sig[0], ignored_signals(task), caught_signals(task));
	}
	seq_printf(m, "voluntary_ctxt_switches:\t%lu\nnonvoluntary_ctxt_switches:\t%lu\n", task->nvcsw, task->nivcsw);
	put_cred(cred);
	return 0;
}

/* The 52 numbers of /proc/PID/stat, in proc(5)'s order. */
int proc_tgid_stat(struct seq_file *m, struct task_struct *task)
{
	struct mm_struct *mm = get_task_mm(task);
	struct tty_struct *tty = task->signal ? task->signal->tty : NULL;
	char comm[TASK_COMM_LEN];

	get_task_comm(comm, task);
	seq_printf(m, "%d (%s) %c %d %d %d %d %d %u", task->pid, comm, task_state_to_char(task), task_ppid_nr(task),
		   task_pgrp_nr(task), task_session_nr(task), tty ? (int)new_encode_dev(tty->dev) : 0,
		   tty ? tty->pgrp : -1, task->flags);
	seq_printf(m, " %lu 0 %lu 0 %llu %llu 0 0", task->min_flt, task->maj_flt, task->utime / NSEC_PER_CLOCK_TICK,
		   task->stime / NSEC_PER_CLOCK_TICK);
	seq_printf(m, " %d %d %d 0 %llu", task->prio - MAX_RT_PRIO, task_nice(task),
		   task->signal ? task->signal->nr_threads : 1, task->start_time / NSEC_PER_CLOCK_TICK);
	seq_printf(m, " %lu %lu %lu %lu %lu %lu 0 0", mm ? mm->total_vm << PAGE_SHIFT : 0, mm ? get_mm_rss(mm) : 0,
		   ~0UL, mm ? mm->start_code : 0, mm ? mm->end_code : 0, mm ? mm->start_stack : 0);
	seq_printf(m, " %lu %lu 0 0 0 0 0 %d %d %u %u 0 0 0", task->pending.signal.sig[0] & 0x7fffffffUL,
		   task->blocked.sig[0] & 0x7fffffffUL, task->exit_signal, task_cpu(task), task->rt_priority,
		   task->policy);
	seq_printf(m, " %lu %lu %lu %lu %lu %lu %lu %d\n", mm ? mm->start_data : 0, mm ? mm->end_data : 0,
		   mm ? mm->start_brk : 0, mm ? mm->arg_start : 0, mm ? mm->arg_end : 0, mm ? mm->env_start : 0,
		   mm ? mm->env_end : 0, task->exit_code);
	if (mm)
		mmput(mm);
	return 0;
}

int proc_pid_statm(struct seq_file *m, struct task_struct *task)
{
	struct mm_struct *mm = get_task_mm(task);

	if (!mm) {
		seq_puts(m, "0 0 0 0 0 0 0\n");
		return 0;
	}
	seq_printf(m, "%lu %lu %lu %lu 0 %lu 0\n", mm->total_vm, get_mm_rss(mm), get_mm_counter(mm, MM_FILEPAGES),
		   (PAGE_ALIGN(mm->end_code) - (mm->start_code & PAGE_MASK)) >> PAGE_SHIFT,
		   mm->data_vm + mm->stack_vm);
	mmput(mm);
	return 0;
}
