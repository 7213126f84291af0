/*
 * Calls to functions on other CPUs: a request for each target in a slot of the caller, announced by an interrupt.
 */
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/percpu.h>
#include <linux/sched.h>
#include <linux/smp.h>
#include <linux/spinlock.h>
#include <asm/apic.h>
#include <asm/irq_vectors.h>

struct call_request {
	smp_call_func_t func;
	void *info;
	volatile bool pending;
};

/* call_slots on CPU a, entry b: what CPU b wants CPU a to do. */
static DEFINE_PER_CPU(struct call_request, call_slots[CONFIG_NR_CPUS]);

static void csd_post(int cpu, smp_call_func_t func, void *info)
{
	struct call_request *request = &(*per_cpu_ptr(&call_slots, cpu))[smp_processor_id()];

	while (request->pending)
		cpu_relax();
	request->func = func;
	request->info = info;
	smp_store_release(&request->pending, true);
	apic_send_IPI(cpu, CALL_FUNCTION_VECTOR);
}

static void csd_wait(int cpu)
{
	while ((*per_cpu_ptr(&call_slots, cpu))[smp_processor_id()].pending)
		cpu_relax();
}

/* On the target: run what others have asked for. */
void generic_smp_call_function_interrupt(void)
{
	struct call_request *slots = *this_cpu_ptr(&call_slots);
	unsigned int cpu;

	for (cpu = 0; cpu < nr_cpu_ids; cpu++) {
		if (!smp_load_acquire(&slots[cpu].pending))
			continue;
		slots[cpu].func(slots[cpu].info);
		smp_store_release(&slots[cpu].pending, false);
	}
}

/* Call on every CPU of the mask except this one. */
void smp_call_function_many(const struct cpumask *mask, smp_call_func_t func, void *info, bool wait)
{
	int cpu, self = get_cpu();

	for_each_cpu(cpu, mask)
		if (cpu != self && cpu_online(cpu))
			csd_post(cpu, func, info);
	for_each_cpu(cpu, mask)
		if (wait && cpu != self && cpu_online(cpu))
			csd_wait(cpu);
	put_cpu();
}
EXPORT_SYMBOL(smp_call_function_many);

void smp_call_function(smp_call_func_t func, void *info, int wait)
{
	smp_call_function_many(cpu_online_mask, func, info, wait);
}
EXPORT_SYMBOL(smp_call_function);

int smp_call_function_single(int cpu, smp_call_func_t func, void *info, int wait)
{
	unsigned long flags;
	int self;

	if ((unsigned int)cpu >= nr_cpu_ids || !cpu_online(cpu))
		return -ENXIO;
	self = get_cpu();
	if (cpu == self) {
		local_irq_save(flags);
		func(info);
		local_irq_restore(flags);
	} else {
		csd_post(cpu, func, info);
		if (wait)
			csd_wait(cpu);
	}
	put_cpu();
	return 0;
}
EXPORT_SYMBOL(smp_call_function_single);

void on_each_cpu_mask(const struct cpumask *mask, smp_call_func_t func, void *info, bool wait)
{
	unsigned long flags;
	int cpu = get_cpu();

	smp_call_function_many(mask, func, info, wait);
	if (cpumask_test_cpu(cpu, mask)) {
		local_irq_save(flags);
		func(info);
		local_irq_restore(flags);
	}
	put_cpu();
}
EXPORT_SYMBOL(on_each_cpu_mask);

void on_each_cpu(smp_call_func_t func, void *info, int wait)
{
	on_each_cpu_mask(cpu_online_mask, func, info, wait);
}
EXPORT_SYMBOL(on_each_cpu);
