/*
 * The CPU's exceptions, except page faults. In user mode they become signals; in kernel mode they are a probe's, or
 * are listed in the exception table, or are the end of the task that caused them.
 */
#include <linux/bug.h>
#include <linux/kdebug.h>
#include <linux/kernel.h>
#include <linux/kprobes.h>
#include <linux/sched.h>
#include <linux/signal.h>
#include <lab/gates.h>
#include <asm/extable.h>
#include <asm/stacktrace.h>
#include <asm/trapnr.h>
#include <asm/traps.h>

/* True when the trap is dealt with: a probe's, or an instruction that was allowed to fault. */
static bool fixup_kernel_trap(struct pt_regs *regs, int trapnr, long error_code)
{
	if (kprobe_fault_handler(regs, trapnr))
		return true;
	return fixup_exception(regs, trapnr, error_code, 0);
}
NOKPROBE_SYMBOL(fixup_kernel_trap);

static void cond_local_irq_enable(struct pt_regs *regs)
{
	if (regs->flags & X86_EFLAGS_IF)
		local_irq_enable();
}
NOKPROBE_SYMBOL(cond_local_irq_enable);

static void do_error_trap(struct pt_regs *regs, long error_code, const char *str, int trapnr, int signr, int sicode,
			  void __user *addr)
{
	if (!user_mode(regs)) {
		if (fixup_kernel_trap(regs, trapnr, error_code))
			return;
		if (trapnr == X86_TRAP_UD)
			lab_undefined(regs);
		die(str, regs, error_code, trapnr);
		return;
	}
	if (trapnr == X86_TRAP_UD)
		lab_undefined(regs);
	cond_local_irq_enable(regs);
	current->thread.error_code = error_code;
	current->thread.trap_nr = trapnr;
	if (sicode)
		force_sig_fault(signr, sicode, addr);
	else
		force_sig(signr);
	local_irq_disable();
}
NOKPROBE_SYMBOL(do_error_trap);

void exc_divide_error(struct pt_regs *regs)
{
	do_error_trap(regs, 0, "divide error", X86_TRAP_DE, SIGFPE, FPE_INTDIV, (void __user *)regs->ip);
}
NOKPROBE_SYMBOL(exc_divide_error);

void exc_overflow(struct pt_regs *regs)
{
	do_error_trap(regs, 0, "overflow", X86_TRAP_OF, SIGSEGV, 0, NULL);
}

void exc_bounds(struct pt_regs *regs)
{
	do_error_trap(regs, 0, "bounds", X86_TRAP_BR, SIGSEGV, 0, NULL);
}

void exc_device_not_available(struct pt_regs *regs)
{
	do_error_trap(regs, 0, "device not available", X86_TRAP_NM, SIGILL, ILL_ILLOPN, (void __user *)regs->ip);
}

void exc_coprocessor_error(struct pt_regs *regs)
{
	do_error_trap(regs, 0, "fpu exception", X86_TRAP_MF, SIGFPE, 0, NULL);
}

void exc_simd_coprocessor_error(struct pt_regs *regs)
{
	do_error_trap(regs, 0, "simd exception", X86_TRAP_XF, SIGFPE, 0, NULL);
}

void exc_invalid_tss(struct pt_regs *regs, unsigned long error_code)
{
	do_error_trap(regs, error_code, "invalid TSS", X86_TRAP_TS, SIGSEGV, 0, NULL);
}

void exc_segment_not_present(struct pt_regs *regs, unsigned long error_code)
{
	do_error_trap(regs, error_code, "segment not present", X86_TRAP_NP, SIGBUS, 0, NULL);
}

void exc_stack_segment(struct pt_regs *regs, unsigned long error_code)
{
	do_error_trap(regs, error_code, "stack segment", X86_TRAP_SS, SIGBUS, 0, NULL);
}

void exc_alignment_check(struct pt_regs *regs, unsigned long error_code)
{
	do_error_trap(regs, error_code, "alignment check", X86_TRAP_AC, SIGBUS, 0, NULL);
}

/* A ud2 may be a BUG or a WARN; the table knows. */
static bool handle_bug(struct pt_regs *regs)
{
	if (report_bug(regs->ip, regs) != BUG_TRAP_TYPE_WARN)
		return false;
	regs->ip += 2;
	return true;
}
NOKPROBE_SYMBOL(handle_bug);

