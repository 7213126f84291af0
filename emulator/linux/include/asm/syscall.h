/* Reading a system call out of the registers at its entry. */
#ifndef _ASM_SYSCALL_H
#define _ASM_SYSCALL_H

#include <linux/sched.h>
#include <linux/syscalls.h>

#define syscall_get_nr(task, regs) ((int)(regs)->orig_ax)
#define syscall_get_return_value(task, regs) ((long)(regs)->ax)

extern bool do_syscall_64(struct pt_regs *regs, int nr);

#endif
