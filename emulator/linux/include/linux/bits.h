/* Single bits and runs of bits as masks. */
#ifndef _LINUX_BITS_H
#define _LINUX_BITS_H

#include <linux/const.h>

#define BIT(nr) (UL(1) << (nr))
#define BIT_ULL(nr) (ULL(1) << (nr))
#define BIT_MASK(nr) (UL(1) << ((nr) % 64))
#define BIT_WORD(nr) ((nr) / 64)
#define GENMASK(h, l) (((~UL(0)) - (UL(1) << (l)) + 1) & (~UL(0) >> (63 - (h))))
#define GENMASK_ULL(h, l) GENMASK(h, l)

#endif
