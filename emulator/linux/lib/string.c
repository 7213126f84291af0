/*
 * Strings. What the handling of a probe may itself call (strlen, strcmp and the like) is ordinary code here: a probe on
 * it is a probe that is missed while another is handled.
 */
#include <linux/ctype.h>
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/string.h>

size_t strlen(const char *s)
{
	const char *p = s;

	while (*p)
		p++;
	return p - s;
}
EXPORT_SYMBOL(strlen);

size_t strnlen(const char *s, size_t count)
{
	const char *p = s;

	while (count-- && *p)
		p++;
	return p - s;
}
EXPORT_SYMBOL(strnlen);

char *strcpy(char *dest, const char *src)
{
	char *d = dest;

	while ((*d++ = *src++))
		;
	return dest;
}
EXPORT_SYMBOL(strcpy);

char *strncpy(char *dest, const char *src, size_t count)
{
	char *d = dest;

	for (; count; count--) {
		if ((*d = *src))
			src++;
		d++;
	}
	return dest;
}
EXPORT_SYMBOL(strncpy);

size_t strlcpy(char *dest, const char *src, size_t size)
{
	size_t len = strlen(src), n;

	if (size) {
		n = len >= size ? size - 1 : len;
		memcpy(dest, src, n);
		dest[n] = '\0';
	}
	return len;
}
EXPORT_SYMBOL(strlcpy);

/* Number of bytes copied, or -E2BIG when the string was cut; always terminated. */
ssize_t strscpy(char *dest, const char *src, size_t count)
{
	size_t i;

	if (!count || count > INT_MAX)
		return -E2BIG;
	for (i = 0; i < count; i++) {
		dest[i] = src[i];
		if (!src[i])
			return i;
	}
	dest[count - 1] = '\0';
	return -E2BIG;
}
EXPORT_SYMBOL(strscpy);

ssize_t strscpy_pad(char *dest, const char *src, size_t count)
{
	ssize_t written = strscpy(dest, src, count);

	if (written >= 0 && written + 1 < (ssize_t)count)
		memset(dest + written + 1, 0, count - written - 1);
	return written;
}
EXPORT_SYMBOL(strscpy_pad);

char *strcat(char *dest, const char *src)
{
	strcpy(dest + strlen(dest), src);
	return dest;
}
EXPORT_SYMBOL(strcat);

char *strncat(char *dest, const char *src, size_t count)
{
	char *d = dest + strlen(dest);

	while (count-- && *src)
		*d++ = *src++;
	*d = '\0';
	return dest;
}
EXPORT_SYMBOL(strncat);

size_t strlcat(char *dest, const char *src, size_t count)
{
	size_t dsize = strnlen(dest, count);

	return dsize + strlcpy(dest + dsize, src, count - dsize);
}
EXPORT_SYMBOL(strlcat);

int strcmp(const char *a, const char *b)
{
	for (; *a == *b; a++, b++)
		if (!*a)
			return 0;
	return (unsigned char)*a < (unsigned char)*b ? -1 : 1;
}
EXPORT_SYMBOL(strcmp);

int strncmp(const char *a, const char *b, size_t count)
{
	for (; count; count--, a++, b++) {
		if (*a != *b)
			return (unsigned char)*a < (unsigned char)*b ? -1 : 1;
		if (!*a)
			break;
	}
	return 0;
}
EXPORT_SYMBOL(strncmp);

int strncasecmp(const char *a, const char *b, size_t count)
{
	for (; count; count--, a++, b++) {
		int difference = tolower(*a) - tolower(*b);

		if (difference || !*a)
			return difference;
	}
	return 0;
}
EXPORT_SYMBOL(strncasecmp);

int strcasecmp(const char *a, const char *b)
{
	return strncasecmp(a, b, SIZE_MAX);
}
EXPORT_SYMBOL(strcasecmp);

char *strchr(const char *s, int c)
{
	for (; *s != (char)c; s++)
		if (!*s)
			return NULL;
	return (char *)s;
}
EXPORT_SYMBOL(strchr);

char *strchrnul(const char *s, int c)
{
	while (*s && *s != (char)c)
		s++;
	return (char *)s;
}
EXPORT_SYMBOL(strchrnul);

