/*
 * Which address space a CPU runs in, and the removal of stale translations, on this CPU and on others.
 */
#include <linux/kernel.h>
#include <linux/kprobes.h>
#include <linux/mm.h>
#include <linux/sched.h>
#include <linux/smp.h>
#include <asm/pgtable.h>

/* Beyond this many pages, forgetting everything is cheaper than page by page. */
#define SINGLE_FLUSH_CEILING 33

static DEFINE_PER_CPU(struct mm_struct *, loaded_mm) = &init_mm;

struct flush_tlb_info {
	struct mm_struct *mm; /* NULL: kernel addresses */
	unsigned long start, end;
};

void switch_mm_irqs_off(struct mm_struct *prev, struct mm_struct *next, struct task_struct *tsk)
{
	int cpu = smp_processor_id();
	struct mm_struct *real_prev = this_cpu_read(loaded_mm);

	if (real_prev == next)
		return;
	cpumask_set_cpu(cpu, mm_cpumask(next));
	this_cpu_write(loaded_mm, next);
	write_cr3(__pa(next->pgd));
	if (real_prev != &init_mm)
		cpumask_clear_cpu(cpu, mm_cpumask(real_prev));
}
NOKPROBE_SYMBOL(switch_mm_irqs_off);

void switch_mm(struct mm_struct *prev, struct mm_struct *next, struct task_struct *tsk)
{
	unsigned long flags;

	local_irq_save(flags);
	switch_mm_irqs_off(prev, next, tsk);
	local_irq_restore(flags);
}

void activate_mm(struct mm_struct *prev, struct mm_struct *next)
{
	switch_mm(prev, next, NULL);
}

static void flush_tlb_local(const struct flush_tlb_info *f)
{
	unsigned long addr;

	if (f->end - f->start > SINGLE_FLUSH_CEILING << PAGE_SHIFT) {
		write_cr3(__read_cr3());
		return;
	}
	for (addr = f->start; addr < f->end; addr += PAGE_SIZE)
		invlpg(addr);
}

static void flush_tlb_func(void *info)
{
	const struct flush_tlb_info *f = info;

	if (!f->mm || this_cpu_read(loaded_mm) == f->mm)
		flush_tlb_local(f);
}

void flush_tlb_mm_range(struct mm_struct *mm, unsigned long start, unsigned long end)
{
	struct flush_tlb_info info = { .mm = mm, .start = start & PAGE_MASK, .end = end };

	preempt_disable();
	flush_tlb_func(&info);
	if (mm_cpumask(mm)->bits[0] & ~(1UL << smp_processor_id()))
		smp_call_function_many(mm_cpumask(mm), flush_tlb_func, &info, true);
	preempt_enable();
}

void flush_tlb_kernel_range(unsigned long start, unsigned long end)
{
	struct flush_tlb_info info = { .start = start & PAGE_MASK, .end = end };

	on_each_cpu(flush_tlb_func, &info, 1);
}
