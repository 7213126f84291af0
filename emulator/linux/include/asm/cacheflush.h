/* Caches are coherent. */
#ifndef _ASM_CACHEFLUSH_H
#define _ASM_CACHEFLUSH_H

#include <linux/mm.h>

#define flush_icache_range(start, end) ((void)0)

#endif
