/*
 * The directory entry cache: the tree of names in use and the table that finds a child by its parent and name.
 *
 * One rule of lifetime: a dentry exists while it is counted. A user counts it (dget), a child counts its parent, and
 * a file system that lives in memory counts every name it holds until that name is unlinked. When the last count
 * goes the dentry goes, so names served by /proc or the host are looked up anew each time. Linux keeps unused
 * dentries on a list to be shrunk later; here the file systems are memory already and there is nothing to save.
 *
 * dcache_lock guards the tree, the table, the counts and the names.
 */
#include <linux/dcache.h>
#include <linux/fs.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/init.h>
#include <linux/export.h>
#include "internal.h"

#define D_HASHBITS	10
#define D_HASHSIZE	(1 << D_HASHBITS)

DEFINE_SPINLOCK(dcache_lock);
static struct hlist_head dentry_hashtable[D_HASHSIZE];
static struct kmem_cache *dentry_cache;

/* FNV-1a over the name: quick to compute, and it spreads well over a small table. */
unsigned int full_name_hash(const void *salt, const char *name, unsigned int length)
{
	unsigned int hash = 2166136261U ^ (unsigned int)(unsigned long)salt;

	while (length--) {
		hash ^= (unsigned char)*name++;
		hash *= 16777619;
	}
	return hash;
}
EXPORT_SYMBOL(full_name_hash);

static struct hlist_head *d_hash(const struct dentry *parent, unsigned int hash)
{
	unsigned long mixed = ((unsigned long)parent >> 6) + hash;

	mixed ^= mixed >> D_HASHBITS;
	return &dentry_hashtable[mixed & (D_HASHSIZE - 1)];
}

static struct dentry *__d_alloc(struct super_block *sb, const struct qstr *name)
{
	struct dentry *dentry = kmem_cache_alloc(dentry_cache, GFP_KERNEL);
	char *copy;

	if (!dentry)
		return NULL;
	memset(dentry, 0, sizeof(*dentry));
	copy = (char *)dentry->d_iname;
	if (name->len >= DNAME_INLINE_LEN) {
		copy = kmalloc(name->len + 1, GFP_KERNEL);
		if (!copy) {
			kmem_cache_free(dentry_cache, dentry);
			return NULL;
		}
	}
	memcpy(copy, name->name, name->len);
	copy[name->len] = '\0';
	dentry->d_name.name = (unsigned char *)copy;
	dentry->d_name.len = name->len;
	dentry->d_name.hash = full_name_hash(NULL, copy, name->len);
	spin_lock_init(&dentry->d_lockref.lock);
	dentry->d_lockref.count = 1;
	dentry->d_sb = sb;
	dentry->d_parent = dentry;
	dentry->d_op = sb->s_d_op;
	INIT_LIST_HEAD(&dentry->d_subdirs);
	INIT_LIST_HEAD(&dentry->d_child);
	INIT_HLIST_NODE(&dentry->d_hash);
	INIT_HLIST_NODE(&dentry->d_alias);
	return dentry;
}

static void dentry_free(struct dentry *dentry)
{
	if (dentry->d_name.name != dentry->d_iname)
		kfree(dentry->d_name.name);
	kmem_cache_free(dentry_cache, dentry);
}

/* A new name below parent: counted once for the caller, not yet in the table, without an inode. */
noinline struct dentry *d_alloc(struct dentry *parent, const struct qstr *name)
{
	struct dentry *dentry = __d_alloc(parent->d_sb, name);

	if (!dentry)
		return NULL;
	spin_lock(&dcache_lock);
	parent->d_lockref.count++;
	dentry->d_parent = parent;
	list_add(&dentry->d_child, &parent->d_subdirs);
	spin_unlock(&dcache_lock);
	return dentry;
}
EXPORT_SYMBOL(d_alloc);

struct dentry *d_alloc_name(struct dentry *parent, const char *name)
{
	struct qstr qstr = QSTR_INIT(name, strlen(name));

	return d_alloc(parent, &qstr);
}
EXPORT_SYMBOL(d_alloc_name);

/* A dentry that lies in no directory: for pipes and sockets. */
struct dentry *d_alloc_pseudo(struct super_block *sb, const struct qstr *name)
{
	return __d_alloc(sb, name);
}

