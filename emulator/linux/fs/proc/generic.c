/*
 * The tree of /proc entries: how the kernel and modules make files there, and how they are found.
 */
#include <linux/fs.h>
#include <linux/proc_fs.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/string.h>
#include <linux/printk.h>
#include <linux/bug.h>
#include <linux/export.h>
#include "internal.h"

static DEFINE_RWLOCK(proc_subdir_lock);
static unsigned int last_proc_ino = 0x1000;	/* process directories are numbered from their pid */

struct proc_dir_entry proc_root = {
	.low_ino = 1,
	.namelen = 5,
	.mode = S_IFDIR | S_IRUGO | S_IXUGO,
	.nlink = 2,
	.count = ATOMIC_INIT(1),
	.subdir = LIST_HEAD_INIT(proc_root.subdir),
	.pde_openers = LIST_HEAD_INIT(proc_root.pde_openers),
	.parent = &proc_root,
	.name = "/proc",
};

void pde_put(struct proc_dir_entry *pde)
{
	if (!atomic_dec_and_test(&pde->count))
		return;
	if (S_ISLNK(pde->mode))
		kfree(pde->data);
	kfree(pde->translated);
	kfree(pde->name);
	kfree(pde);
}

static struct proc_dir_entry *pde_subdir_find(struct proc_dir_entry *dir, const char *name, unsigned int len)
{
	struct proc_dir_entry *de;

	list_for_each_entry(de, &dir->subdir, subdir_node)
		if (de->namelen == len && !memcmp(de->name, name, len))
			return de;
	return NULL;
}

struct dentry *proc_lookup_de(struct inode *dir, struct dentry *dentry, struct proc_dir_entry *de)
{
	struct inode *inode;

	read_lock(&proc_subdir_lock);
	de = pde_subdir_find(de, (const char *)dentry->d_name.name, dentry->d_name.len);
	if (!de) {
		read_unlock(&proc_subdir_lock);
		return ERR_PTR(-ENOENT);
	}
	atomic_inc(&de->count);
	read_unlock(&proc_subdir_lock);
	inode = proc_get_inode(dir->i_sb, de);
	if (!inode)
		return ERR_PTR(-ENOMEM);
	d_add(dentry, inode);
	return NULL;
}

static struct dentry *proc_lookup(struct inode *dir, struct dentry *dentry, unsigned int flags)
{
	struct dentry *found = proc_lookup_de(dir, dentry, PDE(dir));

	if (found == ERR_PTR(-ENOENT)) {
		d_add(dentry, NULL);
		return NULL;
	}
	return found;
}

/* Lists the entries of de; positions 2.. count them. */
int proc_readdir_de(struct file *file, struct dir_context *ctx, struct proc_dir_entry *de)
{
	struct proc_dir_entry *child;
	loff_t index = 2;

	if (ctx->pos == 0) {
		if (!dir_emit(ctx, ".", 1, file_inode(file)->i_ino, DT_DIR))
			return 0;
		ctx->pos = 1;
	}
	if (ctx->pos == 1) {
		if (!dir_emit(ctx, "..", 2, d_inode(file->f_path.dentry->d_parent)->i_ino, DT_DIR))
			return 0;
		ctx->pos = 2;
	}
	for (;; index++) {
		char name[NAME_MAX + 1];
		loff_t i = index;
		bool found = false;
		unsigned int ino = 0, len = 0;
		umode_t mode = 0;

		if (index < ctx->pos)
			continue;
		/* The entry is copied out: the reader's memory may fault, and that must not happen under the lock. */
		read_lock(&proc_subdir_lock);
		list_for_each_entry(child, &de->subdir, subdir_node) {
			if (i-- == 2) {
				len = child->namelen;
				memcpy(name, child->name, len);
				ino = child->low_ino;
				mode = child->mode;
				found = true;
				break;
			}
		}
		read_unlock(&proc_subdir_lock);
		if (!found)
			return 1;	/* all shown */
		if (!dir_emit(ctx, name, len, ino, fs_umode_to_dtype(mode)))
			return 0;
		ctx->pos++;
	}
}

static int proc_readdir(struct file *file, struct dir_context *ctx)
{
	int ret = proc_readdir_de(file, ctx, PDE(file_inode(file)));

	return ret < 0 ? ret : 0;
}

