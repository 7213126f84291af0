/*
 * Random numbers that are not random: a fixed sequence, so that equal runs of the machine are equal.
 */
#ifndef _LINUX_RANDOM_H
#define _LINUX_RANDOM_H

#include <linux/types.h>

void get_random_bytes(void *buf, size_t len);
u32 get_random_u32(void);
u64 get_random_u64(void);

static inline unsigned int get_random_int(void)
{
	return get_random_u32();
}

#define prandom_u32 get_random_u32

#endif
