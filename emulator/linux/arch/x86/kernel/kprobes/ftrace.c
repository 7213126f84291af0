/*
 * A hit at a function's entry nop, which has become a call of lab_ftrace_caller. Handlers see the address + 1, post
 * handlers the address + 5.
 */
#include <linux/kprobes.h>
#include <linux/preempt.h>
#include <lab/gates.h>
#include <lab/probes.h>

#define MCOUNT_INSN_SIZE 5

static void ftrace_by_host(struct pt_regs *regs)
{
	struct kprobe_call call = { 0 };

	while (ftrace_next(regs, &call) > 0)
		lab_call_handler(&call);
}
NOKPROBE_SYMBOL(ftrace_by_host);

/* regs->ip is behind the call. */
void lab_ftrace_callback(struct pt_regs *regs)
{
	unsigned long address = regs->ip - MCOUNT_INSN_SIZE;
	struct lab_probe_site *site;

	preempt_disable();
	site = lab_probe_site(address);
	if (!site || !site->direct || kprobe_running()) {
		ftrace_by_host(regs);
	} else {
		lab_begin_hit(site);
		regs->ip = address + INT3_INSN_SIZE;
		if (!lab_run_pre_handlers(site->newest, regs)) {
			regs->ip = site->following;
			lab_run_post_handlers(site, regs);
		}
		lab_end_hit();
	}
	preempt_enable_no_resched();
}
NOKPROBE_SYMBOL(lab_ftrace_callback);
