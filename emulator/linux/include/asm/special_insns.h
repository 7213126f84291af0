/* Instructions that C has no words for: control registers, TLB, descriptor tables. */
#ifndef _ASM_SPECIAL_INSNS_H
#define _ASM_SPECIAL_INSNS_H

#include <linux/types.h>

static inline unsigned long read_cr0(void)
{
	unsigned long val;

	asm volatile("mov %%cr0, %0" : "=r"(val));
	return val;
}

static inline void write_cr0(unsigned long val)
{
	asm volatile("mov %0, %%cr0" : : "r"(val) : "memory");
}

static inline unsigned long read_cr2(void)
{
	unsigned long val;

	asm volatile("mov %%cr2, %0" : "=r"(val));
	return val;
}

static inline unsigned long __read_cr3(void)
{
	unsigned long val;

	asm volatile("mov %%cr3, %0" : "=r"(val));
	return val;
}

static inline void write_cr3(unsigned long val)
{
	asm volatile("mov %0, %%cr3" : : "r"(val) : "memory");
}

static inline unsigned long __read_cr4(void)
{
	unsigned long val;

	asm volatile("mov %%cr4, %0" : "=r"(val));
	return val;
}

static inline void __write_cr4(unsigned long val)
{
	asm volatile("mov %0, %%cr4" : : "r"(val) : "memory");
}

static inline void invlpg(unsigned long address)
{
	asm volatile("invlpg (%0)" : : "r"(address) : "memory");
}

#endif
