/*
 * /proc/PID/mounts: what is mounted where, in the form that mount(8) and getmntent(3) know.
 */
#include <linux/fs.h>
#include <linux/seq_file.h>
#include <linux/mount.h>
#include <linux/fs_struct.h>
#include <linux/sched.h>
#include "../mount.h"
#include "internal.h"

static const struct mount_flag {
	int flag;
	const char *text;
} mount_flags[] = {
	{ MNT_NOSUID, ",nosuid" },
	{ MNT_NODEV, ",nodev" },
	{ MNT_NOEXEC, ",noexec" },
	{ MNT_NOATIME, ",noatime" },
};

static void show_mount(struct seq_file *m, struct mount *mnt)
{
	struct path path = { .mnt = &mnt->mnt, .dentry = mnt->mnt.mnt_root };
	unsigned int i;

	seq_escape(m, mnt->mnt_devname, " \t\n\\#");
	seq_putc(m, ' ');
	seq_path(m, &path, " \t\n\\");
	seq_printf(m, " %s %s", mnt->mnt.mnt_sb->s_type->name,
		   (mnt->mnt.mnt_flags & MNT_READONLY) || (mnt->mnt.mnt_sb->s_flags & SB_RDONLY) ? "ro" : "rw");
	for (i = 0; i < sizeof(mount_flags) / sizeof(mount_flags[0]); i++)
		if (mnt->mnt.mnt_flags & mount_flags[i].flag)
			seq_puts(m, mount_flags[i].text);
	if (!(mnt->mnt.mnt_flags & MNT_NOATIME))
		seq_puts(m, ",relatime");
	seq_puts(m, " 0 0\n");
}

/* The index-th mount, counted, or NULL. */
static struct mount *mount_at(unsigned int index)
{
	struct mount *mnt, *found = NULL;

	lock_mount_hash();
	list_for_each_entry(mnt, &mount_list, mnt_list) {
		if (index-- == 0) {
			mnt->mnt_count++;
			found = mnt;
			break;
		}
	}
	unlock_mount_hash();
	return found;
}

int show_mounts(struct seq_file *m)
{
	struct mount *mnt;
	unsigned int index = 0;

	while ((mnt = mount_at(index++)) != NULL) {
		show_mount(m, mnt);
		mntput(&mnt->mnt);
	}
	return 0;
}
