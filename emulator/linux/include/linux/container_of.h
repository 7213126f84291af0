/* From a member to the structure around it. */
#ifndef _LINUX_CONTAINER_OF_H
#define _LINUX_CONTAINER_OF_H

#include <linux/types.h>

#define container_of(ptr, type, member) ({					\
	void *__mptr = (void *)(ptr);						\
	(type *)(__mptr - offsetof(type, member)); })
#define typeof_member(T, m) typeof(((T *)0)->m)

#endif
