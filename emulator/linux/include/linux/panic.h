/* The end of the road, and the taint flags that tell what happened on it. */
#ifndef _LINUX_PANIC_H
#define _LINUX_PANIC_H

#include <linux/types.h>

extern void __printf(1, 2) __noreturn panic(const char *fmt, ...);
extern void oops_enter(void);
extern void oops_exit(void);
extern bool oops_may_print(void);
extern int panic_timeout, panic_on_oops, panic_on_warn, oops_in_progress;
extern unsigned long panic_on_taint;

#define TAINT_PROPRIETARY_MODULE 0
#define TAINT_FORCED_MODULE 1
#define TAINT_CPU_OUT_OF_SPEC 2
#define TAINT_FORCED_RMMOD 3
#define TAINT_MACHINE_CHECK 4
#define TAINT_BAD_PAGE 5
#define TAINT_USER 6
#define TAINT_DIE 7
#define TAINT_OVERRIDDEN_ACPI_TABLE 8
#define TAINT_WARN 9
#define TAINT_CRAP 10
#define TAINT_FIRMWARE_WORKAROUND 11
#define TAINT_OOT_MODULE 12
#define TAINT_UNSIGNED_MODULE 13
#define TAINT_SOFTLOCKUP 14
#define TAINT_LIVEPATCH 15
#define TAINT_FLAGS_COUNT 16

enum lockdep_ok {
	LOCKDEP_STILL_OK,
	LOCKDEP_NOW_UNRELIABLE,
};

extern const char *print_tainted(void);
extern void add_taint(unsigned int flag, enum lockdep_ok lockdep_ok);
extern int test_taint(unsigned int flag);
extern unsigned long get_taint(void);

#endif
