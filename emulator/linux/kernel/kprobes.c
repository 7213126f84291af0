/*
 * The guest's half of kprobes: what a CPU is in the middle of, and the loops in which a trap asks the host what to do
 * and does it. The handlers that the loops call are ordinary kernel functions and run here, in the trap's context.
 */
#include <linux/kernel.h>
#include <linux/kprobes.h>
#include <linux/module.h>
#include <linux/percpu.h>
#include <lab/gates.h>
#include <asm/traps.h>

DEFINE_PER_CPU(struct kprobe *, current_kprobe);
DEFINE_PER_CPU(struct kprobe_ctlblk, kprobe_ctlblk);

typedef long (*probe_handler_t)(unsigned long, unsigned long, unsigned long, unsigned long);

static void call_handler(struct kprobe_call *call)
{
	if (call->fn)
		call->result = ((probe_handler_t)call->fn)(call->arg0, call->arg1, call->arg2, call->arg3);
}
NOKPROBE_SYMBOL(call_handler);

/* A breakpoint in kernel mode. True when it was a probe's. */
bool kprobe_int3_handler(struct pt_regs *regs)
{
	struct kprobe_call call = { 0 };
	long verdict;

	preempt_disable();
	while ((verdict = kprobe_next(regs, &call)) > 0)
		call_handler(&call);
	preempt_enable_no_resched();
	return verdict == 0;
}
NOKPROBE_SYMBOL(kprobe_int3_handler);

/* A fault while a probe is being handled: in its handler, or at the copied instruction. */
bool kprobe_fault_handler(struct pt_regs *regs, int trapnr)
{
	struct kprobe_call call = { 0 };
	long verdict;

	if (!kprobe_running())
		return false;
	preempt_disable();
	while ((verdict = kprobe_fault_next(regs, trapnr, &call)) > 0)
		call_handler(&call);
	preempt_enable_no_resched();
	return verdict == 0;
}
NOKPROBE_SYMBOL(kprobe_fault_handler);

/* From __kretprobe_trampoline: a probed function has returned. regs->ip becomes its true return address. */
void kretprobe_trampoline_handler(struct pt_regs *regs)
{
	struct kprobe_call call = { 0 };
	long verdict;

	preempt_disable();
	while ((verdict = kretprobe_next(regs, &call)) > 0)
		call_handler(&call);
	preempt_enable_no_resched();
	BUG_ON(verdict < 0);
}
NOKPROBE_SYMBOL(kretprobe_trampoline_handler);

/* From the detour of a jump-optimised probe. */
void lab_optprobe_callback(struct kprobe *op, struct pt_regs *regs)
{
	struct kprobe_call call = { .site = (unsigned long)op };

	preempt_disable();
	while (optprobe_next(regs, &call) > 0)
		call_handler(&call);
	preempt_enable_no_resched();
}
NOKPROBE_SYMBOL(lab_optprobe_callback);

/* From a function entry that is patched to a call of lab_ftrace_caller. */
void lab_ftrace_callback(struct pt_regs *regs)
{
	struct kprobe_call call = { 0 };

	preempt_disable();
	while (ftrace_next(regs, &call) > 0)
		call_handler(&call);
	preempt_enable_no_resched();
}
NOKPROBE_SYMBOL(lab_ftrace_callback);

void kprobes_inc_nmissed_count(struct kprobe *p)
{
	p->nmissed++;
}
NOKPROBE_SYMBOL(kprobes_inc_nmissed_count);

EXPORT_SYMBOL_GPL(register_kprobe);
EXPORT_SYMBOL_GPL(unregister_kprobe);
EXPORT_SYMBOL_GPL(register_kprobes);
EXPORT_SYMBOL_GPL(unregister_kprobes);
EXPORT_SYMBOL_GPL(register_kretprobe);
EXPORT_SYMBOL_GPL(unregister_kretprobe);
EXPORT_SYMBOL_GPL(register_kretprobes);
EXPORT_SYMBOL_GPL(unregister_kretprobes);
EXPORT_SYMBOL_GPL(register_jprobe);
EXPORT_SYMBOL_GPL(unregister_jprobe);
EXPORT_SYMBOL_GPL(register_jprobes);
EXPORT_SYMBOL_GPL(unregister_jprobes);
EXPORT_SYMBOL_GPL(jprobe_return);
EXPORT_SYMBOL_GPL(enable_kprobe);
EXPORT_SYMBOL_GPL(disable_kprobe);
EXPORT_SYMBOL_GPL(enable_kretprobe);
EXPORT_SYMBOL_GPL(disable_kretprobe);
EXPORT_SYMBOL_GPL(get_kprobe);
EXPORT_SYMBOL_GPL(current_kprobe);
EXPORT_SYMBOL_GPL(kprobe_ctlblk);
EXPORT_SYMBOL_GPL(kprobe_busy_begin);
EXPORT_SYMBOL_GPL(kprobe_busy_end);
EXPORT_SYMBOL_GPL(kretprobe_find_ret_addr);
EXPORT_SYMBOL_GPL(within_kprobe_blacklist);
EXPORT_SYMBOL_GPL(kprobe_on_func_entry);
EXPORT_SYMBOL_GPL(dump_kprobe);
