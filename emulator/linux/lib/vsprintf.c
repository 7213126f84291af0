/*
 * The kernel's printf and scanf. Beyond C's conversions, %p is followed by letters that say what the pointer points
 * to: %pS %ps %pB symbols, %px the bare address, %pK an address only for the privileged, %pV a nested format,
 * %pI4 %pI6 %pM network addresses, %ph bytes, %pU UUIDs, %pd %pD %pt file names and times (lib/vsprintf_fs.c),
 * %pe an error, %*pb a bitmap. A plain %p prints a hash, so that logs do not give addresses away.
 *
 * Whatever a pointer is, printing must not fault: strings are read byte by byte through the nofault path once they look
 * suspicious, and an unreadable one prints (efault).
 */
#include <linux/ctype.h>
#include <linux/errname.h>
#include <linux/kallsyms.h>
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/printk.h>
#include <linux/sched.h>
#include <linux/string.h>
#include <linux/uaccess.h>
#include <linux/vsprintf_fs.h>
#include <asm/page.h>

#include "vsprintf.h"

bool no_hash_pointers;
EXPORT_SYMBOL_GPL(no_hash_pointers);

static int __init no_hash_pointers_enable(char *str)
{
	no_hash_pointers = true;
	return 0;
}
early_param("no_hash_pointers", no_hash_pointers_enable);

char *put(char *buf, char *end, char c)
{
	if (buf < end)
		*buf = c;
	return buf + 1;
}

char *pad(char *buf, char *end, int count, char c)
{
	while (count-- > 0)
		buf = put(buf, end, c);
	return buf;
}

char *number(char *buf, char *end, unsigned long long num, struct printf_spec spec)
{
	static const char digits[] = "0123456789ABCDEF";
	char tmp[66], sign = 0, fill;
	char locase = spec.flags & SMALL;
	bool need_pfx = (spec.flags & SPECIAL) && spec.base != 10 && (num != 0 || spec.base == 16);
	int i = 0;

	if (spec.flags & SIGN) {
		if ((long long)num < 0) {
			sign = '-';
			num = -num;
		} else if (spec.flags & PLUS) {
			sign = '+';
		} else if (spec.flags & SPACE) {
			sign = ' ';
		}
	}
	do {
		tmp[i++] = digits[num % spec.base] | locase;
		num /= spec.base;
	} while (num);
	if (spec.precision == 0 && i == 1 && tmp[0] == '0')
		i = 0;
	spec.field_width -= max(i, spec.precision);
	if (sign)
		spec.field_width--;
	if (need_pfx)
		spec.field_width -= spec.base == 16 ? 2 : 1;
	if (!(spec.flags & (ZEROPAD | LEFT)) || ((spec.flags & ZEROPAD) && spec.precision >= 0 && !(spec.flags & LEFT))) {
		buf = pad(buf, end, spec.field_width, ' ');
		spec.field_width = 0;
	}
	if (sign)
		buf = put(buf, end, sign);
	if (need_pfx) {
		buf = put(buf, end, '0');
		if (spec.base == 16)
			buf = put(buf, end, 'X' | locase);
	}
	fill = (spec.flags & ZEROPAD) ? '0' : ' ';
	if (!(spec.flags & LEFT)) {
		buf = pad(buf, end, spec.field_width, fill);
		spec.field_width = 0;
	}
	buf = pad(buf, end, spec.precision - i, '0');
	while (i > 0)
		buf = put(buf, end, tmp[--i]);
	return pad(buf, end, spec.field_width, ' ');
}

/* Where a string stands that has just been written: make it at least field_width wide. */
static char *widen_string(char *buf, char *end, int len, struct printf_spec spec)
{
	int spaces = spec.field_width - len, i;
	char *start = buf - len;

	if (spaces <= 0)
		return buf;
	if (spec.flags & LEFT)
		return pad(buf, end, spaces, ' ');
	for (i = len - 1; i >= 0; i--)
		if (start + i + spaces < end && start + i < end)
			start[i + spaces] = start[i];
	pad(start, end, spaces, ' ');
	return buf + spaces;
}

