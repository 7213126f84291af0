/*
 * hostfs: a tree of files that the host serves, mounted like any file system. tracefs is one.
 *
 * A super block knows the host's name for its root; the name of everything below is that and the path from the root.
 * Nothing is remembered here: each lookup asks the host, because events come and go there.
 */
#include <linux/fs.h>
#include <linux/init.h>
#include <linux/mm.h>
#include <linux/namei.h>
#include <linux/slab.h>
#include <linux/statfs.h>
#include <linux/string.h>
#include <lab/gates.h>
#include "hostfs.h"

#define TRACEFS_HOST_PATH "/sys/kernel/tracing"

static const struct inode_operations hostfs_dir_inode_operations;
static const struct inode_operations hostfs_file_inode_operations;
static const struct file_operations hostfs_dir_operations;
static const struct file_operations hostfs_file_operations;

/* The host's name for a dentry, in memory that the caller frees. */
static char *host_path(const struct dentry *dentry)
{
	const char *root = dentry->d_sb->s_fs_info;
	char *page = kmalloc(PATH_MAX, GFP_KERNEL);
	size_t length = strlen(root);
	char *rest;

	if (!page)
		return ERR_PTR(-ENOMEM);
	rest = dentry_path_raw(dentry, page, PATH_MAX);
	if (IS_ERR(rest) || length + strlen(rest) >= PATH_MAX) {
		kfree(page);
		return ERR_PTR(-ENAMETOOLONG);
	}
	if (!strcmp(rest, "/"))
		rest = "";
	memmove(page + length, rest, strlen(rest) + 1);
	memcpy(page, root, length);
	return page;
}

static int host_stat(const struct dentry *dentry, struct lab_fs_stat *st)
{
	char *path = host_path(dentry);
	int error;

	if (IS_ERR(path))
		return PTR_ERR(path);
	error = (int)lab_fs_stat(path, st);
	kfree(path);
	return error;
}

static struct inode *hostfs_get_inode(struct super_block *sb, const struct lab_fs_stat *st)
{
	struct inode *inode = new_inode(sb);

	if (!inode)
		return NULL;
	inode->i_ino = st->ino ? st->ino : get_next_ino();
	inode->i_mode = st->mode;
	inode->i_size = st->size;
	set_nlink(inode, S_ISDIR(st->mode) ? 2 : 1);
	inode->i_atime = inode->i_mtime = inode->i_ctime = current_time(inode);
	if (S_ISDIR(st->mode)) {
		inode->i_op = &hostfs_dir_inode_operations;
		inode->i_fop = &hostfs_dir_operations;
	} else {
		inode->i_op = &hostfs_file_inode_operations;
		inode->i_fop = &hostfs_file_operations;
	}
	return inode;
}

static noinline struct dentry *hostfs_lookup(struct inode *dir, struct dentry *dentry, unsigned int flags)
{
	struct inode *inode = NULL;
	struct lab_fs_stat st = { 0 };
	int error = host_stat(dentry, &st);

	if (error && error != -ENOENT)
		return ERR_PTR(error);
	if (!error) {
		inode = hostfs_get_inode(dir->i_sb, &st);
		if (!inode)
			return ERR_PTR(-ENOMEM);
	}
	d_add(dentry, inode);
	return NULL;
}

/* A name that is in use may have gone, or come, at the host meanwhile. */
static int hostfs_d_revalidate(struct dentry *dentry, unsigned int flags)
{
	struct lab_fs_stat st = { 0 };
	int error;

	if (IS_ROOT(dentry))
		return 1;
	error = host_stat(dentry, &st);
	if (error)
		return !dentry->d_inode;
	return dentry->d_inode && (dentry->d_inode->i_mode & S_IFMT) == (st.mode & S_IFMT);
}

static const struct dentry_operations hostfs_dentry_operations = {
	.d_revalidate = hostfs_d_revalidate,
};

/* Makes or removes a name through one of the host's gates. */
static int host_change(struct dentry *dentry, long (*gate)(const char *path))
{
	char *path = host_path(dentry);
	int error;

	if (IS_ERR(path))
		return PTR_ERR(path);
	error = (int)gate(path);
	kfree(path);
	return error;
}

static int hostfs_unlink(struct inode *dir, struct dentry *dentry)
{
	return host_change(dentry, lab_fs_unlink);
}

static int hostfs_rmdir(struct inode *dir, struct dentry *dentry)
{
	return host_change(dentry, lab_fs_rmdir);
}

static int hostfs_mkdir(struct user_namespace *mnt_userns, struct inode *dir, struct dentry *dentry, umode_t mode)
{
	struct lab_fs_stat st = { 0 };
	char *path = host_path(dentry);
	struct inode *inode;
	int error;

	if (IS_ERR(path))
		return PTR_ERR(path);
	error = (int)lab_fs_mkdir(path, mode);
	if (!error)
		error = (int)lab_fs_stat(path, &st);
	kfree(path);
	if (error)
		return error;
	inode = hostfs_get_inode(dir->i_sb, &st);
	if (!inode)
		return -ENOMEM;
	d_instantiate(dentry, inode);
	return 0;
}

static const struct inode_operations hostfs_dir_inode_operations = {
	.lookup = hostfs_lookup,
	.unlink = hostfs_unlink,
	.mkdir = hostfs_mkdir,
	.rmdir = hostfs_rmdir,
};

