/*
 * Faults that were expected: the exception tables of the kernel and of modules, in the order of the linker.
 */
#include <linux/kernel.h>
#include <linux/kprobes.h>
#include <linux/module.h>
#include <asm/extable.h>
#include <asm/ptrace.h>

extern const struct exception_table_entry __start___ex_table[], __stop___ex_table[];

static const struct exception_table_entry *search_extable(const struct exception_table_entry *start,
							   const struct exception_table_entry *end, unsigned long addr)
{
	for (; start < end; start++)
		if (start->insn == addr)
			return start;
	return NULL;
}
NOKPROBE_SYMBOL(search_extable);

const struct exception_table_entry *search_exception_tables(unsigned long addr)
{
	struct module *mod;

	if (core_kernel_text(addr))
		return search_extable(__start___ex_table, __stop___ex_table, addr);
	mod = __module_address(addr);
	return mod ? search_extable(mod->extable, mod->extable + mod->num_exentries, addr) : NULL;
}
NOKPROBE_SYMBOL(search_exception_tables);

int fixup_exception(struct pt_regs *regs, int trapnr, unsigned long error_code, unsigned long fault_addr)
{
	const struct exception_table_entry *e = search_exception_tables(regs->ip);

	if (!e)
		return 0;
	regs->ip = e->fixup;
	return 1;
}
NOKPROBE_SYMBOL(fixup_exception);
