/*
 * Strings to integers. kstrto* wants the whole string (a newline at its end is forgiven) and reports overflow;
 * simple_strto* stops at the first character that does not fit.
 */
#include <linux/ctype.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/kstrtox.h>
#include <linux/module.h>
#include <linux/string.h>
#include <linux/uaccess.h>

/* Skip 0x or 0 when base is 0 or 16, and settle the base. */
static const char *parse_base(const char *s, unsigned int *base)
{
	bool hex = s[0] == '0' && _tolower(s[1]) == 'x' && isxdigit(s[2]);

	if (*base == 0)
		*base = hex ? 16 : s[0] == '0' ? 8 : 10;
	return *base == 16 && hex ? s + 2 : s;
}

static unsigned int digit_value(char c)
{
	if (isdigit(c))
		return c - '0';
	return isalpha(c) ? _tolower(c) - 'a' + 10 : 99;
}

/* Digits up to the first that is none; *overflow tells that they do not fit. */
static const char *parse_digits(const char *s, unsigned int base, unsigned long long *res, bool *overflow)
{
	*res = 0;
	*overflow = false;
	for (; digit_value(*s) < base; s++) {
		unsigned int d = digit_value(*s);

		if (*res > (ULLONG_MAX - d) / base)
			*overflow = true;
		*res = *res * base + d;
	}
	return s;
}

int kstrtoull(const char *s, unsigned int base, unsigned long long *res)
{
	unsigned long long val;
	const char *end;
	bool overflow;

	if (s[0] == '+')
		s++;
	s = parse_base(s, &base);
	end = parse_digits(s, base, &val, &overflow);
	if (end == s)
		return -EINVAL;
	if (*end == '\n')
		end++;
	if (*end)
		return -EINVAL;
	if (overflow)
		return -ERANGE;
	*res = val;
	return 0;
}
EXPORT_SYMBOL(kstrtoull);

int kstrtoll(const char *s, unsigned int base, long long *res)
{
	unsigned long long tmp;
	int rv = kstrtoull(s[0] == '-' ? s + 1 : s, base, &tmp);

	if (rv < 0)
		return rv;
	if (s[0] == '-') {
		if ((long long)-tmp > 0)
			return -ERANGE;
		*res = -tmp;
	} else {
		if ((long long)tmp < 0)
			return -ERANGE;
		*res = tmp;
	}
	return 0;
}
EXPORT_SYMBOL(kstrtoll);

#define DEFINE_KSTRTO(name, type, wide, parse)					\
	int name(const char *s, unsigned int base, type *res)			\
	{									\
		wide tmp;							\
		int rv = parse(s, base, &tmp);					\
										\
		if (rv < 0)							\
			return rv;						\
		if (tmp != (wide)(type)tmp)					\
			return -ERANGE;						\
		*res = (type)tmp;						\
		return 0;							\
	}									\
	EXPORT_SYMBOL(name)

DEFINE_KSTRTO(kstrtoul, unsigned long, unsigned long long, kstrtoull);
DEFINE_KSTRTO(kstrtol, long, long long, kstrtoll);
DEFINE_KSTRTO(kstrtouint, unsigned int, unsigned long long, kstrtoull);
DEFINE_KSTRTO(kstrtoint, int, long long, kstrtoll);
DEFINE_KSTRTO(kstrtou16, u16, unsigned long long, kstrtoull);
DEFINE_KSTRTO(kstrtos16, s16, long long, kstrtoll);
DEFINE_KSTRTO(kstrtou8, u8, unsigned long long, kstrtoull);
DEFINE_KSTRTO(kstrtos8, s8, long long, kstrtoll);

int kstrtobool(const char *s, bool *res)
{
	if (!s)
		return -EINVAL;
	switch (_tolower(s[0])) {
	case 'y':
	case 't':
	case '1':
		*res = true;
		return 0;
	case 'n':
	case 'f':
	case '0':
		*res = false;
		return 0;
	case 'o':
		if (_tolower(s[1]) == 'n' || _tolower(s[1]) == 'f') {
			*res = _tolower(s[1]) == 'n';
			return 0;
		}
		return -EINVAL;
	default:
		return -EINVAL;
	}
}
EXPORT_SYMBOL(kstrtobool);

#define DEFINE_KSTRTO_FROM_USER(name, parse, type)						\
	int name(const char __user *s, size_t count, unsigned int base, type *res)		\
	{											\
		char buf[72];									\
												\
		count = min(count, sizeof(buf) - 1);						\
		if (copy_from_user(buf, s, count))						\
			return -EFAULT;								\
		buf[count] = '\0';								\
		return parse(buf, base, res);							\
	}											\
	EXPORT_SYMBOL(name)

DEFINE_KSTRTO_FROM_USER(kstrtoul_from_user, kstrtoul, unsigned long);
DEFINE_KSTRTO_FROM_USER(kstrtoint_from_user, kstrtoint, int);
DEFINE_KSTRTO_FROM_USER(kstrtouint_from_user, kstrtouint, unsigned int);

int kstrtobool_from_user(const char __user *s, size_t count, bool *res)
{
	char buf[4];

	count = min(count, sizeof(buf) - 1);
	if (copy_from_user(buf, s, count))
		return -EFAULT;
	buf[count] = '\0';
	return kstrtobool(buf, res);
}
EXPORT_SYMBOL(kstrtobool_from_user);

unsigned long long simple_strtoull(const char *cp, char **endp, unsigned int base)
{
	unsigned long long result;
	bool overflow;

	cp = parse_base(cp, &base);
	cp = parse_digits(cp, base, &result, &overflow);
	if (endp)
		*endp = (char *)cp;
	return result;
}
EXPORT_SYMBOL(simple_strtoull);

long long simple_strtoll(const char *cp, char **endp, unsigned int base)
{
	if (*cp == '-')
		return -simple_strtoull(cp + 1, endp, base);
	return simple_strtoull(*cp == '+' ? cp + 1 : cp, endp, base);
}
EXPORT_SYMBOL(simple_strtoll);

unsigned long simple_strtoul(const char *cp, char **endp, unsigned int base)
{
	return simple_strtoull(cp, endp, base);
}
EXPORT_SYMBOL(simple_strtoul);

long simple_strtol(const char *cp, char **endp, unsigned int base)
{
	return simple_strtoll(cp, endp, base);
}
EXPORT_SYMBOL(simple_strtol);
