/*
 * sscanf: the conversions that the kernel's own has: d i u x o c s n [ ] with widths, * and size qualifiers.
 */
#include <linux/ctype.h>
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/string.h>

/* Is c in the set between the brackets? */
static bool in_set(const char *set, const char *set_end, char c)
{
	bool negate = *set == '^';
	const char *p = set + negate;

	for (; p < set_end; p++) {
		if (p + 2 < set_end && p[1] == '-') {
			if (c >= p[0] && c <= p[2])
				return !negate;
			p += 2;
		} else if (*p == c) {
			return !negate;
		}
	}
	return negate;
}

static void store_number(void *to, char qualifier, unsigned long long val)
{
	switch (qualifier) {
	case 'H':
		*(u8 *)to = val;
		break;
	case 'h':
		*(u16 *)to = val;
		break;
	case 'l':
	case 'L':
	case 'z':
	case 'q':
		*(u64 *)to = val;
		break;
	default:
		*(u32 *)to = val;
	}
}

/* Parse a number of at most width characters; returns the character after it, or NULL. */
static const char *scan_number(const char *str, int width, unsigned int base, bool is_sign, unsigned long long *val)
{
	char digits[72], *end;
	int len = 0;

	while (len < width && len < (int)sizeof(digits) - 1 && (isalnum(str[len]) || (len == 0 && (str[0] == '-' || str[0] == '+'))))
		digits[len] = str[len], len++;
	digits[len] = '\0';
	if (is_sign)
		*val = simple_strtoll(digits, &end, base);
	else
		*val = simple_strtoull(digits[0] == '+' ? digits + 1 : digits, &end, base);
	if (end == digits || (end == digits + 1 && (digits[0] == '-' || digits[0] == '+')))
		return NULL;
	return str + (end - digits);
}

int vsscanf(const char *buf, const char *fmt, va_list args)
{
	const char *str = buf;
	int num = 0;
	va_list ap;

	va_copy(ap, args);
	while (*fmt) {
		bool suppress = false, is_sign = false;
		unsigned long long val;
		unsigned int base = 10;
		char qualifier = 0;
		int width = -1;

		if (isspace(*fmt)) {
			fmt = skip_spaces(fmt);
			str = skip_spaces(str);
			continue;
		}
		if (*fmt != '%') {
			if (*fmt++ != *str++)
				break;
			continue;
		}
		fmt++;
		if (*fmt == '*') {
			suppress = true;
			fmt++;
		}
		if (isdigit(*fmt)) {
			width = 0;
			while (isdigit(*fmt))
				width = width * 10 + *fmt++ - '0';
		}
		if (*fmt == 'h' || *fmt == 'l' || *fmt == 'L' || *fmt == 'z' || *fmt == 'q') {
			qualifier = *fmt++;
			if (*fmt == qualifier) {
				qualifier = qualifier == 'h' ? 'H' : 'L';
				fmt++;
			}
		}
		if (*fmt == 'n') {
			*va_arg(ap, int *) = (int)(str - buf);
			fmt++;
			continue;
		}
		if (!*str)
			break;
		switch (*fmt++) {
		case 'c': {
			char *s = suppress ? NULL : va_arg(ap, char *);

			for (width = width < 0 ? 1 : width; width-- > 0 && *str; str++)
				if (s)
					*s++ = *str;
			if (!suppress)
				num++;
			continue;
		}
		case 's': {
			char *s = suppress ? NULL : va_arg(ap, char *);

			str = skip_spaces(str);
			for (; *str && !isspace(*str) && width-- != 0; str++)
				if (s)
					*s++ = *str;
			if (s) {
				*s = '\0';
				num++;
			}
			continue;
		}
		case '[': {
			const char *set = fmt, *set_end = strchr(fmt + (*fmt == '^') + 1, ']');
			char *s = suppress ? NULL : va_arg(ap, char *);
			const char *start = str;

			if (!set_end)
				goto out;
			for (; *str && in_set(set, set_end, *str) && width-- != 0; str++)
				if (s)
					*s++ = *str;
			fmt = set_end + 1;
			if (str == start)
				goto out;
			if (s) {
				*s = '\0';
				num++;
			}
			continue;
		}
		case '%':
			if (*str++ != '%')
				goto out;
			continue;
		case 'o':
			base = 8;
			break;
		case 'x':
		case 'X':
			base = 16;
			break;
		case 'i':
			base = 0;
			is_sign = true;
			break;
		case 'd':
			is_sign = true;
			break;
		case 'u':
			break;
		default:
			goto out;
		}
		str = skip_spaces(str);
		str = scan_number(str, width < 0 ? INT_MAX : width, base, is_sign, &val);
		if (!str)
			break;
		if (!suppress) {
			store_number(va_arg(ap, void *), qualifier, val);
			num++;
		}
	}
out:
	va_end(ap);
	return num;
}
EXPORT_SYMBOL(vsscanf);

int sscanf(const char *buf, const char *fmt, ...)
{
	va_list args;
	int i;

	va_start(args, fmt);
	i = vsscanf(buf, fmt, args);
	va_end(args);
	return i;
}
EXPORT_SYMBOL(sscanf);
