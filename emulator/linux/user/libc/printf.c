/*
 * The printf family: one walk over the format that hands pieces of text to whoever collects them.
 *
 * All of C99's conversions of integers, strings, characters and pointers; none of floating point.
 */
#include <errno.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include "internal.h"

/* Where the text goes: a stream, or a buffer of which only the first size bytes exist. */
struct sink {
	FILE *file;
	char *buffer;
	size_t size;
	size_t count;		/* bytes so far, kept or not */
};

static void emit(struct sink *sink, const char *text, size_t n)
{
	if (sink->file) {
		fwrite(text, 1, n, sink->file);
	} else if (sink->count < sink->size) {
		size_t room = sink->size - sink->count;

		memcpy(sink->buffer + sink->count, text, n < room ? n : room);
	}
	sink->count += n;
}

static void pad(struct sink *sink, char c, int n)
{
	while (n-- > 0)
		emit(sink, &c, 1);
}

#define LEFT	1
#define PLUS	2
#define SPACE	4
#define ALT	8
#define ZERO	16

struct spec {
	int flags;
	int width;
	int precision;		/* -1: none given */
	int length;		/* -2 hh, -1 h, 0, 1 l, 2 ll */
	char conversion;
};

/* A number's sign or prefix, its digits, and the padding around them. */
static void number(struct sink *sink, const struct spec *spec, uintmax_t value, int negative)
{
	static const char lower[] = "0123456789abcdef", upper[] = "0123456789ABCDEF";
	const char *digits = spec->conversion == 'X' ? upper : lower;
	unsigned int base = 10;
	char text[72], prefix[3];
	int at = sizeof(text), nprefix = 0, zeroes, fill;

	if (spec->conversion == 'x' || spec->conversion == 'X' || spec->conversion == 'p')
		base = 16;
	else if (spec->conversion == 'o')
		base = 8;
	if (negative)
		prefix[nprefix++] = '-';
	else if (spec->conversion == 'd' && (spec->flags & PLUS))
		prefix[nprefix++] = '+';
	else if (spec->conversion == 'd' && (spec->flags & SPACE))
		prefix[nprefix++] = ' ';
	if (spec->conversion == 'p' || (base == 16 && (spec->flags & ALT) && value)) {
		prefix[nprefix++] = '0';
		prefix[nprefix++] = spec->conversion == 'X' ? 'X' : 'x';
	}
	do {
		if (!value && spec->precision == 0)
			break;
		text[--at] = digits[value % base];
		value /= base;
	} while (value);
	zeroes = spec->precision - (int)(sizeof(text) - at);
	if (zeroes < 0)
		zeroes = 0;
	if (base == 8 && (spec->flags & ALT) && !zeroes && (at == sizeof(text) || text[at] != '0'))
		zeroes = 1;
	fill = spec->width - nprefix - zeroes - (int)(sizeof(text) - at);
	if (fill > 0 && (spec->flags & ZERO) && !(spec->flags & LEFT) && spec->precision < 0) {
		zeroes += fill;
		fill = 0;
	}
	if (!(spec->flags & LEFT))
		pad(sink, ' ', fill);
	emit(sink, prefix, nprefix);
	pad(sink, '0', zeroes);
	emit(sink, text + at, sizeof(text) - at);
	if (spec->flags & LEFT)
		pad(sink, ' ', fill);
}

static void string(struct sink *sink, const struct spec *spec, const char *s, size_t n)
{
	int fill = spec->width - (int)n;

	if (!(spec->flags & LEFT))
		pad(sink, ' ', fill);
	emit(sink, s, n);
	if (spec->flags & LEFT)
		pad(sink, ' ', fill);
}

/* A number in the format, or * for the next argument. */
static int get_count(const char **format, va_list *args)
{
	int n = 0;

	if (**format == '*') {
		++*format;
		return va_arg(*args, int);
	}
	while (**format >= '0' && **format <= '9')
		n = n * 10 + (*(*format)++ - '0');
	return n;
}

/* Reads what stands between % and the end of the conversion. Returns the place behind it. */
static const char *parse_spec(const char *format, struct spec *spec, va_list *args)
{
	static const char flag_letters[] = "-+ #0";
	const char *letter;

	spec->flags = spec->length = 0;
	spec->precision = -1;
	while (*format && (letter = strchr(flag_letters, *format)) != NULL) {
		spec->flags |= 1 << (letter - flag_letters);
		format++;
	}
	spec->width = get_count(&format, args);
	if (spec->width < 0) {
		spec->flags |= LEFT;
		spec->width = -spec->width;
	}
	if (*format == '.') {
		format++;
		spec->precision = get_count(&format, args);
	}
	for (;; format++) {
		if (*format == 'l' || *format == 'j' || *format == 'z' || *format == 't')
			spec->length++;
		else if (*format == 'h')
			spec->length--;
		else
			break;
	}
	spec->conversion = *format;
	return *format ? format + 1 : format;
}

