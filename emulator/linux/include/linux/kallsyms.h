/* From names to addresses and back. */
#ifndef _LINUX_KALLSYMS_H
#define _LINUX_KALLSYMS_H

#include <linux/compiler.h>
#include <linux/types.h>

#define KSYM_NAME_LEN 512
#define KSYM_SYMBOL_LEN (KSYM_NAME_LEN + 64)

struct module;
#ifdef MODULE
extern unsigned long kallsyms_lookup_name(const char *name)
	__instead("not exported since 5.7: a kprobe with .symbol_name finds it");
#else
extern unsigned long kallsyms_lookup_name(const char *name);
#endif
extern int kallsyms_lookup_size_offset(unsigned long addr, unsigned long *symbolsize, unsigned long *offset);
extern const char *kallsyms_lookup(unsigned long addr, unsigned long *symbolsize, unsigned long *offset, char **modname,
				   char *namebuf);
extern int sprint_symbol(char *buffer, unsigned long address);
extern int sprint_symbol_no_offset(char *buffer, unsigned long address);
extern int sprint_backtrace(char *buffer, unsigned long address);
extern int lookup_symbol_name(unsigned long addr, char *symname);
extern bool is_ksym_addr(unsigned long addr);
extern void print_ip_sym(const char *loglvl, unsigned long ip);
#define print_symbol(fmt, addr) ({ char __b[KSYM_SYMBOL_LEN]; sprint_symbol(__b, addr); printk(fmt, __b); })

#endif
