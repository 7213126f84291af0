/*
 * IS_ENABLED(CONFIG_X) and friends: 1 when the option is defined as 1, else 0, usable in #if and in C.
 * The options themselves come from the host's configuration as -D definitions.
 */
#ifndef _LINUX_KCONFIG_H
#define _LINUX_KCONFIG_H

#define __ARG_PLACEHOLDER_1 0,
#define __take_second_arg(__ignored, val, ...) val
#define __is_defined(x) ___is_defined(x)
#define ___is_defined(val) ____is_defined(__ARG_PLACEHOLDER_##val)
#define ____is_defined(arg1_or_junk) __take_second_arg(arg1_or_junk 1, 0)

#define IS_BUILTIN(option) __is_defined(option)
#define IS_MODULE(option) __is_defined(option##_MODULE)
#define IS_REACHABLE(option) IS_BUILTIN(option)
#define IS_ENABLED(option) __is_defined(option)

/* Options that this kernel is built around; they cannot be switched off. */
#define CONFIG_X86_64 1
#define CONFIG_X86 1
#define CONFIG_64BIT 1
#define CONFIG_MMU 1
#define CONFIG_SMP 1
#define CONFIG_FRAME_POINTER 1
#define CONFIG_PRINTK 1
#define CONFIG_PREEMPT_COUNT 1
#define CONFIG_PREEMPT_VOLUNTARY 1
#ifndef CONFIG_HZ
#define CONFIG_HZ 250
#endif
#ifndef CONFIG_NR_CPUS
#define CONFIG_NR_CPUS 8
#endif

#endif
