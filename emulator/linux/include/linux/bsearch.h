/* Searching in sorted arrays. */
#ifndef _LINUX_BSEARCH_H
#define _LINUX_BSEARCH_H

#include <linux/types.h>

static inline void *bsearch(const void *key, const void *base, size_t num, size_t size,
			    int (*cmp)(const void *key, const void *element))
{
	while (num > 0) {
		const void *pivot = base + (num >> 1) * size;
		int result = cmp(key, pivot);

		if (result == 0)
			return (void *)pivot;
		if (result > 0) {
			base = pivot + size;
			num--;
		}
		num >>= 1;
	}
	return NULL;
}

#endif
