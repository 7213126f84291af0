/*
 * The state of an execve() in progress, and the formats of executables.
 */
#ifndef _LINUX_BINFMTS_H
#define _LINUX_BINFMTS_H

#include <linux/types.h>
#include <linux/list.h>
#include <linux/limits.h>

struct cred;
struct file;
struct filename;
struct mm_struct;
struct module;
struct page;

#define BINPRM_BUF_SIZE	256
#define MAX_ARG_STRLEN	(PAGE_SIZE * 32)
#define MAX_ARG_STRINGS	0x7FFFFFFF
#define MAX_ARG_PAGES	32	/* arguments and environment together: 128 KiB */

struct linux_binprm {
	struct mm_struct *mm;		/* the address space in the making */
	unsigned long p;		/* top of the stack: the next string goes right below */
	unsigned long argmin;
	unsigned int have_execfd:1,
		     secureexec:1,
		     point_of_no_return:1;
	struct file *executable;
	struct file *interpreter;
	struct file *file;
	struct cred *cred;
	int unsafe;
	unsigned int per_clear;
	int argc, envc;
	const char *filename;		/* as the caller named it */
	const char *interp;		/* what really runs: differs for #! scripts */
	unsigned int interp_flags;
	int execfd;
	unsigned long loader, exec;
	struct page *page[MAX_ARG_PAGES];	/* the strings, until the new address space takes them */
	char buf[BINPRM_BUF_SIZE];	/* the first bytes of the file */
};

struct linux_binfmt {
	struct list_head lh;
	struct module *module;
	int (*load_binary)(struct linux_binprm *);
};

void register_binfmt(struct linux_binfmt *fmt);
void unregister_binfmt(struct linux_binfmt *fmt);
int bprm_change_interp(const char *interp, struct linux_binprm *bprm);
int copy_string_kernel(const char *arg, struct linux_binprm *bprm);
int remove_arg_zero(struct linux_binprm *bprm);
int begin_new_exec(struct linux_binprm *bprm);
void setup_new_exec(struct linux_binprm *bprm);
int setup_arg_pages(struct linux_binprm *bprm, unsigned long stack_top, int executable_stack);
void finalize_exec(struct linux_binprm *bprm);

#endif
