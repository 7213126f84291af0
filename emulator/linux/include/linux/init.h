/* Code that is run once at boot, in the order of the initcall levels, and then given back. */
#ifndef _LINUX_INIT_H
#define _LINUX_INIT_H

#include <linux/compiler.h>
#include <linux/types.h>

#define __init __section(".init.text") __cold notrace
#define __initdata __section(".init.data")
#define __initconst __section(".init.rodata")
#define __exit __section(".exit.text") __used __cold notrace
#define __exitdata __section(".exit.data")
#define __exitused __used
#define __ref
#define __refdata
#define __devinit
#define __devexit
#define __meminit __init

typedef int (*initcall_t)(void);
typedef void (*exitcall_t)(void);

#ifndef MODULE
#define __define_initcall(fn, id) \
	static initcall_t __initcall_##fn##id __used __section("initcall" #id) = fn
#define early_initcall(fn) __define_initcall(fn, 0)
#define pure_initcall(fn) __define_initcall(fn, 0)
#define core_initcall(fn) __define_initcall(fn, 1)
#define postcore_initcall(fn) __define_initcall(fn, 2)
#define arch_initcall(fn) __define_initcall(fn, 3)
#define subsys_initcall(fn) __define_initcall(fn, 4)
#define fs_initcall(fn) __define_initcall(fn, 5)
#define rootfs_initcall(fn) __define_initcall(fn, 5)
#define device_initcall(fn) __define_initcall(fn, 6)
#define late_initcall(fn) __define_initcall(fn, 7)
#define __initcall(fn) device_initcall(fn)
#define __exitcall(fn)

/* A word on the kernel command line: "name" or "name=value". */
struct obs_kernel_param {
	const char *str;
	int (*setup_func)(char *);
	int early;
};
#define __setup_param(str, unique_id, fn, early) \
	static const struct obs_kernel_param __setup_##unique_id __used __section("init_setup") = { str, fn, early }
#define __setup(str, fn) __setup_param(str, fn, fn, 0)
#define early_param(str, fn) __setup_param(str, fn, fn, 1)
#endif

extern char *saved_command_line;
extern bool initcall_debug;

#endif