char *string_nocheck(char *buf, char *end, const char *s, struct printf_spec spec)
{
	int len = 0, limit = spec.precision;

	for (; limit-- != 0 && *s; s++, len++)
		buf = put(buf, end, *s);
	return widen_string(buf, end, len, spec);
}

/* A string that must be readable; an address that is not prints what is wrong with it. */
static char *string(char *buf, char *end, const char *s, struct printf_spec spec)
{
	bool trusted = (unsigned long)s >= PAGE_OFFSET && virt_addr_valid(s);
	int len = 0, limit = spec.precision;
	char *start = buf, c;

	if (!s)
		return string_nocheck(buf, end, "(null)", spec);
	if ((unsigned long)s < PAGE_SIZE || IS_ERR_VALUE((unsigned long)s)) {
		spec.precision = -1;
		return string_nocheck(buf, end, "(efault)", spec);
	}
	for (; limit-- != 0; s++, len++) {
		if (trusted || core_kernel_text((unsigned long)s)) {
			c = *s;
		} else if (copy_from_kernel_nofault(&c, s, 1)) {
			spec.precision = -1;
			return string_nocheck(start, end, "(efault)", spec);
		}
		if (!c)
			break;
		buf = put(buf, end, c);
	}
	return widen_string(buf, end, len, spec);
}

static char *special_hex_number(char *buf, char *end, unsigned long long num, int size)
{
	struct printf_spec spec = {
		.flags = SPECIAL | SMALL | ZEROPAD, .field_width = 2 + 2 * size, .precision = -1, .base = 16,
	};

	return number(buf, end, num, spec);
}

static char *pointer_string(char *buf, char *end, const void *ptr, struct printf_spec spec)
{
	spec.base = 16;
	spec.flags |= SMALL;
	if (spec.field_width == -1) {
		spec.field_width = 2 * sizeof(ptr);
		spec.flags |= ZEROPAD;
	}
	return number(buf, end, (unsigned long)ptr, spec);
}

/* Thirty-two bits that say nothing about the address, but are the same each time it is printed. */
char *ptr_to_id(char *buf, char *end, const void *ptr, struct printf_spec spec)
{
	u64 v = (u64)(unsigned long)ptr;

	if (no_hash_pointers || !ptr || IS_ERR(ptr))
		return pointer_string(buf, end, ptr, spec);
	v ^= 0x9ae16a3b2f90404fULL;
	v *= 0xff51afd7ed558ccdULL;
	v ^= v >> 33;
	v *= 0xc4ceb9fe1a85ec53ULL;
	v ^= v >> 33;
	return pointer_string(buf, end, (const void *)(v & 0xffffffff), spec);
}

static char *symbol_string(char *buf, char *end, void *ptr, struct printf_spec spec, char kind)
{
	char sym[KSYM_SYMBOL_LEN];

	if (kind == 'B')
		sprint_backtrace(sym, (unsigned long)ptr);
	else if (kind == 's')
		sprint_symbol_no_offset(sym, (unsigned long)ptr);
	else
		sprint_symbol(sym, (unsigned long)ptr);
	return string_nocheck(buf, end, sym, spec);
}

static char *va_format_string(char *buf, char *end, struct va_format *vaf)
{
	va_list va;

	va_copy(va, *vaf->va);
	buf += vsnprintf(buf, end > buf ? end - buf : 0, vaf->fmt, va);
	va_end(va);
	return buf;
}

static char *restricted_pointer(char *buf, char *end, const void *ptr, struct printf_spec spec)
{
	switch (kptr_restrict) {
	case 0:
		return ptr_to_id(buf, end, ptr, spec);
	case 1:
		if (in_hardirq() || in_serving_softirq() || in_nmi())
			return string_nocheck(buf, end, "pK-error", spec);
		if (!has_capability_for_pointers())
			ptr = NULL;
		break;
	default:
		ptr = NULL;
	}
	return pointer_string(buf, end, ptr, spec);
}

static char *err_ptr(char *buf, char *end, void *ptr, struct printf_spec spec)
{
	const char *name = IS_ERR(ptr) ? errname(PTR_ERR(ptr)) : NULL;

	if (name)
		return string_nocheck(buf, end, name, spec);
	return IS_ERR(ptr) ? number(buf, end, (unsigned long long)PTR_ERR(ptr),
				    (struct printf_spec) { .flags = SIGN, .precision = -1, .base = 10, .field_width = -1 }) :
			     ptr_to_id(buf, end, ptr, spec);
}

