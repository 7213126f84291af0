/*
 * memfd_create(2): a file of memory without a name.
 */
#include <linux/err.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/init.h>
#include <linux/mount.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/syscalls.h>
#include <linux/uaccess.h>

#define MFD_CLOEXEC		1U
#define MFD_ALLOW_SEALING	2U
#define MFD_NAME_MAX		249

static struct vfsmount *memfd_mnt;

/* /memfd:name (deleted), as ls -l /proc/PID/fd shows it. */
static char *memfd_dname(struct dentry *dentry, char *buffer, int length)
{
	return dynamic_dname(buffer, length, "/memfd:%s (deleted)", dentry->d_name.name);
}

static const struct dentry_operations memfd_dentry_operations = {
	.d_dname = memfd_dname,
};

static struct file *memfd_file(const char *name)
{
	struct qstr this = QSTR_INIT(name, strlen(name));
	struct inode *inode = ramfs_get_inode(memfd_mnt->mnt_sb, NULL, S_IFREG | S_IRWXUGO, 0);
	struct path path;
	struct file *file;

	if (!inode)
		return ERR_PTR(-ENOSPC);
	clear_nlink(inode);
	path.dentry = d_alloc_pseudo(memfd_mnt->mnt_sb, &this);
	if (!path.dentry) {
		iput(inode);
		return ERR_PTR(-ENOMEM);
	}
	path.dentry->d_op = &memfd_dentry_operations;
	path.mnt = mntget(memfd_mnt);
	d_instantiate(path.dentry, inode);
	file = alloc_file(&path, O_RDWR, inode->i_fop);
	if (IS_ERR(file)) {
		path_put(&path);
		return file;
	}
	file->f_mode |= FMODE_LSEEK | FMODE_PREAD | FMODE_PWRITE | FMODE_ATOMIC_POS;
	return file;
}

SYSCALL_DEFINE2(memfd_create, const char __user *, uname, unsigned int, flags)
{
	char *name;
	long length;
	int fd;
	struct file *file;

	if (flags & ~(MFD_CLOEXEC | MFD_ALLOW_SEALING))
		return -EINVAL;
	name = kmalloc(MFD_NAME_MAX + 1, GFP_KERNEL);
	if (!name)
		return -ENOMEM;
	length = strncpy_from_user(name, uname, MFD_NAME_MAX + 1);
	fd = length < 0 ? -EFAULT : length > MFD_NAME_MAX ? -EINVAL : 0;
	if (!fd)
		fd = get_unused_fd_flags((flags & MFD_CLOEXEC) ? O_CLOEXEC : 0);
	if (fd >= 0) {
		file = memfd_file(name);
		if (IS_ERR(file)) {
			put_unused_fd(fd);
			fd = PTR_ERR(file);
		} else {
			fd_install(fd, file);
		}
	}
	kfree(name);
	return fd;
}

static int __init memfd_init(void)
{
	struct file_system_type *type = get_fs_type("ramfs");

	if (!type)
		return -ENODEV;
	memfd_mnt = kern_mount(type);
	return PTR_ERR_OR_ZERO(memfd_mnt);
}
fs_initcall(memfd_init);
