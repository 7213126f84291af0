/*
 * /proc/sys: tables of variables made into files, and the handlers that turn numbers and strings into text and back.
 */
#include <linux/sysctl.h>
#include <linux/proc_fs.h>
#include <linux/fs.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/uaccess.h>
#include <linux/utsname.h>
#include <linux/fdtable.h>
#include <linux/export.h>
#include "internal.h"

/* What register_sysctl() made, for its removal. */
struct ctl_table_header {
	struct ctl_table *table;
	struct proc_dir_entry *directory;	/* may hold other tables' files too */
};

static ssize_t proc_sys_call_handler(struct file *file, char __user *buf, size_t count, loff_t *ppos, int write)
{
	struct ctl_table *table = pde_data(file_inode(file));
	size_t length = count < PAGE_SIZE ? count : PAGE_SIZE - 1;
	char *text;
	int error;

	text = kzalloc(length + 1, GFP_KERNEL);
	if (!text)
		return -ENOMEM;
	error = -EFAULT;
	if (write && copy_from_user(text, buf, length))
		goto out;
	error = table->proc_handler(table, write, text, &length, ppos);
	if (!error && !write && copy_to_user(buf, text, length))
		error = -EFAULT;
out:
	kfree(text);
	return error ? error : (ssize_t)length;
}

static ssize_t proc_sys_read(struct file *file, char __user *buf, size_t count, loff_t *ppos)
{
	return proc_sys_call_handler(file, buf, count, ppos, 0);
}

static ssize_t proc_sys_write(struct file *file, const char __user *buf, size_t count, loff_t *ppos)
{
	return proc_sys_call_handler(file, (char __user *)buf, count, ppos, 1);
}

static const struct proc_ops proc_sys_file_ops = {
	.proc_read = proc_sys_read,
	.proc_write = proc_sys_write,
	.proc_lseek = default_llseek,
};

/* Puts text into the reader's buffer, once: a second read finds the end. */
static int give(const char *text, void *buffer, size_t *lenp, loff_t *ppos)
{
	size_t size = strlen(text);

	if (*ppos) {
		*lenp = 0;
		return 0;
	}
	if (size > *lenp)
		size = *lenp;
	memcpy(buffer, text, size);
	*lenp = size;
	*ppos += size;
	return 0;
}

int proc_dostring(struct ctl_table *ctl, int write, void *buffer, size_t *lenp, loff_t *ppos)
{
	char line[256];

	if (!write) {
		snprintf(line, sizeof(line), "%.*s\n", ctl->maxlen, (char *)ctl->data);
		return give(line, buffer, lenp, ppos);
	}
	strscpy(line, buffer, sizeof(line));
	strscpy(ctl->data, strim(line), ctl->maxlen);
	*ppos += *lenp;
	return 0;
}
EXPORT_SYMBOL(proc_dostring);

/* One or several ints, separated by blanks, each between extra1 and extra2 if these are given. */
static int do_intvec(struct ctl_table *ctl, int write, void *buffer, size_t *lenp, loff_t *ppos)
{
	int *values = ctl->data;
	int n = ctl->maxlen / sizeof(int), i;
	char line[256], *p = line, *word;

	if (!write) {
		int used = 0;

		for (i = 0; i < n; i++)
			used += scnprintf(line + used, sizeof(line) - used, i ? "\t%d" : "%d", values[i]);
		scnprintf(line + used, sizeof(line) - used, "\n");
		return give(line, buffer, lenp, ppos);
	}
	strscpy(line, buffer, sizeof(line));
	p = strim(line);
	for (i = 0; i < n && (word = strsep(&p, " \t")) != NULL; i++) {
		int value;

		if (!*word) {
			i--;
			continue;
		}
		if (kstrtoint(word, 0, &value))
			return -EINVAL;
		if ((ctl->extra1 && value < *(int *)ctl->extra1) || (ctl->extra2 && value > *(int *)ctl->extra2))
			return -EINVAL;
		values[i] = value;
	}
	*ppos += *lenp;
	return 0;
}

