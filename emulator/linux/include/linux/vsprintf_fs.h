/* What vsprintf asks others for: file names, and whether addresses may be shown. */
#ifndef _LINUX_VSPRINTF_FS_H
#define _LINUX_VSPRINTF_FS_H

#include <linux/stdarg.h>
#include <linux/types.h>

extern int kptr_restrict;
extern bool has_capability_for_pointers(void);
/* The last `depth` components of a dentry's (or, with is_file, a struct file's) path. */
extern void vsprintf_file_name(char *name, size_t size, const void *ptr, bool is_file, int depth);

#endif
