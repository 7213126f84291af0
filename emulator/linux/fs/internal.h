/*
 * What the files of fs/ share among themselves.
 */
#ifndef _FS_INTERNAL_H
#define _FS_INTERNAL_H

#include <linux/types.h>
#include <linux/fs.h>
#include <linux/namei.h>

/* open(2)'s flags and mode, checked and sorted by build_open_flags(). */
struct open_flags {
	int open_flag;
	umode_t mode;
	int acc_mode;		/* MAY_ bits to ask permission for */
	int intent;		/* LOOKUP_ flags about the last component */
	int lookup_flags;
};

/*
 * Two stacks in one array: the symbolic links passed (link, done; nd->depth of them), and the rests of names that wait
 * for a link's text to be walked (name; never more than there are links).
 */
struct saved {
	struct path link;
	struct delayed_call done;
	const char *name;
};

#define EMBEDDED_LEVELS 2

/* Where a path walk is. */
struct nameidata {
	struct path path;		/* reached so far, held */
	struct qstr last;		/* the last component, under LOOKUP_PARENT */
	struct path root;		/* where "/" starts: held if set */
	struct inode *inode;		/* path.dentry's */
	unsigned int flags;
	int last_type;
	unsigned int depth;		/* symbolic links held */
	int total_link_count;
	struct saved *stack;
	struct saved internal[EMBEDDED_LEVELS];
	struct filename *name;
	int dfd;
};

/* fs/namei.c */
void set_nameidata(struct nameidata *nd, int dfd, struct filename *name);
void restore_nameidata(struct nameidata *nd);
const char *path_init(struct nameidata *nd, unsigned int flags);
int link_path_walk(const char *name, struct nameidata *nd);
struct dentry *lookup_fast(struct nameidata *nd);
struct dentry *__lookup_hash(const struct qstr *name, struct dentry *base, unsigned int flags);
const char *step_into(struct nameidata *nd, struct dentry *dentry, bool more);
const char *handle_dots(struct nameidata *nd, int type);
int complete_walk(struct nameidata *nd);
void terminate_walk(struct nameidata *nd);
int filename_parentat(int dfd, struct filename *name, unsigned int flags, struct path *parent, struct qstr *last,
		      int *type);
int may_create(struct user_namespace *mnt_userns, struct inode *dir, struct dentry *child);
int may_delete(struct user_namespace *mnt_userns, struct inode *dir, struct dentry *victim, bool isdir);

/* fs/open.c */
int chmod_common(const struct path *path, umode_t mode);

/* fs/locks.c */
void locks_remove_file(struct file *file);

/* fs/posix_locks.c */
struct flock;
int fcntl_getlk(struct file *filp, bool ofd, struct flock __user *arg);
int fcntl_setlk(struct file *filp, bool ofd, bool wait, struct flock __user *arg);
void locks_remove_posix(struct file *filp, const void *owner);
void locks_remove_ofd(struct file *filp);

/* fs/file_table.c */
void files_init(void);

/* fs/ramfs/inode.c */
void init_rootfs(void);

/* fs/namespace.c */
int path_mount(const char *dev_name, struct path *path, const char *type_page, unsigned long flags, void *data_page);
int path_umount(struct path *path, int flags);

#endif
