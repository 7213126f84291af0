/* The exception table: for each instruction that may fault, where to go on. */
#ifndef _ASM_EXTABLE_H
#define _ASM_EXTABLE_H

#ifdef __ASSEMBLY__
#define _ASM_EXTABLE(from, to) .pushsection __ex_table, "a"; .balign 8; .quad from; .quad to; .popsection
#else
struct pt_regs;

struct exception_table_entry {
	unsigned long insn;
	unsigned long fixup;
};

extern const struct exception_table_entry *search_exception_tables(unsigned long addr);
extern int fixup_exception(struct pt_regs *regs, int trapnr, unsigned long error_code, unsigned long fault_addr);
#endif

#endif