const struct file_operations proc_dir_operations = {
	.llseek = generic_file_llseek,
	.read = generic_read_dir,
	.iterate_shared = proc_readdir,
};

const struct inode_operations proc_dir_inode_operations = {
	.lookup = proc_lookup,
};

static const char *proc_get_link(struct dentry *dentry, struct inode *inode, struct delayed_call *done)
{
	return PDE(inode)->data;
}

static const struct inode_operations proc_link_inode_operations = {
	.get_link = proc_get_link,
};

/* A name may have been removed, or made, since it was looked up. */
static int proc_misc_d_revalidate(struct dentry *dentry, unsigned int flags)
{
	const struct inode *inode = d_inode(dentry);

	if (!inode)
		return 0;
	return !PDE(inode) || atomic_read(&PDE(inode)->in_use) >= 0;
}

const struct dentry_operations proc_misc_dentry_operations = {
	.d_revalidate = proc_misc_d_revalidate,
	.d_delete = always_delete_dentry,
};

/* Resolves a name with slashes in it: *parent becomes the directory of its last part. Returns that part, or NULL. */
static const char *walk_name(const char *name, struct proc_dir_entry **parent)
{
	const char *slash;

	if (!*parent)
		*parent = &proc_root;
	while ((slash = strchr(name, '/')) != NULL) {
		*parent = pde_subdir_find(*parent, name, slash - name);
		if (!*parent)
			return NULL;
		name = slash + 1;
	}
	return *name ? name : NULL;
}

/* An entry that is not in the tree yet. */
static struct proc_dir_entry *__proc_create(struct proc_dir_entry **parent, const char *name, umode_t mode)
{
	struct proc_dir_entry *de;
	const char *last;

	read_lock(&proc_subdir_lock);
	last = walk_name(name, parent);
	read_unlock(&proc_subdir_lock);
	if (!last || strlen(last) > 255) {
		WARN(1, "name '%s'\n", name);
		return NULL;
	}
	de = kzalloc(sizeof(*de), GFP_KERNEL);
	if (!de)
		return NULL;
	de->name = kstrdup(last, GFP_KERNEL);
	if (!de->name) {
		kfree(de);
		return NULL;
	}
	de->namelen = strlen(last);
	de->mode = mode;
	de->nlink = S_ISDIR(mode) ? 2 : 1;
	de->uid = GLOBAL_ROOT_UID;
	de->gid = GLOBAL_ROOT_GID;
	atomic_set(&de->count, 1);
	spin_lock_init(&de->pde_unload_lock);
	INIT_LIST_HEAD(&de->pde_openers);
	INIT_LIST_HEAD(&de->subdir);
	return de;
}

/* Hangs an entry into the tree. A name that exists is a bug of the caller's. */
static struct proc_dir_entry *proc_register(struct proc_dir_entry *dir, struct proc_dir_entry *de)
{
	write_lock(&proc_subdir_lock);
	if (pde_subdir_find(dir, de->name, de->namelen)) {
		write_unlock(&proc_subdir_lock);
		WARN(1, "proc_dir_entry '%s/%s' already registered\n", dir->name, de->name);
		pde_put(de);
		return NULL;
	}
	de->parent = dir;
	de->low_ino = ++last_proc_ino;
	list_add_tail(&de->subdir_node, &dir->subdir);
	if (S_ISDIR(de->mode))
		dir->nlink++;
	write_unlock(&proc_subdir_lock);
	return de;
}

struct proc_dir_entry *proc_symlink(const char *name, struct proc_dir_entry *parent, const char *dest)
{
	struct proc_dir_entry *de = __proc_create(&parent, name, S_IFLNK | S_IRUGO | S_IWUGO | S_IXUGO);

	if (!de)
		return NULL;
	de->data = kstrdup(dest, GFP_KERNEL);
	if (!de->data) {
		pde_put(de);
		return NULL;
	}
	de->size = strlen(dest);
	de->proc_iops = &proc_link_inode_operations;
	return proc_register(parent, de);
}
EXPORT_SYMBOL(proc_symlink);

