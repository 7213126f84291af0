/*
 * The preemption count of this CPU: how deep it is in sections that must not be scheduled away from. One word holds
 * the nesting of preempt_disable, softirqs, hard interrupts and NMIs, as on Linux.
 */
#ifndef _LINUX_PREEMPT_H
#define _LINUX_PREEMPT_H

#include <asm/percpu.h>
#include <linux/types.h>

#define PREEMPT_BITS 8
#define SOFTIRQ_BITS 8
#define HARDIRQ_BITS 4
#define SOFTIRQ_SHIFT 8
#define HARDIRQ_SHIFT 16
#define NMI_SHIFT 20
#define PREEMPT_OFFSET 1U
#define SOFTIRQ_OFFSET (1U << SOFTIRQ_SHIFT)
#define HARDIRQ_OFFSET (1U << HARDIRQ_SHIFT)
#define NMI_OFFSET (1U << NMI_SHIFT)
#define SOFTIRQ_DISABLE_OFFSET (2 * SOFTIRQ_OFFSET)
#define PREEMPT_MASK 0x000000ffU
#define SOFTIRQ_MASK 0x0000ff00U
#define HARDIRQ_MASK 0x000f0000U
#define NMI_MASK 0x00f00000U

DECLARE_PER_CPU(int, __preempt_count);

static __always_inline int preempt_count(void)
{
	int count;

	asm volatile("movl %%gs:%1, %0" : "=r"(count) : "m"(__preempt_count));
	return count;
}

static __always_inline void __preempt_count_add(int val)
{
	asm volatile("addl %1, %%gs:%0" : "+m"(__preempt_count) : "r"(val) : "memory");
}

static __always_inline void __preempt_count_sub(int val)
{
	asm volatile("subl %1, %%gs:%0" : "+m"(__preempt_count) : "r"(val) : "memory");
}

static __always_inline void preempt_count_set(int pc)
{
	asm volatile("movl %1, %%gs:%0" : "=m"(__preempt_count) : "r"(pc) : "memory");
}

#define preempt_count_add(val) __preempt_count_add(val)
#define preempt_count_sub(val) __preempt_count_sub(val)
#define preempt_disable() do { __preempt_count_add(1); barrier(); } while (0)
#define preempt_enable() do { barrier(); __preempt_count_sub(1); } while (0)
#define preempt_enable_no_resched() preempt_enable()
#define preempt_disable_notrace() preempt_disable()
#define preempt_enable_notrace() preempt_enable()

#define hardirq_count() (preempt_count() & HARDIRQ_MASK)
#define softirq_count() (preempt_count() & SOFTIRQ_MASK)
#define nmi_count() (preempt_count() & NMI_MASK)
#define irq_count() (preempt_count() & (NMI_MASK | HARDIRQ_MASK | SOFTIRQ_MASK))
#define in_hardirq() (hardirq_count())
#define in_irq() (hardirq_count())
#define in_softirq() (softirq_count())
#define in_serving_softirq() (softirq_count() & SOFTIRQ_OFFSET)
#define in_interrupt() (irq_count())
#define in_nmi() (nmi_count())
#define in_task() (!(preempt_count() & (NMI_MASK | HARDIRQ_MASK | SOFTIRQ_OFFSET)))
#define in_atomic() (preempt_count() != 0)
#define preemptible() (preempt_count() == 0 && !irqs_disabled())

#endif
