/* Division and rounding helpers. */
#ifndef _LINUX_MATH_H
#define _LINUX_MATH_H

#include <linux/types.h>

#define __round_mask(x, y) ((typeof(x))((y) - 1))
#define round_up(x, y) ((((x) - 1) | __round_mask(x, y)) + 1)
#define round_down(x, y) ((x) & ~__round_mask(x, y))
#define DIV_ROUND_UP(n, d) (((n) + (d) - 1) / (d))
#define DIV_ROUND_DOWN_ULL(ll, d) ((unsigned long long)(ll) / (d))
#define DIV_ROUND_UP_ULL(ll, d) (((unsigned long long)(ll) + (d) - 1) / (d))
#define DIV_ROUND_CLOSEST(x, d) (((x) + (d) / 2) / (d))
#define roundup(x, y) ((((x) + ((y) - 1)) / (y)) * (y))
#define rounddown(x, y) ((x) - ((x) % (y)))
#define abs(x) ({ typeof(x) __abs = (x); __abs < 0 ? -__abs : __abs; })
#define mult_frac(x, n, d) ({ typeof(x) __q = (x) / (d), __r = (x) % (d); __q * (n) + __r * (n) / (d); })
extern unsigned long int_sqrt(unsigned long x);

#endif
