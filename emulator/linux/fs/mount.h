/*
 * The mount tree: which file system is mounted on which directory of which other mount.
 */
#ifndef _FS_MOUNT_H
#define _FS_MOUNT_H

#include <linux/mount.h>
#include <linux/list.h>
#include <linux/spinlock.h>
#include <linux/kernel.h>

struct mount {
	struct mount *mnt_parent;	/* itself: not (or no longer) in the tree, or the root of it */
	struct dentry *mnt_mountpoint;
	struct vfsmount mnt;
	int mnt_count;
	struct list_head mnt_mounts;	/* children */
	struct list_head mnt_child;	/* in mnt_parent->mnt_mounts */
	struct list_head mnt_list;	/* all mounts, in the order of mounting */
	const char *mnt_devname;
	int mnt_id;
};

static inline struct mount *real_mount(struct vfsmount *mnt)
{
	return container_of(mnt, struct mount, mnt);
}

extern struct list_head mount_list;

void lock_mount_hash(void);
void unlock_mount_hash(void);

/* The mount that covers path, counted, or NULL. */
struct vfsmount *lookup_mnt(const struct path *path);

#endif
