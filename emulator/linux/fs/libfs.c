/*
 * Building blocks for file systems whose directories are their dentries: ramfs, debugfs and friends.
 */
#include <linux/fs.h>
#include <linux/slab.h>
#include <linux/kernel.h>
#include <linux/string.h>
#include <linux/statfs.h>
#include <linux/uaccess.h>
#include <linux/export.h>
#include <linux/mm.h>

/* What is not among the dentries does not exist. */
struct dentry *simple_lookup(struct inode *dir, struct dentry *dentry, unsigned int flags)
{
	if (dentry->d_name.len > NAME_MAX)
		return ERR_PTR(-ENAMETOOLONG);
	d_add(dentry, NULL);
	return NULL;
}
EXPORT_SYMBOL(simple_lookup);

int always_delete_dentry(const struct dentry *dentry)
{
	return 1;
}
EXPORT_SYMBOL(always_delete_dentry);

const struct dentry_operations simple_dentry_operations = {
	.d_delete = always_delete_dentry,
};
EXPORT_SYMBOL(simple_dentry_operations);

/* A reader's place in a directory is a dentry of its own, the cursor, that moves along the list of children. */
int dcache_dir_open(struct inode *inode, struct file *file)
{
	static const struct qstr dot = QSTR_INIT(".", 1);

	file->private_data = d_alloc(file->f_path.dentry, &dot);
	return file->private_data ? 0 : -ENOMEM;
}
EXPORT_SYMBOL(dcache_dir_open);

int dcache_dir_close(struct inode *inode, struct file *file)
{
	dput(file->private_data);
	return 0;
}
EXPORT_SYMBOL(dcache_dir_close);

static bool simple_positive(const struct dentry *dentry)
{
	return dentry->d_inode && !d_unhashed(dentry);
}

/* The entry behind position pos (2 is the first after . and ..), counted, or NULL. Called with dcache_lock. */
static struct dentry *entry_at(struct dentry *dir, loff_t index)
{
	struct dentry *child;

	list_for_each_entry_reverse(child, &dir->d_subdirs, d_child) {
		if (!simple_positive(child))
			continue;
		if (index-- == 0) {
			child->d_lockref.count++;
			return child;
		}
	}
	return NULL;
}

/* The entry that follows the cursor, counted; the cursor moves behind it. */
static struct dentry *next_entry(struct dentry *dir, struct dentry *cursor)
{
	struct list_head *p;

	spin_lock(&dcache_lock);
	/* Children are added in front: going backwards lists them in the order of their creation. */
	for (p = cursor->d_child.prev; p != &dir->d_subdirs; p = p->prev) {
		struct dentry *child = list_entry(p, struct dentry, d_child);

		if (!simple_positive(child))
			continue;
		list_del(&cursor->d_child);
		list_add_tail(&cursor->d_child, p);
		child->d_lockref.count++;
		spin_unlock(&dcache_lock);
		return child;
	}
	spin_unlock(&dcache_lock);
	return NULL;
}

static void place_cursor(struct dentry *dir, struct dentry *cursor, struct dentry *after)
{
	spin_lock(&dcache_lock);
	list_del(&cursor->d_child);
	if (after)
		list_add_tail(&cursor->d_child, &after->d_child);
	else
		list_add_tail(&cursor->d_child, &dir->d_subdirs);
	spin_unlock(&dcache_lock);
}

loff_t dcache_dir_lseek(struct file *file, loff_t offset, int whence)
{
	struct dentry *dir = file->f_path.dentry;
	struct dentry *before = NULL;

	if (whence == SEEK_CUR)
		offset += file->f_pos;
	else if (whence != SEEK_SET)
		return -EINVAL;
	if (offset < 0)
		return -EINVAL;
	if (offset != file->f_pos) {
		if (offset > 2) {
			spin_lock(&dcache_lock);
			before = entry_at(dir, offset - 3);
			spin_unlock(&dcache_lock);
		}
		place_cursor(dir, file->private_data, before);
		dput(before);
		file->f_pos = offset;
	}
	return offset;
}
EXPORT_SYMBOL(dcache_dir_lseek);

