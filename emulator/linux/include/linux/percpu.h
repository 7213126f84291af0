/* Per-CPU variables, static and allocated. */
#ifndef _LINUX_PERCPU_H
#define _LINUX_PERCPU_H

#include <asm/percpu.h>
#include <linux/irqflags.h>
#include <linux/preempt.h>
#include <linux/smp.h>

/* Changes that also answer: not one instruction, so interrupts are off meanwhile. */
#define __this_cpu_exchanging(var, change) ({				\
	unsigned long __flags;						\
	typeof(var) *__p, __result;					\
	local_irq_save(__flags);					\
	__p = raw_cpu_ptr(&(var));					\
	change;								\
	local_irq_restore(__flags);					\
	__result; })
#define this_cpu_add_return(var, val) __this_cpu_exchanging(var, __result = *__p += (val))
#define this_cpu_sub_return(var, val) this_cpu_add_return(var, -(val))
#define this_cpu_inc_return(var) this_cpu_add_return(var, 1)
#define this_cpu_dec_return(var) this_cpu_add_return(var, -1)
#define this_cpu_xchg(var, val) __this_cpu_exchanging(var, __result = *__p; *__p = (val))
#define this_cpu_cmpxchg(var, old, new) \
	__this_cpu_exchanging(var, __result = *__p; if (__result == (old)) *__p = (new))
#define __this_cpu_inc_return(var) this_cpu_inc_return(var)
#define __this_cpu_dec_return(var) this_cpu_dec_return(var)
#define __this_cpu_add_return(var, val) this_cpu_add_return(var, val)
#define this_cpu_or(var, val) ((void)__this_cpu_exchanging(var, __result = *__p |= (val)))
#define this_cpu_and(var, val) ((void)__this_cpu_exchanging(var, __result = *__p &= (val)))

#define get_cpu_var(var) (*({ preempt_disable(); this_cpu_ptr(&(var)); }))
#define put_cpu_var(var) do { (void)&(var); preempt_enable(); } while (0)
#define get_cpu_ptr(var) ({ preempt_disable(); this_cpu_ptr(var); })
#define put_cpu_ptr(var) do { (void)(var); preempt_enable(); } while (0)

#define PERCPU_ALIGN_MAX 64

extern void __percpu *__alloc_percpu(size_t size, size_t align);
extern void free_percpu(void __percpu *ptr);
#define alloc_percpu(type) ((typeof(type) __percpu *)__alloc_percpu(sizeof(type), __alignof__(type)))
#define alloc_percpu_gfp(type, gfp) alloc_percpu(type)
extern void setup_per_cpu_areas(void);

#endif
