/*
 * Bringing up the other CPUs. Each gets an idle task, whose stack it starts on.
 */
#include <linux/export.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/percpu.h>
#include <linux/sched.h>
#include <linux/smp.h>
#include <linux/start_kernel.h>
#include <linux/tick.h>
#include <lab/gates.h>
#include <asm/apic.h>
#include <asm/bootparam.h>
#include <asm/pgtable.h>
#include <asm/processor.h>

unsigned int nr_cpu_ids = 1;
struct cpumask __cpu_possible_mask = { { 1 } }, __cpu_online_mask = { { 1 } };

void __init smp_setup_possible(void)
{
	unsigned int cpu, count = min_t(unsigned int, boot_params.cpu_count, CONFIG_NR_CPUS);

	for (cpu = 1; cpu < count; cpu++)
		cpumask_set_cpu(cpu, &__cpu_possible_mask);
	nr_cpu_ids = count ? count : 1;
}

/* The first C on another CPU. */
void start_secondary(unsigned long cpu)
{
	cpu_init(cpu);
	load_sp0(task_top_of_stack(current));
	setup_APIC_timer();
	set_cpu_online(cpu, true);
	tick_setup_cpu();
	preempt_disable();
	local_irq_enable();
	cpu_startup_entry();
}

static int __init do_boot_cpu(unsigned int cpu)
{
	struct task_struct *idle = fork_idle(cpu);
	unsigned long *top;

	if (IS_ERR(idle))
		return PTR_ERR(idle);
	per_cpu(current_task, cpu) = idle;
	per_cpu(__preempt_count, cpu) = 0;
	top = (unsigned long *)task_pt_regs(idle) - 1;
	*top = cpu;
	lab_start_cpu(cpu, top);
	while (!cpu_online(cpu))
		cpu_relax();
	return 0;
}

void __init smp_init(void)
{
	unsigned int cpu;

	for_each_possible_cpu(cpu)
		if (!cpu_online(cpu) && do_boot_cpu(cpu))
			pr_err("smpboot: CPU%u could not be started\n", cpu);
	pr_info("smp: Brought up 1 node, %u CPUs\n", num_online_cpus());
}

EXPORT_SYMBOL(nr_cpu_ids);
EXPORT_SYMBOL(__cpu_possible_mask);
EXPORT_SYMBOL(__cpu_online_mask);
