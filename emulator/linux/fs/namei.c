/*
 * Walking a path name: component by component from the root or the working directory, over mount points and through
 * symbolic links, to the dentry that it means.
 *
 * link_path_walk() consumes everything but the last component; what becomes of the last one is its caller's affair:
 * look it up (path_lookupat), open or create it (fs/namei_open.c), make or remove it (fs/namei_modify.c).
 *
 * A symbolic link in the middle does not recurse: the rest of the name waits on nd->stack while the link's text is
 * walked. A link at the end is handed back as text to be walked in a new round. Every link passed is held until the
 * walk ends, because its text may still be in use; MAXSYMLINKS bounds how many that can be.
 */
#include <linux/fs.h>
#include <linux/file.h>
#include <linux/fs_struct.h>
#include <linux/mount.h>
#include <linux/namei.h>
#include <linux/cred.h>
#include <linux/capability.h>
#include <linux/sched.h>
#include <linux/security.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/export.h>
#include "internal.h"
#include "mount.h"

/* The permission bits of the class that the current task belongs to: owner, group or others. */
static int acl_permission_check(struct inode *inode, int mask)
{
	unsigned int mode = inode->i_mode;

	if (uid_eq(current_fsuid(), inode->i_uid))
		mode >>= 6;
	else if (in_group_p(inode->i_gid))
		mode >>= 3;
	return (mask & ~mode & (MAY_READ | MAY_WRITE | MAY_EXEC)) ? -EACCES : 0;
}

/* Permission by mode bits, which capabilities may override. */
noinline int generic_permission(struct user_namespace *mnt_userns, struct inode *inode, int mask)
{
	mask &= MAY_READ | MAY_WRITE | MAY_EXEC;
	if (acl_permission_check(inode, mask) == 0)
		return 0;
	if (S_ISDIR(inode->i_mode)) {
		if (!(mask & MAY_WRITE) && capable(CAP_DAC_READ_SEARCH))
			return 0;
		return capable(CAP_DAC_OVERRIDE) ? 0 : -EACCES;
	}
	if (mask == MAY_READ && capable(CAP_DAC_READ_SEARCH))
		return 0;
	/* Not even the super-user executes what nobody may execute. */
	if (!(mask & MAY_EXEC) || (inode->i_mode & S_IXUGO))
		if (capable(CAP_DAC_OVERRIDE))
			return 0;
	return -EACCES;
}
EXPORT_SYMBOL(generic_permission);

/* Whether the current task may do what mask (MAY_ bits) says. Returns 0, -EACCES or -EROFS. */
noinline int inode_permission(struct user_namespace *mnt_userns, struct inode *inode, int mask)
{
	int error;

	if ((mask & MAY_WRITE) && IS_RDONLY(inode) &&
	    (S_ISREG(inode->i_mode) || S_ISDIR(inode->i_mode) || S_ISLNK(inode->i_mode)))
		return -EROFS;
	if (inode->i_op->permission)
		error = inode->i_op->permission(mnt_userns, inode, mask);
	else
		error = generic_permission(mnt_userns, inode, mask);
	return error ? error : security_inode_permission(inode, mask);
}
EXPORT_SYMBOL(inode_permission);

void set_nameidata(struct nameidata *nd, int dfd, struct filename *name)
{
	memset(nd, 0, sizeof(*nd));
	nd->stack = nd->internal;
	nd->dfd = dfd;
	nd->name = name;
}

void restore_nameidata(struct nameidata *nd)
{
	if (nd->stack != nd->internal)
		kfree(nd->stack);
}

static void drop_links(struct nameidata *nd)
{
	while (nd->depth) {
		struct saved *last = &nd->stack[--nd->depth];

		do_delayed_call(&last->done);
		path_put(&last->link);
	}
}

/* Lets go of everything the walk holds. */
void terminate_walk(struct nameidata *nd)
{
	drop_links(nd);
	if (nd->path.dentry)
		path_put(&nd->path);
	if (nd->root.dentry)
		path_put(&nd->root);
	nd->path.dentry = NULL;
	nd->root.dentry = NULL;
}

static void set_root(struct nameidata *nd)
{
	if (!nd->root.dentry)
		get_fs_root(current->fs, &nd->root);
}

static void nd_jump_root(struct nameidata *nd)
{
	set_root(nd);
	if (nd->path.dentry)
		path_put(&nd->path);
	nd->path = nd->root;
	path_get(&nd->path);
	nd->inode = d_inode(nd->path.dentry);
}

