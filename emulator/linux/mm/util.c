/*
 * Copies of strings and memory in fresh allocations.
 */
#include <linux/ctype.h>
#include <linux/err.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/uaccess.h>

void *kmemdup(const void *src, size_t len, gfp_t gfp)
{
	void *p = kmalloc(len, gfp);

	if (p)
		memcpy(p, src, len);
	return p;
}
EXPORT_SYMBOL(kmemdup);

char *kmemdup_nul(const char *s, size_t len, gfp_t gfp)
{
	char *buf = s ? kmalloc(len + 1, gfp) : NULL;

	if (buf) {
		memcpy(buf, s, len);
		buf[len] = '\0';
	}
	return buf;
}
EXPORT_SYMBOL(kmemdup_nul);

char *kstrdup(const char *s, gfp_t gfp)
{
	return s ? kmemdup(s, strlen(s) + 1, gfp) : NULL;
}
EXPORT_SYMBOL(kstrdup);

/* Strings of the kernel image need no copy. */
static bool is_kernel_rodata(const void *p)
{
	return (unsigned long)p >= (unsigned long)_text && (unsigned long)p < (unsigned long)_end;
}

const char *kstrdup_const(const char *s, gfp_t gfp)
{
	return is_kernel_rodata(s) ? s : kstrdup(s, gfp);
}
EXPORT_SYMBOL(kstrdup_const);

void kfree_const(const void *x)
{
	if (!is_kernel_rodata(x))
		kfree(x);
}
EXPORT_SYMBOL(kfree_const);

char *kstrndup(const char *s, size_t max, gfp_t gfp)
{
	return s ? kmemdup_nul(s, strnlen(s, max), gfp) : NULL;
}
EXPORT_SYMBOL(kstrndup);

void *memdup_user(const void __user *src, size_t len)
{
	void *p = kmalloc(len, GFP_USER);

	if (!p)
		return ERR_PTR(-ENOMEM);
	if (copy_from_user(p, src, len)) {
		kfree(p);
		return ERR_PTR(-EFAULT);
	}
	return p;
}
EXPORT_SYMBOL(memdup_user);

void *memdup_user_nul(const void __user *src, size_t len)
{
	char *p = kmalloc(len + 1, GFP_KERNEL);

	if (!p)
		return ERR_PTR(-ENOMEM);
	if (copy_from_user(p, src, len)) {
		kfree(p);
		return ERR_PTR(-EFAULT);
	}
	p[len] = '\0';
	return p;
}
EXPORT_SYMBOL(memdup_user_nul);

char *strndup_user(const char __user *s, long n)
{
	long length = strnlen_user(s, n);
	char *p;

	if (!length)
		return ERR_PTR(-EFAULT);
	if (length > n)
		return ERR_PTR(-EINVAL);
	p = memdup_user(s, length);
	if (!IS_ERR(p))
		p[length - 1] = '\0';
	return p;
}
EXPORT_SYMBOL(strndup_user);

char *kvasprintf(gfp_t gfp, const char *fmt, va_list ap)
{
	va_list aq;
	unsigned int len;
	char *p;

	va_copy(aq, ap);
	len = vsnprintf(NULL, 0, fmt, aq);
	va_end(aq);
	p = kmalloc(len + 1, gfp);
	if (p)
		vsnprintf(p, len + 1, fmt, ap);
	return p;
}
EXPORT_SYMBOL(kvasprintf);

char *kasprintf(gfp_t gfp, const char *fmt, ...)
{
	va_list ap;
	char *p;

	va_start(ap, fmt);
	p = kvasprintf(gfp, fmt, ap);
	va_end(ap);
	return p;
}
EXPORT_SYMBOL(kasprintf);

static int count_argc(const char *str)
{
	int count = 0;
	bool in_word = false;

	for (; *str; str++) {
		if (isspace(*str)) {
			in_word = false;
		} else if (!in_word) {
			in_word = true;
			count++;
		}
	}
	return count;
}

/* The words of a string as an array that ends in NULL; one allocation for the array, one for the text. */
char **argv_split(gfp_t gfp, const char *str, int *argcp)
{
	char *text = kstrndup(str, KMALLOC_MAX_SIZE - 1, gfp), *word;
	int argc;
	char **argv, **ret;

	if (!text)
		return NULL;
	argc = count_argc(text);
	argv = kmalloc_array(argc + 2, sizeof(*argv), gfp);
	if (!argv) {
		kfree(text);
		return NULL;
	}
	*argv = text;
	ret = ++argv;
	while ((word = strsep(&text, " \t\n\v\f\r")))
		if (*word)
			*argv++ = word;
	*argv = NULL;
	if (argcp)
		*argcp = argc;
	return ret;
}
EXPORT_SYMBOL(argv_split);

void argv_free(char **argv)
{
	argv--;
	kfree(argv[0]);
	kfree(argv);
}
EXPORT_SYMBOL(argv_free);

void kvfree(const void *addr)
{
	if (is_vmalloc_addr(addr))
		vfree(addr);
	else
		kfree(addr);
}
EXPORT_SYMBOL(kvfree);

/* Small from the slab, large from vmalloc. */
void *kvmalloc_node(size_t size, gfp_t flags, int node)
{
	void *p = kmalloc(size, size > PAGE_SIZE ? flags | __GFP_NOWARN : flags);

	if (p || size <= PAGE_SIZE)
		return p;
	return __vmalloc(size, flags);
}
EXPORT_SYMBOL(kvmalloc_node);
