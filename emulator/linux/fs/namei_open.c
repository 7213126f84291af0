/*
 * The last step of opening a file by name: find the last component, or create it, and open it.
 */
#include <linux/fs.h>
#include <linux/file.h>
#include <linux/fs_struct.h>
#include <linux/mount.h>
#include <linux/namei.h>
#include <linux/sched.h>
#include <linux/security.h>
#include "internal.h"

/* Whether the mode, the kind of file and the flags agree. */
static noinline int may_open(const struct path *path, int acc_mode, int flag)
{
	struct inode *inode = d_inode(path->dentry);
	int error;

	switch (inode->i_mode & S_IFMT) {
	case S_IFLNK:
		return -ELOOP;
	case S_IFDIR:
		if (acc_mode & MAY_WRITE)
			return -EISDIR;
		if (acc_mode & MAY_EXEC)
			return -EACCES;
		break;
	case S_IFBLK:
	case S_IFCHR:
		if (path->mnt->mnt_flags & MNT_NODEV)
			return -EACCES;
		if (acc_mode & MAY_EXEC)
			return -EACCES;
		break;
	case S_IFIFO:
	case S_IFSOCK:
		if (acc_mode & MAY_EXEC)
			return -EACCES;
		break;
	case S_IFREG:
		if ((acc_mode & MAY_EXEC) && (path->mnt->mnt_flags & MNT_NOEXEC))
			return -EACCES;
		break;
	}
	error = inode_permission(mnt_user_ns(path->mnt), inode, MAY_OPEN | acc_mode);
	if (error)
		return error;
	if ((flag & O_NOATIME) && !inode_owner_or_capable(mnt_user_ns(path->mnt), inode))
		return -EPERM;
	return 0;
}

/* O_TRUNC, once the file is known and allowed. */
static noinline int handle_truncate(struct file *file)
{
	const struct path *path = &file->f_path;
	struct inode *inode = d_inode(path->dentry);
	int error = get_write_access(inode);

	if (error)
		return error;
	error = do_truncate(mnt_user_ns(path->mnt), path->dentry, 0, ATTR_MTIME | ATTR_CTIME | ATTR_OPEN, file);
	put_write_access(inode);
	return error;
}

/* Finds the last component below the locked directory nd->path, creating it if O_CREAT says so and it is not there. */
static noinline struct dentry *lookup_open(struct nameidata *nd, struct file *file, const struct open_flags *op,
					   bool got_write)
{
	struct user_namespace *mnt_userns = mnt_user_ns(nd->path.mnt);
	struct dentry *dir = nd->path.dentry;
	struct dentry *dentry = __lookup_hash(&nd->last, dir, nd->flags);
	umode_t mode;
	int error;

	if (IS_ERR(dentry) || dentry->d_inode || !(op->open_flag & O_CREAT))
		return dentry;
	mode = op->mode & ~current_umask();
	error = got_write ? 0 : -EROFS;
	if (!error)
		error = inode_permission(mnt_userns, d_inode(dir), MAY_WRITE | MAY_EXEC);
	if (!error)
		error = security_inode_create(d_inode(dir), dentry, mode);
	if (!error && !d_inode(dir)->i_op->create)
		error = -EACCES;
	if (!error) {
		file->f_mode |= FMODE_CREATED;
		error = d_inode(dir)->i_op->create(mnt_userns, d_inode(dir), dentry, mode,
						   (op->open_flag & O_EXCL) != 0);
	}
	if (error) {
		dput(dentry);
		return ERR_PTR(error);
	}
	return dentry;
}