struct proc_dir_entry *proc_mkdir_data(const char *name, umode_t mode, struct proc_dir_entry *parent, void *data)
{
	struct proc_dir_entry *de = __proc_create(&parent, name, S_IFDIR | (mode ? mode : S_IRUGO | S_IXUGO));

	if (!de)
		return NULL;
	de->data = data;
	de->proc_iops = &proc_dir_inode_operations;
	return proc_register(parent, de);
}
EXPORT_SYMBOL(proc_mkdir_data);

struct proc_dir_entry *proc_mkdir_mode(const char *name, umode_t mode, struct proc_dir_entry *parent)
{
	return proc_mkdir_data(name, mode, parent, NULL);
}
EXPORT_SYMBOL(proc_mkdir_mode);

struct proc_dir_entry *proc_mkdir(const char *name, struct proc_dir_entry *parent)
{
	return proc_mkdir_data(name, 0, parent, NULL);
}
EXPORT_SYMBOL(proc_mkdir);

/* The directory of that name below /proc, made if it is not there; the directory it lies in must exist. */
struct proc_dir_entry *proc_find_or_mkdir(const char *name)
{
	struct proc_dir_entry *parent = NULL, *found = NULL;
	const char *last;

	read_lock(&proc_subdir_lock);
	last = walk_name(name, &parent);
	if (last)
		found = pde_subdir_find(parent, last, strlen(last));
	read_unlock(&proc_subdir_lock);
	return found ? found : proc_mkdir(name, NULL);
}

/* A regular file's entry; a mode of 0 means readable by all. */
static struct proc_dir_entry *proc_create_reg(const char *name, umode_t mode, struct proc_dir_entry **parent,
					      void *data)
{
	struct proc_dir_entry *de;

	if (!(mode & S_IALLUGO))
		mode |= S_IRUGO;
	de = __proc_create(parent, name, S_IFREG | (mode & S_IALLUGO));
	if (de)
		de->data = data;
	return de;
}

noinline struct proc_dir_entry *(proc_create_data)(const char *name, umode_t mode, struct proc_dir_entry *parent,
						    const struct proc_ops *proc_ops, void *data)
{
	struct proc_dir_entry *de = proc_create_reg(name, mode, &parent, data);

	if (!de)
		return NULL;
	de->proc_ops = proc_ops;
	return proc_register(parent, de);
}
EXPORT_SYMBOL(proc_create_data);

noinline struct proc_dir_entry *(proc_create)(const char *name, umode_t mode, struct proc_dir_entry *parent,
					       const struct proc_ops *proc_ops)
{
	return (proc_create_data)(name, mode, parent, proc_ops, NULL);
}
EXPORT_SYMBOL(proc_create);

/* For modules written before Linux 5.6: their file_operations become proc_ops. */
static struct proc_dir_entry *proc_create_from_fops(const char *name, umode_t mode, struct proc_dir_entry *parent,
						   const struct file_operations *fops, void *data)
{
	struct proc_dir_entry *de = proc_create_reg(name, mode, &parent, data);
	struct proc_ops *ops;

	if (!de)
		return NULL;
	ops = kzalloc(sizeof(*ops), GFP_KERNEL);
	if (!ops) {
		pde_put(de);
		return NULL;
	}
	ops->proc_open = fops->open;
	ops->proc_read = fops->read;
	ops->proc_read_iter = fops->read_iter;
	ops->proc_write = fops->write;
	ops->proc_lseek = fops->llseek;
	ops->proc_release = fops->release;
	ops->proc_poll = fops->poll;
	ops->proc_ioctl = fops->unlocked_ioctl;
	ops->proc_mmap = fops->mmap;
	de->translated = ops;
	de->proc_ops = ops;
	pr_warn("proc entry '%s' is made with file_operations: since Linux 5.6 this takes struct proc_ops\n", name);
	return proc_register(parent, de);
}

struct proc_dir_entry *proc_create_fops_data(const char *name, umode_t mode, struct proc_dir_entry *parent,
					     const struct file_operations *fops, void *data)
{
	return proc_create_from_fops(name, mode, parent, fops, data);
}
EXPORT_SYMBOL(proc_create_fops_data);

struct proc_dir_entry *proc_create_fops(const char *name, umode_t mode, struct proc_dir_entry *parent,
					const struct file_operations *fops)
{
	return proc_create_from_fops(name, mode, parent, fops, NULL);
}
EXPORT_SYMBOL(proc_create_fops);