struct dentry *d_make_root(struct inode *root_inode)
{
	static const struct qstr slash = QSTR_INIT("/", 1);
	struct dentry *root;

	if (!root_inode)
		return NULL;
	root = __d_alloc(root_inode->i_sb, &slash);
	if (root)
		d_instantiate(root, root_inode);
	else
		iput(root_inode);
	return root;
}
EXPORT_SYMBOL(d_make_root);

/* Finds a child in the table and counts it, or returns NULL. Negative dentries are found as well. */
noinline struct dentry *d_lookup(const struct dentry *parent, const struct qstr *name)
{
	struct dentry *dentry;

	spin_lock(&dcache_lock);
	hlist_for_each_entry(dentry, d_hash(parent, name->hash), d_hash) {
		if (dentry->d_parent != parent || dentry->d_name.hash != name->hash)
			continue;
		if (dentry->d_name.len != name->len || memcmp(dentry->d_name.name, name->name, name->len))
			continue;
		dentry->d_lockref.count++;
		spin_unlock(&dcache_lock);
		return dentry;
	}
	spin_unlock(&dcache_lock);
	return NULL;
}
EXPORT_SYMBOL(d_lookup);

/* Gives a negative dentry its inode; the caller's count of the inode becomes the dentry's. */
void d_instantiate(struct dentry *dentry, struct inode *inode)
{
	spin_lock(&dcache_lock);
	dentry->d_inode = inode;
	if (inode)
		hlist_add_head(&dentry->d_alias, &inode->i_dentry);
	spin_unlock(&dcache_lock);
}
EXPORT_SYMBOL(d_instantiate);

void d_rehash(struct dentry *dentry)
{
	spin_lock(&dcache_lock);
	hlist_add_head(&dentry->d_hash, d_hash(dentry->d_parent, dentry->d_name.hash));
	spin_unlock(&dcache_lock);
}
EXPORT_SYMBOL(d_rehash);

void d_add(struct dentry *dentry, struct inode *inode)
{
	d_instantiate(dentry, inode);
	d_rehash(dentry);
}
EXPORT_SYMBOL(d_add);

/* What a lookup() returns when it has found an inode: NULL means "the dentry you gave me". */
struct dentry *d_splice_alias(struct inode *inode, struct dentry *dentry)
{
	if (IS_ERR(inode))
		return ERR_CAST(inode);
	d_add(dentry, inode);
	return NULL;
}
EXPORT_SYMBOL(d_splice_alias);

/* Takes a name out of the table: nobody finds it any more, those who hold it keep it. */
void d_drop(struct dentry *dentry)
{
	spin_lock(&dcache_lock);
	if (!d_unhashed(dentry))
		hlist_del_init(&dentry->d_hash);
	spin_unlock(&dcache_lock);
}
EXPORT_SYMBOL(d_drop);

/* After an unlink: the sole holder may reuse the dentry as a negative one, else the name is dropped. */
void d_delete(struct dentry *dentry)
{
	struct inode *inode = NULL;

	spin_lock(&dcache_lock);
	if (dentry->d_lockref.count == 1) {
		inode = dentry->d_inode;
		hlist_del_init(&dentry->d_alias);
		dentry->d_inode = NULL;
	} else if (!d_unhashed(dentry)) {
		hlist_del_init(&dentry->d_hash);
	}
	spin_unlock(&dcache_lock);
	if (inode)
		iput(inode);
}
EXPORT_SYMBOL(d_delete);

void d_invalidate(struct dentry *dentry)
{
	d_drop(dentry);
}

