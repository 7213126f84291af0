/*
 * The local interrupt controller of each CPU: its timer, which fires once at a given time, and the interrupts that
 * CPUs send to each other.
 */
#include <linux/init.h>
#include <linux/interrupt.h>
#include <linux/kernel.h>
#include <linux/kprobes.h>
#include <linux/sched.h>
#include <linux/smp.h>
#include <linux/tick.h>
#include <asm/apic.h>
#include <asm/irq_vectors.h>

void setup_APIC_timer(void)
{
	wrmsrl(MSR_X2APIC_LVTT, LOCAL_TIMER_VECTOR | APIC_LVT_TIMER_TSCDEADLINE);
}

/* The time (ns) of the next timer interrupt of this CPU; 0 for none. */
void lapic_set_deadline(u64 deadline)
{
	wrmsrl(MSR_IA32_TSC_DEADLINE, deadline);
}

void sysvec_apic_timer_interrupt(struct pt_regs *regs)
{
	ack_APIC_irq();
	irq_enter();
	tick_handle(regs);
	irq_exit();
}
NOKPROBE_SYMBOL(sysvec_apic_timer_interrupt);

/* The sender has set TIF_NEED_RESCHED of what runs here; the way out of the interrupt does the rest. */
void sysvec_reschedule_ipi(struct pt_regs *regs)
{
	ack_APIC_irq();
	irq_enter();
	irq_exit();
}
NOKPROBE_SYMBOL(sysvec_reschedule_ipi);

void sysvec_call_function(struct pt_regs *regs)
{
	ack_APIC_irq();
	irq_enter();
	generic_smp_call_function_interrupt();
	irq_exit();
}
NOKPROBE_SYMBOL(sysvec_call_function);

void sysvec_spurious_apic_interrupt(struct pt_regs *regs)
{
	pr_info("spurious APIC interrupt on CPU#%d, should never happen.\n", smp_processor_id());
}
NOKPROBE_SYMBOL(sysvec_spurious_apic_interrupt);

void smp_send_reschedule(int cpu)
{
	apic_send_IPI(cpu, RESCHEDULE_VECTOR);
}
