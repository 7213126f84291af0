/*
 * The directory entry cache: names that have been looked up, and the inode each name stands for.
 *
 * A dentry without an inode is negative: it remembers that the name does not exist. The tree of dentries is guarded
 * by one spin lock, dcache_lock (fs/dcache.c); Linux splits it into a lock per dentry, which changes speed, not sense.
 */
#ifndef _LINUX_DCACHE_H
#define _LINUX_DCACHE_H

#include <linux/types.h>
#include <linux/list.h>
#include <linux/spinlock.h>
#include <linux/path.h>

struct inode;
struct super_block;
struct vfsmount;

/* A name with its hash: what a directory is searched for. */
struct qstr {
	union {
		struct {
			u32 hash;
			u32 len;
		};
		u64 hash_len;
	};
	const unsigned char *name;
};

#define QSTR_INIT(n, l)	{ { { .len = (l) } }, .name = (const unsigned char *)(n) }

#define DNAME_INLINE_LEN 40

/* A spin lock and the reference count that it guards. */
struct lockref {
	spinlock_t lock;
	int count;
};

struct dentry {
	unsigned int d_flags;
	struct hlist_node d_hash;		/* in the lookup table, by parent and name */
	struct dentry *d_parent;
	struct qstr d_name;
	struct inode *d_inode;			/* NULL: a negative dentry */
	unsigned char d_iname[DNAME_INLINE_LEN];	/* short names live here, long ones are allocated */
	struct lockref d_lockref;
	const struct dentry_operations *d_op;
	struct super_block *d_sb;
	unsigned long d_time;
	void *d_fsdata;
	struct list_head d_child;		/* in d_parent->d_subdirs */
	struct list_head d_subdirs;
	struct hlist_node d_alias;		/* in d_inode->i_dentry */
};

struct dentry_operations {
	int (*d_revalidate)(struct dentry *dentry, unsigned int flags);	/* 0: look the name up anew */
	int (*d_delete)(const struct dentry *dentry);	/* 1: forget the dentry when its last user goes */
	void (*d_release)(struct dentry *dentry);
	char *(*d_dname)(struct dentry *dentry, char *buffer, int length);	/* a name for what lies in no directory */
};

#define DCACHE_MOUNTED		0x00010000	/* a file system is mounted here */
#define DCACHE_DENTRY_KILLED	0x00008000

#define d_lock d_lockref.lock

extern spinlock_t dcache_lock;
extern const struct dentry_operations simple_dentry_operations;

void dcache_init(void);
unsigned int full_name_hash(const void *salt, const char *name, unsigned int length);
struct dentry *d_alloc(struct dentry *parent, const struct qstr *name);
struct dentry *d_alloc_name(struct dentry *parent, const char *name);
struct dentry *d_alloc_pseudo(struct super_block *sb, const struct qstr *name);
struct dentry *d_make_root(struct inode *root_inode);
struct dentry *d_lookup(const struct dentry *parent, const struct qstr *name);
void d_add(struct dentry *dentry, struct inode *inode);
void d_instantiate(struct dentry *dentry, struct inode *inode);
struct dentry *d_splice_alias(struct inode *inode, struct dentry *dentry);
void d_rehash(struct dentry *dentry);
void d_drop(struct dentry *dentry);
void d_delete(struct dentry *dentry);
void d_move(struct dentry *dentry, struct dentry *target);
void d_invalidate(struct dentry *dentry);
int d_is_ancestor(const struct dentry *ancestor, const struct dentry *dentry);
struct dentry *dget(struct dentry *dentry);
void dput(struct dentry *dentry);
struct dentry *dget_parent(struct dentry *dentry);
void shrink_dcache_for_umount(struct super_block *sb);

char *d_path(const struct path *path, char *buffer, int length);
char *d_absolute_path(const struct path *path, char *buffer, int length);
char *__d_path(const struct path *path, const struct path *root, char *buffer, int length);
char *dentry_path_raw(const struct dentry *dentry, char *buffer, int length);
char *dentry_path(const struct dentry *dentry, char *buffer, int length);
char *dynamic_dname(char *buffer, int length, const char *format, ...);

static inline struct inode *d_inode(const struct dentry *dentry)
{
	return dentry->d_inode;
}

static inline struct inode *d_backing_inode(const struct dentry *dentry)
{
	return dentry->d_inode;
}

static inline int d_is_negative(const struct dentry *dentry)
{
	return !dentry->d_inode;
}

static inline int d_is_positive(const struct dentry *dentry)
{
	return dentry->d_inode != NULL;
}

static inline int d_really_is_negative(const struct dentry *dentry)
{
	return !dentry->d_inode;
}

static inline int d_unhashed(const struct dentry *dentry)
{
	return hlist_unhashed(&dentry->d_hash);
}

static inline int d_count(const struct dentry *dentry)
{
	return dentry->d_lockref.count;
}

static inline int d_mountpoint(const struct dentry *dentry)
{
	return (dentry->d_flags & DCACHE_MOUNTED) != 0;
}

#define IS_ROOT(dentry)	((dentry) == (dentry)->d_parent)

#endif
