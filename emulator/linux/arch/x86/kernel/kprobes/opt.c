/* A hit of a probe whose int3 has become a jump: its detour calls this. What the pre handlers answer does not count. */
#include <linux/kprobes.h>
#include <linux/preempt.h>
#include <lab/gates.h>
#include <lab/probes.h>

static void optprobe_by_host(struct lab_probe_site *site, struct pt_regs *regs)
{
	struct kprobe_call call = { .site = (unsigned long)site };

	while (optprobe_next(regs, &call) > 0)
		lab_call_handler(&call);
}
NOKPROBE_SYMBOL(optprobe_by_host);

void lab_optprobe_callback(struct lab_probe_site *site, struct pt_regs *regs)
{
	struct lab_probe *probe = site->newest;

	preempt_disable();
	if (!site->direct || kprobe_running()) {
		optprobe_by_host(site, regs);
	} else {
		regs->ip = site->address + INT3_INSN_SIZE;
		lab_begin_hit(site);
		while ((probe = lab_run_pre_handlers(probe, regs)))
			probe = probe->next;
		lab_end_hit();
	}
	preempt_enable_no_resched();
}
NOKPROBE_SYMBOL(lab_optprobe_callback);
