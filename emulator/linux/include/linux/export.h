/*
 * What the kernel offers to modules. Every exported symbol gets an entry in the section __ksymtab_strings: the linker
 * that links modules reads the list from there.
 */
#ifndef _LINUX_EXPORT_H
#define _LINUX_EXPORT_H

#include <linux/compiler.h>

struct module;
#ifdef MODULE
extern struct module __this_module;
#define THIS_MODULE (&__this_module)
#else
#define THIS_MODULE ((struct module *)0)
#endif

struct kernel_symbol {
	const void *value;
	const char *name;
	int gpl_only;
};

#define __EXPORT_SYMBOL(sym, gpl)							\
	static const struct kernel_symbol __ksymtab_##sym __used __section("__ksymtab") =	\
		{ (const void *)&sym, #sym, gpl }
#define EXPORT_SYMBOL(sym) __EXPORT_SYMBOL(sym, 0)
#define EXPORT_SYMBOL_GPL(sym) __EXPORT_SYMBOL(sym, 1)
#define EXPORT_SYMBOL_NS(sym, ns) EXPORT_SYMBOL(sym)
#define EXPORT_SYMBOL_NS_GPL(sym, ns) EXPORT_SYMBOL_GPL(sym)

#endif
