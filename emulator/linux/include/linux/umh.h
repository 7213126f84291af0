/* Programs started by the kernel. */
#ifndef _LINUX_UMH_H
#define _LINUX_UMH_H

#include <linux/kmod.h>

#endif