int proc_dointvec(struct ctl_table *ctl, int write, void *buffer, size_t *lenp, loff_t *ppos)
{
	struct ctl_table unlimited = *ctl;

	unlimited.extra1 = unlimited.extra2 = NULL;
	return do_intvec(&unlimited, write, buffer, lenp, ppos);
}
EXPORT_SYMBOL(proc_dointvec);

int proc_dointvec_minmax(struct ctl_table *ctl, int write, void *buffer, size_t *lenp, loff_t *ppos)
{
	return do_intvec(ctl, write, buffer, lenp, ppos);
}
EXPORT_SYMBOL(proc_dointvec_minmax);

int proc_douintvec(struct ctl_table *ctl, int write, void *buffer, size_t *lenp, loff_t *ppos)
{
	return proc_dointvec(ctl, write, buffer, lenp, ppos);
}
EXPORT_SYMBOL(proc_douintvec);

int proc_doulongvec_minmax(struct ctl_table *ctl, int write, void *buffer, size_t *lenp, loff_t *ppos)
{
	unsigned long *value = ctl->data, set;
	char line[64];

	if (!write) {
		snprintf(line, sizeof(line), "%lu\n", *value);
		return give(line, buffer, lenp, ppos);
	}
	strscpy(line, buffer, sizeof(line));
	if (kstrtoul(strim(line), 0, &set))
		return -EINVAL;
	if ((ctl->extra1 && set < *(unsigned long *)ctl->extra1) ||
	    (ctl->extra2 && set > *(unsigned long *)ctl->extra2))
		return -EINVAL;
	*value = set;
	*ppos += *lenp;
	return 0;
}
EXPORT_SYMBOL(proc_doulongvec_minmax);

/* Makes the files of table below /proc/sys/path; directories of path that are missing are made too. */
struct ctl_table_header *register_sysctl(const char *path, struct ctl_table *table)
{
	struct ctl_table_header *header = kzalloc(sizeof(*header), GFP_KERNEL);
	char directory[64];

	if (!header)
		return NULL;
	snprintf(directory, sizeof(directory), "sys/%s", path);
	header->directory = proc_find_or_mkdir(directory);
	header->table = table;
	for (; header->directory && table->procname; table++)
		proc_create_data(table->procname, table->mode, header->directory, &proc_sys_file_ops, table);
	return header;
}
EXPORT_SYMBOL(register_sysctl);

void unregister_sysctl_table(struct ctl_table_header *header)
{
	struct ctl_table *table;

	if (!header)
		return;
	for (table = header->table; header->directory && table->procname; table++)
		remove_proc_entry(table->procname, header->directory);
	kfree(header);
}
EXPORT_SYMBOL(unregister_sysctl_table);

static struct ctl_table fs_table[] = {
	{
		.procname = "nr_open",
		.data = &sysctl_nr_open,
		.maxlen = sizeof(unsigned int),
		.mode = 0644,
		.proc_handler = proc_dointvec,
	},
	{ }
};

static struct ctl_table kern_table[] = {
	{
		.procname = "hostname",
		.data = init_uts_ns.name.nodename,
		.maxlen = __NEW_UTS_LEN,
		.mode = 0644,
		.proc_handler = proc_dostring,
	},
	{
		.procname = "ostype",
		.data = init_uts_ns.name.sysname,
		.maxlen = __NEW_UTS_LEN,
		.mode = 0444,
		.proc_handler = proc_dostring,
	},
	{
		.procname = "osrelease",
		.data = init_uts_ns.name.release,
		.maxlen = __NEW_UTS_LEN,
		.mode = 0444,
		.proc_handler = proc_dostring,
	},
	{
		.procname = "version",
		.data = init_uts_ns.name.version,
		.maxlen = __NEW_UTS_LEN,
		.mode = 0444,
		.proc_handler = proc_dostring,
	},
	{ }
};

static int __init proc_sys_init(void)
{
	register_sysctl("fs", fs_table);
	register_sysctl("kernel", kern_table);
	return 0;
}
fs_initcall(proc_sys_init);
