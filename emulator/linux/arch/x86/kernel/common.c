/*
 * What every CPU needs before it can take a trap: its own descriptor table and task-state segment, and the registers
 * that system calls are steered by.
 */
#include <linux/export.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/kprobes.h>
#include <linux/percpu.h>
#include <linux/sched.h>
#include <linux/string.h>
#include <asm/desc.h>
#include <asm/msr.h>
#include <asm/processor.h>

DEFINE_PER_CPU(unsigned long, this_cpu_off);
DEFINE_PER_CPU(int, cpu_number);
DEFINE_PER_CPU(int, __preempt_count);
DEFINE_PER_CPU(struct task_struct *, current_task) = &init_task;
/* entry_SYSCALL_64 parks the user's stack pointer in the one and loads the other. */
DEFINE_PER_CPU(unsigned long, entry_user_sp);
DEFINE_PER_CPU(unsigned long, cpu_current_top_of_stack) = (unsigned long)init_stack + THREAD_SIZE;

static DEFINE_PER_CPU(u64, gdt_table[GDT_ENTRIES]);
static DEFINE_PER_CPU(struct x86_hw_tss, cpu_tss_rw);
/* Double faults get a stack of their own: the usual cause is that there is none left. */
static DEFINE_PER_CPU(u64, double_fault_stack[512]);

extern void entry_SYSCALL_64(void);

/* A segment descriptor; in long mode base and limit are ignored for code and data. */
#define GDT_ENTRY_CODE64(dpl) (0x00af9b000000ffffUL | ((u64)(dpl) << 45))
#define GDT_ENTRY_CODE32(dpl) (0x00cf9b000000ffffUL | ((u64)(dpl) << 45))
#define GDT_ENTRY_DATA(dpl) (0x00cf93000000ffffUL | ((u64)(dpl) << 45))

static void setup_gdt(u64 *gdt, struct x86_hw_tss *tss)
{
	unsigned long base = (unsigned long)tss;

	gdt[GDT_ENTRY_KERNEL_CS] = GDT_ENTRY_CODE64(0);
	gdt[GDT_ENTRY_KERNEL_DS] = GDT_ENTRY_DATA(0);
	gdt[GDT_ENTRY_USER32_CS] = GDT_ENTRY_CODE32(3);
	gdt[GDT_ENTRY_USER_DS] = GDT_ENTRY_DATA(3);
	gdt[GDT_ENTRY_USER_CS] = GDT_ENTRY_CODE64(3);
	gdt[GDT_ENTRY_TSS] = (sizeof(*tss) - 1) | ((base & 0xffffff) << 16) | (0x89UL << 40) |
			     (((base >> 24) & 0xff) << 56);
	gdt[GDT_ENTRY_TSS + 1] = base >> 32;
}

static void syscall_init(void)
{
	wrmsrl(MSR_EFER, rdmsrl_value(MSR_EFER) | EFER_SCE);
	wrmsrl(MSR_STAR, ((unsigned long)__USER32_CS << 48) | ((unsigned long)__KERNEL_CS << 32));
	wrmsrl(MSR_LSTAR, (unsigned long)entry_SYSCALL_64);
	wrmsrl(MSR_SYSCALL_MASK, X86_EFLAGS_CF | X86_EFLAGS_PF | X86_EFLAGS_AF | X86_EFLAGS_ZF | X86_EFLAGS_SF |
		X86_EFLAGS_TF | X86_EFLAGS_IF | X86_EFLAGS_DF | X86_EFLAGS_OF | X86_EFLAGS_IOPL | X86_EFLAGS_NT |
		X86_EFLAGS_AC);
}

/* Runs on the CPU itself. The segment loads clear the base of gs, so that is set again at once. */
void cpu_init(int cpu)
{
	unsigned long offset = __per_cpu_offset[cpu];
	struct x86_hw_tss *tss = (void *)((unsigned long)&cpu_tss_rw + offset);
	u64 *gdt = (u64 *)((unsigned long)&gdt_table + offset);
	struct desc_ptr ptr = { .size = sizeof(gdt_table) - 1, .address = (unsigned long)gdt };

	setup_gdt(gdt, tss);
	tss->ist[0] = (unsigned long)&double_fault_stack + offset + sizeof(double_fault_stack);
	tss->io_bitmap_base = sizeof(*tss);
	load_gdt_and_segments(&ptr);
	wrmsrl(MSR_GS_BASE, offset);
	wrmsrl(MSR_KERNEL_GS_BASE, 0);
	this_cpu_write(this_cpu_off, offset);
	this_cpu_write(cpu_number, cpu);
	write_cr0(read_cr0() | X86_CR0_WP); /* the kernel, too, must fault on a copy-on-write page */
	load_current_idt();
	syscall_init();
}

/* Where the CPU finds a kernel stack when an interrupt arrives in user mode. */
void load_sp0(unsigned long sp0)
{
	__get_cpu_var(cpu_tss_rw).sp0 = sp0;
	this_cpu_write(cpu_current_top_of_stack, sp0);
}
NOKPROBE_SYMBOL(load_sp0);

EXPORT_SYMBOL(this_cpu_off);
EXPORT_SYMBOL(cpu_number);
EXPORT_SYMBOL(__preempt_count);
EXPORT_SYMBOL(current_task);
