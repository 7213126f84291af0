/* Hashes of names, as the directory cache makes them. */
#ifndef __LINUX_STRINGHASH_H
#define __LINUX_STRINGHASH_H

#include <linux/dcache.h>

#endif
