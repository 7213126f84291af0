/*
 * What the host tells the guest of each probed address. With it an ordinary hit is handled by the kernel's own code, as
 * on Linux; only what needs the host (a debugger's probe, a trace event, a jprobe, a hit inside a hit) asks by a gate.
 * The host writes all of it (emulator/kprobes/record.ts), except the counts.
 */
#ifndef _LAB_PROBES_H
#define _LAB_PROBES_H

#include <linux/kprobes.h>
#include <linux/percpu.h>
#include <linux/types.h>

/* One probe at an address. */
struct lab_probe {
	struct lab_probe *next;		/* the next older one there */
	struct kprobe *kp;
	struct kretprobe *rp;		/* NULL, or the return probe that kp is part of */
	unsigned long hits;
	unsigned long redirected;	/* pre handlers that returned non-zero: no step, no other handler */
	unsigned long left_alone;	/* calls whose entry handler returned non-zero: the return is not probed */
};

/* How the probed instruction is done when it is not run out of line. */
#define LAB_EMULATE_CALL 1
#define LAB_EMULATE_JUMP 2
#define LAB_EMULATE_BRANCH 3
#define LAB_EMULATE_RET 4

struct lab_probe_site {
	struct lab_probe_site *chain;	/* others with the same hash */
	unsigned long address;
	unsigned long following;	/* address of the instruction behind it */
	struct kprobe *kprobe;		/* what current_kprobe points to during a hit */
	struct lab_probe *newest;
	unsigned long direct;		/* the guest can handle a hit by itself */
	unsigned long slot;		/* the copied instruction with an int3 behind it, or 0 */
	unsigned long slot_end;		/* that int3 */
	unsigned long boosted;		/* the copied instruction with a jump back behind it, or 0 */
	unsigned long emulation;	/* LAB_EMULATE_*, or 0 */
	unsigned long target;		/* of the branch or call */
	unsigned long condition;	/* of the branch: its opcode's low four bits */
};

#define LAB_PROBE_HASH_BITS 12
extern struct lab_probe_site *lab_probe_sites[1 << LAB_PROBE_HASH_BITS];

static __always_inline struct lab_probe_site *lab_probe_site(unsigned long address)
{
	struct lab_probe_site *site =
		READ_ONCE(lab_probe_sites[(address * 0x61c8864680b583ebUL) >> (64 - LAB_PROBE_HASH_BITS)]);

	while (site && site->address != address)
		site = READ_ONCE(site->chain);
	return site;
}

/* The hit that this CPU handles by itself. */
DECLARE_PER_CPU(struct lab_probe_site *, lab_running_site);
DECLARE_PER_CPU(struct lab_probe *, lab_running_probe);

/* Pre handlers from this probe on, newest first. The one that changed where to go on: no other runs, nor the instruction. */
struct lab_probe *lab_run_pre_handlers(struct lab_probe *probe, struct pt_regs *regs);
void lab_run_post_handlers(struct lab_probe_site *site, struct pt_regs *regs);

static __always_inline void lab_begin_hit(struct lab_probe_site *site)
{
	__this_cpu_write(current_kprobe, site->kprobe);
	__this_cpu_write(lab_running_site, site);
	get_kprobe_ctlblk()->kprobe_status = KPROBE_HIT_ACTIVE;
}

static __always_inline void lab_end_hit(void)
{
	__this_cpu_write(lab_running_site, NULL);
	__this_cpu_write(lab_running_probe, NULL);
	__this_cpu_write(current_kprobe, NULL);
}

#endif
