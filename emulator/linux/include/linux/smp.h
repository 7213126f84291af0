/* Which CPU this is, and calls to functions on others. */
#ifndef _LINUX_SMP_H
#define _LINUX_SMP_H

#include <asm/percpu.h>
#include <linux/cpumask.h>
#include <linux/preempt.h>

typedef void (*smp_call_func_t)(void *info);

DECLARE_PER_CPU(int, cpu_number);

static __always_inline int raw_smp_processor_id(void)
{
	int cpu;

	asm volatile("movl %%gs:%1, %0" : "=r"(cpu) : "m"(cpu_number));
	return cpu;
}

#define smp_processor_id() raw_smp_processor_id()
#define get_cpu() ({ preempt_disable(); smp_processor_id(); })
#define put_cpu() preempt_enable()

extern int smp_call_function_single(int cpu, smp_call_func_t func, void *info, int wait);
extern void smp_call_function_many(const struct cpumask *mask, smp_call_func_t func, void *info, bool wait);
extern void smp_call_function(smp_call_func_t func, void *info, int wait);
extern void on_each_cpu(smp_call_func_t func, void *info, int wait);
extern void on_each_cpu_mask(const struct cpumask *mask, smp_call_func_t func, void *info, bool wait);
extern void smp_send_reschedule(int cpu);
extern void smp_init(void);
extern void generic_smp_call_function_interrupt(void);

#endif
