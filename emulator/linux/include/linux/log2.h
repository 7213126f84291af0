/* Integer logarithms and powers of two. */
#ifndef _LINUX_LOG2_H
#define _LINUX_LOG2_H

#include <linux/bitops.h>

#define ilog2(n) (63 - __builtin_clzl((unsigned long)(n)))
#define is_power_of_2(n) ({ unsigned long __n = (n); __n != 0 && (__n & (__n - 1)) == 0; })
#define roundup_pow_of_two(n) ((n) <= 1 ? 1UL : 1UL << (64 - __builtin_clzl((unsigned long)(n) - 1)))
#define rounddown_pow_of_two(n) (1UL << ilog2(n))
#define order_base_2(n) ((n) > 1 ? ilog2((unsigned long)(n) - 1) + 1 : 0)

#endif
