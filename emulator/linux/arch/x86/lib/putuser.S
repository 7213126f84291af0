/* int __put_user_N(void __user *ptr, unsigned long val): write N bytes of user memory; 0 or -EFAULT. */
#include <linux/linkage.h>
#include <asm/extable.h>

#define USER_LIMIT $0x00007ffffffff000

.macro PUT_USER size store
	.globl __put_user_\size
	.type __put_user_\size, @function
	.p2align 4
__put_user_\size:
	movabsq USER_LIMIT, %rax
	cmpq %rax, %rdi
	jae bad_put_user
1:	\store
	xorl %eax, %eax
	ret
	_ASM_EXTABLE(1b, bad_put_user)
	.size __put_user_\size, .-__put_user_\size
.endm

	.text

SYM_FUNC_START_LOCAL(bad_put_user)
	movl $-14, %eax
	ret
SYM_FUNC_END(bad_put_user)

PUT_USER 1 "movb %sil, (%rdi)"
PUT_USER 2 "movw %si, (%rdi)"
PUT_USER 4 "movl %esi, (%rdi)"
PUT_USER 8 "movq %rsi, (%rdi)"
