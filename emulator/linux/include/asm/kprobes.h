/* What x86 keeps of a probed instruction, and the attributes that keep probes away from a function. */
#ifndef _ASM_KPROBES_H
#define _ASM_KPROBES_H

#include <linux/types.h>

typedef u8 kprobe_opcode_t;

#define INT3_INSN_OPCODE 0xCC
#define INT3_INSN_SIZE 1

/* A copy of the instruction, run out of line; size is that of the copy with what follows it. */
struct arch_specific_insn {
	kprobe_opcode_t *insn;
	unsigned boostable : 1;	/* may run without a trap after it */
	unsigned char size;
	unsigned char tp_len;	/* length of the original instruction */
	unsigned char emulate;	/* 0: stepped; else how the host emulates it */
};

/* In a section of its own, which no probe may enter. */
#define __kprobes __section(".kprobes.text") notrace
#define nokprobe_inline static __always_inline

/* Names one function that no probe may enter. */
#define NOKPROBE_SYMBOL(fname) \
	static unsigned long __used __section("_kprobe_blacklist") _kbl_addr_##fname = (unsigned long)fname

#endif
