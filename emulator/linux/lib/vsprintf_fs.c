/*
 * %pd and %pD: names of dentries and files; and the rights that %pK asks about.
 */
#include <linux/cred.h>
#include <linux/dcache.h>
#include <linux/fs.h>
#include <linux/kernel.h>
#include <linux/string.h>
#include <linux/uaccess.h>
#include <linux/vsprintf_fs.h>

int kptr_restrict;

bool has_capability_for_pointers(void)
{
	const struct cred *cred = current_cred();

	return capable(CAP_SYSLOG) && uid_eq(cred->euid, cred->uid) && gid_eq(cred->egid, cred->gid);
}

void vsprintf_file_name(char *name, size_t size, const void *ptr, bool is_file, int depth)
{
	const struct dentry *chain[4], *d = is_file ? ((const struct file *)ptr)->f_path.dentry : ptr;
	size_t len = 0;
	int n = 0;

	while (d && n < depth) {
		chain[n++] = d;
		if (d->d_parent == d)
			break;
		d = d->d_parent;
	}
	name[0] = '\0';
	while (n-- > 0) {
		len += scnprintf(name + len, size - len, "%s", (const char *)chain[n]->d_name.name);
		if (n > 0 && !(len == 1 && name[0] == '/'))
			len += scnprintf(name + len, size - len, "/");
	}
}
