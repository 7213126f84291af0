/*
 * The initial files: a cpio archive ("newc": numbers as eight hexadecimal digits) that the host laid into memory, made
 * into directories, files, links and device nodes of the root file system.
 */
#include <linux/fs.h>
#include <linux/fcntl.h>
#include <linux/file.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/namei.h>
#include <linux/printk.h>
#include <linux/string.h>
#include <linux/err.h>

/* The fields of a header, in the order of the archive. */
enum { C_INO, C_MODE, C_UID, C_GID, C_NLINK, C_MTIME, C_FILESIZE, C_MAJ, C_MIN, C_RMAJ, C_RMIN, C_NAMESIZE, C_CHK };

#define CPIO_HEADER_SIZE 110	/* "070701" and 13 fields */

static unsigned long __init hex8(const char *text)
{
	unsigned long value = 0;
	int i;

	for (i = 0; i < 8; i++) {
		char c = text[i];

		value = value * 16 + (c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10);
	}
	return value;
}

/* Makes one name with what: the directory it goes into must exist. Returns 0, or a negative errno (EEXIST is fine). */
static int __init make_node(const char *name, umode_t mode, dev_t dev, const char *target)
{
	struct path path;
	struct dentry *dentry = kern_path_create(AT_FDCWD, name, &path, S_ISDIR(mode) ? LOOKUP_DIRECTORY : 0);
	struct inode *dir;
	int error;

	if (IS_ERR(dentry))
		return PTR_ERR(dentry);
	dir = d_inode(path.dentry);
	if (S_ISDIR(mode))
		error = vfs_mkdir(&init_user_ns, dir, dentry, mode);
	else if (S_ISLNK(mode))
		error = vfs_symlink(&init_user_ns, dir, dentry, target);
	else
		error = vfs_mknod(&init_user_ns, dir, dentry, mode, dev);
	done_path_create(&path, dentry);
	return error == -EEXIST ? 0 : error;
}

/* Makes the directories above name that are missing, so that an archive need not list them. */
static void __init make_parents(char *name)
{
	char *slash;

	for (slash = strchr(name + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		make_node(name, S_IFDIR | 0755, 0, NULL);
		*slash = '/';
	}
}

static int __init write_file(const char *name, umode_t mode, const char *data, unsigned long size)
{
	struct file *file = filp_open(name, O_WRONLY | O_CREAT | O_TRUNC, mode);
	loff_t pos = 0;
	ssize_t written;

	if (IS_ERR(file))
		return PTR_ERR(file);
	written = size ? kernel_write(file, data, size, &pos) : 0;
	/* O_CREAT's mode went through the umask: the archive means what it says. */
	file_inode(file)->i_mode = mode;
	filp_close(file, NULL);
	return written == (ssize_t)size ? 0 : -ENOSPC;
}

static int __init unpack_entry(const char *header, const char *stored_name, const char *data)
{
	static char name[PATH_MAX] __initdata;
	static char target[PATH_MAX] __initdata;
	umode_t mode = hex8(header + 6 + 8 * C_MODE);
	unsigned long size = hex8(header + 6 + 8 * C_FILESIZE);
	dev_t dev = MKDEV(hex8(header + 6 + 8 * C_RMAJ), hex8(header + 6 + 8 * C_RMIN));

	/* Names are relative in an archive; here they are below the root. */
	while (stored_name[0] == '.' && stored_name[1] == '/')
		stored_name += 2;
	while (*stored_name == '/')
		stored_name++;
	if (!*stored_name || !strcmp(stored_name, "."))
		return 0;
	name[0] = '/';
	if (strscpy(name + 1, stored_name, sizeof(name) - 1) < 0)
		return -ENAMETOOLONG;
	make_parents(name);
	if (S_ISREG(mode))
		return write_file(name, mode, data, size);
	if (S_ISLNK(mode)) {
		if (size >= sizeof(target))
			return -ENAMETOOLONG;
		memcpy(target, data, size);
		target[size] = '\0';
	}
	return make_node(name, mode, dev, target);
}

/* Unpacks the archive at start, a kernel address. What cannot be made is reported and left out. */
void __init populate_rootfs(unsigned long start, unsigned long size)
{
	const char *p = (const char *)start;
	const char *end = p + size;

	while (end - p >= CPIO_HEADER_SIZE) {
		unsigned long name_size, file_size;
		const char *name, *data;
		int error;

		if (memcmp(p, "070701", 6)) {
			pr_err("Initramfs unpacking failed: no cpio magic\n");
			return;
		}
		name_size = hex8(p + 6 + 8 * C_NAMESIZE);
		file_size = hex8(p + 6 + 8 * C_FILESIZE);
		name = p + CPIO_HEADER_SIZE;
		/* Both the name with its header and the data are padded to multiples of four. */
		data = p + ((CPIO_HEADER_SIZE + name_size + 3) & ~3UL);
		if (name_size > (unsigned long)(end - name) || data > end || file_size > (unsigned long)(end - data)) {
			pr_err("Initramfs unpacking failed: archive is cut off\n");
			return;
		}
		if (!strcmp(name, "TRAILER!!!"))
			return;
		error = unpack_entry(p, name, data);
		if (error)
			pr_err("Initramfs unpacking failed: %s: error %d\n", name, error);
		p = data + ((file_size + 3) & ~3UL);
	}
}
