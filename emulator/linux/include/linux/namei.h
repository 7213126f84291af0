/*
 * Looking a path name up: the flags that say how, and the entry points.
 */
#ifndef _LINUX_NAMEI_H
#define _LINUX_NAMEI_H

#include <linux/types.h>
#include <linux/path.h>
#include <linux/dcache.h>
#include <linux/fcntl.h>

#define MAXSYMLINKS 40

/* What the last component of a name turned out to be. */
enum { LAST_NORM, LAST_ROOT, LAST_DOT, LAST_DOTDOT };

#define LOOKUP_FOLLOW		0x0001	/* follow a symbolic link at the end */
#define LOOKUP_DIRECTORY	0x0002	/* the result must be a directory */
#define LOOKUP_AUTOMOUNT	0x0004
#define LOOKUP_EMPTY		0x4000	/* accept an empty path */
#define LOOKUP_PARENT		0x0010	/* stop before the last component */
#define LOOKUP_REVAL		0x0020
#define LOOKUP_OPEN		0x0100
#define LOOKUP_CREATE		0x0200
#define LOOKUP_EXCL		0x0400
#define LOOKUP_RENAME_TARGET	0x0800
#define LOOKUP_NO_SYMLINKS	0x010000
#define LOOKUP_NO_MAGICLINKS	0x020000
#define LOOKUP_NO_XDEV		0x040000
#define LOOKUP_BENEATH		0x080000	/* the walk must not leave the place where it starts */

struct filename;

int kern_path(const char *name, unsigned int flags, struct path *path);
int user_path_at(int dfd, const char __user *name, unsigned int flags, struct path *path);
int user_path_at_empty(int dfd, const char __user *name, unsigned int flags, struct path *path, int *empty);
int filename_lookup(int dfd, struct filename *name, unsigned int flags, struct path *path, struct path *root);
struct dentry *kern_path_create(int dfd, const char *name, struct path *path, unsigned int flags);
void done_path_create(struct path *path, struct dentry *dentry);
struct dentry *lookup_one_len(const char *name, struct dentry *base, int length);
int follow_up(struct path *path);
int follow_down(struct path *path);

static inline int user_path(const char __user *name, struct path *path)
{
	return user_path_at_empty(AT_FDCWD, name, LOOKUP_FOLLOW, path, NULL);
}

#endif
