/* Per-CPU variables, static and allocated. */
#ifndef _LINUX_PERCPU_H
#define _LINUX_PERCPU_H

#include <asm/percpu.h>
#include <linux/preempt.h>
#include <linux/smp.h>

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
