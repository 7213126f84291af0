/* HZ and its kin. */
#ifndef _LINUX_PARAM_H
#define _LINUX_PARAM_H

#include <linux/jiffies.h>
#include <asm/page.h>

#define EXEC_PAGESIZE PAGE_SIZE
#define MAXHOSTNAMELEN 64

#endif
