/*
 * How a system call is written. SYSCALL_DEFINE2(kill, pid_t, pid, int, sig) makes __x64_sys_kill(const struct pt_regs *),
 * which takes its arguments out of the user's registers; the table in arch/x86/entry points to that. So at a probe on
 * __x64_sys_kill, regs->di is the address of the user's registers, as on Linux since 4.17.
 */
#ifndef _LINUX_SYSCALLS_H
#define _LINUX_SYSCALLS_H

#include <linux/compiler.h>
#include <linux/signal.h>
#include <linux/types.h>
#include <asm/ptrace.h>

typedef long (*sys_call_ptr_t)(const struct pt_regs *);
extern const sys_call_ptr_t sys_call_table[];

int ksys_setsid(void);

#define __MAP0(m, ...)
#define __MAP1(m, t, a, ...) m(t, a)
#define __MAP2(m, t, a, ...) m(t, a), __MAP1(m, __VA_ARGS__)
#define __MAP3(m, t, a, ...) m(t, a), __MAP2(m, __VA_ARGS__)
#define __MAP4(m, t, a, ...) m(t, a), __MAP3(m, __VA_ARGS__)
#define __MAP5(m, t, a, ...) m(t, a), __MAP4(m, __VA_ARGS__)
#define __MAP6(m, t, a, ...) m(t, a), __MAP5(m, __VA_ARGS__)
#define __MAP(n, ...) __MAP##n(__VA_ARGS__)
#define __SC_DECL(t, a) t a

#define __SC_ARGS1(t1, a1) (t1)regs->di
#define __SC_ARGS2(t1, a1, t2, a2) __SC_ARGS1(t1, a1), (t2)regs->si
#define __SC_ARGS3(t1, a1, t2, a2, t3, a3) __SC_ARGS2(t1, a1, t2, a2), (t3)regs->dx
#define __SC_ARGS4(t1, a1, t2, a2, t3, a3, t4, a4) __SC_ARGS3(t1, a1, t2, a2, t3, a3), (t4)regs->r10
#define __SC_ARGS5(t1, a1, t2, a2, t3, a3, t4, a4, t5, a5) \
	__SC_ARGS4(t1, a1, t2, a2, t3, a3, t4, a4), (t5)regs->r8
#define __SC_ARGS6(t1, a1, t2, a2, t3, a3, t4, a4, t5, a5, t6, a6) \
	__SC_ARGS5(t1, a1, t2, a2, t3, a3, t4, a4, t5, a5), (t6)regs->r9

#define __SYSCALL_DEFINEx(x, name, ...)								\
	static inline long __do_sys##name(__MAP(x, __SC_DECL, __VA_ARGS__));				\
	long __x64_sys##name(const struct pt_regs *regs);					\
	long __x64_sys##name(const struct pt_regs *regs)					\
	{											\
		return __do_sys##name(__SC_ARGS##x(__VA_ARGS__));				\
	}											\
	static inline long __do_sys##name(__MAP(x, __SC_DECL, __VA_ARGS__))

#define SYSCALL_DEFINE0(name)									\
	long __x64_sys_##name(const struct pt_regs *__unused_regs);				\
	long __x64_sys_##name(const struct pt_regs *__unused_regs)
#define SYSCALL_DEFINE1(name, ...) __SYSCALL_DEFINEx(1, _##name, __VA_ARGS__)
#define SYSCALL_DEFINE2(name, ...) __SYSCALL_DEFINEx(2, _##name, __VA_ARGS__)
#define SYSCALL_DEFINE3(name, ...) __SYSCALL_DEFINEx(3, _##name, __VA_ARGS__)
#define SYSCALL_DEFINE4(name, ...) __SYSCALL_DEFINEx(4, _##name, __VA_ARGS__)
#define SYSCALL_DEFINE5(name, ...) __SYSCALL_DEFINEx(5, _##name, __VA_ARGS__)
#define SYSCALL_DEFINE6(name, ...) __SYSCALL_DEFINEx(6, _##name, __VA_ARGS__)

#endif
