/*
 * Copies to and from user programs. A pointer into the kernel is refused; a page that cannot be had ends the copy, and
 * the result tells how much is missing.
 */
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/string.h>
#include <linux/uaccess.h>

unsigned long _copy_from_user(void *to, const void __user *from, unsigned long n)
{
	unsigned long res = n;

	might_sleep();
	if (likely(access_ok(from, n)))
		res = copy_user_generic(to, (const void *)from, n);
	if (unlikely(res))
		memset(to + (n - res), 0, res);
	return res;
}
EXPORT_SYMBOL(_copy_from_user);

unsigned long _copy_to_user(void __user *to, const void *from, unsigned long n)
{
	might_sleep();
	if (likely(access_ok(to, n)))
		n = copy_user_generic((void *)to, from, n);
	return n;
}
EXPORT_SYMBOL(_copy_to_user);

unsigned long __copy_from_user_inatomic(void *to, const void __user *from, unsigned long n)
{
	return copy_user_generic(to, (const void *)from, n);
}
EXPORT_SYMBOL(__copy_from_user_inatomic);

unsigned long __copy_to_user_inatomic(void __user *to, const void *from, unsigned long n)
{
	return copy_user_generic((void *)to, from, n);
}
EXPORT_SYMBOL(__copy_to_user_inatomic);

unsigned long clear_user(void __user *to, unsigned long n)
{
	might_sleep();
	return access_ok(to, n) ? __clear_user(to, n) : n;
}
EXPORT_SYMBOL(clear_user);

/* Copies a string; returns its length without the terminator, count if it is longer, or -EFAULT. */
long strncpy_from_user(char *dst, const char __user *src, long count)
{
	long done = 0;

	might_sleep();
	while (done < count) {
		/* Up to the end of the page in one go: what lies behind it may not be mapped. */
		long chunk = min_t(long, count - done, PAGE_SIZE - ((unsigned long)(src + done) & ~PAGE_MASK));
		long got, i;

		if (!access_ok(src + done, 1))
			return -EFAULT;
		chunk = min_t(long, chunk, 64);
		got = chunk - (long)copy_user_generic(dst + done, src + done, chunk);
		for (i = 0; i < got; i++)
			if (!dst[done + i])
				return done + i;
		done += got;
		if (got < chunk)
			return -EFAULT;
	}
	return count;
}
EXPORT_SYMBOL(strncpy_from_user);

/* Length with the terminator, more than n if there is none, 0 on a fault. */
long strnlen_user(const char __user *s, long n)
{
	long i;
	char c;

	might_sleep();
	for (i = 0; i < n; i++) {
		if (get_user(c, s + i))
			return 0;
		if (!c)
			return i + 1;
	}
	return n + 1;
}
EXPORT_SYMBOL(strnlen_user);

/* A structure that may be older or newer than ours: what we do not know must be zero. */
int copy_struct_from_user(void *dst, size_t ksize, const void __user *src, size_t usize)
{
	size_t size = min(ksize, usize), i;
	unsigned char c;

	if (usize < ksize)
		memset(dst + size, 0, ksize - size);
	for (i = ksize; i < usize; i++) {
		if (get_user(c, (const unsigned char __user *)src + i))
			return -EFAULT;
		if (c)
			return -E2BIG;
	}
	return copy_from_user(dst, src, size) ? -EFAULT : 0;
}
EXPORT_SYMBOL(copy_struct_from_user);

EXPORT_SYMBOL(copy_user_generic);
EXPORT_SYMBOL(__clear_user);
EXPORT_SYMBOL(__get_user_1);
EXPORT_SYMBOL(__get_user_2);
EXPORT_SYMBOL(__get_user_4);
EXPORT_SYMBOL(__get_user_8);
EXPORT_SYMBOL(__put_user_1);
EXPORT_SYMBOL(__put_user_2);
EXPORT_SYMBOL(__put_user_4);
EXPORT_SYMBOL(__put_user_8);
