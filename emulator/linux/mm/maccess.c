/*
 * Reads and writes of addresses that may be wrong, from contexts that may not sleep: probe handlers, printk, oopses.
 */
#include <linux/kernel.h>
#include <linux/kprobes.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/uaccess.h>

DEFINE_PER_CPU(int, pagefault_disabled_count);

/* The first page and the addresses that no page can have are refused without a try. */
static bool copy_from_kernel_nofault_allowed(const void *src, size_t size)
{
	unsigned long address = (unsigned long)src;

	if (address < PAGE_SIZE || address + size < address)
		return false;
	return address < TASK_SIZE_MAX || address >= 0xffff800000000000UL;
}

long copy_from_kernel_nofault(void *dst, const void *src, size_t size)
{
	unsigned long left;

	if (!copy_from_kernel_nofault_allowed(src, size))
		return -ERANGE;
	pagefault_disable();
	left = copy_user_generic(dst, src, size);
	pagefault_enable();
	return left ? -EFAULT : 0;
}
EXPORT_SYMBOL_GPL(copy_from_kernel_nofault);

long copy_to_kernel_nofault(void *dst, const void *src, size_t size)
{
	unsigned long left;

	pagefault_disable();
	left = copy_user_generic(dst, src, size);
	pagefault_enable();
	return left ? -EFAULT : 0;
}
EXPORT_SYMBOL_GPL(copy_to_kernel_nofault);

/* A string of at most count bytes with its terminator; returns its length with the terminator, or -errno. */
long strncpy_from_kernel_nofault(char *dst, const void *unsafe_addr, long count)
{
	long i;

	if (count <= 0)
		return 0;
	for (i = 0; i < count; i++) {
		if (copy_from_kernel_nofault(dst + i, (const char *)unsafe_addr + i, 1)) {
			dst[0] = '\0';
			return -EFAULT;
		}
		if (!dst[i])
			return i + 1;
	}
	dst[count - 1] = '\0';
	return count;
}
EXPORT_SYMBOL_GPL(strncpy_from_kernel_nofault);

long copy_from_user_nofault(void *dst, const void __user *src, size_t size)
{
	unsigned long left = size;

	if (access_ok(src, size)) {
		pagefault_disable();
		left = copy_user_generic(dst, src, size);
		pagefault_enable();
	}
	return left ? -EFAULT : 0;
}
EXPORT_SYMBOL_GPL(copy_from_user_nofault);

long copy_to_user_nofault(void __user *dst, const void *src, size_t size)
{
	unsigned long left = size;

	if (access_ok(dst, size)) {
		pagefault_disable();
		left = copy_user_generic(dst, src, size);
		pagefault_enable();
	}
	return left ? -EFAULT : 0;
}
EXPORT_SYMBOL_GPL(copy_to_user_nofault);

long strncpy_from_user_nofault(char *dst, const void __user *unsafe_addr, long count)
{
	long i;

	if (count <= 0)
		return 0;
	for (i = 0; i < count; i++) {
		if (copy_from_user_nofault(dst + i, (const char __user *)unsafe_addr + i, 1)) {
			dst[0] = '\0';
			return -EFAULT;
		}
		if (!dst[i])
			return i + 1;
	}
	dst[count - 1] = '\0';
	return count;
}
EXPORT_SYMBOL_GPL(strncpy_from_user_nofault);

long strnlen_user_nofault(const void __user *unsafe_addr, long count)
{
	char c;
	long i;

	for (i = 0; i < count; i++) {
		if (copy_from_user_nofault(&c, (const char __user *)unsafe_addr + i, 1))
			return 0;
		if (!c)
			return i + 1;
	}
	return count + 1;
}
EXPORT_SYMBOL_GPL(strnlen_user_nofault);

EXPORT_SYMBOL(pagefault_disabled_count);
