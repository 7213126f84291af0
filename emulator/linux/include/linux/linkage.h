/* How assembly files declare functions. */
#ifndef _LINUX_LINKAGE_H
#define _LINUX_LINKAGE_H

#ifdef __ASSEMBLY__
#define SYM_FUNC_START(name) .globl name; .type name, @function; .p2align 4; name:
#define SYM_FUNC_START_LOCAL(name) .type name, @function; .p2align 4; name:
#define SYM_FUNC_END(name) .size name, .-name
#define SYM_CODE_START(name) .globl name; .type name, @function; .p2align 4; name:
#define SYM_CODE_END(name) .size name, .-name
#else
#include <linux/compiler.h>
#define __page_aligned_data __aligned(4096)
#define __page_aligned_bss __aligned(4096)
#define cond_syscall(x)
#endif

#endif