char *strnchr(const char *s, size_t count, int c)
{
	for (; count-- && *s; s++)
		if (*s == (char)c)
			return (char *)s;
	return NULL;
}
EXPORT_SYMBOL(strnchr);

char *strrchr(const char *s, int c)
{
	const char *last = NULL;

	do {
		if (*s == (char)c)
			last = s;
	} while (*s++);
	return (char *)last;
}
EXPORT_SYMBOL(strrchr);

char *strnstr(const char *s1, const char *s2, size_t len)
{
	size_t l2 = strlen(s2);

	if (!l2)
		return (char *)s1;
	for (; len >= l2; len--, s1++)
		if (!memcmp(s1, s2, l2))
			return (char *)s1;
	return NULL;
}
EXPORT_SYMBOL(strnstr);

char *strstr(const char *s1, const char *s2)
{
	return strnstr(s1, s2, strlen(s1));
}
EXPORT_SYMBOL(strstr);

size_t strspn(const char *s, const char *accept)
{
	const char *p = s;

	while (*p && strchr(accept, *p))
		p++;
	return p - s;
}
EXPORT_SYMBOL(strspn);

size_t strcspn(const char *s, const char *reject)
{
	const char *p = s;

	while (*p && !strchr(reject, *p))
		p++;
	return p - s;
}
EXPORT_SYMBOL(strcspn);

char *strpbrk(const char *cs, const char *ct)
{
	cs += strcspn(cs, ct);
	return *cs ? (char *)cs : NULL;
}
EXPORT_SYMBOL(strpbrk);

/* Cut off the first token; *s then points behind the separator, or is NULL at the end. */
char *strsep(char **s, const char *ct)
{
	char *begin = *s, *end;

	if (!begin)
		return NULL;
	end = strpbrk(begin, ct);
	if (end)
		*end++ = '\0';
	*s = end;
	return begin;
}
EXPORT_SYMBOL(strsep);

char *skip_spaces(const char *str)
{
	while (isspace(*str))
		str++;
	return (char *)str;
}
EXPORT_SYMBOL(skip_spaces);

/* Without the spaces at both ends; writes a terminator over those at the end. */
char *strim(char *s)
{
	size_t size = strlen(s);

	while (size && isspace(s[size - 1]))
		size--;
	s[size] = '\0';
	return skip_spaces(s);
}
EXPORT_SYMBOL(strim);

/* Equal, where either may end in one newline: what is written into a sysfs file. */
bool sysfs_streq(const char *s1, const char *s2)
{
	while (*s1 && *s1 == *s2) {
		s1++;
		s2++;
	}
	if (*s1 == *s2)
		return true;
	if (!*s1 && *s2 == '\n' && !s2[1])
		return true;
	return *s1 == '\n' && !s1[1] && !*s2;
}
EXPORT_SYMBOL(sysfs_streq);

int match_string(const char *const *array, size_t n, const char *string)
{
	size_t index;

	for (index = 0; index < n && array[index]; index++)
		if (!strcmp(array[index], string))
			return (int)index;
	return -EINVAL;
}
EXPORT_SYMBOL(match_string);

int memcmp(const void *a, const void *b, size_t count)
{
	const unsigned char *p = a, *q = b;

	for (; count; count--, p++, q++)
		if (*p != *q)
			return *p - *q;
	return 0;
}
EXPORT_SYMBOL(memcmp);

void *memchr(const void *s, int c, size_t n)
{
	const unsigned char *p = s;

	for (; n--; p++)
		if (*p == (unsigned char)c)
			return (void *)p;
	return NULL;
}
EXPORT_SYMBOL(memchr);

/* Like memchr, but the end of the area when there is no such byte. */
void *memscan(void *addr, int c, size_t size)
{
	void *found = memchr(addr, c, size);

	return found ? found : addr + size;
}
EXPORT_SYMBOL(memscan);

/* The first byte that is not c. */
void *memchr_inv(const void *start, int c, size_t bytes)
{
	const u8 *p = start;

	for (; bytes--; p++)
		if (*p != (u8)c)
			return (void *)p;
	return NULL;
}
EXPORT_SYMBOL(memchr_inv);

EXPORT_SYMBOL(memcpy);
EXPORT_SYMBOL(memmove);
EXPORT_SYMBOL(memset);
