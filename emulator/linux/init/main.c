/*
 * The order in which the kernel comes to life: memory, scheduler, interrupts and time first, with one task and no
 * interrupts; then the first two threads, the other CPUs, the initcalls; and in the end /init in user mode.
 */
#include <linux/cred.h>
#include <linux/fs.h>
#include <linux/binfmts.h>
#include <linux/completion.h>
#include <linux/hrtimer.h>
#include <linux/init.h>
#include <linux/interrupt.h>
#include <linux/kernel.h>
#include <linux/kthread.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/percpu.h>
#include <linux/printk.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/smp.h>
#include <linux/start_kernel.h>
#include <linux/string.h>
#include <linux/tick.h>
#include <linux/timer.h>
#include <linux/utsname.h>
#include <linux/workqueue.h>
#include <asm/bootparam.h>
#include <asm/irq_vectors.h>

enum system_states system_state;
EXPORT_SYMBOL(system_state);
char *saved_command_line = boot_params.command_line;
bool initcall_debug;

static const char *execute_command;
static const char *argv_init[32] = { "init" };
static const char *envp_init[] = { "HOME=/root", "TERM=linux", "PATH=/sbin:/usr/sbin:/bin:/usr/bin", NULL };
static struct completion kthreadd_done = COMPLETION_INITIALIZER(kthreadd_done);

extern void setup_memory(void);
extern void kernel_page_tables_init(void);
extern void smp_setup_possible(void);
extern void vfs_caches_init(void);
extern void populate_rootfs(unsigned long address, unsigned long size);
extern void mount_initial_filesystems(void);
extern void console_on_rootfs(void);
extern void console_input_interrupt(void);

static int __init init_setup(char *str)
{
	execute_command = str;
	return 1;
}
__setup("init=", init_setup);

static int __init loglevel(char *str)
{
	int level;

	if (kstrtoint(str, 0, &level))
		return -EINVAL;
	console_loglevel = level;
	return 0;
}
early_param("loglevel=", loglevel);

static int __init quiet_kernel(char *str)
{
	console_loglevel = 4;
	return 0;
}
early_param("quiet", quiet_kernel);

/* Give each word of the command line to who has asked for it; the rest is for init. */
static void __init parse_command_line(char *line)
{
	extern const struct obs_kernel_param __start_init_setup[], __stop_init_setup[];
	const struct obs_kernel_param *p;
	unsigned int argc = 1;
	char *word;
	bool known;

	while ((word = strsep(&line, " "))) {
		if (!*word)
			continue;
		if (!strcmp(word, "--")) {
			while ((word = strsep(&line, " ")) && argc < ARRAY_SIZE(argv_init) - 1)
				if (*word)
					argv_init[argc++] = word;
			break;
		}
		known = false;
		for (p = __start_init_setup; p < __stop_init_setup; p++) {
			size_t n = strlen(p->str);

			if (!strncmp(word, p->str, n) && (p->str[n - 1] == '=' || !word[n] || word[n] == '=')) {
				p->setup_func(word + n + (word[n] == '='));
				known = true;
			}
		}
		if (!known && argc < ARRAY_SIZE(argv_init) - 1)
			argv_init[argc++] = word;
	}
}

int do_one_initcall(initcall_t fn)
{
	int count = preempt_count(), ret;

	ret = fn();
	if (preempt_count() != count) {
		pr_err("initcall %pS returned with preemption imbalance\n", fn);
		preempt_count_set(count);
	}
	if (irqs_disabled()) {
		pr_err("initcall %pS returned with disabled interrupts\n", fn);
		local_irq_enable();
	}
	return ret;
}

#define INITCALL_LEVEL(n) extern initcall_t __start_initcall##n[] __weak, __stop_initcall##n[] __weak
INITCALL_LEVEL(0);
INITCALL_LEVEL(1);
INITCALL_LEVEL(2);
INITCALL_LEVEL(3);
INITCALL_LEVEL(4);
INITCALL_LEVEL(5);
INITCALL_LEVEL(6);
INITCALL_LEVEL(7);

static void __init do_initcall_range(initcall_t *start, initcall_t *end)
{
	for (; start < end; start++)
		do_one_initcall(*start);
}

static void __init do_initcalls(void)
{
	do_initcall_range(__start_initcall1, __stop_initcall1);
	do_initcall_range(__start_initcall2, __stop_initcall2);
	do_initcall_range(__start_initcall3, __stop_initcall3);
	do_initcall_range(__start_initcall4, __stop_initcall4);
	do_initcall_range(__start_initcall5, __stop_initcall5);
	do_initcall_range(__start_initcall6, __stop_initcall6);
	do_initcall_range(__start_initcall7, __stop_initcall7);
}

static irqreturn_t console_interrupt(int irq, void *dev_id)
{
	console_input_interrupt();
	return IRQ_HANDLED;
}

static void __init do_basic_setup(void)
{
	do_initcalls();
	if (boot_params.initrd_size)
		populate_rootfs((unsigned long)__va(boot_params.initrd_start), boot_params.initrd_size);
	mount_initial_filesystems();
	if (request_irq(CONSOLE_IRQ, console_interrupt, 0, "console", &boot_params))
		pr_err("console: no interrupt\n");
}

static int run_init_process(const char *init_filename)
{
	argv_init[0] = init_filename;
	pr_info("Run %s as init process\n", init_filename);
	return kernel_execve(init_filename, argv_init, envp_init);
}

/* Task 1. What it becomes runs in user mode; if nothing can be run, there is nothing to do. */
static int kernel_init(void *unused)
{
	wait_for_completion(&kthreadd_done);
	smp_init();
	workqueue_init();
	do_initcall_range(__start_initcall0, __stop_initcall0);
	do_basic_setup();
	console_on_rootfs();
	system_state = SYSTEM_FREEING_INITMEM;
	free_initmem();
	system_state = SYSTEM_RUNNING;
	if (execute_command) {
		if (!run_init_process(execute_command))
			return 0;
		panic("Requested init %s failed.", execute_command);
	}
	if (!run_init_process("/sbin/init") || !run_init_process("/init") || !run_init_process("/bin/sh"))
		return 0;
	panic("No working init found.  Try passing init= option to kernel.");
}

static noinline void __noreturn rest_init(void)
{
	int pid;

	user_mode_thread(kernel_init, NULL, CLONE_FS);
	pid = kernel_thread(kthreadd, NULL, CLONE_FS | CLONE_FILES);
	rcu_read_lock();
	kthreadd_task = find_task_by_vpid(pid);
	rcu_read_unlock();
	system_state = SYSTEM_SCHEDULING;
	complete(&kthreadd_done);
	schedule_preempt_disabled();
	cpu_startup_entry();
}

void __init trap_init(void)
{
	load_sp0(task_top_of_stack(current));
}

void __noreturn start_kernel(void)
{
	pr_notice("%s", linux_banner);
	pr_notice("Command line: %s\n", boot_params.command_line);
	smp_setup_possible();
	setup_memory();
	kmem_cache_init();
	setup_per_cpu_areas();
	kernel_page_tables_init();
	parse_command_line(kstrdup(boot_params.command_line, GFP_ATOMIC));
	trap_init();
	mem_init();
	preempt_disable();
	sched_init();
	rcu_init();
	softirq_init();
	timers_init();
	hrtimers_init();
	cred_init();
	pid_idr_init();
	fork_init();
	signals_init();
	vfs_caches_init();
	tick_init();
	local_irq_enable();
	rest_init();
}
