/* Conditions that must not hold when the kernel is compiled. */
#ifndef _LINUX_BUILD_BUG_H
#define _LINUX_BUILD_BUG_H

#include <linux/compiler.h>

#define BUILD_BUG_ON_ZERO(e) ((int)(sizeof(struct { int : (-!!(e)); })))
#define BUILD_BUG_ON_MSG(cond, msg) ((void)sizeof(char[1 - 2 * !!(cond)]))
#define BUILD_BUG_ON(cond) BUILD_BUG_ON_MSG(cond, #cond)
#define BUILD_BUG() BUILD_BUG_ON(1)
#define static_assert(expr, ...) _Static_assert(expr, #expr)

#endif
