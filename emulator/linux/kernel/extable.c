/*
 * Which addresses are code.
 */
#include <linux/kernel.h>
#include <linux/kprobes.h>
#include <linux/module.h>

bool core_kernel_text(unsigned long addr)
{
	if (addr >= (unsigned long)_stext && addr < (unsigned long)_etext)
		return true;
	return system_state < SYSTEM_RUNNING && addr >= (unsigned long)__init_begin && addr < (unsigned long)__init_end;
}
NOKPROBE_SYMBOL(core_kernel_text);

bool __kernel_text_address(unsigned long addr)
{
	return core_kernel_text(addr) || is_module_text_address(addr) ||
	       (addr >= (unsigned long)__init_begin && addr < (unsigned long)__init_end);
}
NOKPROBE_SYMBOL(__kernel_text_address);

bool kernel_text_address(unsigned long addr)
{
	return __kernel_text_address(addr);
}
NOKPROBE_SYMBOL(kernel_text_address);
