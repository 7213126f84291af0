/*
 * The gates: every function through which the guest kernel talks to the machine's host.
 *
 * A gate is an ordinary function to C. Its body (arch/x86/lab/gates.S) is one vmcall instruction and a return: the
 * host sees which symbol was reached, reads the arguments from the ABI registers, does its work and leaves the result
 * in rax. This file is the one place where they are declared; nothing else in the kernel knows that it is emulated.
 */
#ifndef _LAB_GATES_H
#define _LAB_GATES_H

#include <linux/types.h>

struct pt_regs;
struct module;
struct kprobe;
struct kretprobe;
struct task_struct;

/* ---- console ---- */

/* One printk record: formatted, no trailing newline. level 0..7, or -1 when it continues the record before it. */
void lab_console_write(long level, const char *text, unsigned long len, const void *caller);
/* What user programs write to the console terminal. */
void lab_tty_write(const char *text, unsigned long len);

/* ---- the machine ---- */

/* Start CPU `cpu` at secondary_startup_64 with this stack pointer, in the caller's mode and page tables. */
void lab_start_cpu(unsigned long cpu, void *stack_top);
/* Power off (reboot(2), or the last act of pid 1): the run ends with this exit code. */
void lab_power_off(long code);
/* A task has exited with this wait status; `leader` tells that the whole process is gone. */
void lab_task_exit(struct task_struct *task, long status, long leader);

/* A timer interrupt, on whichever CPU is not idle: the host's own delayed work (jump optimisation) is driven by it. */
void lab_tick(void);
/* The .init sections are about to be freed: nothing may be probed there any more. */
void lab_free_init(void);

/* ---- faults: the report itself is printed by C (arch/x86/kernel/dumpstack.c); these let a debugger stop ---- */

/* A kernel fault has just been reported. trapnr and error_code are the CPU's. */
void lab_oops(struct pt_regs *regs, const char *message, unsigned long error_code, long trapnr);
/* An undefined instruction is about to be reported or to become a signal: the host names it and its source line. */
void lab_undefined(struct pt_regs *regs);
/* A WARN was hit; file and line are the WARN's. */
void lab_warn(struct pt_regs *regs, const char *file, long line);
/* panic() has printed its message. The machine only idles after this. */
void lab_panic(const char *message);
/* A function that may sleep was called where sleeping is forbidden (an interrupt, a probe handler, a held spin lock). */
void lab_sleep_in_atomic(const char *file, long line);

/* ---- symbols ---- */

/* Address of a symbol of the kernel or of a loaded module, 0 if there is none. */
unsigned long lab_kallsyms_lookup_name(const char *name);
/* Write "name+0x12/0x34 [module]" for an address; returns the length. Flags: LAB_SYMBOL_*. */
long lab_sprint_symbol(char *buffer, unsigned long address, long flags);
#define LAB_SYMBOL_OFFSET 1	/* with +offset/size: %pS */
#define LAB_SYMBOL_BACKTRACE 2	/* the address is a return address, name the call before it: %pB */
#define LAB_SYMBOL_BARE 4	/* only the name: %ps */
/* Size of the symbol that holds the address, and the address's offset in it; 0 if there is none. */
long lab_lookup_size_offset(unsigned long address, unsigned long *size, unsigned long *offset);

/* ---- probes ---- */

/*
 * One step of the dialogue between a trap and the host's probe machinery. The guest asks what to do next, calls the
 * function that it is told to call (fn == 0: nothing, ask again), stores what it returned, and asks again.
 */
struct kprobe_call {
	unsigned long fn;
	unsigned long arg0, arg1, arg2, arg3;
	long result;
	unsigned long phase, cursor, site, saved; /* the host's own cursor: it lives here so that a snapshot holds it */
};

/* Do what the host asked for. */
void lab_call_handler(struct kprobe_call *call);

/* All four return 1: call and ask again; 0: done, resume at regs; -1: not a probe's, go on as if there were none. */
long kprobe_next(struct pt_regs *regs, struct kprobe_call *call);	/* from int3 */
long kretprobe_next(struct pt_regs *regs, struct kprobe_call *call);	/* from the return trampoline */
long optprobe_next(struct pt_regs *regs, struct kprobe_call *call);	/* from a jump-optimised probe's detour */
long ftrace_next(struct pt_regs *regs, struct kprobe_call *call);	/* from a patched function entry */
/* A fault in kernel mode while a probe is being handled; asked before anything else looks at the fault. */
long kprobe_fault_next(struct pt_regs *regs, long trapnr, struct kprobe_call *call);
/* A call of a return probe's function found no free instance: counted, and told with its reason. */
void lab_kretprobe_missed(struct kretprobe *rp);
/* The true return address for one that may have been replaced by the return trampoline; slot is where it was read. */
unsigned long lab_recover_return_address(struct task_struct *task, unsigned long address, unsigned long *slot);
/* A task is gone: recycle its outstanding kretprobe instances. */
void kprobe_flush_task(struct task_struct *task);
/* register_kprobe and its family are gates too: linux/kprobes.h declares them. */

/* ---- modules ---- */

/* Read an ELF object: fills mod->name, returns the bytes of module memory that it needs, or -errno with a message. */
long lab_module_begin(struct module *mod, const void *elf, unsigned long len);
/* Link it at `base`: copy, relocate, publish its symbols, fill struct module. 0 or -errno with a message. */
long lab_module_link(struct module *mod, void *base, const char *args);
/* The index-th module whose symbols a linked module uses, NULL after the last. */
struct module *lab_module_uses(struct module *mod, long index);
/* State changes, in Linux's words. */
void lab_module_coming(struct module *mod);
void lab_module_live(struct module *mod);
void lab_module_going(struct module *mod);
/* Forget the module: its memory is about to be freed. */
void lab_module_free(struct module *mod);

/* ---- files that the host serves: tracefs, debugfs/kprobes, kallsyms (mounted by fs/hostfs) ---- */

struct lab_fs_stat {
	unsigned int mode;
	unsigned int nlink;
	unsigned long long ino;
	unsigned long long size;
};

#define LAB_EAGAIN_BLOCK (-4095) /* the read would block: sleep a little and ask again */

long lab_fs_open(const char *path, long flags); /* a handle >= 0, or -errno; the path is absolute */
long lab_fs_read(long handle, char *buffer, unsigned long len, long long position);
long lab_fs_write(long handle, const char *buffer, unsigned long len, long long position);
long lab_fs_release(long handle);
long lab_fs_stat(const char *path, struct lab_fs_stat *st);
/* 1: entry `index` was written to name (256 bytes) and st; 0: no more; -errno. */
long lab_fs_readdir(const char *path, unsigned long index, char *name, struct lab_fs_stat *st);
long lab_fs_truncate(const char *path, long long size);
long lab_fs_mkdir(const char *path, long mode);
long lab_fs_rmdir(const char *path);
long lab_fs_unlink(const char *path);

#endif
