/*
 * int __get_user_N(const void __user *ptr, void *val): read N bytes of user memory, zero-extended. A pointer into the
 * kernel is refused before it is followed. The value is 0 when the read fails.
 */
#include <linux/linkage.h>
#include <asm/extable.h>

#define USER_LIMIT $0x00007ffffffff000

.macro GET_USER size load
	.globl __get_user_\size
	.type __get_user_\size, @function
	.p2align 4
__get_user_\size:
	movabsq USER_LIMIT, %rax
	cmpq %rax, %rdi
	jae bad_get_user
1:	\load
	movq %rdx, (%rsi)
	xorl %eax, %eax
	ret
	_ASM_EXTABLE(1b, bad_get_user)
	.size __get_user_\size, .-__get_user_\size
.endm

	.text

SYM_FUNC_START_LOCAL(bad_get_user)
	movq $0, (%rsi)
	movl $-14, %eax
	ret
SYM_FUNC_END(bad_get_user)

GET_USER 1 "movzbl (%rdi), %edx"
GET_USER 2 "movzwl (%rdi), %edx"
GET_USER 4 "movl (%rdi), %edx"
GET_USER 8 "movq (%rdi), %rdx"
