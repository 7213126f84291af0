/* The things that nearly every source file wants: printk, arithmetic helpers, parsing of numbers, might_sleep. */
#ifndef _LINUX_KERNEL_H
#define _LINUX_KERNEL_H

#include <linux/stdarg.h>
#include <linux/align.h>
#include <linux/limits.h>
#include <linux/stddef.h>
#include <linux/types.h>
#include <linux/compiler.h>
#include <linux/container_of.h>
#include <linux/bitops.h>
#include <linux/bug.h>
#include <linux/build_bug.h>
#include <linux/err.h>
#include <linux/kstrtox.h>
#include <linux/log2.h>
#include <linux/math.h>
#include <linux/minmax.h>
#include <linux/panic.h>
#include <linux/printk.h>
#include <linux/linkage.h>
#include <linux/sprintf.h>
#include <asm/byteorder.h>

#define ARRAY_SIZE(arr) (sizeof(arr) / sizeof((arr)[0]))
#define REPEAT_BYTE(x) ((~0ul / 0xff) * (x))
#define typecheck(type, x) 1
#define upper_32_bits(n) ((u32)(((n) >> 16) >> 16))
#define lower_32_bits(n) ((u32)(n))
#define u64_to_user_ptr(x) ((void __user *)(uintptr_t)(x))
#define PTR_ALIGN_DOWN(p, a) ((typeof(p))ALIGN_DOWN((unsigned long)(p), (a)))
#define READ 0
#define WRITE 1

/* Complain when a function that may sleep is called where it must not. */
extern void __might_sleep(const char *file, int line);
extern void __might_resched(const char *file, int line, unsigned int offsets);
extern int __cond_resched(void);
#define might_sleep() __might_sleep(__FILE__, __LINE__)
#define might_sleep_if(cond) do { if (cond) might_sleep(); } while (0)
#define cond_resched() ({ __might_resched(__FILE__, __LINE__, 0); __cond_resched(); })

extern bool core_kernel_text(unsigned long addr);
extern bool kernel_text_address(unsigned long addr);
extern bool __kernel_text_address(unsigned long addr);
extern char _text[], _stext[], _etext[], _end[], __init_begin[], __init_end[], __bss_start[], __bss_stop[];

enum system_states {
	SYSTEM_BOOTING,
	SYSTEM_SCHEDULING,
	SYSTEM_FREEING_INITMEM,
	SYSTEM_RUNNING,
	SYSTEM_HALT,
	SYSTEM_POWER_OFF,
	SYSTEM_RESTART,
};
extern enum system_states system_state;

extern const char hex_asc[];
#define hex_asc_lo(x) hex_asc[(x) & 0x0f]
#define hex_asc_hi(x) hex_asc[((x) & 0xf0) >> 4]
extern int hex_to_bin(unsigned char ch);

#endif
