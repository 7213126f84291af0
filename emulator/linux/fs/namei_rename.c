/*
 * rename(2): the one operation that works on two directories at once, and must lock them in an order that cannot
 * deadlock: an ancestor before its descendant, else by address, one cross-directory rename at a time in a file system.
 */
#include <linux/fs.h>
#include <linux/mount.h>
#include <linux/namei.h>
#include <linux/security.h>
#include <linux/export.h>
#include <linux/syscalls.h>
#include "internal.h"

static void lock_two_directories(struct inode *first, struct inode *second)
{
	inode_lock(first);
	down_write(&second->i_rwsem);
}

/* Locks the two parents. Returns the child of one of them that is above the other, or NULL: a loop in the making. */
static noinline struct dentry *lock_rename(struct dentry *p1, struct dentry *p2)
{
	if (p1 == p2) {
		inode_lock(d_inode(p1));
		return NULL;
	}
	mutex_lock(&p1->d_sb->s_vfs_rename_mutex);
	if (d_is_ancestor(p2, p1)) {
		struct dentry *child = p1;

		lock_two_directories(d_inode(p2), d_inode(p1));
		while (child->d_parent != p2)
			child = child->d_parent;
		return child;
	}
	if (d_is_ancestor(p1, p2)) {
		struct dentry *child = p2;

		lock_two_directories(d_inode(p1), d_inode(p2));
		while (child->d_parent != p1)
			child = child->d_parent;
		return child;
	}
	if (p1 < p2)
		lock_two_directories(d_inode(p1), d_inode(p2));
	else
		lock_two_directories(d_inode(p2), d_inode(p1));
	return NULL;
}

static noinline void unlock_rename(struct dentry *p1, struct dentry *p2)
{
	inode_unlock(d_inode(p1));
	if (p1 != p2) {
		inode_unlock(d_inode(p2));
		mutex_unlock(&p1->d_sb->s_vfs_rename_mutex);
	}
}

/* Both parents are locked. Linux's own description of the arguments is struct renamedata. */
noinline int vfs_rename(struct renamedata *rd)
{
	struct dentry *old_dentry = rd->old_dentry, *new_dentry = rd->new_dentry;
	struct inode *old_dir = rd->old_dir, *new_dir = rd->new_dir;
	struct inode *source = d_inode(old_dentry), *target = d_inode(new_dentry);
	bool is_dir = S_ISDIR(source->i_mode);
	int error;

	if (source == target)	/* two names of one file: nothing to do, says POSIX */
		return 0;
	error = may_delete(rd->old_mnt_userns, old_dir, old_dentry, is_dir);
	if (error)
		return error;
	if (!target)
		error = may_create(rd->new_mnt_userns, new_dir, new_dentry);
	else
		error = may_delete(rd->new_mnt_userns, new_dir, new_dentry, is_dir);
	if (error)
		return error;
	if (!old_dir->i_op->rename)
		return -EPERM;
	/* A directory that moves gets a new "..": that is a change to the directory itself. */
	if (is_dir && new_dir != old_dir) {
		error = inode_permission(rd->old_mnt_userns, source, MAY_WRITE);
		if (error)
			return error;
	}
	error = security_inode_rename(old_dir, old_dentry, new_dir, new_dentry, rd->flags);
	if (error)
		return error;
	dget(new_dentry);
	if (d_mountpoint(old_dentry) || d_mountpoint(new_dentry))
		error = -EBUSY;
	else
		error = old_dir->i_op->rename(rd->new_mnt_userns, old_dir, old_dentry, new_dir, new_dentry, rd->flags);
	if (!error)
		d_move(old_dentry, new_dentry);
	dput(new_dentry);
	return error;
}
EXPORT_SYMBOL(vfs_rename);

/* The checks that need both names, then the rename itself. trap: from lock_rename(). */
static int rename_locked(struct path *old_path, struct qstr *old_last, struct path *new_path, struct qstr *new_last,
			 struct dentry *trap, unsigned int flags)
{
	struct dentry *old_dentry, *new_dentry;
	struct renamedata rd;
	int error;

