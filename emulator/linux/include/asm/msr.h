/* Model-specific registers and the time stamp counter. On this machine one tick of the counter is one nanosecond. */
#ifndef _ASM_MSR_H
#define _ASM_MSR_H

#include <linux/types.h>

#define MSR_EFER 0xc0000080
#define MSR_STAR 0xc0000081
#define MSR_LSTAR 0xc0000082
#define MSR_CSTAR 0xc0000083
#define MSR_SYSCALL_MASK 0xc0000084
#define MSR_FS_BASE 0xc0000100
#define MSR_GS_BASE 0xc0000101
#define MSR_KERNEL_GS_BASE 0xc0000102
#define MSR_IA32_TSC_DEADLINE 0x6e0
#define EFER_SCE 1

static inline unsigned long rdmsrl_value(unsigned int msr)
{
	unsigned int low, high;

	asm volatile("rdmsr" : "=a"(low), "=d"(high) : "c"(msr));
	return low | ((unsigned long)high << 32);
}

static inline void wrmsrl(unsigned int msr, unsigned long val)
{
	asm volatile("wrmsr" : : "c"(msr), "a"((unsigned int)val), "d"((unsigned int)(val >> 32)) : "memory");
}

#define rdmsrl(msr, val) ((val) = rdmsrl_value(msr))

static inline unsigned long rdtsc(void)
{
	unsigned int low, high;

	asm volatile("rdtsc" : "=a"(low), "=d"(high));
	return low | ((unsigned long)high << 32);
}

#define rdtsc_ordered() rdtsc()
#define rdtscl(low) ((low) = (unsigned int)rdtsc())
#define rdtscll(val) ((val) = rdtsc())

#endif
