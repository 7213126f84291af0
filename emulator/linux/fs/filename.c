/*
 * Path names on their way from user space: copied once, at the start of a system call, so that nobody can change them
 * while they are being looked at.
 */
#include <linux/fs.h>
#include <linux/namei.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/uaccess.h>
#include <linux/export.h>

#define EMBEDDED_NAME_MAX PATH_MAX

static struct filename *alloc_filename(void)
{
	struct filename *result = kmalloc(sizeof(*result) + PATH_MAX, GFP_KERNEL);

	if (result) {
		result->name = result->iname;
		result->uptr = NULL;
		result->refcnt = 1;
	}
	return result;
}

/* Copies a name. An empty one is ENOENT unless LOOKUP_EMPTY allows it; *empty tells which it was. */
noinline struct filename *getname_flags(const char __user *filename, int flags, int *empty)
{
	struct filename *result = alloc_filename();
	long length;

	if (!result)
		return ERR_PTR(-ENOMEM);
	length = strncpy_from_user((char *)result->iname, filename, EMBEDDED_NAME_MAX);
	if (length < 0) {
		kfree(result);
		return ERR_PTR(length);
	}
	if (length == EMBEDDED_NAME_MAX) {
		kfree(result);
		return ERR_PTR(-ENAMETOOLONG);
	}
	if (length == 0) {
		if (empty)
			*empty = 1;
		if (!(flags & LOOKUP_EMPTY)) {
			kfree(result);
			return ERR_PTR(-ENOENT);
		}
	}
	result->uptr = filename;
	return result;
}

noinline struct filename *getname(const char __user *filename)
{
	return getname_flags(filename, 0, NULL);
}
EXPORT_SYMBOL(getname);

struct filename *getname_kernel(const char *filename)
{
	struct filename *result;
	size_t length = strlen(filename) + 1;

	if (length > EMBEDDED_NAME_MAX)
		return ERR_PTR(-ENAMETOOLONG);
	result = alloc_filename();
	if (!result)
		return ERR_PTR(-ENOMEM);
	memcpy((char *)result->iname, filename, length);
	return result;
}
EXPORT_SYMBOL(getname_kernel);

noinline void putname(struct filename *name)
{
	if (!IS_ERR(name) && --name->refcnt == 0)
		kfree(name);
}
EXPORT_SYMBOL(putname);
