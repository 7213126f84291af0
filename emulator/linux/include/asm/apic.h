/* The local interrupt controller, by x2APIC registers: end of interrupt, interrupts between CPUs, the timer. */
#ifndef _ASM_APIC_H
#define _ASM_APIC_H

#include <linux/types.h>
#include <asm/msr.h>

#define MSR_X2APIC_EOI 0x80b
#define MSR_X2APIC_ICR 0x830
#define MSR_X2APIC_LVTT 0x832
#define APIC_LVT_MASKED (1 << 16)
#define APIC_LVT_TIMER_TSCDEADLINE (2 << 17)

static inline void ack_APIC_irq(void)
{
	wrmsrl(MSR_X2APIC_EOI, 0);
}

static inline void apic_send_IPI(int cpu, int vector)
{
	wrmsrl(MSR_X2APIC_ICR, ((unsigned long)cpu << 32) | vector);
}

extern void setup_APIC_timer(void);
extern void lapic_set_deadline(u64 deadline);

#endif
