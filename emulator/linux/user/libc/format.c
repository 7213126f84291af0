/*
 * vsnprintf: everything of C99's conversions but floating point, which the machine does not have.
 */
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

enum { LEFT = 1, PLUS = 2, BLANK = 4, ALTERNATE = 8, ZERO = 16 };

/* Where characters go; `length` counts those that did not fit, too. */
struct sink {
	char *to;
	size_t size;
	size_t length;
};

struct spec {
	int flags;
	int width;
	int precision; /* -1: none */
	int bytes;     /* of the argument */
};

static void put(struct sink *sink, char c)
{
	if (sink->length + 1 < sink->size)
		sink->to[sink->length] = c;
	sink->length++;
}

static void pad(struct sink *sink, char c, int count)
{
	while (count-- > 0)
		put(sink, c);
}

static void text(struct sink *sink, const struct spec *spec, const char *from)
{
	int length = strnlen(from, spec->precision < 0 ? SIZE_MAX : (size_t)spec->precision);

	if (!(spec->flags & LEFT))
		pad(sink, ' ', spec->width - length);
	for (int at = 0; at < length; at++)
		put(sink, from[at]);
	if (spec->flags & LEFT)
		pad(sink, ' ', spec->width - length);
}

/* Digits of a number, last first; returns how many. */
static int digits(char *to, uint64_t value, int base, int upper)
{
	const char *letters = upper ? "0123456789ABCDEF" : "0123456789abcdef";
	int count = 0;

	for (; value; value /= base)
		to[count++] = letters[value % base];
	return count;
}

static void number(struct sink *sink, const struct spec *spec, uint64_t value, int base, int upper, const char *sign)
{
	char reversed[64];
	int count = digits(reversed, value, base, upper);
	int minimum = spec->precision < 0 ? 1 : spec->precision;
	int zeros;
	int signs = strlen(sign);

	if (base == 8 && (spec->flags & ALTERNATE) && minimum <= count)
		minimum = count + 1;
	zeros = minimum > count ? minimum - count : 0;
	if ((spec->flags & ZERO) && !(spec->flags & LEFT) && spec->precision < 0 && spec->width > count + zeros + signs)
		zeros = spec->width - count - signs;
	if (!(spec->flags & LEFT))
		pad(sink, ' ', spec->width - zeros - count - signs);
	while (*sign)
		put(sink, *sign++);
	pad(sink, '0', zeros);
	for (int at = count; at-- > 0;)
		put(sink, reversed[at]);
	if (spec->flags & LEFT)
		pad(sink, ' ', spec->width - zeros - count - signs);
}

static const char *read_flags(const char *at, struct spec *spec)
{
	for (;; at++) {
		switch (*at) {
		case '-':
			spec->flags |= LEFT;
			break;
		case '+':
			spec->flags |= PLUS;
			break;
		case ' ':
			spec->flags |= BLANK;
			break;
		case '#':
			spec->flags |= ALTERNATE;
			break;
		case '0':
			spec->flags |= ZERO;
			break;
		default:
			return at;
		}
	}
}

static const char *read_size(const char *at, struct spec *spec)
{
	spec->bytes = 4;
	if (at[0] == 'h') {
		spec->bytes = at[1] == 'h' ? 1 : 2;
		return at + (at[1] == 'h' ? 2 : 1);
	}
	while (*at == 'l' || *at == 'z' || *at == 'j' || *at == 't') {
		spec->bytes = 8;
		at++;
	}
	return at;
}

static const char *read_number(const char *at, int *value)
{
	for (*value = 0; *at >= '0' && *at <= '9'; at++)
		*value = *value * 10 + (*at - '0');
	return at;
}

static int64_t narrow(int64_t value, int bytes)
{
	switch (bytes) {
	case 1:
		return (signed char)value;
	case 2:
		return (short)value;
	case 4:
		return (int)value;
	default:
		return value;
	}
}

static uint64_t narrow_unsigned(uint64_t value, int bytes)
{
	return bytes == 8 ? value : value & ((1UL << bytes * 8) - 1);
}

