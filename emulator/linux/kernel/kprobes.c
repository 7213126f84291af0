/*
 * The guest's half of kprobes: what a CPU is in the middle of, the walk through the handlers of an address, and the
 * loops in which a trap asks the host what to do and does it. arch/x86/kernel/kprobes has the instruction's side.
 */
#include <linux/kernel.h>
#include <linux/kprobes.h>
#include <linux/module.h>
#include <linux/percpu.h>
#include <lab/gates.h>
#include <lab/probes.h>
#include <asm/traps.h>

DEFINE_PER_CPU(struct kprobe *, current_kprobe);
DEFINE_PER_CPU(struct kprobe_ctlblk, kprobe_ctlblk);
DEFINE_PER_CPU(struct lab_probe_site *, lab_running_site);
DEFINE_PER_CPU(struct lab_probe *, lab_running_probe);
struct lab_probe_site *lab_probe_sites[1 << LAB_PROBE_HASH_BITS];

extern void __kretprobe_trampoline(void);

typedef long (*probe_handler_t)(unsigned long, unsigned long, unsigned long, unsigned long);

void lab_call_handler(struct kprobe_call *call)
{
	if (call->fn)
		call->result = ((probe_handler_t)call->fn)(call->arg0, call->arg1, call->arg2, call->arg3);
}
NOKPROBE_SYMBOL(lab_call_handler);

/* An instance that no call uses. Only takers exclude each other; any CPU may give one back meanwhile. */
static struct kretprobe_instance *take_instance(struct kretprobe_holder *rph)
{
	struct llist_node *first;
	unsigned long flags;

	local_irq_save(flags);
	while (xchg(&rph->taken, 1))
		cpu_relax();
	first = READ_ONCE(rph->free.first);
	while (first && !try_cmpxchg(&rph->free.first, &first, first->next))
		;
	WRITE_ONCE(rph->taken, 0);
	local_irq_restore(flags);
	return first ? llist_entry(first, struct kretprobe_instance, llist) : NULL;
}
NOKPROBE_SYMBOL(take_instance);

/* The pre handler of a return probe: have this call return to the trampoline. */
static void kretprobe_enter(struct lab_probe *probe, struct pt_regs *regs)
{
	struct kretprobe *rp = probe->rp;
	struct kretprobe_instance *ri = take_instance(rp->rph);
	unsigned long *frame = (unsigned long *)regs->sp;

	if (!ri) {
		lab_kretprobe_missed(rp);
		return;
	}
	ri->rp = rp;
	ri->task = current;
	ri->fp = frame;
	ri->ret_addr = (kprobe_opcode_t *)*frame;
	if (rp->entry_handler && rp->entry_handler(ri, regs)) {
		probe->left_alone++;
		llist_add(&ri->llist, &ri->rph->free);
		return;
	}
	*frame = (unsigned long)__kretprobe_trampoline;
	ri->llist.next = current->kretprobe_instances.first;
	current->kretprobe_instances.first = &ri->llist;
}
NOKPROBE_SYMBOL(kretprobe_enter);

struct lab_probe *lab_run_pre_handlers(struct lab_probe *probe, struct pt_regs *regs)
{
	for (; probe; probe = probe->next) {
		struct kprobe *p = probe->kp;

		if (kprobe_disabled(p))
			continue;
		probe->hits++;
		__this_cpu_write(lab_running_probe, probe);
		if (probe->rp) {
			kretprobe_enter(probe, regs);
		} else if (p->pre_handler && p->pre_handler(p, regs)) {
			probe->redirected++;
			return probe;
		}
	}
	__this_cpu_write(lab_running_probe, NULL);
	return NULL;
}
NOKPROBE_SYMBOL(lab_run_pre_handlers);

void lab_run_post_handlers(struct lab_probe_site *site, struct pt_regs *regs)
{
	struct lab_probe *probe;

	get_kprobe_ctlblk()->kprobe_status = KPROBE_HIT_SSDONE;
	for (probe = site->newest; probe; probe = probe->next) {
		struct kprobe *p = probe->kp;

		if (kprobe_disabled(p) || probe->rp || !p->post_handler)
			continue;
		__this_cpu_write(lab_running_probe, probe);
		p->post_handler(p, regs, 0);
	}
}
NOKPROBE_SYMBOL(lab_run_post_handlers);

/* A fault while a probe is being handled: in its handler, or at the copied instruction. */
bool kprobe_fault_handler(struct pt_regs *regs, int trapnr)
{
	struct kprobe_call call = { 0 };
	long verdict;

	if (!kprobe_running())
		return false;
	preempt_disable();
	while ((verdict = kprobe_fault_next(regs, trapnr, &call)) > 0)
		lab_call_handler(&call);
	preempt_enable_no_resched();
	return verdict == 0;
}
NOKPROBE_SYMBOL(kprobe_fault_handler);

/* The oldest instance of the frame that returns, which knows where to; NULL when the host has to look at one of them. */
static struct kretprobe_instance *direct_frame(void)
{
	struct llist_node *node;

	llist_for_each(node, current->kretprobe_instances.first) {
		struct kretprobe_instance *ri = llist_entry(node, struct kretprobe_instance, llist);

		if (!ri->rph->direct)
			return NULL;
		if (ri->ret_addr != (kprobe_opcode_t *)__kretprobe_trampoline)
			return ri;
	}
	return NULL;
}
NOKPROBE_SYMBOL(direct_frame);

static void run_return_handler(struct kretprobe_instance *ri, struct pt_regs *regs)
{
	struct kretprobe *rp = ri->rp;

	if (!rp || kprobe_disabled(&rp->kp) || !rp->handler)
		return;
	__this_cpu_write(current_kprobe, &rp->kp);
	__this_cpu_write(lab_running_probe, ri->rph->probe);
	get_kprobe_ctlblk()->kprobe_status = KPROBE_HIT_ACTIVE;
	rp->handler(ri, regs);
}
NOKPROBE_SYMBOL(run_return_handler);

/* Handlers newest first; hits inside them are missed. */
static void return_directly(struct kretprobe_instance *oldest, struct pt_regs *regs)
{
	struct kprobe *running = __this_cpu_read(current_kprobe);
	struct lab_probe *probe = __this_cpu_read(lab_running_probe);
	struct kretprobe_instance *ri;

	regs->ip = (unsigned long)oldest->ret_addr;
	do {
		ri = llist_entry(current->kretprobe_instances.first, struct kretprobe_instance, llist);
		run_return_handler(ri, regs);
		current->kretprobe_instances.first = ri->llist.next;
		llist_add(&ri->llist, &ri->rph->free);
	} while (ri != oldest);
	__this_cpu_write(lab_running_probe, probe);
	__this_cpu_write(current_kprobe, running);
}
NOKPROBE_SYMBOL(return_directly);

/* From __kretprobe_trampoline: a probed function has returned. regs->ip becomes its true return address. */
void kretprobe_trampoline_handler(struct pt_regs *regs)
{
	struct kretprobe_instance *oldest;
	struct kprobe_call call = { 0 };
	long verdict = 0;

	preempt_disable();
	oldest = direct_frame();
	if (oldest) {
		return_directly(oldest, regs);
	} else {
		while ((verdict = kretprobe_next(regs, &call)) > 0)
			lab_call_handler(&call);
	}
	preempt_enable_no_resched();
	BUG_ON(verdict < 0);
}
NOKPROBE_SYMBOL(kretprobe_trampoline_handler);

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