static int hostfs_setattr(struct user_namespace *mnt_userns, struct dentry *dentry, struct iattr *attr)
{
	int error = setattr_prepare(mnt_userns, dentry, attr);

	if (error)
		return error;
	/* O_TRUNC has told the host when it opened the file. */
	if ((attr->ia_valid & ATTR_SIZE) && !(attr->ia_valid & ATTR_OPEN)) {
		char *path = host_path(dentry);

		if (IS_ERR(path))
			return PTR_ERR(path);
		error = (int)lab_fs_truncate(path, attr->ia_size);
		kfree(path);
		if (error)
			return error;
	}
	setattr_copy(mnt_userns, d_inode(dentry), attr);
	return 0;
}

static const struct inode_operations hostfs_file_inode_operations = {
	.setattr = hostfs_setattr,
};

static noinline int hostfs_open(struct inode *inode, struct file *file)
{
	char *path = host_path(file->f_path.dentry);
	int error;

	if (IS_ERR(path))
		return PTR_ERR(path);
	error = hostfs_open_path(file, path);
	kfree(path);
	return error;
}

static const struct file_operations hostfs_file_operations = {
	.open = hostfs_open,
	.read = hostfs_read,
	.write = hostfs_write,
	.release = hostfs_release,
	.llseek = default_llseek,
};

static noinline int hostfs_readdir(struct file *file, struct dir_context *ctx)
{
	struct dentry *dir = file->f_path.dentry;
	struct lab_fs_stat st = { 0 };
	char *path, *name;
	int error = 0;

	if (ctx->pos == 0) {
		if (!dir_emit(ctx, ".", 1, d_inode(dir)->i_ino, DT_DIR))
			return 0;
		ctx->pos = 1;
	}
	if (ctx->pos == 1) {
		if (!dir_emit(ctx, "..", 2, d_inode(dir->d_parent)->i_ino, DT_DIR))
			return 0;
		ctx->pos = 2;
	}
	path = host_path(dir);
	if (IS_ERR(path))
		return PTR_ERR(path);
	name = kmalloc(NAME_MAX + 1, GFP_KERNEL);
	if (!name)
		error = -ENOMEM;
	while (!error) {
		error = (int)lab_fs_readdir(path, ctx->pos - 2, name, &st);
		if (error <= 0)
			break;
		error = 0;
		/* The host numbers no inodes; 0 would hide the entry from readdir(3). */
		if (!dir_emit(ctx, name, strlen(name), st.ino ? st.ino : 1, fs_umode_to_dtype(st.mode)))
			break;
		ctx->pos++;
	}
	kfree(name);
	kfree(path);
	return error;
}

static const struct file_operations hostfs_dir_operations = {
	.read = generic_read_dir,
	.iterate_shared = hostfs_readdir,
	.llseek = default_llseek,
};

static void hostfs_put_super(struct super_block *sb)
{
	kfree(sb->s_fs_info);
}

static const struct super_operations hostfs_ops = {
	.statfs = simple_statfs,
	.put_super = hostfs_put_super,
};

static int fill_super(struct super_block *sb, const char *root, unsigned long magic)
{
	struct lab_fs_stat st = { 0 };
	int error = (int)lab_fs_stat(root, &st);

	if (error)
		return error;
	sb->s_magic = magic;
	sb->s_op = &hostfs_ops;
	sb->s_d_op = &hostfs_dentry_operations;
	sb->s_fs_info = kstrdup(root, GFP_KERNEL);
	if (!sb->s_fs_info)
		return -ENOMEM;
	sb->s_root = d_make_root(hostfs_get_inode(sb, &st));
	return sb->s_root ? 0 : -ENOMEM;
}

static int hostfs_fill_super(struct super_block *sb, void *data, int silent)
{
	return fill_super(sb, data, RAMFS_MAGIC);
}

static int tracefs_fill_super(struct super_block *sb, void *data, int silent)
{
	return fill_super(sb, TRACEFS_HOST_PATH, TRACEFS_MAGIC);
}

/* mount -t hostfs NAME DIRECTORY: NAME is the host's name for the root. */
static struct dentry *hostfs_mount(struct file_system_type *type, int flags, const char *dev_name, void *data)
{
	if (!dev_name)
		return ERR_PTR(-EINVAL);
	return mount_nodev(type, flags, (void *)dev_name, hostfs_fill_super);
}

static struct dentry *tracefs_mount(struct file_system_type *type, int flags, const char *dev_name, void *data)
{
	return mount_single(type, flags, data, tracefs_fill_super);
}

static void hostfs_kill_sb(struct super_block *sb)
{
	if (sb->s_root)
		kill_anon_super(sb);
}

static struct file_system_type hostfs_type = {
	.name = "hostfs",
	.mount = hostfs_mount,
	.kill_sb = hostfs_kill_sb,
};

static struct file_system_type tracefs_type = {
	.name = "tracefs",
	.mount = tracefs_mount,
	.kill_sb = hostfs_kill_sb,
};

static int __init hostfs_init(void)
{
	int error = register_filesystem(&hostfs_type);

	return error ? error : register_filesystem(&tracefs_type);
}
fs_initcall(hostfs_init);
