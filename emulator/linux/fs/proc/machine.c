/*
 * The files of /proc about the machine as a whole: meminfo, uptime, loadavg, version, cpuinfo, stat, cmdline; and
 * those that the host serves.
 */
#include <linux/fs.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/ktime.h>
#include <linux/mm.h>
#include <linux/proc_fs.h>
#include <linux/sched.h>
#include <linux/seq_file.h>
#include <linux/smp.h>
#include <linux/cpumask.h>
#include <linux/timekeeping.h>
#include <linux/utsname.h>
#include "../hostfs/hostfs.h"
#include "internal.h"

static unsigned long kib(unsigned long pages)
{
	return pages << (PAGE_SHIFT - 10);
}

static int meminfo_proc_show(struct seq_file *m, void *v)
{
	unsigned long total = totalram_pages();
	unsigned long available = nr_free_pages();

	seq_printf(m, "MemTotal:       %8lu kB\n", kib(total));
	seq_printf(m, "MemFree:        %8lu kB\n", kib(available));
	seq_printf(m, "MemAvailable:   %8lu kB\n", kib(available));
	seq_printf(m, "SwapTotal:      %8lu kB\n", 0UL);
	seq_printf(m, "SwapFree:       %8lu kB\n", 0UL);
	return 0;
}

static int uptime_proc_show(struct seq_file *m, void *v)
{
	unsigned long long up = ktime_get_ns();
	unsigned long long idle = 0;
	int cpu;

	for_each_online_cpu(cpu)
		idle += idle_task(cpu)->stime;
	seq_printf(m, "%llu.%02llu %llu.%02llu\n", up / NSEC_PER_SEC, up % NSEC_PER_SEC / (NSEC_PER_SEC / 100),
		   idle / NSEC_PER_SEC, idle % NSEC_PER_SEC / (NSEC_PER_SEC / 100));
	return 0;
}

#define LOAD_SHIFT	16	/* get_avenrun() gives fixed point numbers with this many fraction bits */

static void show_load(struct seq_file *m, unsigned long load)
{
	unsigned long rounded = load + (1 << LOAD_SHIFT) / 200;

	seq_printf(m, "%lu.%02lu ", rounded >> LOAD_SHIFT,
		   ((rounded & ((1 << LOAD_SHIFT) - 1)) * 100) >> LOAD_SHIFT);
}

static int loadavg_proc_show(struct seq_file *m, void *v)
{
	unsigned long loads[3];
	int i;

	get_avenrun(loads);
	for (i = 0; i < 3; i++)
		show_load(m, loads[i]);
	seq_printf(m, "%lu/%d %d\n", nr_running(), nr_threads, task_pid_nr(current));
	return 0;
}

static int version_proc_show(struct seq_file *m, void *v)
{
	seq_printf(m, "%s version %s (kprobe-lab) %s\n", utsname()->sysname, utsname()->release, utsname()->version);
	return 0;
}

static int cmdline_proc_show(struct seq_file *m, void *v)
{
	seq_printf(m, "%s\n", saved_command_line);
	return 0;
}

static int cpuinfo_proc_show(struct seq_file *m, void *v)
{
	int cpu;

	for_each_online_cpu(cpu)
		seq_printf(m, "processor\t: %d\nvendor_id\t: KprobeLabCPU\nmodel name\t: Kprobe Lab emulated x86-64\n"
			   "cpu MHz\t\t: 1000.000\nflags\t\t: syscall nx lm constant_tsc rep_good nopl x2apic "
			   "tsc_deadline_timer hypervisor\naddress sizes\t: 36 bits physical, 48 bits virtual\n\n", cpu);
	return 0;
}

static int stat_proc_show(struct seq_file *m, void *v)
{
	struct timespec64 now;
	struct task_struct *p;
	u64 user = 0, system = 0;
	int cpu;

	read_lock(&tasklist_lock);
	for_each_process(p) {
		user += p->utime;
		system += p->stime;
	}
	read_unlock(&tasklist_lock);
	seq_printf(m, "cpu  %llu 0 %llu 0 0 0 0 0 0 0\n", user / 10000000, system / 10000000);
	for_each_online_cpu(cpu)
		seq_printf(m, "cpu%d 0 0 0 %llu 0 0 0 0 0 0\n", cpu, idle_task(cpu)->stime / 10000000);
	ktime_get_real_ts64(&now);
	seq_printf(m, "ctxt %llu\nbtime %lld\nprocesses %lu\nprocs_running %lu\nprocs_blocked 0\n",
		   nr_context_switches(), (long long)(now.tv_sec - ktime_get_ns() / NSEC_PER_SEC), total_forks,
		   nr_running());
	return 0;
}

/* A file of /proc that the host serves under the same name. The entry's data is that name. */
static int host_served_open(struct inode *inode, struct file *file)
{
	return hostfs_open_path(file, pde_data(inode));
}

static const struct proc_ops host_served_ops = {
	.proc_open = host_served_open,
	.proc_read = hostfs_read,
	.proc_write = hostfs_write,
	.proc_lseek = default_llseek,
	.proc_release = hostfs_release,
};

static int __init proc_machine_init(void)
{
	proc_create_single("meminfo", 0, NULL, meminfo_proc_show);
	proc_create_single("uptime", 0, NULL, uptime_proc_show);
	proc_create_single("loadavg", 0, NULL, loadavg_proc_show);
	proc_create_single("version", 0, NULL, version_proc_show);
	proc_create_single("cmdline", 0, NULL, cmdline_proc_show);
	proc_create_single("cpuinfo", 0, NULL, cpuinfo_proc_show);
	proc_create_single("stat", 0, NULL, stat_proc_show);
	proc_create_data("kallsyms", 0444, NULL, &host_served_ops, "/proc/kallsyms");
	proc_create_data("kmsg", 0444, NULL, &host_served_ops, "/proc/kmsg");
	proc_mkdir("sys/debug", NULL);
	proc_create_data("sys/debug/kprobes-optimization", 0644, NULL, &host_served_ops,
			 "/proc/sys/debug/kprobes-optimization");
	return 0;
}
fs_initcall(proc_machine_init);
