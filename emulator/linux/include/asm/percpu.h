/*
 * Per-CPU variables. The image holds the first copy of the section .data..percpu, which CPU 0 uses in place; the
 * other CPUs have copies. %gs holds the distance from the image's copy to this CPU's, so that "%gs:variable" is one
 * instruction and cannot be torn apart by a migration.
 */
#ifndef _ASM_PERCPU_H
#define _ASM_PERCPU_H

#include <linux/types.h>

extern unsigned long __per_cpu_offset[CONFIG_NR_CPUS];

#define DECLARE_PER_CPU(type, name) extern typeof(type) name
#define DEFINE_PER_CPU(type, name) __section(".data..percpu") typeof(type) name
#define DECLARE_PER_CPU_READ_MOSTLY(type, name) DECLARE_PER_CPU(type, name)
#define DEFINE_PER_CPU_READ_MOSTLY(type, name) DEFINE_PER_CPU(type, name)
#define DEFINE_PER_CPU_ALIGNED(type, name) DEFINE_PER_CPU(type, name)
#define DECLARE_PER_CPU_ALIGNED(type, name) DECLARE_PER_CPU(type, name)

/* Distance from the first copy to this CPU's. */
DECLARE_PER_CPU(unsigned long, this_cpu_off);

static inline unsigned long __this_cpu_offset(void)
{
	unsigned long off;

	asm volatile("movq %%gs:%1, %0" : "=r"(off) : "m"(this_cpu_off));
	return off;
}

#define per_cpu_offset(cpu) (__per_cpu_offset[cpu])
#define per_cpu_ptr(ptr, cpu) ((typeof(ptr))((unsigned long)(ptr) + per_cpu_offset(cpu)))
#define raw_cpu_ptr(ptr) ((typeof(ptr))((unsigned long)(ptr) + __this_cpu_offset()))
#define this_cpu_ptr(ptr) raw_cpu_ptr(ptr)
#define per_cpu(var, cpu) (*per_cpu_ptr(&(var), cpu))
#define __get_cpu_var(var) (*this_cpu_ptr(&(var)))

static inline unsigned long __percpu_read_8(const volatile void *var)
{
	unsigned long val;

	asm volatile("movq %%gs:(%1), %0" : "=r"(val) : "r"(var) : "memory");
	return val;
}

static inline unsigned int __percpu_read_4(const volatile void *var)
{
	unsigned int val;

	asm volatile("movl %%gs:(%1), %0" : "=r"(val) : "r"(var) : "memory");
	return val;
}

static inline void __percpu_write_8(volatile void *var, unsigned long val)
{
	asm volatile("movq %1, %%gs:(%0)" : : "r"(var), "r"(val) : "memory");
}

static inline void __percpu_write_4(volatile void *var, unsigned int val)
{
	asm volatile("movl %1, %%gs:(%0)" : : "r"(var), "r"(val) : "memory");
}

static inline void __percpu_add_8(volatile void *var, unsigned long val)
{
	asm volatile("addq %1, %%gs:(%0)" : : "r"(var), "r"(val) : "memory");
}

static inline void __percpu_add_4(volatile void *var, unsigned int val)
{
	asm volatile("addl %1, %%gs:(%0)" : : "r"(var), "r"(val) : "memory");
}

/* For 4 and 8 byte variables. */
#define this_cpu_read(var) ((typeof(var))(sizeof(var) == 8 ? \
	__percpu_read_8(&(var)) : (unsigned long)__percpu_read_4(&(var))))
#define this_cpu_write(var, val) do {						\
	if (sizeof(var) == 8)							\
		__percpu_write_8(&(var), (unsigned long)(val));			\
	else									\
		__percpu_write_4(&(var), (unsigned int)(unsigned long)(val));	\
} while (0)
#define this_cpu_add(var, val) do {						\
	if (sizeof(var) == 8)							\
		__percpu_add_8(&(var), (unsigned long)(val));			\
	else									\
		__percpu_add_4(&(var), (unsigned int)(val));			\
} while (0)
#define this_cpu_sub(var, val) this_cpu_add(var, -(val))
#define this_cpu_inc(var) this_cpu_add(var, 1)
#define this_cpu_dec(var) this_cpu_add(var, -1)
#define __this_cpu_read(var) this_cpu_read(var)
#define __this_cpu_write(var, val) this_cpu_write(var, val)
#define __this_cpu_add(var, val) this_cpu_add(var, val)
#define __this_cpu_inc(var) this_cpu_inc(var)
#define __this_cpu_dec(var) this_cpu_dec(var)
#define raw_cpu_read(var) this_cpu_read(var)
#define raw_cpu_write(var, val) this_cpu_write(var, val)

#endif
