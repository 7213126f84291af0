/*
 * The list of file system types, and /proc/filesystems that shows it.
 */
#include <linux/fs.h>
#include <linux/string.h>
#include <linux/spinlock.h>
#include <linux/export.h>
#include <linux/init.h>
#include <linux/proc_fs.h>
#include <linux/seq_file.h>

static struct file_system_type *file_systems;
static DEFINE_RWLOCK(file_systems_lock);

static struct file_system_type **find_filesystem(const char *name)
{
	struct file_system_type **p;

	for (p = &file_systems; *p; p = &(*p)->next)
		if (!strcmp((*p)->name, name))
			break;
	return p;
}

/* Returns -EBUSY if a type of that name exists. */
int register_filesystem(struct file_system_type *type)
{
	struct file_system_type **p;
	int result = 0;

	write_lock(&file_systems_lock);
	p = find_filesystem(type->name);
	if (*p) {
		result = -EBUSY;
	} else {
		type->next = NULL;
		*p = type;
	}
	write_unlock(&file_systems_lock);
	return result;
}
EXPORT_SYMBOL(register_filesystem);

int unregister_filesystem(struct file_system_type *type)
{
	struct file_system_type **p;
	int result = -EINVAL;

	write_lock(&file_systems_lock);
	p = find_filesystem(type->name);
	if (*p == type) {
		*p = type->next;
		type->next = NULL;
		result = 0;
	}
	write_unlock(&file_systems_lock);
	return result;
}
EXPORT_SYMBOL(unregister_filesystem);

struct file_system_type *get_fs_type(const char *name)
{
	struct file_system_type *type;

	read_lock(&file_systems_lock);
	type = *find_filesystem(name);
	read_unlock(&file_systems_lock);
	return type;
}
EXPORT_SYMBOL(get_fs_type);

static int filesystems_proc_show(struct seq_file *m, void *v)
{
	struct file_system_type *type;

	read_lock(&file_systems_lock);
	for (type = file_systems; type; type = type->next)
		seq_printf(m, "%s\t%s\n", (type->fs_flags & FS_REQUIRES_DEV) ? "" : "nodev", type->name);
	read_unlock(&file_systems_lock);
	return 0;
}

static int __init proc_filesystems_init(void)
{
	proc_create_single("filesystems", 0, NULL, filesystems_proc_show);
	return 0;
}
fs_initcall(proc_filesystems_init);
