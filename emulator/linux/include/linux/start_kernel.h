/* Where C begins. */
#ifndef _LINUX_START_KERNEL_H
#define _LINUX_START_KERNEL_H

#include <linux/init.h>

extern void __noreturn start_kernel(void);
extern void __noreturn start_secondary(unsigned long cpu);
extern void setup_arch(void);
extern void trap_init(void);
extern void time_init(void);
extern void console_init(void);

#endif