/* Puts the walk at its start. Returns the name to walk or ERR_PTR(). */
const char *path_init(struct nameidata *nd, unsigned int flags)
{
	const char *name = nd->name->name;

	nd->flags = flags;
	nd->depth = 0;
	nd->last_type = LAST_ROOT;
	if (!*name && !(flags & LOOKUP_EMPTY))
		return ERR_PTR(-ENOENT);
	if (*name == '/') {
		if (flags & LOOKUP_BENEATH)
			return ERR_PTR(-EXDEV);
		nd_jump_root(nd);
		return name;
	}
	if (nd->dfd == AT_FDCWD) {
		get_fs_pwd(current->fs, &nd->path);
	} else {
		struct fd f = fdget_raw(nd->dfd);

		if (!f.file)
			return ERR_PTR(-EBADF);
		if (*name && !S_ISDIR(file_inode(f.file)->i_mode)) {
			fdput(f);
			return ERR_PTR(-ENOTDIR);
		}
		nd->path = f.file->f_path;
		path_get(&nd->path);
		fdput(f);
	}
	if (flags & LOOKUP_BENEATH) {	/* as if the start were the root, except that leaving it is an error */
		nd->root = nd->path;
		path_get(&nd->root);
	}
	nd->inode = d_inode(nd->path.dentry);
	return name;
}

/* What the cache knows about the last component: a dentry, NULL for "ask the file system", or ERR_PTR(). */
noinline struct dentry *lookup_fast(struct nameidata *nd)
{
	struct dentry *dentry = d_lookup(nd->path.dentry, &nd->last);

	if (dentry && dentry->d_op && dentry->d_op->d_revalidate) {
		int valid = dentry->d_op->d_revalidate(dentry, nd->flags);

		if (valid <= 0) {
			if (!valid)
				d_invalidate(dentry);
			dput(dentry);
			return valid ? ERR_PTR(valid) : NULL;
		}
	}
	return dentry;
}

/* Asks the file system for a name in base. base's inode is locked. */
struct dentry *__lookup_hash(const struct qstr *name, struct dentry *base, unsigned int flags)
{
	struct inode *dir = d_inode(base);
	struct dentry *dentry = d_lookup(base, name);
	struct dentry *found;

	if (dentry && dentry->d_op && dentry->d_op->d_revalidate && !dentry->d_op->d_revalidate(dentry, flags)) {
		d_invalidate(dentry);
		dput(dentry);
		dentry = NULL;
	}
	if (dentry)
		return dentry;
	if (!dir->i_op->lookup)
		return ERR_PTR(-ENOTDIR);
	if (!dir->i_nlink)
		return ERR_PTR(-ENOENT);
	dentry = d_alloc(base, name);
	if (!dentry)
		return ERR_PTR(-ENOMEM);
	found = dir->i_op->lookup(dir, dentry, flags);
	if (found) {
		dput(dentry);
		dentry = found;
	}
	return dentry;
}

static noinline struct dentry *lookup_slow(const struct qstr *name, struct dentry *dir, unsigned int flags)
{
	struct dentry *dentry;

	inode_lock(d_inode(dir));
	dentry = __lookup_hash(name, dir, flags);
	inode_unlock(d_inode(dir));
	return dentry;
}

/* Climbs one directory, never above the task's root. */
static int follow_dotdot(struct nameidata *nd)
{
	struct vfsmount *mnt = nd->path.mnt;
	struct dentry *parent;

	set_root(nd);
	for (;;) {
		if (path_equal(&nd->path, &nd->root))
			return (nd->flags & LOOKUP_BENEATH) ? -EXDEV : 0;
		if (nd->path.dentry != nd->path.mnt->mnt_root) {
			parent = dget_parent(nd->path.dentry);
			dput(nd->path.dentry);
			nd->path.dentry = parent;
			break;
		}
		if (!follow_up(&nd->path))
			break;
	}
	while (d_mountpoint(nd->path.dentry) && follow_down(&nd->path))
		;
	nd->inode = d_inode(nd->path.dentry);
	return (nd->flags & LOOKUP_NO_XDEV) && nd->path.mnt != mnt ? -EXDEV : 0;
}

const char *handle_dots(struct nameidata *nd, int type)
{
	int error = type == LAST_DOTDOT ? follow_dotdot(nd) : 0;

	return error ? ERR_PTR(error) : NULL;
}

static int nd_alloc_stack(struct nameidata *nd)
{
	struct saved *stack = kmalloc_array(MAXSYMLINKS, sizeof(*stack), GFP_KERNEL);

	if (!stack)
		return -ENOMEM;
	memcpy(stack, nd->internal, sizeof(nd->internal));
	nd->stack = stack;
	return 0;
}

/* A link of /proc: the walk goes on at the very place, which may have no name (any more). */
static noinline int nd_jump_link(struct nameidata *nd, const struct path *link)
{
	struct path target;
	int error = d_inode(link->dentry)->i_op->get_jump(link->dentry, &target);

	if (error)
		return error;
	path_put(&nd->path);
	nd->path = target;
	nd->inode = d_inode(target.dentry);
	return 0;
}

