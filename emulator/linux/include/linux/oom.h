/* Running out of memory kills the task that asks. */
#ifndef _LINUX_OOM_H
#define _LINUX_OOM_H

#include <linux/sched.h>
#include <linux/mm.h>

#endif
