/*
 * Per-CPU memory: a copy of the section for each CPU after the first, and a small allocator in a part of it.
 */
#include <linux/bitmap.h>
#include <linux/gfp.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/percpu.h>
#include <linux/spinlock.h>
#include <linux/string.h>

#define DYNAMIC_BYTES 32768
#define UNIT 16
#define UNITS (DYNAMIC_BYTES / UNIT)

extern char __per_cpu_start[], __per_cpu_end[];

unsigned long __per_cpu_offset[CONFIG_NR_CPUS];
EXPORT_SYMBOL(__per_cpu_offset);

/* What alloc_percpu hands out: the same offset in every CPU's copy. */
static DEFINE_PER_CPU(char, pcpu_dynamic_area[DYNAMIC_BYTES]) __aligned(64);
static DECLARE_BITMAP(pcpu_used, UNITS);
static unsigned short pcpu_units[UNITS];
static DEFINE_SPINLOCK(pcpu_lock);

/* Runs before the other CPUs do, after the page allocator is up, before anything per-CPU differs between CPUs. */
void __init setup_per_cpu_areas(void)
{
	unsigned long size = __per_cpu_end - __per_cpu_start;
	unsigned int cpu;

	for_each_possible_cpu(cpu) {
		char *copy;

		if (cpu == 0)
			continue;
		copy = alloc_pages_exact(size, GFP_KERNEL);
		if (!copy)
			panic("cannot allocate per-CPU memory for CPU %u", cpu);
		memcpy(copy, __per_cpu_start, size);
		__per_cpu_offset[cpu] = (unsigned long)copy - (unsigned long)__per_cpu_start;
	}
}

void __percpu *__alloc_percpu(size_t size, size_t align)
{
	unsigned long units = DIV_ROUND_UP(size, UNIT), flags, at;
	unsigned int cpu;
	char *ptr;

	if (!size || align > PERCPU_ALIGN_MAX)
		return NULL;
	spin_lock_irqsave(&pcpu_lock, flags);
	at = bitmap_find_next_zero_area(pcpu_used, UNITS, 0, units, align > UNIT ? align / UNIT - 1 : 0);
	if (at + units > UNITS) {
		spin_unlock_irqrestore(&pcpu_lock, flags);
		pr_warn("percpu: allocation failed, size=%zu align=%zu\n", size, align);
		return NULL;
	}
	bitmap_set(pcpu_used, at, units);
	pcpu_units[at] = units;
	spin_unlock_irqrestore(&pcpu_lock, flags);
	ptr = (char *)&pcpu_dynamic_area + at * UNIT;
	for_each_possible_cpu(cpu)
		memset(per_cpu_ptr(ptr, cpu), 0, size);
	return ptr;
}
EXPORT_SYMBOL(__alloc_percpu);

void free_percpu(void __percpu *ptr)
{
	unsigned long at, flags;

	if (!ptr)
		return;
	at = ((char *)ptr - (char *)&pcpu_dynamic_area) / UNIT;
	spin_lock_irqsave(&pcpu_lock, flags);
	bitmap_clear(pcpu_used, at, pcpu_units[at]);
	spin_unlock_irqrestore(&pcpu_lock, flags);
}
EXPORT_SYMBOL(free_percpu);
