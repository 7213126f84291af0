/*
 * Files without a name: all share one inode, and what they stand for is their private_data.
 */
#include <linux/anon_inodes.h>
#include <linux/err.h>
#include <linux/export.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/init.h>
#include <linux/mount.h>
#include <linux/string.h>

#define ANON_INODE_FS_MAGIC 0x09041934

static struct vfsmount *anon_inode_mnt;
static struct inode *anon_inode_inode;

/* anon_inode:[eventfd], as ls -l /proc/PID/fd shows it. */
static char *anon_inodefs_dname(struct dentry *dentry, char *buffer, int length)
{
	return dynamic_dname(buffer, length, "anon_inode:%s", dentry->d_name.name);
}

static const struct dentry_operations anon_inodefs_dentry_operations = {
	.d_dname = anon_inodefs_dname,
};

/* A new open file. name: as /proc shows it, with its brackets; flags: O_RDWR, O_NONBLOCK. Returns ERR_PTR() on failure. */
struct file *anon_inode_getfile(const char *name, const struct file_operations *fops, void *priv, int flags)
{
	struct qstr this = QSTR_INIT(name, strlen(name));
	struct path path;
	struct file *file;

	path.dentry = d_alloc_pseudo(anon_inode_mnt->mnt_sb, &this);
	if (!path.dentry)
		return ERR_PTR(-ENOMEM);
	path.mnt = mntget(anon_inode_mnt);
	ihold(anon_inode_inode);
	d_instantiate(path.dentry, anon_inode_inode);
	file = alloc_file(&path, flags & (O_ACCMODE | O_NONBLOCK), fops);
	if (IS_ERR(file)) {
		path_put(&path);
		return file;
	}
	file->private_data = priv;
	return file;
}
EXPORT_SYMBOL_GPL(anon_inode_getfile);

/* The same with a descriptor for the caller; flags may have O_CLOEXEC. Returns the descriptor or a negative errno. */
int anon_inode_getfd(const char *name, const struct file_operations *fops, void *priv, int flags)
{
	int fd = get_unused_fd_flags(flags);
	struct file *file;

	if (fd < 0)
		return fd;
	file = anon_inode_getfile(name, fops, priv, flags);
	if (IS_ERR(file)) {
		put_unused_fd(fd);
		return PTR_ERR(file);
	}
	fd_install(fd, file);
	return fd;
}
EXPORT_SYMBOL_GPL(anon_inode_getfd);

static int anon_inodefs_fill_super(struct super_block *sb, void *data, int silent)
{
	struct inode *root = new_inode(sb);

	if (!root)
		return -ENOMEM;
	root->i_mode = S_IFDIR | S_IRUSR | S_IWUSR;
	sb->s_magic = ANON_INODE_FS_MAGIC;
	sb->s_d_op = &anon_inodefs_dentry_operations;
	sb->s_root = d_make_root(root);
	return sb->s_root ? 0 : -ENOMEM;
}

static struct dentry *anon_inodefs_mount(struct file_system_type *type, int flags, const char *dev_name, void *data)
{
	return mount_nodev(type, flags, data, anon_inodefs_fill_super);
}

static struct file_system_type anon_inode_fs_type = {
	.name = "anon_inodefs",
	.mount = anon_inodefs_mount,
	.kill_sb = kill_anon_super,
};

static int __init anon_inode_init(void)
{
	int error = register_filesystem(&anon_inode_fs_type);

	if (error)
		return error;
	anon_inode_mnt = kern_mount(&anon_inode_fs_type);
	if (IS_ERR(anon_inode_mnt))
		return PTR_ERR(anon_inode_mnt);
	anon_inode_inode = new_inode(anon_inode_mnt->mnt_sb);
	if (!anon_inode_inode)
		return -ENOMEM;
	anon_inode_inode->i_ino = get_next_ino();
	anon_inode_inode->i_mode = S_IRUSR | S_IWUSR;
	return 0;
}
fs_initcall(anon_inode_init);
