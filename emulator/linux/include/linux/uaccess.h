/*
 * Memory of user programs. Every access may fault; a fault at one of the instructions named in the exception table
 * becomes -EFAULT, or a count of bytes that were not copied, instead of an oops.
 */
#ifndef _LINUX_UACCESS_H
#define _LINUX_UACCESS_H

#include <linux/errno.h>
#include <linux/sched.h>
#include <linux/types.h>
#include <asm/processor.h>

static inline bool __access_ok(const void __user *ptr, unsigned long size)
{
	return size <= TASK_SIZE_MAX && (unsigned long)ptr <= TASK_SIZE_MAX - size;
}

/* Kernels before 5.0 had a first argument that said read or write; it never mattered on x86. */
#define __access_ok_2(addr, size) likely(__access_ok((const void __user *)(addr), size))
#define __access_ok_3(type, addr, size) __access_ok_2(addr, size)
#define __access_ok_pick(_1, _2, _3, name, ...) name
#define access_ok(...) __access_ok_pick(__VA_ARGS__, __access_ok_3, __access_ok_2, 0)(__VA_ARGS__)
#define VERIFY_READ 0
#define VERIFY_WRITE 1

/* lib/usercopy_64.S: the result is the number of bytes not copied. */
extern unsigned long copy_user_generic(void *to, const void *from, unsigned long len);
extern unsigned long __clear_user(void __user *addr, unsigned long len);
/* lib/getuser.S: -EFAULT or 0; the value goes to *val. */
extern int __get_user_1(const void __user *ptr, void *val);
extern int __get_user_2(const void __user *ptr, void *val);
extern int __get_user_4(const void __user *ptr, void *val);
extern int __get_user_8(const void __user *ptr, void *val);
extern int __put_user_1(void __user *ptr, unsigned long val);
extern int __put_user_2(void __user *ptr, unsigned long val);
extern int __put_user_4(void __user *ptr, unsigned long val);
extern int __put_user_8(void __user *ptr, unsigned long val);

#define __get_user(x, ptr) ({								\
	unsigned long __gu_val = 0;							\
	const void __user *__gu_ptr = (const void __user *)(ptr);			\
	int __gu_err = sizeof(*(ptr)) == 1 ? __get_user_1(__gu_ptr, &__gu_val) :	\
		       sizeof(*(ptr)) == 2 ? __get_user_2(__gu_ptr, &__gu_val) :	\
		       sizeof(*(ptr)) == 4 ? __get_user_4(__gu_ptr, &__gu_val) :	\
					     __get_user_8(__gu_ptr, &__gu_val);		\
	(x) = (typeof(*(ptr)))__gu_val;							\
	__gu_err;									\
})

#define __put_user(x, ptr) ({								\
	typeof(*(ptr)) __pu_x = (x);							\
	unsigned long __pu_val = (unsigned long)__pu_x;					\
	void __user *__pu_ptr = (void __user *)(ptr);					\
	sizeof(*(ptr)) == 1 ? __put_user_1(__pu_ptr, __pu_val) :			\
	sizeof(*(ptr)) == 2 ? __put_user_2(__pu_ptr, __pu_val) :			\
	sizeof(*(ptr)) == 4 ? __put_user_4(__pu_ptr, __pu_val) :			\
			      __put_user_8(__pu_ptr, __pu_val);				\
})

#define get_user(x, ptr) ({ might_sleep(); __get_user(x, ptr); })
#define put_user(x, ptr) ({ might_sleep(); __put_user(x, ptr); })

extern unsigned long _copy_from_user(void *to, const void __user *from, unsigned long n);
extern unsigned long _copy_to_user(void __user *to, const void *from, unsigned long n);
extern unsigned long clear_user(void __user *to, unsigned long n);
extern long strncpy_from_user(char *dst, const char __user *src, long count);
extern long strnlen_user(const char __user *s, long n);
extern int copy_struct_from_user(void *dst, size_t ksize, const void __user *src, size_t usize);
#define strlen_user(s) strnlen_user(s, 0x7fffffff)

static __always_inline unsigned long copy_from_user(void *to, const void __user *from, unsigned long n)
{
	return _copy_from_user(to, from, n);
}

static __always_inline unsigned long copy_to_user(void __user *to, const void *from, unsigned long n)
{
	return _copy_to_user(to, from, n);
}

#define __copy_from_user(to, from, n) copy_user_generic(to, (const void *)(from), n)
#define __copy_to_user(to, from, n) copy_user_generic((void *)(to), from, n)
extern unsigned long __copy_from_user_inatomic(void *to, const void __user *from, unsigned long n);
extern unsigned long __copy_to_user_inatomic(void __user *to, const void *from, unsigned long n);

/* Without sleeping: a page that is not there is a fault. For probe handlers and the like. */
extern long copy_from_kernel_nofault(void *dst, const void *src, size_t size);
extern long copy_to_kernel_nofault(void *dst, const void *src, size_t size);
extern long copy_from_user_nofault(void *dst, const void __user *src, size_t size);
extern long copy_to_user_nofault(void __user *dst, const void *src, size_t size);
extern long strncpy_from_kernel_nofault(char *dst, const void *unsafe_addr, long count);
extern long strncpy_from_user_nofault(char *dst, const void __user *unsafe_addr, long count);
extern long strnlen_user_nofault(const void __user *unsafe_addr, long count);
#define probe_kernel_read(dst, src, size) copy_from_kernel_nofault(dst, src, size)
#define probe_kernel_write(dst, src, size) copy_to_kernel_nofault(dst, src, size)
#define get_kernel_nofault(val, ptr) copy_from_kernel_nofault(&(val), ptr, sizeof(val))

DECLARE_PER_CPU(int, pagefault_disabled_count);
#define pagefault_disable() do { preempt_disable(); this_cpu_inc(pagefault_disabled_count); } while (0)
#define pagefault_enable() do { this_cpu_dec(pagefault_disabled_count); preempt_enable(); } while (0)
#define pagefault_disabled() (this_cpu_read(pagefault_disabled_count) != 0)
#define faulthandler_disabled() (pagefault_disabled() || in_atomic())

typedef struct {
	unsigned long seg;
} mm_segment_t;

#endif
