/*
 * How a file is to be opened: openat2(2)'s argument, and the form that all kinds of open take inside the kernel.
 */
#ifndef _LINUX_OPENAT2_H
#define _LINUX_OPENAT2_H

#include <linux/types.h>

struct open_how {
	u64 flags;
	u64 mode;
	u64 resolve;
};

#endif
