/*
 * One mounted instance of a file system as the rest of the kernel sees it. The mount tree's own part is fs/mount.h.
 */
#ifndef _LINUX_MOUNT_H
#define _LINUX_MOUNT_H

#include <linux/types.h>

struct dentry;
struct super_block;
struct file_system_type;
struct path;

#define MNT_NOSUID	0x01
#define MNT_NODEV	0x02
#define MNT_NOEXEC	0x04
#define MNT_NOATIME	0x08
#define MNT_READONLY	0x40
#define MNT_INTERNAL	0x4000

struct vfsmount {
	struct dentry *mnt_root;	/* the root of what is mounted */
	struct super_block *mnt_sb;
	int mnt_flags;
};

struct vfsmount *mntget(struct vfsmount *mnt);
void mntput(struct vfsmount *mnt);
int mnt_want_write(struct vfsmount *mnt);
void mnt_drop_write(struct vfsmount *mnt);
struct vfsmount *vfs_kern_mount(struct file_system_type *type, int flags, const char *name, void *data);
struct vfsmount *kern_mount(struct file_system_type *type);

#endif