/* Resolves the last component. Returns a symbolic link's text to be walked, NULL when nd->path is there, or an error. */
static noinline const char *open_last_lookups(struct nameidata *nd, struct file *file, const struct open_flags *op)
{
	struct inode *dir = d_inode(nd->path.dentry);
	struct dentry *dentry;
	bool got_write = false;

	nd->flags |= op->intent;
	if (nd->last_type != LAST_NORM)
		return (op->open_flag & O_CREAT) ? ERR_PTR(-EISDIR) : handle_dots(nd, nd->last_type);

	if (nd->last.name[nd->last.len]) {	/* a trailing slash */
		if (op->open_flag & O_CREAT)
			return ERR_PTR(-EISDIR);
		nd->flags |= LOOKUP_FOLLOW | LOOKUP_DIRECTORY;
	}
	if (op->open_flag & O_CREAT) {
		got_write = !mnt_want_write(nd->path.mnt);
		inode_lock(dir);
		dentry = lookup_open(nd, file, op, got_write);
		inode_unlock(dir);
		if (got_write)
			mnt_drop_write(nd->path.mnt);
	} else {
		dentry = lookup_fast(nd);
		if (!dentry) {
			inode_lock(dir);
			dentry = lookup_open(nd, file, op, got_write);
			inode_unlock(dir);
		}
	}
	if (IS_ERR(dentry))
		return ERR_CAST(dentry);
	/* O_EXCL: a link is a file that exists, wherever it points. */
	if ((op->open_flag & (O_CREAT | O_EXCL)) == (O_CREAT | O_EXCL) && dentry->d_inode &&
	    !(file->f_mode & FMODE_CREATED)) {
		dput(dentry);
		return ERR_PTR(-EEXIST);
	}
	return step_into(nd, dentry, false);
}

/* Opens nd->path. */
static noinline int do_open(struct nameidata *nd, struct file *file, const struct open_flags *op)
{
	int open_flag = op->open_flag;
	int acc_mode = op->acc_mode;
	bool do_truncate = false;
	int error = complete_walk(nd);

	if (error)
		return error;
	if ((open_flag & O_CREAT) && !(file->f_mode & FMODE_CREATED) && S_ISDIR(nd->inode->i_mode))
		return -EISDIR;
	if (file->f_mode & FMODE_CREATED) {
		/* Whoever makes a file may open it, even with a mode that forbids it from now on. */
		open_flag &= ~O_TRUNC;
		acc_mode = 0;
	} else if (S_ISREG(nd->inode->i_mode) && (open_flag & O_TRUNC)) {
		error = mnt_want_write(nd->path.mnt);
		if (error)
			return error;
		do_truncate = true;
	}
	/* With O_PATH even a symbolic link may be opened: nothing is read from it. */
	error = (open_flag & O_PATH) ? 0 : may_open(&nd->path, acc_mode, open_flag);
	if (!error && (acc_mode & MAY_WRITE) && S_ISREG(nd->inode->i_mode))
		error = mnt_want_write(nd->path.mnt);
	if (!error)
		error = vfs_open(&nd->path, file);
	if (!error && do_truncate)
		error = handle_truncate(file);
	if (do_truncate)
		mnt_drop_write(nd->path.mnt);
	return error;
}

static noinline struct file *path_openat(struct nameidata *nd, const struct open_flags *op)
{
	struct file *file = alloc_empty_file(op->open_flag);
	const char *name;
	int error = 0;

	if (IS_ERR(file))
		return file;
	name = path_init(nd, op->lookup_flags);
	while (name) {
		error = IS_ERR(name) ? PTR_ERR(name) : link_path_walk(name, nd);
		if (error)
			break;
		name = open_last_lookups(nd, file, op);
	}
	if (!error)
		error = do_open(nd, file, op);
	terminate_walk(nd);
	if (error) {
		fput(file);
		return ERR_PTR(error);
	}
	return file;
}

/* Opens pathname, below directory dfd if it is relative. Returns an open file or ERR_PTR(). */
noinline struct file *do_filp_open(int dfd, struct filename *pathname, const struct open_flags *op)
{
	struct nameidata nd;
	struct file *file;

	set_nameidata(&nd, dfd, pathname);
	file = path_openat(&nd, op);
	restore_nameidata(&nd);
	return file;
}
