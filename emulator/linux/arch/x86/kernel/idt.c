/*
 * The interrupt descriptor table: one for all CPUs, filled in once.
 */
#include <linux/init.h>
#include <linux/kernel.h>
#include <asm/desc.h>
#include <asm/irq_vectors.h>
#include <asm/trapnr.h>

struct idt_data {
	unsigned int vector;
	void (*handler)(void);
	u8 type;
	u8 ist;
};

#define DECLARE_ENTRY(name) extern void name(void)
DECLARE_ENTRY(asm_exc_divide_error);
DECLARE_ENTRY(asm_exc_debug);
DECLARE_ENTRY(asm_exc_nmi);
DECLARE_ENTRY(asm_exc_int3);
DECLARE_ENTRY(asm_exc_overflow);
DECLARE_ENTRY(asm_exc_bounds);
DECLARE_ENTRY(asm_exc_invalid_op);
DECLARE_ENTRY(asm_exc_device_not_available);
DECLARE_ENTRY(asm_exc_double_fault);
DECLARE_ENTRY(asm_exc_invalid_tss);
DECLARE_ENTRY(asm_exc_segment_not_present);
DECLARE_ENTRY(asm_exc_stack_segment);
DECLARE_ENTRY(asm_exc_general_protection);
DECLARE_ENTRY(asm_exc_page_fault);
DECLARE_ENTRY(asm_exc_coprocessor_error);
DECLARE_ENTRY(asm_exc_alignment_check);
DECLARE_ENTRY(asm_exc_simd_coprocessor_error);
DECLARE_ENTRY(asm_sysvec_apic_timer_interrupt);
DECLARE_ENTRY(asm_sysvec_call_function);
DECLARE_ENTRY(asm_sysvec_reschedule_ipi);
DECLARE_ENTRY(asm_sysvec_spurious_apic_interrupt);
extern char irq_entries_start[];

static struct gate_desc idt_table[256] __page_aligned_bss;

static const struct idt_data def_idts[] = {
	{ X86_TRAP_DE, asm_exc_divide_error, GATE_INTERRUPT, 0 },
	{ X86_TRAP_DB, asm_exc_debug, GATE_INTERRUPT, 0 },
	{ X86_TRAP_NMI, asm_exc_nmi, GATE_INTERRUPT, 0 },
	{ X86_TRAP_BP, asm_exc_int3, GATE_USER, 0 },
	{ X86_TRAP_OF, asm_exc_overflow, GATE_USER, 0 },
	{ X86_TRAP_BR, asm_exc_bounds, GATE_INTERRUPT, 0 },
	{ X86_TRAP_UD, asm_exc_invalid_op, GATE_INTERRUPT, 0 },
	{ X86_TRAP_NM, asm_exc_device_not_available, GATE_INTERRUPT, 0 },
	{ X86_TRAP_DF, asm_exc_double_fault, GATE_INTERRUPT, 1 },
	{ X86_TRAP_TS, asm_exc_invalid_tss, GATE_INTERRUPT, 0 },
	{ X86_TRAP_NP, asm_exc_segment_not_present, GATE_INTERRUPT, 0 },
	{ X86_TRAP_SS, asm_exc_stack_segment, GATE_INTERRUPT, 0 },
	{ X86_TRAP_GP, asm_exc_general_protection, GATE_INTERRUPT, 0 },
	{ X86_TRAP_PF, asm_exc_page_fault, GATE_INTERRUPT, 0 },
	{ X86_TRAP_MF, asm_exc_coprocessor_error, GATE_INTERRUPT, 0 },
	{ X86_TRAP_AC, asm_exc_alignment_check, GATE_INTERRUPT, 0 },
	{ X86_TRAP_XF, asm_exc_simd_coprocessor_error, GATE_INTERRUPT, 0 },
	{ LOCAL_TIMER_VECTOR, asm_sysvec_apic_timer_interrupt, GATE_INTERRUPT, 0 },
	{ CALL_FUNCTION_VECTOR, asm_sysvec_call_function, GATE_INTERRUPT, 0 },
	{ RESCHEDULE_VECTOR, asm_sysvec_reschedule_ipi, GATE_INTERRUPT, 0 },
	{ SPURIOUS_APIC_VECTOR, asm_sysvec_spurious_apic_interrupt, GATE_INTERRUPT, 0 },
};

static void set_gate(unsigned int vector, unsigned long handler, u8 type, u8 ist)
{
	struct gate_desc *gate = &idt_table[vector];

	gate->offset_low = (u16)handler;
	gate->offset_middle = (u16)(handler >> 16);
	gate->offset_high = (u32)(handler >> 32);
	gate->segment = __KERNEL_CS;
	gate->type_attr = type;
	gate->ist = ist;
	gate->reserved = 0;
}

static void idt_setup_from_table(const struct idt_data *table, unsigned int size)
{
	unsigned int i;

	for (i = 0; i < size; i++)
		set_gate(table[i].vector, (unsigned long)table[i].handler, table[i].type, table[i].ist);
}

void idt_setup(void)
{
	unsigned int irq;

	idt_setup_from_table(def_idts, ARRAY_SIZE(def_idts));
	for (irq = 0; irq < 16; irq++)
		set_gate(IRQ0_VECTOR + irq, (unsigned long)irq_entries_start + irq * 16, GATE_INTERRUPT, 0);
}

void load_current_idt(void)
{
	struct desc_ptr ptr = { .size = sizeof(idt_table) - 1, .address = (unsigned long)idt_table };

	if (!idt_table[X86_TRAP_PF].type_attr)
		idt_setup();
	asm volatile("lidt %0" : : "m"(ptr));
}
