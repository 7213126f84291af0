/* Memory, as drivers see it. */
#ifndef _LINUX_MEMORY_H
#define _LINUX_MEMORY_H

#include <linux/mm.h>
#include <linux/notifier.h>

#endif