static void signed_number(struct sink *sink, const struct spec *spec, int64_t value)
{
	const char *sign = value < 0 ? "-" : spec->flags & PLUS ? "+" : spec->flags & BLANK ? " " : "";

	number(sink, spec, value < 0 ? -(uint64_t)value : (uint64_t)value, 10, 0, sign);
}

int vsnprintf(char *to, size_t size, const char *format, va_list given)
{
	struct sink sink = { to, size, 0 };
	va_list list;

	va_copy(list, given);
	while (*format) {
		struct spec spec = { 0, 0, -1, 4 };
		uint64_t value;

		if (*format != '%') {
			put(&sink, *format++);
			continue;
		}
		format = read_flags(format + 1, &spec);
		if (*format == '*') {
			spec.width = va_arg(list, int);
			if (spec.width < 0) {
				spec.flags |= LEFT;
				spec.width = -spec.width;
			}
			format++;
		} else {
			format = read_number(format, &spec.width);
		}
		if (*format == '.') {
			if (format[1] == '*') {
				spec.precision = va_arg(list, int);
				format += 2;
			} else {
				format = read_number(format + 1, &spec.precision);
			}
		}
		format = read_size(format, &spec);
		switch (*format++) {
		case 'd':
		case 'i':
			signed_number(&sink, &spec, spec.bytes == 8 ? va_arg(list, long) : narrow(va_arg(list, int), spec.bytes));
			break;
		case 'u':
			value = spec.bytes == 8 ? va_arg(list, unsigned long) : va_arg(list, unsigned int);
			number(&sink, &spec, narrow_unsigned(value, spec.bytes), 10, 0, "");
			break;
		case 'o':
			value = spec.bytes == 8 ? va_arg(list, unsigned long) : va_arg(list, unsigned int);
			number(&sink, &spec, narrow_unsigned(value, spec.bytes), 8, 0, "");
			break;
		case 'x':
		case 'X':
			value = spec.bytes == 8 ? va_arg(list, unsigned long) : va_arg(list, unsigned int);
			value = narrow_unsigned(value, spec.bytes);
			number(&sink, &spec, value, 16, format[-1] == 'X',
			       value && (spec.flags & ALTERNATE) ? (format[-1] == 'X' ? "0X" : "0x") : "");
			break;
		case 'p':
			value = va_arg(list, unsigned long);
			if (value)
				number(&sink, &spec, value, 16, 0, "0x");
			else
				text(&sink, &spec, "(nil)");
			break;
		case 'c': {
			char one[2] = { va_arg(list, int), '\0' };

			spec.precision = -1;
			if (!(spec.flags & LEFT))
				pad(&sink, ' ', spec.width - 1);
			put(&sink, one[0]);
			if (spec.flags & LEFT)
				pad(&sink, ' ', spec.width - 1);
			break;
		}
		case 's': {
			const char *from = va_arg(list, const char *);

			text(&sink, &spec, from ? from : "(null)");
			break;
		}
		case 'm':
			text(&sink, &spec, strerror(errno));
			break;
		case 'n':
			*va_arg(list, int *) = sink.length;
			break;
		case '%':
			put(&sink, '%');
			break;
		case '\0':
			format--;
			break;
		default:
			put(&sink, '%');
			put(&sink, format[-1]);
		}
	}
	va_end(list);
	if (size)
		to[sink.length < size ? sink.length : size - 1] = '\0';
	return sink.length;
}

int vsprintf(char *to, const char *format, va_list list)
{
	return vsnprintf(to, SIZE_MAX / 2, format, list);
}

int snprintf(char *to, size_t size, const char *format, ...)
{
	va_list list;
	int length;

	va_start(list, format);
	length = vsnprintf(to, size, format, list);
	va_end(list);
	return length;
}

int sprintf(char *to, const char *format, ...)
{
	va_list list;
	int length;

	va_start(list, format);
	length = vsprintf(to, format, list);
	va_end(list);
	return length;
}
