/*
 * What the kernel prints about itself when something is wrong: registers, code bytes, call trace, taint; and what it
 * does with the task that was running.
 */
#include <linux/bug.h>
#include <linux/kallsyms.h>
#include <linux/kdebug.h>
#include <linux/kernel.h>
#include <linux/kprobes.h>
#include <linux/module.h>
#include <linux/sched.h>
#include <linux/uaccess.h>
#include <linux/utsname.h>
#include <linux/version.h>
#include <lab/gates.h>
#include <asm/msr.h>
#include <asm/stacktrace.h>
#include <asm/trapnr.h>

#define CODE_BYTES 64
#define CODE_PROLOGUE (CODE_BYTES * 2 / 3) /* bytes shown before the faulting one */

static int die_counter;
static DEFINE_RAW_SPINLOCK(die_lock);
static int die_owner = -1;
static unsigned int die_nest_count;

extern void print_modules(void);
extern void __noreturn rewind_stack_and_make_dead(int signr);

/* The bytes around ip, the one at ip in angle brackets. */
static void show_opcodes(struct pt_regs *regs, const char *loglvl)
{
	char line[CODE_BYTES * 5 + 1];
	unsigned long start = regs->ip - CODE_PROLOGUE;
	int pos = 0, i;

	for (i = 0; i < CODE_BYTES; i++) {
		u8 byte;
		const char *form = start + i == regs->ip ? "<%02x> " : "%02x ";

		if (copy_from_kernel_nofault(&byte, (void *)(start + i), 1)) {
			if (start + i >= regs->ip)
				break;
			continue;
		}
		pos += snprintf(line + pos, sizeof(line) - pos, form, byte);
	}
	if (pos == 0)
		printk("%sCode: Unable to access opcode bytes at 0x%lx.\n", loglvl, regs->ip - CODE_PROLOGUE);
	else
		printk("%sCode: %s\n", loglvl, line);
}

void show_ip(struct pt_regs *regs, const char *loglvl)
{
	if (user_mode(regs)) {
		printk("%sRIP: %04x:0x%lx\n", loglvl, (int)regs->cs, regs->ip);
		return;
	}
	printk("%sRIP: %04x:%pS\n", loglvl, (int)regs->cs, (void *)regs->ip);
	show_opcodes(regs, loglvl);
}

void show_iret_regs(struct pt_regs *regs, const char *loglvl)
{
	show_ip(regs, loglvl);
	if (regs->orig_ax != -1UL)
		printk("%sRSP: %04x:%016lx EFLAGS: %08lx ORIG_RAX: %016lx\n", loglvl, (int)regs->ss, regs->sp, regs->flags,
		       regs->orig_ax);
	else
		printk("%sRSP: %04x:%016lx EFLAGS: %08lx\n", loglvl, (int)regs->ss, regs->sp, regs->flags);
}

void __show_regs(struct pt_regs *regs, const char *loglvl)
{
	unsigned long cr2 = read_cr2(); /* before the code bytes are read, which may fault */

	show_iret_regs(regs, loglvl);
	printk("%sRAX: %016lx RBX: %016lx RCX: %016lx\n", loglvl, regs->ax, regs->bx, regs->cx);
	printk("%sRDX: %016lx RSI: %016lx RDI: %016lx\n", loglvl, regs->dx, regs->si, regs->di);
	printk("%sRBP: %016lx R08: %016lx R09: %016lx\n", loglvl, regs->bp, regs->r8, regs->r9);
	printk("%sR10: %016lx R11: %016lx R12: %016lx\n", loglvl, regs->r10, regs->r11, regs->r12);
	printk("%sR13: %016lx R14: %016lx R15: %016lx\n", loglvl, regs->r13, regs->r14, regs->r15);
	printk("%sFS:  %016lx(0000) GS:%016lx(0000) knlGS:%016lx\n", loglvl, rdmsrl_value(MSR_FS_BASE),
	       rdmsrl_value(MSR_GS_BASE), rdmsrl_value(MSR_KERNEL_GS_BASE));
	printk("%sCS:  %04lx DS: 0000 ES: 0000 CR0: %016lx\n", loglvl, regs->cs, read_cr0());
	printk("%sCR2: %016lx CR3: %016lx CR4: %016lx\n", loglvl, cr2, __read_cr3(), __read_cr4());
}

