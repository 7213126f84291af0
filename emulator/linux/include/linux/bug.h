/*
 * BUG and WARN: a ud2 instruction, and an entry in __bug_table that tells where it was written. The handler of the
 * undefined-instruction exception looks the entry up, and returns behind the ud2 for a warning.
 */
#ifndef _LINUX_BUG_H
#define _LINUX_BUG_H

#include <linux/build_bug.h>
#include <linux/compiler.h>
#include <linux/printk.h>
#include <linux/types.h>

struct bug_entry {
	unsigned long bug_addr;
	const char *file;
	unsigned int line;
	unsigned int flags;
};

#define BUGFLAG_WARNING 1
#define BUGFLAG_ONCE 2
#define BUGFLAG_DONE 4
#define BUGFLAG_NO_CUT_HERE 8
#define TAINT_WARN_FLAG 9

#define __BUG_FLAGS(flags_)								\
	asm volatile("1: ud2\n\t"							\
		     ".pushsection __bug_table, \"aw\"\n\t"				\
		     ".quad 1b\n\t"							\
		     ".quad %c0\n\t"							\
		     ".long %c1\n\t"							\
		     ".long %c2\n\t"							\
		     ".popsection"							\
		     : : "i"(__FILE__), "i"(__LINE__), "i"(flags_))

#define BUG() do { __BUG_FLAGS(0); unreachable(); } while (0)
#define BUG_ON(condition) do { if (unlikely(condition)) BUG(); } while (0)
#define __WARN() __BUG_FLAGS(BUGFLAG_WARNING)

extern __printf(1, 2) void __warn_printk(const char *fmt, ...);

#define WARN_ON(condition) ({				\
	int __ret_warn_on = !!(condition);		\
	if (unlikely(__ret_warn_on))			\
		__WARN();				\
	unlikely(__ret_warn_on);			\
})
#define WARN(condition, format...) ({			\
	int __ret_warn_on = !!(condition);		\
	if (unlikely(__ret_warn_on)) {			\
		__warn_printk(format);			\
		__BUG_FLAGS(BUGFLAG_WARNING | BUGFLAG_NO_CUT_HERE);	\
	}						\
	unlikely(__ret_warn_on);			\
})
#define WARN_ON_ONCE(condition) ({			\
	int __ret_warn_on = !!(condition);		\
	if (unlikely(__ret_warn_on))			\
		__BUG_FLAGS(BUGFLAG_WARNING | BUGFLAG_ONCE);	\
	unlikely(__ret_warn_on);			\
})
#define WARN_ONCE(condition, format...) ({		\
	static bool __already_done;			\
	int __ret_once = !!(condition);			\
	if (unlikely(__ret_once && !__already_done)) {	\
		__already_done = true;			\
		WARN(1, format);			\
	}						\
	unlikely(__ret_once);				\
})
#define WARN_TAINT(condition, taint, format...) WARN(condition, format)
#define VM_BUG_ON(cond) BUG_ON(cond)
#define VM_WARN_ON(cond) WARN_ON(cond)
#define WARN_ON_SMP(x) WARN_ON(x)

enum bug_trap_type {
	BUG_TRAP_TYPE_NONE = 0,
	BUG_TRAP_TYPE_WARN = 1,
	BUG_TRAP_TYPE_BUG = 2,
};
struct pt_regs;
extern enum bug_trap_type report_bug(unsigned long bug_addr, struct pt_regs *regs);
extern struct bug_entry *find_bug(unsigned long bugaddr);

#endif
