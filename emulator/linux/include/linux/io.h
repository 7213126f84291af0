/* Addresses of devices: there are none, so only the direct map. */
#ifndef _LINUX_IO_H
#define _LINUX_IO_H

#include <asm/page.h>
#include <linux/types.h>

#endif
