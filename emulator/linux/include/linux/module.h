/* Loadable modules. */
#ifndef _LINUX_MODULE_H
#define _LINUX_MODULE_H

#include <linux/export.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/list.h>
#include <linux/moduleparam.h>
#include <linux/rbtree.h>
#include <linux/slab.h>
#include <linux/stat.h>
#include <linux/string.h>
#include <linux/errno.h>
#include <linux/kallsyms.h>
#include <linux/percpu.h>

#define MODULE_NAME_LEN 56

struct bug_entry;
struct module_kobject;
struct exception_table_entry;

enum module_state {
	MODULE_STATE_LIVE,
	MODULE_STATE_COMING,	/* linked, init is running */
	MODULE_STATE_GOING,	/* exit is running */
	MODULE_STATE_UNFORMED,
};

struct module_layout {
	void *base;
	unsigned int size;
	unsigned int text_size;
	unsigned int ro_size;
};

struct module_use {
	struct list_head source_list;
	struct list_head target_list;
	struct module *source, *target;
};

struct module {
	enum module_state state;
	struct list_head list;
	char name[MODULE_NAME_LEN];
	const char *version;
	const char *srcversion;
	const char *license;
	struct kernel_param *kp;
	unsigned int num_kp;
	struct exception_table_entry *extable;
	unsigned int num_exentries;
	struct bug_entry *bug_table;
	unsigned int num_bugs;
	int (*init)(void);
	void (*exit)(void);
	struct module_layout core_layout;
	struct module_layout init_layout;	/* pages of core_layout that are freed once init has run */
	void __percpu *percpu;			/* where the per-CPU variables live */
	const void *percpu_init;		/* their first values */
	unsigned int percpu_size;
	char *args;
	unsigned long taints;
	bool license_gplok;
	bool permanent;		/* it has an init function but no exit function */
	struct list_head source_list;	/* who uses me */
	struct list_head target_list;	/* whom I use */
	atomic_t refcnt;
	struct module_kobject *sysfs_dir;
	struct task_struct *waiter;
};

#define MODULE_REF_BASE 1

extern struct list_head modules;
extern struct mutex module_mutex;
extern struct module *find_module(const char *name);
extern struct module *__module_address(unsigned long addr);
extern struct module *__module_text_address(unsigned long addr);
extern bool is_module_address(unsigned long addr);
extern bool is_module_text_address(unsigned long addr);
extern bool try_module_get(struct module *module);
extern void __module_get(struct module *module);
extern void module_put(struct module *module);
extern int module_refcount(struct module *mod);
extern int ref_module(struct module *a, struct module *b);
extern int module_add_sysfs(struct module *mod);
extern void module_remove_sysfs(struct module *mod);
extern ssize_t param_attr_show(const struct kernel_param *kp, char *page);
extern ssize_t param_attr_store(const struct kernel_param *kp, const char *text, size_t len);
extern int __request_module(bool wait, const char *name, ...);
#define request_module(mod...) __request_module(true, mod)
#define request_module_nowait(mod...) __request_module(false, mod)
#define module_name(mod) ((mod) ? (mod)->name : "kernel")
#define module_is_live(mod) ((mod)->state != MODULE_STATE_GOING)

static inline bool within_module_core(unsigned long addr, const struct module *mod)
{
	return (unsigned long)mod->core_layout.base <= addr && addr < (unsigned long)mod->core_layout.base + mod->core_layout.size;
}

static inline bool within_module_init(unsigned long addr, const struct module *mod)
{
	return (unsigned long)mod->init_layout.base <= addr && addr < (unsigned long)mod->init_layout.base + mod->init_layout.size;
}

static inline bool within_module(unsigned long addr, const struct module *mod)
{
	return within_module_core(addr, mod) || within_module_init(addr, mod);
}

#define MODULE_INFO(tag, info) __MODULE_INFO(tag, tag, info)
#define MODULE_LICENSE(_license) MODULE_INFO(license, _license)
#define MODULE_AUTHOR(_author) MODULE_INFO(author, _author)
#define MODULE_DESCRIPTION(_description) MODULE_INFO(description, _description)
#define MODULE_VERSION(_version) MODULE_INFO(version, _version)
#define MODULE_ALIAS(_alias) MODULE_INFO(alias, _alias)
#define MODULE_SOFTDEP(_softdep) MODULE_INFO(softdep, _softdep)
#define MODULE_FIRMWARE(_firmware) MODULE_INFO(firmware, _firmware)
#define MODULE_IMPORT_NS(ns) MODULE_INFO(import_ns, #ns)
#define MODULE_SUPPORTED_DEVICE(name)
#define MODULE_DEVICE_TABLE(type, name)

#ifdef MODULE
/* The loader knows the two functions by these names. The semicolon is here: callers often leave theirs out. */
#define module_init(initfn)							\
	static inline initcall_t __maybe_unused __inittest(void) { return initfn; }	\
	int init_module(void) __attribute__((__alias__(#initfn)));
#define module_exit(exitfn)							\
	static inline exitcall_t __maybe_unused __exittest(void) { return exitfn; }	\
	void cleanup_module(void) __attribute__((__alias__(#exitfn)));
#define early_initcall(fn) module_init(fn)
#define core_initcall(fn) module_init(fn)
#define subsys_initcall(fn) module_init(fn)
#define fs_initcall(fn) module_init(fn)
#define device_initcall(fn) module_init(fn)
#define late_initcall(fn) module_init(fn)
#define __setup(str, fn)
#else
#define module_init(x) __initcall(x);
#define module_exit(x) static exitcall_t __exitcall_##x __used __section(".discard.exitcall") = x
#endif

extern int init_module(void);
extern void cleanup_module(void);

#ifdef MODULE
#include <lab/along.h>
#endif

#endif
