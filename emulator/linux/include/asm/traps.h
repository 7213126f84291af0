/* Between trap handlers and what they consult. */
#ifndef _ASM_TRAPS_H
#define _ASM_TRAPS_H

#include <linux/types.h>

struct pt_regs;
extern bool kprobe_int3_handler(struct pt_regs *regs);
extern bool kprobe_fault_handler(struct pt_regs *regs, int trapnr);
extern void irqentry_exit_to_user_mode(struct pt_regs *regs);
extern void syscall_exit_to_user_mode(struct pt_regs *regs);

#endif
