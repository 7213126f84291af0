/* Descriptor tables. */
#ifndef _ASM_DESC_H
#define _ASM_DESC_H

#include <linux/types.h>
#include <asm/segment.h>

struct desc_ptr {
	u16 size;
	u64 address;
} __packed;

/* A gate of the interrupt descriptor table. */
struct gate_desc {
	u16 offset_low;
	u16 segment;
	u8 ist;
	u8 type_attr;
	u16 offset_middle;
	u32 offset_high;
	u32 reserved;
};

#define GATE_INTERRUPT 0x8e	/* present, ring 0 only, interrupts off */
#define GATE_USER 0xee		/* may be raised from ring 3 with int n */

/* entry_64.S */
extern void load_gdt_and_segments(const struct desc_ptr *gdt);
extern void load_current_idt(void);
extern void idt_setup(void);

#endif
