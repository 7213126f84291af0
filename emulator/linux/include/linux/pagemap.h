/* The page cache lives in <linux/fs.h> and mm/filemap.c. */
#ifndef _LINUX_PAGEMAP_H
#define _LINUX_PAGEMAP_H

#include <linux/fs.h>
#include <linux/mm.h>

#endif
