/*
 * What a ud2 in the kernel means: the table of BUGs and WARNs.
 */
#include <linux/bug.h>
#include <linux/kernel.h>
#include <linux/kprobes.h>
#include <linux/module.h>
#include <linux/sched.h>

extern struct bug_entry __start___bug_table[], __stop___bug_table[];
extern void __warn(const char *file, int line, void *caller, unsigned int taint, struct pt_regs *regs);

static struct bug_entry *search_bugs(struct bug_entry *bug, struct bug_entry *end, unsigned long addr)
{
	for (; bug < end; bug++)
		if (bug->bug_addr == addr)
			return bug;
	return NULL;
}

struct bug_entry *find_bug(unsigned long bugaddr)
{
	struct bug_entry *bug = search_bugs(__start___bug_table, __stop___bug_table, bugaddr);
	struct module *mod;

	if (bug)
		return bug;
	mod = __module_address(bugaddr);
	return mod ? search_bugs(mod->bug_table, mod->bug_table + mod->num_bugs, bugaddr) : NULL;
}

enum bug_trap_type report_bug(unsigned long bugaddr, struct pt_regs *regs)
{
	struct bug_entry *bug = find_bug(bugaddr);

	if (!bug)
		return BUG_TRAP_TYPE_NONE;
	if (bug->flags & BUGFLAG_WARNING) {
		if (bug->flags & BUGFLAG_ONCE) {
			if (bug->flags & BUGFLAG_DONE)
				return BUG_TRAP_TYPE_WARN;
			bug->flags |= BUGFLAG_DONE;
		}
		if (!(bug->flags & BUGFLAG_NO_CUT_HERE))
			printk(KERN_WARNING "------------[ cut here ]------------\n");
		__warn(bug->file, (int)bug->line, (void *)bugaddr, TAINT_WARN, regs);
		return BUG_TRAP_TYPE_WARN;
	}
	printk(KERN_DEFAULT "------------[ cut here ]------------\n");
	pr_crit("kernel BUG at %s:%u!\n", bug->file, bug->line);
	return BUG_TRAP_TYPE_BUG;
}
NOKPROBE_SYMBOL(report_bug);
