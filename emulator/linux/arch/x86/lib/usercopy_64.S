/*
 * Copies that may fault. The result is the number of bytes left: the fixup of a fault simply returns what rcx still
 * holds.
 */
#include <linux/linkage.h>
#include <asm/extable.h>

	.text

/* unsigned long copy_user_generic(void *to, const void *from, unsigned long len) */
SYM_FUNC_START(copy_user_generic)
	movq %rdx, %rcx
1:	rep movsb
2:	movq %rcx, %rax
	ret
	_ASM_EXTABLE(1b, 2b)
SYM_FUNC_END(copy_user_generic)

/* unsigned long __clear_user(void *addr, unsigned long len) */
SYM_FUNC_START(__clear_user)
	movq %rsi, %rcx
	xorl %eax, %eax
1:	rep stosb
2:	movq %rcx, %rax
	ret
	_ASM_EXTABLE(1b, 2b)
SYM_FUNC_END(__clear_user)
