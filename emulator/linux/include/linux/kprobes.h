/*
 * Kprobes. The functions are gates: the machinery behind them is the machine's (emulator/kprobes), while the
 * structures, the saved instruction, the breakpoint byte and the handlers are all the guest's.
 *
 * Two things are here that Linux has dropped, because texts use them: fault_handler (until 5.13) and jprobes (until
 * 4.14).
 */
#ifndef _LINUX_KPROBES_H
#define _LINUX_KPROBES_H

#include <linux/compiler.h>
#include <linux/bug.h>
#include <linux/kallsyms.h>
#include <linux/linkage.h>
#include <linux/list.h>
#include <linux/llist.h>
#include <linux/mutex.h>
#include <linux/notifier.h>
#include <linux/percpu.h>
#include <linux/ptrace.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>
#include <linux/spinlock.h>
#include <linux/smp.h>
#include <asm/kprobes.h>
#ifdef MODULE
#include <lab/along.h>
#endif

#define KPROBE_HIT_ACTIVE 0x00000001
#define KPROBE_HIT_SS 0x00000002
#define KPROBE_REENTER 0x00000004
#define KPROBE_HIT_SSDONE 0x00000008

struct kprobe;
struct kretprobe;
struct kretprobe_instance;
typedef int (*kprobe_pre_handler_t)(struct kprobe *, struct pt_regs *);
typedef int (*kprobe_break_handler_t)(struct kprobe *, struct pt_regs *);
typedef void (*kprobe_post_handler_t)(struct kprobe *, struct pt_regs *, unsigned long flags);
typedef int (*kprobe_fault_handler_t)(struct kprobe *, struct pt_regs *, int trapnr);
typedef int (*kretprobe_handler_t)(struct kretprobe_instance *, struct pt_regs *);

struct kprobe {
	struct hlist_node hlist;		/* in the table of all probes, by address */
	struct list_head list;			/* the probes that share an address */
	unsigned long nmissed;			/* hits while another probe was being handled */
	kprobe_opcode_t *addr;			/* where it sits */
	const char *symbol_name;		/* how the user named the place */
	unsigned int offset;
	kprobe_pre_handler_t pre_handler;	/* before the instruction; non-zero: ip was changed, do not step */
	kprobe_post_handler_t post_handler;	/* after the instruction */
	kprobe_fault_handler_t fault_handler;	/* a handler faulted; non-zero: dealt with */
	kprobe_break_handler_t break_handler;
	kprobe_opcode_t opcode;			/* the byte that int3 replaced */
	struct arch_specific_insn ainsn;	/* the copied instruction */
	u32 flags;
};

#define KPROBE_FLAG_GONE 1		/* its text is gone */
#define KPROBE_FLAG_DISABLED 2
#define KPROBE_FLAG_OPTIMIZED 4		/* a jump stands in place of the int3 */
#define KPROBE_FLAG_FTRACE 8		/* it sits on a function-tracing site */
#define KPROBE_FLAG_ON_FUNC_ENTRY 16

/* What outlives the return probe while calls of it are under way. */
struct kretprobe_holder {
	struct kretprobe *rp;
	struct llist_head free;		/* instances that no call uses */
	unsigned int taken;		/* a lock among those who take one */
	unsigned int direct;		/* the handlers are the guest's own: no gate is needed */
	struct lab_probe *probe;
};

struct kretprobe {
	struct kprobe kp;
	kretprobe_handler_t handler;
	kretprobe_handler_t entry_handler;	/* non-zero: leave this call alone */
	int maxactive;				/* calls that can be in flight at once */
	int nmissed;				/* calls that found no free instance */
	size_t data_size;			/* bytes of ri->data */
	struct kretprobe_holder *rph;
	void *rh;
};

#define KRETPROBE_MAX_DATA_SIZE 4096

/* One call in flight: where it will really return to, and the user's data. */
struct kretprobe_instance {
	struct llist_node llist;	/* in the holder's free list or the task's list of calls */
	struct kretprobe_holder *rph;
	struct kretprobe *rp;		/* NULL once it has been unregistered */
	kprobe_opcode_t *ret_addr;
	void *fp;
	struct task_struct *task;
	char data[] __aligned(8);
};