int dcache_readdir(struct file *file, struct dir_context *ctx)
{
	struct dentry *dir = file->f_path.dentry;
	struct dentry *cursor = file->private_data;
	struct dentry *entry;

	if (ctx->pos == 0) {
		if (!dir_emit(ctx, ".", 1, d_inode(dir)->i_ino, DT_DIR))
			return 0;
		ctx->pos = 1;
	}
	if (ctx->pos == 1) {
		if (!dir_emit(ctx, "..", 2, d_inode(dir->d_parent)->i_ino, DT_DIR))
			return 0;
		ctx->pos = 2;
		place_cursor(dir, cursor, NULL);
	}
	while ((entry = next_entry(dir, cursor)) != NULL) {
		struct inode *inode = d_inode(entry);
		bool room = dir_emit(ctx, (const char *)entry->d_name.name, entry->d_name.len, inode->i_ino,
				     fs_umode_to_dtype(inode->i_mode));

		if (!room) {
			/* It comes again: the cursor goes back before it. */
			spin_lock(&dcache_lock);
			list_del(&cursor->d_child);
			list_add(&cursor->d_child, &entry->d_child);
			spin_unlock(&dcache_lock);
		}
		dput(entry);
		if (!room)
			break;
		ctx->pos++;
	}
	return 0;
}
EXPORT_SYMBOL(dcache_readdir);

ssize_t generic_read_dir(struct file *filp, char __user *buf, size_t size, loff_t *ppos)
{
	return -EISDIR;
}
EXPORT_SYMBOL(generic_read_dir);

const struct file_operations simple_dir_operations = {
	.open = dcache_dir_open,
	.release = dcache_dir_close,
	.llseek = dcache_dir_lseek,
	.read = generic_read_dir,
	.iterate_shared = dcache_readdir,
};
EXPORT_SYMBOL(simple_dir_operations);

const struct inode_operations simple_dir_inode_operations = {
	.lookup = simple_lookup,
};
EXPORT_SYMBOL(simple_dir_inode_operations);

const char *simple_get_link(struct dentry *dentry, struct inode *inode, struct delayed_call *done)
{
	return inode->i_link;
}
EXPORT_SYMBOL(simple_get_link);

const struct inode_operations simple_symlink_inode_operations = {
	.get_link = simple_get_link,
};
EXPORT_SYMBOL(simple_symlink_inode_operations);

const struct super_operations simple_super_operations = {
	.statfs = simple_statfs,
};
EXPORT_SYMBOL(simple_super_operations);

int simple_statfs(struct dentry *dentry, struct kstatfs *buf)
{
	buf->f_type = dentry->d_sb->s_magic;
	buf->f_bsize = PAGE_SIZE;
	buf->f_namelen = NAME_MAX;
	return 0;
}
EXPORT_SYMBOL(simple_statfs);

int simple_getattr(struct user_namespace *mnt_userns, const struct path *path, struct kstat *stat, u32 request_mask,
		   unsigned int query_flags)
{
	struct inode *inode = d_inode(path->dentry);

	generic_fillattr(mnt_userns, inode, stat);
	stat->blocks = inode->i_mapping->nrpages << (PAGE_SHIFT - 9);
	return 0;
}
EXPORT_SYMBOL(simple_getattr);

int simple_setattr(struct user_namespace *mnt_userns, struct dentry *dentry, struct iattr *iattr)
{
	struct inode *inode = d_inode(dentry);
	int error = setattr_prepare(mnt_userns, dentry, iattr);

	if (error)
		return error;
	if (iattr->ia_valid & ATTR_SIZE)
		truncate_setsize(inode, iattr->ia_size);
	setattr_copy(mnt_userns, inode, iattr);
	return 0;
}
EXPORT_SYMBOL(simple_setattr);

/* A new name for a file: the name's dentry counts itself until it is unlinked. */
int simple_link(struct dentry *old_dentry, struct inode *dir, struct dentry *dentry)
{
	struct inode *inode = d_inode(old_dentry);

	inode->i_ctime = dir->i_ctime = dir->i_mtime = current_time(inode);
	inc_nlink(inode);
	ihold(inode);
	dget(dentry);
	d_instantiate(dentry, inode);
	return 0;
}
EXPORT_SYMBOL(simple_link);

int simple_empty(struct dentry *dentry)
{
	struct dentry *child;
	int empty = 1;

	spin_lock(&dcache_lock);
	list_for_each_entry(child, &dentry->d_subdirs, d_child)
		if (simple_positive(child))
			empty = 0;
	spin_unlock(&dcache_lock);
	return empty;
}
EXPORT_SYMBOL(simple_empty);

int simple_unlink(struct inode *dir, struct dentry *dentry)
{
	struct inode *inode = d_inode(dentry);

	inode->i_ctime = dir->i_ctime = dir->i_mtime = current_time(inode);
	drop_nlink(inode);
	dput(dentry);
	return 0;
}
EXPORT_SYMBOL(simple_unlink);

int simple_rmdir(struct inode *dir, struct dentry *dentry)
{
	if (!simple_empty(dentry))
		return -ENOTEMPTY;
	drop_nlink(d_inode(dentry));
	simple_unlink(dir, dentry);
	drop_nlink(dir);
	return 0;
}
EXPORT_SYMBOL(simple_rmdir);