void show_regs_print_info(const char *log_lvl)
{
	printk("%sCPU: %d PID: %d Comm: %.20s %s %s %.*s\n", log_lvl, raw_smp_processor_id(), current->pid, current->comm,
	       print_tainted(), init_utsname()->release, 32, init_utsname()->version);
	printk("%sHardware name: Kprobe Lab emulated x86-64, emulator\n", log_lvl);
}

void show_regs(struct pt_regs *regs)
{
	show_regs_print_info(KERN_DEFAULT);
	__show_regs(regs, KERN_DEFAULT);
	if (!user_mode(regs))
		show_trace_log_lvl(current, regs, NULL, KERN_DEFAULT);
}

static void printk_address(unsigned long address, bool reliable, const char *log_lvl)
{
	printk("%s %s%pB\n", log_lvl, reliable ? "" : "? ", (void *)address);
}

/* One line for each frame; a frame that was interrupted shows the registers it was interrupted with. */
void show_trace_log_lvl(struct task_struct *task, struct pt_regs *regs, unsigned long *stack, const char *log_lvl)
{
	struct unwind_state state;

	printk("%sCall Trace:\n", log_lvl);
	printk("%s <TASK>\n", log_lvl);
	for (unwind_start(&state, task, regs, stack); !unwind_done(&state); unwind_next_frame(&state)) {
		if (state.regs && state.regs != regs) {
			if (user_mode(state.regs)) {
				show_iret_regs(state.regs, log_lvl);
				break;
			}
		}
		if (state.regs && state.regs == regs)
			continue; /* RIP has already been printed */
		printk_address(state.ip, true, log_lvl);
	}
	printk("%s </TASK>\n", log_lvl);
}

void show_stack(struct task_struct *task, unsigned long *sp, const char *log_lvl)
{
	show_trace_log_lvl(task ? task : current, NULL, sp, log_lvl);
}

void dump_stack_lvl(const char *log_lvl)
{
	show_regs_print_info(log_lvl);
	show_trace_log_lvl(current, NULL, __builtin_frame_address(0), log_lvl);
}

void dump_stack(void)
{
	show_regs_print_info(KERN_DEFAULT);
	show_trace_log_lvl(current, NULL, __builtin_frame_address(0), KERN_DEFAULT);
}
EXPORT_SYMBOL(dump_stack);

/* Only one CPU prints at a time; a fault while printing nests instead of waiting for itself. */
unsigned long oops_begin(void)
{
	unsigned long flags;
	int cpu = smp_processor_id();

	oops_enter();
	local_irq_save(flags);
	if (die_owner != cpu)
		raw_spin_lock(&die_lock);
	die_nest_count++;
	die_owner = cpu;
	return flags;
}
NOKPROBE_SYMBOL(oops_begin);

void oops_end(unsigned long flags, struct pt_regs *regs, int signr)
{
	add_taint(TAINT_DIE, LOCKDEP_NOW_UNRELIABLE);
	printk(KERN_DEFAULT "---[ end trace 0000000000000000 ]---\n");
	if (--die_nest_count == 0) {
		die_owner = -1;
		raw_spin_unlock(&die_lock);
	}
	local_irq_restore(flags);
	oops_exit();
	if (!signr)
		return;
	if (in_interrupt())
		panic("Fatal exception in interrupt");
	if (panic_on_oops)
		panic("Fatal exception");
	rewind_stack_and_make_dead(signr);
}
NOKPROBE_SYMBOL(oops_end);

int __die(const char *str, struct pt_regs *regs, long err)
{
	printk(KERN_DEFAULT "%s: %04lx [#%d] SMP NOPTI\n", str, err & 0xffff, ++die_counter);
	show_regs_print_info(KERN_DEFAULT);
	__show_regs(regs, KERN_DEFAULT);
	show_trace_log_lvl(current, regs, NULL, KERN_DEFAULT);
	print_modules();
	return notify_die(DIE_OOPS, str, regs, err, current->thread.trap_nr, SIGSEGV) == NOTIFY_STOP;
}
NOKPROBE_SYMBOL(__die);

/* The end of a task in kernel mode. Does not return unless a notifier has dealt with it. */
void die(const char *str, struct pt_regs *regs, long err, int trapnr)
{
	unsigned long flags = oops_begin();
	int sig = SIGSEGV;

	current->thread.trap_nr = trapnr;
	if (__die(str, regs, err))
		sig = 0;
	lab_oops(regs, str, err, trapnr);
	oops_end(flags, regs, sig);
}
NOKPROBE_SYMBOL(die);

EXPORT_SYMBOL(dump_stack_lvl);
