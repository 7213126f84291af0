/*
 * The structures that the host reads in memory. Debug information describes only what the kernel's own code uses; arrays
 * without elements use the rest, at no cost.
 */
#include <linux/bug.h>
#include <linux/export.h>
#include <linux/extable.h>
#include <linux/kprobes.h>
#include <linux/module.h>
#include <linux/moduleparam.h>
#include <linux/ptrace.h>
#include <linux/sched.h>
#include <lab/gates.h>
#include <lab/probes.h>
#include <asm/extable.h>

struct kprobe lab_layout_kprobe[0];
struct kretprobe lab_layout_kretprobe[0];
struct kretprobe_holder lab_layout_kretprobe_holder[0];
struct kretprobe_instance lab_layout_kretprobe_instance[0];
struct lab_probe lab_layout_lab_probe[0];
struct lab_probe_site lab_layout_lab_probe_site[0];
struct jprobe lab_layout_jprobe[0];
struct kprobe_ctlblk lab_layout_kprobe_ctlblk[0];
struct kprobe_call lab_layout_kprobe_call[0];
struct lab_fs_stat lab_layout_fs_stat[0];
struct module lab_layout_module[0];
struct module_use lab_layout_module_use[0];
struct kernel_param lab_layout_kernel_param[0];
struct kernel_symbol lab_layout_kernel_symbol[0];
struct bug_entry lab_layout_bug_entry[0];
struct exception_table_entry lab_layout_exception_table_entry[0];
struct pt_regs lab_layout_pt_regs[0];
struct task_struct lab_layout_task_struct[0];