/* True when the conversion reads through the pointer, so that a bad one has to be caught first. */
static bool dereferences(char c)
{
	return c == 'I' || c == 'i' || c == 'M' || c == 'm' || c == 'h' || c == 'U' || c == 'd' || c == 'D' || c == 'V' ||
	       c == 'b' || c == 't' || c == 'g';
}

static char *pointer(const char *fmt, char *buf, char *end, void *ptr, struct printf_spec spec)
{
	if (dereferences(*fmt)) {
		u8 probe;

		if (!ptr)
			return string_nocheck(buf, end, "(null)", spec);
		if (copy_from_kernel_nofault(&probe, ptr, 1))
			return string_nocheck(buf, end, "(efault)", spec);
	}
	switch (*fmt) {
	case 'S':
	case 's':
	case 'B':
	case 'F':
	case 'f':
		return symbol_string(buf, end, ptr, spec, *fmt == 'f' ? 's' : *fmt);
	case 'x':
		return pointer_string(buf, end, ptr, spec);
	case 'K':
		return restricted_pointer(buf, end, ptr, spec);
	case 'h':
		return hex_string(buf, end, ptr, spec, fmt[1]);
	case 'b':
		return bitmap_string(buf, end, ptr, spec, fmt[1] == 'l');
	case 'M':
	case 'm':
		return mac_address_string(buf, end, ptr, spec, fmt);
	case 'I':
	case 'i':
		return ip_addr_string(buf, end, ptr, spec, fmt);
	case 'U':
		return uuid_string(buf, end, ptr, spec, fmt[1]);
	case 'V':
		return va_format_string(buf, end, ptr);
	case 'e':
		return err_ptr(buf, end, ptr, spec);
	case 'a':
		return special_hex_number(buf, end, *(u64 *)ptr, 8);
	case 'd':
	case 'D': {
		char name[256];

		vsprintf_file_name(name, sizeof(name), ptr, *fmt == 'D', fmt[1] >= '2' && fmt[1] <= '4' ? fmt[1] - '0' : 1);
		return string_nocheck(buf, end, name, spec);
	}
	default:
		return ptr_to_id(buf, end, ptr, spec);
	}
}

static int skip_atoi(const char **s)
{
	int i = 0;

	while (isdigit(**s))
		i = i * 10 + *(*s)++ - '0';
	return i;
}

/* Flags, width, precision and qualifier; *fmt then stands on the conversion letter. */
static void format_decode(const char **fmt, struct printf_spec *spec, va_list *args)
{
	bool more = true;

	*spec = (struct printf_spec) { .field_width = -1, .precision = -1, .base = 10 };
	while (more) {
		++*fmt;
		switch (**fmt) {
		case '-': spec->flags |= LEFT; break;
		case '+': spec->flags |= PLUS; break;
		case ' ': spec->flags |= SPACE; break;
		case '#': spec->flags |= SPECIAL; break;
		case '0': spec->flags |= ZEROPAD; break;
		default: more = false;
		}
	}
	if (isdigit(**fmt)) {
		spec->field_width = skip_atoi(fmt);
	} else if (**fmt == '*') {
		++*fmt;
		spec->field_width = va_arg(*args, int);
		if (spec->field_width < 0) {
			spec->field_width = -spec->field_width;
			spec->flags |= LEFT;
		}
	}
	if (**fmt == '.') {
		++*fmt;
		if (isdigit(**fmt)) {
			spec->precision = skip_atoi(fmt);
		} else if (**fmt == '*') {
			++*fmt;
			spec->precision = max(va_arg(*args, int), 0);
		} else {
			spec->precision = 0;
		}
	}
	if (**fmt == 'h' || **fmt == 'l' || **fmt == 'L' || **fmt == 'z' || **fmt == 'Z' || **fmt == 't' || **fmt == 'j' ||
	    **fmt == 'q') {
		spec->qualifier = *(*fmt)++;
		if (**fmt == spec->qualifier) {
			spec->qualifier = spec->qualifier == 'h' ? 'H' : 'L';
			++*fmt;
		}
	}
}

