/*
 * Kernel variables as files below /proc/sys.
 */
#ifndef _LINUX_SYSCTL_H
#define _LINUX_SYSCTL_H

#include <linux/types.h>

struct ctl_table;
struct ctl_table_header;

/* Shows (write == 0) or sets the variable as text in buffer, a kernel buffer of *lenp bytes. */
typedef int proc_handler(struct ctl_table *ctl, int write, void *buffer, size_t *lenp, loff_t *ppos);

struct ctl_table {
	const char *procname;		/* NULL ends a table */
	void *data;
	int maxlen;
	umode_t mode;
	struct ctl_table *child;
	proc_handler *proc_handler;
	void *extra1;			/* smallest allowed value, for proc_dointvec_minmax */
	void *extra2;			/* largest */
};

proc_handler proc_dostring, proc_dointvec, proc_dointvec_minmax, proc_douintvec, proc_doulongvec_minmax;

struct ctl_table_header *register_sysctl(const char *path, struct ctl_table *table);
void unregister_sysctl_table(struct ctl_table_header *header);

#endif
