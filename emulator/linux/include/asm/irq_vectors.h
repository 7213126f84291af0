/* Which vector means what. */
#ifndef _ASM_IRQ_VECTORS_H
#define _ASM_IRQ_VECTORS_H

#define FIRST_EXTERNAL_VECTOR 0x20
#define IRQ0_VECTOR 0x30	/* device interrupt n arrives at vector 0x30 + n */
#define CONSOLE_IRQ 1
#define LOCAL_TIMER_VECTOR 0xec
#define CALL_FUNCTION_VECTOR 0xfc
#define RESCHEDULE_VECTOR 0xfd
#define SPURIOUS_APIC_VECTOR 0xff

#endif