/* Moves dentry to where target is; target's name leaves the table. Both parents' inodes are locked by the caller. */
void d_move(struct dentry *dentry, struct dentry *target)
{
	struct dentry *old_parent = dentry->d_parent;
	const unsigned char *old_name = NULL;
	struct dentry *new_parent = target->d_parent;

	spin_lock(&dcache_lock);
	if (!d_unhashed(dentry))
		hlist_del_init(&dentry->d_hash);
	if (!d_unhashed(target))
		hlist_del_init(&target->d_hash);
	list_del(&dentry->d_child);

	if (dentry->d_name.name != dentry->d_iname)
		old_name = dentry->d_name.name;
	if (target->d_name.name == target->d_iname) {
		memcpy(dentry->d_iname, target->d_iname, DNAME_INLINE_LEN);
		dentry->d_name.name = dentry->d_iname;
	} else {
		/* A long name changes hands; target, out of the table, is left with an empty one. */
		dentry->d_name.name = target->d_name.name;
		target->d_iname[0] = '\0';
		target->d_name.name = target->d_iname;
	}
	dentry->d_name.hash = target->d_name.hash;
	dentry->d_name.len = target->d_name.len;

	new_parent->d_lockref.count++;
	dentry->d_parent = new_parent;
	list_add(&dentry->d_child, &new_parent->d_subdirs);
	hlist_add_head(&dentry->d_hash, d_hash(new_parent, dentry->d_name.hash));
	spin_unlock(&dcache_lock);
	kfree(old_name);
	dput(old_parent);
}
EXPORT_SYMBOL(d_move);

/* Whether dentry lies in the subtree below ancestor, or is ancestor. */
int d_is_ancestor(const struct dentry *ancestor, const struct dentry *dentry)
{
	int found = 0;

	spin_lock(&dcache_lock);
	for (;;) {
		if (dentry == ancestor) {
			found = 1;
			break;
		}
		if (IS_ROOT(dentry))
			break;
		dentry = dentry->d_parent;
	}
	spin_unlock(&dcache_lock);
	return found;
}

struct dentry *dget(struct dentry *dentry)
{
	if (dentry) {
		spin_lock(&dcache_lock);
		dentry->d_lockref.count++;
		spin_unlock(&dcache_lock);
	}
	return dentry;
}
EXPORT_SYMBOL(dget);

struct dentry *dget_parent(struct dentry *dentry)
{
	struct dentry *parent;

	spin_lock(&dcache_lock);
	parent = dentry->d_parent;
	parent->d_lockref.count++;
	spin_unlock(&dcache_lock);
	return parent;
}
EXPORT_SYMBOL(dget_parent);

/* Takes an uncounted dentry apart. Called with dcache_lock, which it drops. Returns the parent, to be put as well. */
static struct dentry *dentry_kill(struct dentry *dentry)
{
	struct dentry *parent = IS_ROOT(dentry) ? NULL : dentry->d_parent;
	struct inode *inode = dentry->d_inode;

	if (!d_unhashed(dentry))
		hlist_del_init(&dentry->d_hash);
	if (parent)
		list_del(&dentry->d_child);
	if (inode)
		hlist_del_init(&dentry->d_alias);
	dentry->d_inode = NULL;
	spin_unlock(&dcache_lock);

	if (dentry->d_op && dentry->d_op->d_release)
		dentry->d_op->d_release(dentry);
	if (inode)
		iput(inode);
	dentry_free(dentry);
	return parent;
}

noinline void dput(struct dentry *dentry)
{
	while (dentry) {
		spin_lock(&dcache_lock);
		if (--dentry->d_lockref.count > 0) {
			spin_unlock(&dcache_lock);
			return;
		}
		dentry = dentry_kill(dentry);
	}
}
EXPORT_SYMBOL(dput);

/* Lets go of every name that a file system in memory holds, deepest first, and then of its root. */
void shrink_dcache_for_umount(struct super_block *sb)
{
	struct dentry *root = sb->s_root;
	struct dentry *dentry = root;

	sb->s_root = NULL;
	while (!list_empty(&root->d_subdirs)) {
		while (!list_empty(&dentry->d_subdirs))
			dentry = list_first_entry(&dentry->d_subdirs, struct dentry, d_child);
		if (dentry == root)
			break;
		/* Nothing is open on an unmounted file system, so the one count left is the file system's own. */
		dput(dentry);
		dentry = root;
	}
	dput(root);
}

void dcache_init(void)
{
	dentry_cache = kmem_cache_create("dentry", sizeof(struct dentry), 0, SLAB_PANIC, NULL);
}

/* The caches first, then the root file system: after this, files can be opened. */
void __init vfs_caches_init(void)
{
	dcache_init();
	inode_init_caches();
	files_init();
	mnt_init();
}