static int proc_seq_open(struct inode *inode, struct file *file)
{
	struct proc_dir_entry *de = PDE(inode);

	if (de->state_size)
		return seq_open_private(file, de->seq_ops, de->state_size);
	return seq_open(file, de->seq_ops);
}

static int proc_seq_release(struct inode *inode, struct file *file)
{
	return PDE(inode)->state_size ? seq_release_private(inode, file) : seq_release(inode, file);
}

static const struct proc_ops proc_seq_ops = {
	.proc_open = proc_seq_open,
	.proc_read = seq_read,
	.proc_lseek = seq_lseek,
	.proc_release = proc_seq_release,
};

struct proc_dir_entry *proc_create_seq_private(const char *name, umode_t mode, struct proc_dir_entry *parent,
					       const struct seq_operations *ops, unsigned int state_size, void *data)
{
	struct proc_dir_entry *de = proc_create_reg(name, mode, &parent, data);

	if (!de)
		return NULL;
	de->proc_ops = &proc_seq_ops;
	de->seq_ops = ops;
	de->state_size = state_size;
	return proc_register(parent, de);
}
EXPORT_SYMBOL(proc_create_seq_private);

static int proc_single_open(struct inode *inode, struct file *file)
{
	return single_open(file, PDE(inode)->single_show, PDE(inode)->data);
}

static const struct proc_ops proc_single_ops = {
	.proc_open = proc_single_open,
	.proc_read = seq_read,
	.proc_lseek = seq_lseek,
	.proc_release = single_release,
};

struct proc_dir_entry *proc_create_single_data(const char *name, umode_t mode, struct proc_dir_entry *parent,
					       int (*show)(struct seq_file *, void *), void *data)
{
	struct proc_dir_entry *de = proc_create_reg(name, mode, &parent, data);

	if (!de)
		return NULL;
	de->proc_ops = &proc_single_ops;
	de->single_show = show;
	return proc_register(parent, de);
}
EXPORT_SYMBOL(proc_create_single_data);

void proc_set_size(struct proc_dir_entry *entry, loff_t size)
{
	entry->size = size;
}
EXPORT_SYMBOL(proc_set_size);

void proc_set_user(struct proc_dir_entry *entry, kuid_t uid, kgid_t gid)
{
	entry->uid = uid;
	entry->gid = gid;
}
EXPORT_SYMBOL(proc_set_user);

void *pde_data(const struct inode *inode)
{
	return PDE(inode)->data;
}
EXPORT_SYMBOL(pde_data);

void *proc_get_parent_data(const struct inode *inode)
{
	return PDE(inode)->parent->data;
}
EXPORT_SYMBOL(proc_get_parent_data);

/* Takes an entry and everything below it out of the tree, waiting for calls into the owner to end. */
static void remove_entry(struct proc_dir_entry *de)
{
	while (!list_empty(&de->subdir))
		remove_entry(list_first_entry(&de->subdir, struct proc_dir_entry, subdir_node));
	write_lock(&proc_subdir_lock);
	list_del_init(&de->subdir_node);
	if (S_ISDIR(de->mode))
		de->parent->nlink--;
	write_unlock(&proc_subdir_lock);
	proc_entry_rundown(de);
	pde_put(de);
}

noinline void proc_remove(struct proc_dir_entry *entry)
{
	if (entry)
		remove_entry(entry);
}
EXPORT_SYMBOL(proc_remove);

noinline void remove_proc_entry(const char *name, struct proc_dir_entry *parent)
{
	struct proc_dir_entry *de = NULL;
	const char *last;

	read_lock(&proc_subdir_lock);
	last = walk_name(name, &parent);
	if (last)
		de = pde_subdir_find(parent, last, strlen(last));
	read_unlock(&proc_subdir_lock);
	if (!de) {
		WARN(1, "name '%s'\n", name);
		return;
	}
	remove_entry(de);
}
EXPORT_SYMBOL(remove_proc_entry);

int remove_proc_subtree(const char *name, struct proc_dir_entry *parent)
{
	remove_proc_entry(name, parent);
	return 0;
}
EXPORT_SYMBOL(remove_proc_subtree);