static unsigned long long fetch_number(const struct printf_spec *spec, va_list *args)
{
	bool sign = spec->flags & SIGN;
	unsigned int word;

	switch (spec->qualifier) {
	case 'L':
	case 'q':
	case 'j':
	case 'l':
	case 'z':
	case 'Z':
	case 't':
		return va_arg(*args, unsigned long long);
	case 'H':
		word = va_arg(*args, unsigned int);
		return sign ? (unsigned long long)(signed char)word : (unsigned char)word;
	case 'h':
		word = va_arg(*args, unsigned int);
		return sign ? (unsigned long long)(short)word : (unsigned short)word;
	default:
		word = va_arg(*args, unsigned int);
		return sign ? (unsigned long long)(int)word : word;
	}
}

/* Returns what the length would have been; the text in buf is cut to size and always terminated. */
int vsnprintf(char *buf, size_t size, const char *fmt, va_list args)
{
	char *str = buf, *end = buf + size;
	struct printf_spec spec;
	va_list ap;

	if (end < buf)
		end = (char *)-1;
	va_copy(ap, args);
	for (; *fmt; fmt++) {
		if (*fmt != '%') {
			str = put(str, end, *fmt);
			continue;
		}
		format_decode(&fmt, &spec, &ap);
		switch (*fmt) {
		case 'c': {
			char c = (char)va_arg(ap, int);

			if (!(spec.flags & LEFT))
				str = pad(str, end, spec.field_width - 1, ' ');
			str = put(str, end, c);
			if (spec.flags & LEFT)
				str = pad(str, end, spec.field_width - 1, ' ');
			continue;
		}
		case 's':
			str = string(str, end, va_arg(ap, char *), spec);
			continue;
		case 'p':
			str = pointer(fmt + 1, str, end, va_arg(ap, void *), spec);
			while (isalnum(fmt[1]))
				fmt++;
			continue;
		case '%':
			str = put(str, end, '%');
			continue;
		case 'o':
			spec.base = 8;
			break;
		case 'x':
			spec.flags |= SMALL;
			spec.base = 16;
			break;
		case 'X':
			spec.base = 16;
			break;
		case 'd':
		case 'i':
			spec.flags |= SIGN;
			break;
		case 'u':
			break;
		default:
			/* An unknown conversion: show it, and stop, because the arguments can no longer be told apart. */
			str = put(str, end, '%');
			if (*fmt)
				str = put(str, end, *fmt);
			goto out;
		}
		str = number(str, end, fetch_number(&spec, &ap), spec);
	}
out:
	va_end(ap);
	if (size > 0)
		*(str < end ? str : end - 1) = '\0';
	return (int)(str - buf);
}
EXPORT_SYMBOL(vsnprintf);

int vscnprintf(char *buf, size_t size, const char *fmt, va_list args)
{
	int i;

	if (!size)
		return 0;
	i = vsnprintf(buf, size, fmt, args);
	return i < (int)size ? i : (int)size - 1;
}
EXPORT_SYMBOL(vscnprintf);

int snprintf(char *buf, size_t size, const char *fmt, ...)
{
	va_list args;
	int i;

	va_start(args, fmt);
	i = vsnprintf(buf, size, fmt, args);
	va_end(args);
	return i;
}
EXPORT_SYMBOL(snprintf);

int scnprintf(char *buf, size_t size, const char *fmt, ...)
{
	va_list args;
	int i;

	va_start(args, fmt);
	i = vscnprintf(buf, size, fmt, args);
	va_end(args);
	return i;
}
EXPORT_SYMBOL(scnprintf);

int vsprintf(char *buf, const char *fmt, va_list args)
{
	return vsnprintf(buf, INT_MAX, fmt, args);
}
EXPORT_SYMBOL(vsprintf);

int sprintf(char *buf, const char *fmt, ...)
{
	va_list args;
	int i;

	va_start(args, fmt);
	i = vsnprintf(buf, INT_MAX, fmt, args);
	va_end(args);
	return i;
}
EXPORT_SYMBOL(sprintf);
