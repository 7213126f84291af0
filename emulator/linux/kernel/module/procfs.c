/*
 * /proc/modules: a line for each module: name, size, reference count, users, state, address, taint.
 */
#include <linux/capability.h>
#include <linux/fs.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/proc_fs.h>
#include <linux/seq_file.h>

static void print_unload_info(struct seq_file *m, struct module *mod)
{
	struct module_use *use;
	bool any = false;

	seq_printf(m, " %i ", module_refcount(mod));
	list_for_each_entry(use, &mod->source_list, source_list) {
		any = true;
		seq_printf(m, "%s,", use->source->name);
	}
	if (mod->permanent) {
		any = true;
		seq_puts(m, "[permanent],");
	}
	if (!any)
		seq_puts(m, "-");
}

static int modules_show(struct seq_file *m, void *v)
{
	struct module *mod;

	mutex_lock(&module_mutex);
	list_for_each_entry(mod, &modules, list) {
		if (mod->state == MODULE_STATE_UNFORMED)
			continue;
		seq_printf(m, "%s %u", mod->name, mod->core_layout.size);
		print_unload_info(m, mod);
		seq_printf(m, " %s 0x%px", mod->state == MODULE_STATE_GOING ? "Unloading" :
			   mod->state == MODULE_STATE_COMING ? "Loading" : "Live",
			   capable(CAP_SYSLOG) ? mod->core_layout.base : NULL);
		if (mod->taints)
			seq_printf(m, " (%s%s)", mod->taints & (1UL << TAINT_PROPRIETARY_MODULE) ? "P" : "", "O");
		seq_puts(m, "\n");
	}
	mutex_unlock(&module_mutex);
	return 0;
}

static int __init proc_modules_init(void)
{
	proc_create_single("modules", 0444, NULL, modules_show);
	return 0;
}
late_initcall(proc_modules_init);
