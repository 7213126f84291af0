/* What the architecture keeps for each thread, the task-state segment, and the CPU's small courtesies. */
#ifndef _ASM_PROCESSOR_H
#define _ASM_PROCESSOR_H

#include <linux/types.h>
#include <asm/barrier.h>
#include <asm/page_types.h>
#include <asm/processor-flags.h>
#include <asm/ptrace.h>
#include <asm/special_insns.h>

struct task_struct;

/* One page below the canonical hole, as on Linux, so that a sysret to the last byte cannot fault in kernel mode. */
#define TASK_SIZE_MAX 0x00007ffffffff000UL
#define TASK_SIZE TASK_SIZE_MAX
#define TASK_SIZE_OF(task) TASK_SIZE_MAX
#define STACK_TOP TASK_SIZE_MAX
#define STACK_TOP_MAX STACK_TOP

/* A task that is not running keeps its stack pointer here; everything else is on that stack. */
struct thread_struct {
	unsigned long sp;
	unsigned long fsbase;
	unsigned long gsbase;
	unsigned long cr2;
	unsigned long trap_nr;
	unsigned long error_code;
};

struct x86_hw_tss {
	u32 reserved1;
	u64 sp0;
	u64 sp1;
	u64 sp2;
	u64 reserved2;
	u64 ist[7];
	u32 reserved3;
	u32 reserved4;
	u16 reserved5;
	u16 io_bitmap_base;
} __packed;

static inline void cpu_relax(void)
{
	asm volatile("pause" : : : "memory");
}

static inline void native_halt(void)
{
	asm volatile("hlt" : : : "memory");
}

/* Interrupts are recognised only after the instruction that follows sti: no wake-up can slip in between. */
static inline void native_safe_halt(void)
{
	asm volatile("sti; hlt" : : : "memory");
}

#define prefetch(x) __builtin_prefetch(x)
#define prefetchw(x) __builtin_prefetch(x)

extern void start_thread(struct pt_regs *regs, unsigned long new_ip, unsigned long new_sp);
extern void flush_thread(void);
extern void load_sp0(unsigned long sp0);
extern void cpu_init(int cpu);
extern void identify_boot_cpu(void);

#define task_top_of_stack(task) ((unsigned long)task_stack_page(task) + THREAD_SIZE)
#define task_pt_regs(task) ((struct pt_regs *)task_top_of_stack(task) - 1)
#define KSTK_EIP(task) (task_pt_regs(task)->ip)
#define KSTK_ESP(task) (task_pt_regs(task)->sp)
#define current_pt_regs() task_pt_regs(current)

#endif