/* The text of the symbolic link at *link, whose holds move to the stack. NULL: the link was a jump, already made. */
static noinline const char *pick_link(struct nameidata *nd, struct path *link)
{
	struct inode *inode = d_inode(link->dentry);
	struct saved *last;
	const char *text;
	int error = 0;

	if (nd->total_link_count++ >= MAXSYMLINKS || (nd->flags & LOOKUP_NO_SYMLINKS))
		error = -ELOOP;
	else if (inode->i_op->get_jump && (nd->flags & LOOKUP_NO_MAGICLINKS))
		error = -ELOOP;
	else if (inode->i_op->get_jump && (nd->flags & LOOKUP_BENEATH))
		error = -EXDEV;
	else if (nd->depth == EMBEDDED_LEVELS && nd->stack == nd->internal)
		error = nd_alloc_stack(nd);
	if (!error && inode->i_op->get_jump) {
		error = nd_jump_link(nd, link);
		path_put(link);
		return error ? ERR_PTR(error) : NULL;
	}
	if (error) {
		path_put(link);
		return ERR_PTR(error);
	}
	last = &nd->stack[nd->depth++];
	last->link = *link;
	set_delayed_call(&last->done, NULL, NULL);
	touch_atime(&last->link);
	text = inode->i_link;
	if (inode->i_op->get_link)
		text = inode->i_op->get_link(link->dentry, inode, &last->done);
	if (IS_ERR(text))
		return text;
	if (text && !*text)
		return ERR_PTR(-ENOENT);
	if (text && *text == '/') {
		if (nd->flags & LOOKUP_BENEATH)
			return ERR_PTR(-EXDEV);
		nd_jump_root(nd);
		while (*text == '/')
			text++;
	}
	if (text && *text)
		return text;
	/* "/" alone: arrived. */
	nd->depth--;
	do_delayed_call(&last->done);
	path_put(&last->link);
	return NULL;
}

/*
 * Goes from nd->path to its child dentry, whose count is taken over: onto what is mounted there, or into the symbolic
 * link that it is. more: the name goes on after it. Returns a link's text to be walked, NULL, or ERR_PTR().
 */
noinline const char *step_into(struct nameidata *nd, struct dentry *dentry, bool more)
{
	struct path path = { .mnt = mntget(nd->path.mnt), .dentry = dentry };
	struct inode *inode;

	while (d_mountpoint(path.dentry) && follow_down(&path))
		;
	inode = d_inode(path.dentry);
	if (!inode || ((nd->flags & LOOKUP_NO_XDEV) && path.mnt != nd->path.mnt)) {
		path_put(&path);
		return ERR_PTR(inode ? -EXDEV : -ENOENT);
	}
	if (S_ISLNK(inode->i_mode) && (more || (nd->flags & LOOKUP_FOLLOW)))
		return pick_link(nd, &path);
	path_put(&nd->path);
	nd->path = path;
	nd->inode = inode;
	return NULL;
}

static noinline const char *walk_component(struct nameidata *nd, bool more)
{
	struct dentry *dentry;

	if (nd->last_type != LAST_NORM)
		return handle_dots(nd, nd->last_type);
	dentry = lookup_fast(nd);
	if (!dentry)
		dentry = lookup_slow(&nd->last, nd->path.dentry, nd->flags);
	if (IS_ERR(dentry))
		return ERR_CAST(dentry);
	return step_into(nd, dentry, more);
}

/* Reads one component off name into nd->last. Returns its length. */
static size_t next_component(struct nameidata *nd, const char *name)
{
	size_t length = 0;

	while (name[length] && name[length] != '/')
		length++;
	nd->last_type = LAST_NORM;
	if (name[0] == '.') {
		if (length == 1)
			nd->last_type = LAST_DOT;
		else if (length == 2 && name[1] == '.')
			nd->last_type = LAST_DOTDOT;
	}
	nd->last.name = (const unsigned char *)name;
	nd->last.len = length;
	nd->last.hash = full_name_hash(NULL, name, length);
	return length;
}

/*
 * Walks name up to, not including, its last component, which is left in nd->last and nd->last_type.
 * Returns 0 or a negative errno.
 */
