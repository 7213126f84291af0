/*
 * The mounts that a machine of today has when its first program starts: proc, sys, and what lies in them; and the links
 * in /dev that lead into /proc.
 */
#include <linux/debugfs.h>
#include <linux/fs.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/kobject.h>
#include <linux/namei.h>
#include <linux/printk.h>
#include "../fs/internal.h"

static const struct initial_mount {
	const char *dev_name;
	const char *directory;
	const char *type;
} initial_mounts[] __initconst = {
	{ "proc", "/proc", "proc" },
	{ "sysfs", "/sys", "sysfs" },
	{ "debugfs", "/sys/kernel/debug", "debugfs" },
	{ "tracefs", "/sys/kernel/tracing", "tracefs" },
	/* The old place, from which most articles use it. */
	{ "tracefs", "/sys/kernel/debug/tracing", "tracefs" },
	{ "/sys/kernel/debug/kprobes", "/sys/kernel/debug/kprobes", "hostfs" },
};

static void __init make_directory(const char *name, umode_t mode)
{
	struct path path;
	struct dentry *dentry = kern_path_create(AT_FDCWD, name, &path, LOOKUP_DIRECTORY);

	if (IS_ERR(dentry))
		return;
	vfs_mkdir(&init_user_ns, d_inode(path.dentry), dentry, mode);
	done_path_create(&path, dentry);
}

static void __init make_link(const char *name, const char *target)
{
	struct path path;
	struct dentry *dentry = kern_path_create(AT_FDCWD, name, &path, 0);

	if (IS_ERR(dentry))
		return;
	vfs_symlink(&init_user_ns, d_inode(path.dentry), dentry, target);
	done_path_create(&path, dentry);
}

/* The directories inside sysfs and debugfs that something is mounted on. */
static void __init make_mount_points(void)
{
	kobject_create_and_add("debug", kernel_kobj);
	kobject_create_and_add("tracing", kernel_kobj);
	debugfs_create_dir("tracing", NULL);
	debugfs_create_dir("kprobes", NULL);
}

/* Mounts everything in the table whose files the host serves. */
void __init mount_initial_filesystems(void)
{
	unsigned int i;

	make_directory("/proc", 0555);
	make_directory("/sys", 0555);
	make_directory("/tmp", 01777);
	make_link("/dev/fd", "/proc/self/fd");
	make_link("/dev/stdin", "/proc/self/fd/0");
	make_link("/dev/stdout", "/proc/self/fd/1");
	make_link("/dev/stderr", "/proc/self/fd/2");
	make_mount_points();
	for (i = 0; i < ARRAY_SIZE(initial_mounts); i++) {
		const struct initial_mount *m = &initial_mounts[i];
		struct path path;
		int error = kern_path(m->directory, LOOKUP_FOLLOW | LOOKUP_DIRECTORY, &path);

		if (!error) {
			error = path_mount(m->dev_name, &path, m->type, 0, NULL);
			path_put(&path);
		}
		if (error && error != -ENOENT)
			pr_warn("mount of %s on %s failed: %d\n", m->type, m->directory, error);
	}
}