void exc_invalid_op(struct pt_regs *regs)
{
	if (!user_mode(regs) && handle_bug(regs))
		return;
	do_error_trap(regs, 0, "invalid opcode", X86_TRAP_UD, SIGILL, ILL_ILLOPN, (void __user *)regs->ip);
}
NOKPROBE_SYMBOL(exc_invalid_op);

/* The usual cause is a pointer whose upper bits are no sign extension: name the register's value that looks like one. */
static void die_gp(struct pt_regs *regs, long error_code)
{
	const unsigned long *reg = &regs->r15;
	char desc[96] = "general protection fault";

	for (; !error_code && reg <= &regs->di; reg++) {
		if ((unsigned long)((long)(*reg << 16) >> 16) == *reg)
			continue;
		snprintf(desc, sizeof(desc), "general protection fault, probably for non-canonical address 0x%lx", *reg);
		break;
	}
	die(desc, regs, error_code, X86_TRAP_GP);
}
NOKPROBE_SYMBOL(die_gp);

void exc_general_protection(struct pt_regs *regs, unsigned long error_code)
{
	if (!user_mode(regs)) {
		if (fixup_kernel_trap(regs, X86_TRAP_GP, error_code))
			return;
		if (notify_die(DIE_GPF, "general protection fault", regs, error_code, X86_TRAP_GP, SIGSEGV) == NOTIFY_STOP)
			return;
		die_gp(regs, error_code);
		return;
	}
	do_error_trap(regs, error_code, "general protection fault", X86_TRAP_GP, SIGSEGV, 0, NULL);
}
NOKPROBE_SYMBOL(exc_general_protection);

void exc_double_fault(struct pt_regs *regs, unsigned long error_code)
{
	unsigned long address = read_cr2(), stack = (unsigned long)task_stack_page(current);

	/* The push of an ordinary exception frame has failed: the stack is used up. */
	if (address >= stack - PAGE_SIZE && address < stack) {
		pr_emerg("BUG: TASK stack guard page was hit at %px (stack is %px..%px)\n", (void *)address, (void *)stack,
			 (void *)(stack + THREAD_SIZE - 1));
		die("stack guard page", regs, error_code, X86_TRAP_DF);
	}
	pr_emerg("PANIC: double fault, error_code: 0x%lx\n", error_code);
	show_regs(regs);
	lab_oops(regs, "double fault", error_code, X86_TRAP_DF);
	panic("Machine halted.");
}
NOKPROBE_SYMBOL(exc_double_fault);

/* A breakpoint in the kernel: a probe's, or a debugger's. */
static noinline bool do_int3(struct pt_regs *regs)
{
	if (kprobe_int3_handler(regs))
		return true;
	return notify_die(DIE_INT3, "int3", regs, 0, X86_TRAP_BP, SIGTRAP) == NOTIFY_STOP;
}
NOKPROBE_SYMBOL(do_int3);

void exc_int3(struct pt_regs *regs)
{
	if (user_mode(regs)) {
		cond_local_irq_enable(regs);
		force_sig_fault(SIGTRAP, TRAP_BRKPT, NULL);
		local_irq_disable();
		return;
	}
	if (do_int3(regs))
		return;
	die("int3", regs, 0, X86_TRAP_BP);
}
NOKPROBE_SYMBOL(exc_int3);

void exc_debug(struct pt_regs *regs)
{
	if (user_mode(regs)) {
		regs->flags &= ~X86_EFLAGS_TF;
		force_sig_fault(SIGTRAP, TRAP_TRACE, (void __user *)regs->ip);
		return;
	}
	if (notify_die(DIE_DEBUG, "debug", regs, 0, X86_TRAP_DB, SIGTRAP) == NOTIFY_STOP)
		return;
	regs->flags &= ~X86_EFLAGS_TF;
}
NOKPROBE_SYMBOL(exc_debug);

void exc_nmi(struct pt_regs *regs)
{
	notify_die(DIE_NMI, "nmi", regs, 0, X86_TRAP_NMI, 0);
}
NOKPROBE_SYMBOL(exc_nmi);