noinline int link_path_walk(const char *name, struct nameidata *nd)
{
	unsigned int outer = 0;		/* names waiting on the stack for the link in hand to be walked */

	nd->last_type = LAST_ROOT;
	nd->flags |= LOOKUP_PARENT;
	while (*name == '/')
		name++;
	if (!*name)
		return 0;
	for (;;) {
		const char *link;
		size_t length;
		int error = inode_permission(mnt_user_ns(nd->path.mnt), nd->inode, MAY_EXEC);

		if (error)
			return error;
		length = next_component(nd, name);
		if (length > NAME_MAX)
			return -ENAMETOOLONG;
		name += length;
		while (*name == '/')
			name++;
		if (*name) {
			link = walk_component(nd, true);
		} else {
			if (!outer) {
				nd->flags &= ~LOOKUP_PARENT;
				return 0;
			}
			/* The end of a link's text: the name that contained the link goes on. */
			name = nd->stack[--outer].name;
			link = walk_component(nd, true);
		}
		if (IS_ERR(link))
			return PTR_ERR(link);
		if (link) {
			nd->stack[outer++].name = name;
			name = link;
			continue;
		}
		if (!S_ISDIR(nd->inode->i_mode))
			return -ENOTDIR;
	}
}

/* The walk has arrived: the links behind it are no longer needed. */
int complete_walk(struct nameidata *nd)
{
	drop_links(nd);
	if ((nd->flags & LOOKUP_DIRECTORY) && !S_ISDIR(nd->inode->i_mode))
		return -ENOTDIR;
	return 0;
}

/* A trailing slash asks for a directory, and follows a link to find one. */
static const char *lookup_last(struct nameidata *nd)
{
	if (nd->last_type == LAST_NORM && nd->last.name[nd->last.len])
		nd->flags |= LOOKUP_FOLLOW | LOOKUP_DIRECTORY;
	return walk_component(nd, false);
}

static noinline int path_lookupat(struct nameidata *nd, unsigned int flags, struct path *path)
{
	const char *name = path_init(nd, flags);
	int error = 0;

	if (IS_ERR(name))
		return PTR_ERR(name);
	while (name) {
		error = link_path_walk(name, nd);
		if (error)
			break;
		name = lookup_last(nd);
		if (IS_ERR(name)) {
			error = PTR_ERR(name);
			break;
		}
	}
	if (!error)
		error = complete_walk(nd);
	if (!error) {
		*path = nd->path;
		nd->path.mnt = NULL;
		nd->path.dentry = NULL;
	}
	return error;
}

/* Looks a name up from directory dfd. On success *path is held; path_put() it. root: where "/" is, or NULL. */
noinline int filename_lookup(int dfd, struct filename *name, unsigned int flags, struct path *path,
			     struct path *root)
{
	struct nameidata nd;
	int error;

	if (IS_ERR(name))
		return PTR_ERR(name);
	set_nameidata(&nd, dfd, name);
	if (root) {
		nd.root = *root;
		path_get(&nd.root);
	}
	error = path_lookupat(&nd, flags, path);
	terminate_walk(&nd);
	restore_nameidata(&nd);
	return error;
}

/* Walks to the directory of the last component, for those who will create or remove it. */
noinline int filename_parentat(int dfd, struct filename *name, unsigned int flags, struct path *parent,
			       struct qstr *last, int *type)
{
	struct nameidata nd;
	const char *start;
	int error;

	if (IS_ERR(name))
		return PTR_ERR(name);
	set_nameidata(&nd, dfd, name);
	start = path_init(&nd, flags);
	error = IS_ERR(start) ? PTR_ERR(start) : link_path_walk(start, &nd);
	if (!error) {
		*last = nd.last;
		*type = nd.last_type;
		*parent = nd.path;
		nd.path.mnt = NULL;
		nd.path.dentry = NULL;
	}
	terminate_walk(&nd);
	restore_nameidata(&nd);
	return error;
}

int kern_path(const char *name, unsigned int flags, struct path *path)
{
	struct filename *filename = getname_kernel(name);
	int error = filename_lookup(AT_FDCWD, filename, flags, path, NULL);

	putname(filename);
	return error;
}
EXPORT_SYMBOL(kern_path);

int user_path_at_empty(int dfd, const char __user *name, unsigned int flags, struct path *path, int *empty)
{
	struct filename *filename = getname_flags(name, flags, empty);
	int error = filename_lookup(dfd, filename, flags, path, NULL);

	putname(filename);
	return error;
}
EXPORT_SYMBOL(user_path_at_empty);

int user_path_at(int dfd, const char __user *name, unsigned int flags, struct path *path)
{
	return user_path_at_empty(dfd, name, flags, path, NULL);
}
EXPORT_SYMBOL(user_path_at);

/* Looks one name up in base, whose inode the caller has locked. The result may be negative. */
struct dentry *lookup_one_len(const char *name, struct dentry *base, int length)
{
	struct qstr qstr = QSTR_INIT(name, length);
	int error;

	qstr.hash = full_name_hash(NULL, name, length);
	error = inode_permission(&init_user_ns, d_inode(base), MAY_EXEC);
	return error ? ERR_PTR(error) : __lookup_hash(&qstr, base, 0);
}
EXPORT_SYMBOL(lookup_one_len);
