/*
 * From a dentry back to its path name: written backwards from the end of the caller's buffer, component by component.
 */
#include <linux/dcache.h>
#include <linux/fs.h>
#include <linux/fs_struct.h>
#include <linux/kernel.h>
#include <linux/mount.h>
#include <linux/sched.h>
#include <linux/string.h>
#include <linux/export.h>
#include <linux/slab.h>
#include <linux/syscalls.h>
#include <linux/uaccess.h>
#include "mount.h"

/* The free part of a buffer that fills from its end. */
struct prepend_buffer {
	char *buf;
	int len;	/* negative once something did not fit */
};

static void prepend(struct prepend_buffer *p, const char *text, int length)
{
	p->len -= length;
	if (p->len >= 0) {
		p->buf -= length;
		memcpy(p->buf, text, length);
	}
}

static void prepend_name(struct prepend_buffer *p, const struct qstr *name)
{
	prepend(p, (const char *)name->name, name->len);
	prepend(p, "/", 1);
}

static char *extract_string(struct prepend_buffer *p)
{
	return p->len >= 0 ? p->buf : ERR_PTR(-ENAMETOOLONG);
}

/* Climbs from dentry to root, through mounts. Returns whether root was met (else the path is out of its reach). */
static bool prepend_path(const struct path *path, const struct path *root, struct prepend_buffer *p)
{
	const struct dentry *dentry = path->dentry;
	const struct mount *mnt = real_mount(path->mnt);
	bool reached = true;

	while (dentry != root->dentry || &mnt->mnt != root->mnt) {
		if (dentry == mnt->mnt.mnt_root) {
			if (mnt->mnt_parent == mnt) {
				reached = false;
				break;
			}
			dentry = mnt->mnt_mountpoint;
			mnt = mnt->mnt_parent;
			continue;
		}
		if (IS_ROOT(dentry))
			break;
		prepend_name(p, &dentry->d_name);
		dentry = dentry->d_parent;
	}
	return reached;
}

/* The path name as seen from root, or NULL if root is not above it. */
char *__d_path(const struct path *path, const struct path *root, char *buffer, int length)
{
	struct prepend_buffer p = { .buf = buffer + length, .len = length };
	char *start;
	bool reached;

	prepend(&p, "", 1);
	start = p.buf;
	lock_mount_hash();
	spin_lock(&dcache_lock);
	reached = prepend_path(path, root, &p);
	spin_unlock(&dcache_lock);
	unlock_mount_hash();
	if (!reached)
		return NULL;
	if (p.buf == start)
		prepend(&p, "/", 1);
	return extract_string(&p);
}

/* The path name from the top of the mount tree, whatever the task's root is. */
char *d_absolute_path(const struct path *path, char *buffer, int length)
{
	struct path root = { .mnt = NULL, .dentry = NULL };
	struct prepend_buffer p = { .buf = buffer + length, .len = length };
	char *start;

	prepend(&p, "", 1);
	start = p.buf;
	lock_mount_hash();
	spin_lock(&dcache_lock);
	prepend_path(path, &root, &p);
	spin_unlock(&dcache_lock);
	unlock_mount_hash();
	if (p.buf == start)
		prepend(&p, "/", 1);
	return extract_string(&p);
}
EXPORT_SYMBOL(d_absolute_path);

/*
 * The path name of an open file as its task would write it. The result lies somewhere in buffer, not at its start.
 * A file that has been unlinked gets " (deleted)" behind its name. Returns ERR_PTR(-ENAMETOOLONG) if it does not fit.
 */
noinline char *d_path(const struct path *path, char *buffer, int length)
{
	struct prepend_buffer p = { .buf = buffer + length, .len = length };
	struct path root;
	char *start;

	/* Pipes and sockets have no place in the tree: they make a name up. */
	if (path->dentry->d_op && path->dentry->d_op->d_dname &&
	    (!IS_ROOT(path->dentry) || path->dentry != path->mnt->mnt_root))
		return path->dentry->d_op->d_dname(path->dentry, buffer, length);

	get_fs_root(current->fs, &root);
	if (d_unhashed(path->dentry) && !IS_ROOT(path->dentry))
		prepend(&p, " (deleted)", 11);
	else
		prepend(&p, "", 1);
	start = p.buf;
	lock_mount_hash();
	spin_lock(&dcache_lock);
	prepend_path(path, &root, &p);
	spin_unlock(&dcache_lock);
	unlock_mount_hash();
	if (p.buf == start)
		prepend(&p, "/", 1);
	path_put(&root);
	return extract_string(&p);
}
EXPORT_SYMBOL(d_path);

/* The path within the dentry's own file system, whatever it is mounted on. */
noinline char *dentry_path_raw(const struct dentry *dentry, char *buffer, int length)
{
	struct prepend_buffer p = { .buf = buffer + length, .len = length };
	char *start;

	prepend(&p, "", 1);
	start = p.buf;
	spin_lock(&dcache_lock);
	for (; !IS_ROOT(dentry); dentry = dentry->d_parent)
		prepend_name(&p, &dentry->d_name);
	spin_unlock(&dcache_lock);
	if (p.buf == start)
		prepend(&p, "/", 1);
	return extract_string(&p);
}
EXPORT_SYMBOL(dentry_path_raw);

char *dentry_path(const struct dentry *dentry, char *buffer, int length)
{
	return dentry_path_raw(dentry, buffer, length);
}

/* For d_dname(): prints a made-up name, such as pipe:[12], at the end of the buffer as d_path() would. */
char *dynamic_dname(char *buffer, int length, const char *format, ...)
{
	char text[64];
	va_list args;
	int size;

	va_start(args, format);
	size = vsnprintf(text, sizeof(text), format, args) + 1;
	va_end(args);
	if (size > (int)sizeof(text) || size > length)
		return ERR_PTR(-ENAMETOOLONG);
	return memcpy(buffer + length - size, text, size);
}

SYSCALL_DEFINE2(getcwd, char __user *, buf, unsigned long, size)
{
	char *page = kmalloc(PATH_MAX, GFP_KERNEL);
	struct path root, pwd;
	char *name;
	long length;

	if (!page)
		return -ENOMEM;
	get_fs_root(current->fs, &root);
	get_fs_pwd(current->fs, &pwd);
	if (d_unhashed(pwd.dentry) && !IS_ROOT(pwd.dentry)) {
		length = -ENOENT;
	} else {
		name = __d_path(&pwd, &root, page, PATH_MAX);
		if (IS_ERR_OR_NULL(name)) {
			length = name ? PTR_ERR(name) : -ENOENT;
		} else {
			length = strlen(name) + 1;
			if ((unsigned long)length > size)
				length = -ERANGE;
			else if (copy_to_user(buf, name, length))
				length = -EFAULT;
		}
	}
	path_put(&pwd);
	path_put(&root);
	kfree(page);
	return length;
}