static intmax_t signed_argument(const struct spec *spec, va_list *args)
{
	if (spec->length >= 1)
		return va_arg(*args, long);
	if (spec->length == -1)
		return (short)va_arg(*args, int);
	if (spec->length == -2)
		return (signed char)va_arg(*args, int);
	return va_arg(*args, int);
}

static uintmax_t unsigned_argument(const struct spec *spec, va_list *args)
{
	if (spec->length >= 1)
		return va_arg(*args, unsigned long);
	if (spec->length == -1)
		return (unsigned short)va_arg(*args, unsigned int);
	if (spec->length == -2)
		return (unsigned char)va_arg(*args, unsigned int);
	return va_arg(*args, unsigned int);
}

static void convert(struct sink *sink, struct spec *spec, va_list *args)
{
	const char *s;
	intmax_t value;
	char c;

	switch (spec->conversion) {
	case 'd':
	case 'i':
		spec->conversion = 'd';
		value = signed_argument(spec, args);
		number(sink, spec, value < 0 ? 0 - (uintmax_t)value : (uintmax_t)value, value < 0);
		break;
	case 'u':
	case 'x':
	case 'X':
	case 'o':
		number(sink, spec, unsigned_argument(spec, args), 0);
		break;
	case 'p':
		s = va_arg(*args, void *);
		if (s)
			number(sink, spec, (uintptr_t)s, 0);
		else
			string(sink, spec, "(nil)", 5);
		break;
	case 'c':
		c = (char)va_arg(*args, int);
		string(sink, spec, &c, 1);
		break;
	case 's':
		s = va_arg(*args, const char *);
		if (!s)
			s = spec->precision < 0 || spec->precision >= 6 ? "(null)" : "";
		string(sink, spec, s, spec->precision < 0 ? strlen(s) : strnlen(s, spec->precision));
		break;
	case 'm':
		s = strerror(errno);
		string(sink, spec, s, strlen(s));
		break;
	case 'n':
		*va_arg(*args, int *) = (int)sink->count;
		break;
	case '%':
		emit(sink, "%", 1);
		break;
	default:
		emit(sink, "%", 1);
		emit(sink, &spec->conversion, 1);
	}
}

static int format_to(struct sink *sink, const char *format, va_list args)
{
	va_list rest;

	va_copy(rest, args);
	while (*format) {
		size_t plain = strcspn(format, "%");
		struct spec spec;

		if (plain) {
			emit(sink, format, plain);
			format += plain;
			continue;
		}
		format = parse_spec(format + 1, &spec, &rest);
		if (!spec.conversion)
			break;
		convert(sink, &spec, &rest);
	}
	va_end(rest);
	return (int)sink->count;
}

int vfprintf(FILE *restrict file, const char *restrict format, va_list args)
{
	struct sink sink = { .file = file };
	int n = format_to(&sink, format, args);

	return file->failed ? -1 : n;
}

int vsnprintf(char *restrict to, size_t size, const char *restrict format, va_list args)
{
	struct sink sink = { .buffer = to, .size = size ? size - 1 : 0 };
	int n = format_to(&sink, format, args);

	if (size)
		to[sink.count < sink.size ? sink.count : sink.size] = '\0';
	return n;
}

int vsprintf(char *restrict to, const char *restrict format, va_list args)
{
	return vsnprintf(to, (size_t)INT32_MAX, format, args);
}

int vprintf(const char *restrict format, va_list args)
{
	return vfprintf(stdout, format, args);
}

int vdprintf(int fd, const char *restrict format, va_list args)
{
	char text[1024];
	int n = vsnprintf(text, sizeof(text), format, args);

	return (int)write(fd, text, n < (int)sizeof(text) ? n : (int)sizeof(text) - 1);
}

int printf(const char *restrict format, ...)
{
	va_list args;
	int n;

	va_start(args, format);
	n = vfprintf(stdout, format, args);
	va_end(args);
	return n;
}

int fprintf(FILE *restrict file, const char *restrict format, ...)
{
	va_list args;
	int n;

	va_start(args, format);
	n = vfprintf(file, format, args);
	va_end(args);
	return n;
}

int dprintf(int fd, const char *restrict format, ...)
{
	va_list args;
	int n;

	va_start(args, format);
	n = vdprintf(fd, format, args);
	va_end(args);
	return n;
}

int sprintf(char *restrict to, const char *restrict format, ...)
{
	va_list args;
	int n;

	va_start(args, format);
	n = vsprintf(to, format, args);
	va_end(args);
	return n;
}

int snprintf(char *restrict to, size_t size, const char *restrict format, ...)
{
	va_list args;
	int n;

	va_start(args, format);
	n = vsnprintf(to, size, format, args);
	va_end(args);
	return n;
}
