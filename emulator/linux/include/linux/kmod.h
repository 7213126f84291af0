/* Asking user space for a module. */
#ifndef _LINUX_KMOD_H
#define _LINUX_KMOD_H

#include <linux/module.h>

#endif
