/*
 * Internet addresses as text.
 */
#ifndef _LINUX_INET_H
#define _LINUX_INET_H

#include <linux/in.h>

#define INET_ADDRSTRLEN 16

__be32 in_aton(const char *str);

#endif
