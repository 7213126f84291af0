/*
 * A hit on x86: int3, and what becomes of the probed instruction. It is run out of line in its slot with another int3
 * behind the copy, or (when nothing is to be done after it) in a slot that jumps back, or emulated on the saved registers.
 */
#include <linux/kprobes.h>
#include <linux/preempt.h>
#include <lab/gates.h>
#include <lab/probes.h>
#include <asm/kprobes.h>
#include <asm/ptrace.h>
#include <asm/traps.h>

static bool branch_taken(unsigned long flags, unsigned long condition)
{
	bool sf = flags & X86_EFLAGS_SF, of = flags & X86_EFLAGS_OF, taken;

	switch (condition >> 1) {
	case 0:
		taken = of;
		break;
	case 1:
		taken = flags & X86_EFLAGS_CF;
		break;
	case 2:
		taken = flags & X86_EFLAGS_ZF;
		break;
	case 3:
		taken = flags & (X86_EFLAGS_CF | X86_EFLAGS_ZF);
		break;
	case 4:
		taken = sf;
		break;
	case 5:
		taken = flags & X86_EFLAGS_PF;
		break;
	case 6:
		taken = sf != of;
		break;
	default:
		taken = sf != of || (flags & X86_EFLAGS_ZF);
		break;
	}
	return taken ^ (condition & 1);
}
NOKPROBE_SYMBOL(branch_taken);

/* The int3 entry leaves room below the interrupted stack pointer: a push is possible. */
static void emulate(struct lab_probe_site *site, struct pt_regs *regs)
{
	switch (site->emulation) {
	case LAB_EMULATE_CALL:
		regs->sp -= sizeof(unsigned long);
		*(unsigned long *)regs->sp = site->following;
		regs->ip = site->target;
		break;
	case LAB_EMULATE_JUMP:
		regs->ip = site->target;
		break;
	case LAB_EMULATE_BRANCH:
		regs->ip = branch_taken(regs->flags, site->condition) ? site->target : site->following;
		break;
	case LAB_EMULATE_RET:
		regs->ip = *(unsigned long *)regs->sp;
		regs->sp += sizeof(unsigned long);
		break;
	}
}
NOKPROBE_SYMBOL(emulate);

static bool has_post_handler(struct lab_probe_site *site)
{
	struct lab_probe *probe;

	for (probe = site->newest; probe; probe = probe->next)
		if (probe->kp->post_handler)
			return true;
	return false;
}
NOKPROBE_SYMBOL(has_post_handler);

/* The breakpoint of a probe, with no other one under way on this CPU. */
static void direct_hit(struct lab_probe_site *site, struct pt_regs *regs)
{
	struct kprobe_ctlblk *kcb = get_kprobe_ctlblk();

	lab_begin_hit(site);
	kcb->kprobe_saved_flags = kcb->kprobe_old_flags = regs->flags & X86_EFLAGS_IF;
	if (!lab_run_pre_handlers(site->newest, regs)) {
		if (site->boosted && (!site->slot || !has_post_handler(site))) {
			regs->ip = site->boosted;
		} else if (site->emulation) {
			emulate(site, regs);
			lab_run_post_handlers(site, regs);
		} else {
			kcb->kprobe_status = KPROBE_HIT_SS;
			regs->flags &= ~X86_EFLAGS_IF;
			regs->ip = site->slot;
			return;
		}
	}
	lab_end_hit();
}
NOKPROBE_SYMBOL(direct_hit);

/* The int3 behind the copy. */
static void direct_stepped(struct lab_probe_site *site, struct pt_regs *regs)
{
	regs->ip = site->following;
	regs->flags |= get_kprobe_ctlblk()->kprobe_saved_flags;
	lab_run_post_handlers(site, regs);
	lab_end_hit();
}
NOKPROBE_SYMBOL(direct_stepped);

/* True when the guest has handled the trap by itself. */
static bool handle_directly(struct pt_regs *regs)
{
	unsigned long address = regs->ip - INT3_INSN_SIZE;
	struct lab_probe_site *site;

	if (!kprobe_running()) {
		site = lab_probe_site(address);
		if (!site || !site->direct)
			return false;
		direct_hit(site, regs);
		return true;
	}
	site = __this_cpu_read(lab_running_site);
	if (!site || address != site->slot_end || get_kprobe_ctlblk()->kprobe_status != KPROBE_HIT_SS)
		return false;
	direct_stepped(site, regs);
	return true;
}
NOKPROBE_SYMBOL(handle_directly);

static bool handle_by_host(struct pt_regs *regs)
{
	struct kprobe_call call = { 0 };
	long verdict;

	while ((verdict = kprobe_next(regs, &call)) > 0)
		lab_call_handler(&call);
	return verdict == 0;
}
NOKPROBE_SYMBOL(handle_by_host);

/* A breakpoint in kernel mode. True when it was a probe's. */
bool kprobe_int3_handler(struct pt_regs *regs)
{
	bool ours;

	preempt_disable();
	ours = handle_directly(regs) || handle_by_host(regs);
	preempt_enable_no_resched();
	return ours;
}
NOKPROBE_SYMBOL(kprobe_int3_handler);