	old_dentry = __lookup_hash(old_last, old_path->dentry, 0);
	if (IS_ERR(old_dentry))
		return PTR_ERR(old_dentry);
	error = -ENOENT;
	if (!old_dentry->d_inode)
		goto put_old;
	new_dentry = __lookup_hash(new_last, new_path->dentry, LOOKUP_RENAME_TARGET);
	error = PTR_ERR(new_dentry);
	if (IS_ERR(new_dentry))
		goto put_old;
	error = -EEXIST;
	if ((flags & RENAME_NOREPLACE) && new_dentry->d_inode)
		goto put_new;
	error = -ENOTDIR;
	if (!S_ISDIR(d_inode(old_dentry)->i_mode) &&
	    (old_last->name[old_last->len] || new_last->name[new_last->len]))
		goto put_new;
	error = -EINVAL;	/* into itself */
	if (old_dentry == trap)
		goto put_new;
	error = -ENOTEMPTY;	/* onto a directory that holds the source */
	if (new_dentry == trap)
		goto put_new;
	rd.old_dir = d_inode(old_path->dentry);
	rd.old_dentry = old_dentry;
	rd.old_mnt_userns = mnt_user_ns(old_path->mnt);
	rd.new_dir = d_inode(new_path->dentry);
	rd.new_dentry = new_dentry;
	rd.new_mnt_userns = mnt_user_ns(new_path->mnt);
	rd.delegated_inode = NULL;
	rd.flags = flags;
	error = vfs_rename(&rd);
put_new:
	dput(new_dentry);
put_old:
	dput(old_dentry);
	return error;
}

noinline int do_renameat2(int olddfd, struct filename *from, int newdfd, struct filename *to, unsigned int flags)
{
	struct path old_path, new_path;
	struct qstr old_last, new_last;
	int old_type, new_type;
	struct dentry *trap;
	int error = -EINVAL;

	if (flags & ~RENAME_NOREPLACE)
		goto put_names;
	error = filename_parentat(olddfd, from, 0, &old_path, &old_last, &old_type);
	if (error)
		goto put_names;
	error = filename_parentat(newdfd, to, 0, &new_path, &new_last, &new_type);
	if (error)
		goto put_old;
	error = -EXDEV;
	if (old_path.mnt != new_path.mnt)
		goto put_new;
	error = -EBUSY;
	if (old_type != LAST_NORM)
		goto put_new;
	if (new_type != LAST_NORM) {
		error = (flags & RENAME_NOREPLACE) ? -EEXIST : -EBUSY;
		goto put_new;
	}
	error = mnt_want_write(old_path.mnt);
	if (error)
		goto put_new;
	trap = lock_rename(new_path.dentry, old_path.dentry);
	error = rename_locked(&old_path, &old_last, &new_path, &new_last, trap, flags);
	unlock_rename(new_path.dentry, old_path.dentry);
	mnt_drop_write(old_path.mnt);
put_new:
	path_put(&new_path);
put_old:
	path_put(&old_path);
put_names:
	putname(from);
	putname(to);
	return error;
}

SYSCALL_DEFINE5(renameat2, int, olddfd, const char __user *, oldname, int, newdfd, const char __user *, newname,
		unsigned int, flags)
{
	return do_renameat2(olddfd, getname(oldname), newdfd, getname(newname), flags);
}

SYSCALL_DEFINE4(renameat, int, olddfd, const char __user *, oldname, int, newdfd, const char __user *, newname)
{
	return do_renameat2(olddfd, getname(oldname), newdfd, getname(newname), 0);
}

SYSCALL_DEFINE2(rename, const char __user *, oldname, const char __user *, newname)
{
	return do_renameat2(AT_FDCWD, getname(oldname), AT_FDCWD, getname(newname), 0);
}