struct kretprobe_blackpoint {
	const char *name;
	void *addr;
};

/* entry has the probed function's own prototype and ends in jprobe_return(). */
struct jprobe {
	struct kprobe kp;
	void *entry;
};
#define JPROBE_ENTRY(handler) ((void *)(handler))

struct prev_kprobe {
	struct kprobe *kp;
	unsigned long status;
	unsigned long old_flags;
	unsigned long saved_flags;
};

/* A CPU's place in the handling of a probe. */
struct kprobe_ctlblk {
	unsigned long kprobe_status;
	unsigned long kprobe_old_flags;
	unsigned long kprobe_saved_flags;
	struct prev_kprobe prev_kprobe;
};

DECLARE_PER_CPU(struct kprobe *, current_kprobe);
DECLARE_PER_CPU(struct kprobe_ctlblk, kprobe_ctlblk);

extern int register_kprobe(struct kprobe *p);
extern void unregister_kprobe(struct kprobe *p);
extern int register_kprobes(struct kprobe **kps, int num);
extern void unregister_kprobes(struct kprobe **kps, int num);
extern int register_kretprobe(struct kretprobe *rp);
extern void unregister_kretprobe(struct kretprobe *rp);
extern int register_kretprobes(struct kretprobe **rps, int num);
extern void unregister_kretprobes(struct kretprobe **rps, int num);
extern int register_jprobe(struct jprobe *p)
	__instead("jprobes are gone since 4.15: use a kprobe whose pre_handler reads regs->di, regs->si, ...");
extern void unregister_jprobe(struct jprobe *p);
extern int register_jprobes(struct jprobe **jps, int num)
	__instead("jprobes are gone since 4.15: use a kprobe whose pre_handler reads regs->di, regs->si, ...");
extern void unregister_jprobes(struct jprobe **jps, int num);
extern void jprobe_return(void);
extern int enable_kprobe(struct kprobe *kp);
extern int disable_kprobe(struct kprobe *kp);
extern int enable_kretprobe(struct kretprobe *rp);
extern int disable_kretprobe(struct kretprobe *rp);
extern struct kprobe *get_kprobe(void *addr);
extern void kprobe_busy_begin(void);
extern void kprobe_busy_end(void);
extern bool within_kprobe_blacklist(unsigned long addr);
extern int kprobe_on_func_entry(kprobe_opcode_t *addr, const char *sym, unsigned long offset);
extern void dump_kprobe(struct kprobe *kp);
extern unsigned long kretprobe_find_ret_addr(struct task_struct *tsk, void *fp, void **cur);
extern bool is_kretprobe_trampoline(unsigned long addr);
extern void kprobe_flush_task(struct task_struct *task);
extern void kprobes_inc_nmissed_count(struct kprobe *p);

static inline struct kprobe *kprobe_running(void)
{
	return this_cpu_read(current_kprobe);
}

static inline struct kprobe_ctlblk *get_kprobe_ctlblk(void)
{
	return this_cpu_ptr(&kprobe_ctlblk);
}

static inline bool kprobe_disabled(struct kprobe *p)
{
	return p->flags & (KPROBE_FLAG_DISABLED | KPROBE_FLAG_GONE);
}

static inline bool kprobe_gone(struct kprobe *p)
{
	return p->flags & KPROBE_FLAG_GONE;
}

static inline bool kprobe_optimized(struct kprobe *p)
{
	return p->flags & KPROBE_FLAG_OPTIMIZED;
}

static inline bool kprobe_ftrace(struct kprobe *p)
{
	return p->flags & KPROBE_FLAG_FTRACE;
}

static inline struct kretprobe *get_kretprobe(struct kretprobe_instance *ri)
{
	return READ_ONCE(ri->rp);
}

static inline unsigned long get_kretprobe_retaddr(struct kretprobe_instance *ri)
{
	return (unsigned long)ri->ret_addr;
}

#endif
