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
#define DEFINE_PER_CPU_SHARED_ALIGNED(type, name) DEFINE_PER_CPU(type, name)
#define EXPORT_PER_CPU_SYMBOL(var) EXPORT_SYMBOL(var)
#define EXPORT_PER_CPU_SYMBOL_GPL(var) EXPORT_SYMBOL_GPL(var)
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

/* One instruction for each, by the variable's size, so that an interrupt or a migration comes before or after it. */
#define __PERCPU_OPS(bytes, type, suffix)							\
	static inline type __percpu_read_##bytes(const volatile void *var)			\
	{											\
		type val;									\
												\
		asm volatile("mov" suffix " %%gs:(%1), %0" : "=r"(val) : "r"(var) : "memory");	\
		return val;									\
	}											\
	static inline void __percpu_write_##bytes(volatile void *var, type val)		\
	{											\
		asm volatile("mov" suffix " %1, %%gs:(%0)" : : "r"(var), "r"(val) : "memory");	\
	}											\
	static inline void __percpu_add_##bytes(volatile void *var, type val)			\
	{											\
		asm volatile("add" suffix " %1, %%gs:(%0)" : : "r"(var), "r"(val) : "memory");	\
	}
__PERCPU_OPS(1, unsigned char, "b")
__PERCPU_OPS(2, unsigned short, "w")
__PERCPU_OPS(4, unsigned int, "l")
__PERCPU_OPS(8, unsigned long, "q")

#define this_cpu_read(var) ((typeof(var))(						\
	sizeof(var) == 8 ? __percpu_read_8(&(var)) : sizeof(var) == 4 ? __percpu_read_4(&(var)) :	\
	sizeof(var) == 2 ? __percpu_read_2(&(var)) : (unsigned long)__percpu_read_1(&(var))))
#define __percpu_sized(op, var, val) do {						\
	switch (sizeof(var)) {								\
	case 8: __percpu_##op##_8(&(var), (unsigned long)(val)); break;		\
	case 4: __percpu_##op##_4(&(var), (unsigned int)(unsigned long)(val)); break;	\
	case 2: __percpu_##op##_2(&(var), (unsigned short)(unsigned long)(val)); break;	\
	default: __percpu_##op##_1(&(var), (unsigned char)(unsigned long)(val)); break;	\
	}										\
} while (0)
#define this_cpu_write(var, val) __percpu_sized(write, var, val)
#define this_cpu_add(var, val) __percpu_sized(add, var, val)
#define this_cpu_sub(var, val) this_cpu_add(var, -(val))
#define this_cpu_inc(var) this_cpu_add(var, 1)
#define this_cpu_dec(var) this_cpu_add(var, -1)
#define __this_cpu_read(var) this_cpu_read(var)
#define __this_cpu_write(var, val) this_cpu_write(var, val)
#define __this_cpu_add(var, val) this_cpu_add(var, val)
#define __this_cpu_sub(var, val) this_cpu_sub(var, val)
#define __this_cpu_inc(var) this_cpu_inc(var)
#define __this_cpu_dec(var) this_cpu_dec(var)
#define raw_cpu_read(var) this_cpu_read(var)
#define raw_cpu_write(var, val) this_cpu_write(var, val)

#endif