int simple_rename(struct user_namespace *mnt_userns, struct inode *old_dir, struct dentry *old_dentry,
		  struct inode *new_dir, struct dentry *new_dentry, unsigned int flags)
{
	struct inode *inode = d_inode(old_dentry);
	bool they_are_dirs = S_ISDIR(inode->i_mode);

	if (flags & ~RENAME_NOREPLACE)
		return -EINVAL;
	if (!simple_empty(new_dentry))
		return -ENOTEMPTY;
	if (d_inode(new_dentry)) {
		simple_unlink(new_dir, new_dentry);
		if (they_are_dirs) {
			drop_nlink(d_inode(new_dentry));
			drop_nlink(old_dir);
		}
	} else if (they_are_dirs) {
		drop_nlink(old_dir);
		inc_nlink(new_dir);
	}
	old_dir->i_ctime = old_dir->i_mtime = new_dir->i_ctime = new_dir->i_mtime = inode->i_ctime =
		current_time(old_dir);
	return 0;
}
EXPORT_SYMBOL(simple_rename);

int simple_open(struct inode *inode, struct file *file)
{
	if (inode->i_private)
		file->private_data = inode->i_private;
	return 0;
}
EXPORT_SYMBOL(simple_open);

/* A read() from a buffer of available bytes: what most small drivers need. */
ssize_t simple_read_from_buffer(void __user *to, size_t count, loff_t *ppos, const void *from, size_t available)
{
	loff_t pos = *ppos;
	size_t missed;

	if (pos < 0)
		return -EINVAL;
	if (pos >= (loff_t)available || !count)
		return 0;
	if (count > available - pos)
		count = available - pos;
	missed = copy_to_user(to, (const char *)from + pos, count);
	if (missed == count)
		return -EFAULT;
	count -= missed;
	*ppos = pos + count;
	return count;
}
EXPORT_SYMBOL(simple_read_from_buffer);

ssize_t simple_write_to_buffer(void *to, size_t available, loff_t *ppos, const void __user *from, size_t count)
{
	loff_t pos = *ppos;
	size_t missed;

	if (pos < 0)
		return -EINVAL;
	if (pos >= (loff_t)available || !count)
		return 0;
	if (count > available - pos)
		count = available - pos;
	missed = copy_from_user((char *)to + pos, from, count);
	if (missed == count)
		return -EFAULT;
	count -= missed;
	*ppos = pos + count;
	return count;
}
EXPORT_SYMBOL(simple_write_to_buffer);

/* An open attribute file: see DEFINE_SIMPLE_ATTRIBUTE. */
struct simple_attr {
	int (*get)(void *, u64 *);
	int (*set)(void *, u64);
	const char *fmt;
	void *data;
	struct mutex mutex;
};

int simple_attr_open(struct inode *inode, struct file *file, int (*get)(void *, u64 *), int (*set)(void *, u64),
		     const char *fmt)
{
	struct simple_attr *attr = kzalloc(sizeof(*attr), GFP_KERNEL);

	if (!attr)
		return -ENOMEM;
	attr->get = get;
	attr->set = set;
	attr->fmt = fmt;
	attr->data = inode->i_private;
	mutex_init(&attr->mutex);
	file->private_data = attr;
	return nonseekable_open(inode, file);
}
EXPORT_SYMBOL(simple_attr_open);

int simple_attr_release(struct inode *inode, struct file *file)
{
	kfree(file->private_data);
	return 0;
}
EXPORT_SYMBOL(simple_attr_release);

ssize_t simple_attr_read(struct file *file, char __user *buf, size_t len, loff_t *ppos)
{
	struct simple_attr *attr = file->private_data;
	char text[24];
	u64 value;
	int ret;

	if (!attr->get)
		return -EACCES;
	mutex_lock(&attr->mutex);
	ret = attr->get(attr->data, &value);
	mutex_unlock(&attr->mutex);
	if (ret)
		return ret;
	ret = scnprintf(text, sizeof(text), attr->fmt, (unsigned long long)value);
	return simple_read_from_buffer(buf, len, ppos, text, ret);
}
EXPORT_SYMBOL(simple_attr_read);

ssize_t simple_attr_write(struct file *file, const char __user *buf, size_t len, loff_t *ppos)
{
	struct simple_attr *attr = file->private_data;
	unsigned long long value;
	char text[24];
	size_t size = len < sizeof(text) - 1 ? len : sizeof(text) - 1;
	int ret;

	if (!attr->set)
		return -EACCES;
	if (copy_from_user(text, buf, size))
		return -EFAULT;
	text[size] = '\0';
	ret = kstrtoull(strim(text), 0, &value);
	if (ret)
		return ret;
	mutex_lock(&attr->mutex);
	ret = attr->set(attr->data, value);
	mutex_unlock(&attr->mutex);
	return ret ? ret : (ssize_t)len;
}
EXPORT_SYMBOL(simple_attr_write);
