/*
 * Symbols by name and by address. The table is the host's, made by the linker; the functions are here, where Linux has
 * them and where they are probed to find out the address of kallsyms_lookup_name.
 */
#include <linux/kallsyms.h>
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/printk.h>
#include <linux/string.h>
#include <lab/gates.h>

noinline unsigned long kallsyms_lookup_name(const char *name)
{
	return name && *name ? lab_kallsyms_lookup_name(name) : 0;
}
EXPORT_SYMBOL_GPL(kallsyms_lookup_name);

int kallsyms_lookup_size_offset(unsigned long addr, unsigned long *symbolsize, unsigned long *offset)
{
	unsigned long size = 0, off = 0;
	int found = (int)lab_lookup_size_offset(addr, &size, &off);

	if (symbolsize)
		*symbolsize = size;
	if (offset)
		*offset = off;
	return found;
}

/* The name of the symbol that holds an address, in namebuf (KSYM_NAME_LEN bytes); NULL if there is none. */
const char *kallsyms_lookup(unsigned long addr, unsigned long *symbolsize, unsigned long *offset, char **modname,
			    char *namebuf)
{
	struct module *mod;

	namebuf[0] = '\0';
	if (!kallsyms_lookup_size_offset(addr, symbolsize, offset))
		return NULL;
	lab_sprint_symbol(namebuf, addr, LAB_SYMBOL_BARE);
	if (strchr(namebuf, ' '))
		*strchr(namebuf, ' ') = '\0';
	if (modname) {
		mod = __module_address(addr);
		*modname = mod ? mod->name : NULL;
	}
	return namebuf;
}

int lookup_symbol_name(unsigned long addr, char *symname)
{
	return kallsyms_lookup(addr, NULL, NULL, NULL, symname) ? 0 : -ERANGE;
}

bool is_ksym_addr(unsigned long addr)
{
	return core_kernel_text(addr);
}

int sprint_symbol(char *buffer, unsigned long address)
{
	return (int)lab_sprint_symbol(buffer, address, LAB_SYMBOL_OFFSET);
}
EXPORT_SYMBOL_GPL(sprint_symbol);

int sprint_symbol_no_offset(char *buffer, unsigned long address)
{
	return (int)lab_sprint_symbol(buffer, address, LAB_SYMBOL_BARE);
}
EXPORT_SYMBOL_GPL(sprint_symbol_no_offset);

int sprint_backtrace(char *buffer, unsigned long address)
{
	return (int)lab_sprint_symbol(buffer, address, LAB_SYMBOL_OFFSET | LAB_SYMBOL_BACKTRACE);
}

void print_ip_sym(const char *loglvl, unsigned long ip)
{
	printk("%s[<%px>] %pS\n", loglvl, (void *)ip, (void *)ip);
}
