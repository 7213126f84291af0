/*
 * sscanf: numbers, words and characters read out of a string.
 */
#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void store(void *to, int length, unsigned long long value)
{
	if (length >= 1)
		*(unsigned long *)to = value;
	else if (length == 0)
		*(unsigned int *)to = (unsigned int)value;
	else if (length == -1)
		*(unsigned short *)to = (unsigned short)value;
	else
		*(unsigned char *)to = (unsigned char)value;
}

/* Reads one number of at most width characters. Returns the place behind it, or NULL if there is none. */
static const char *scan_number(const char *s, int width, int base, int is_signed, unsigned long long *value)
{
	char text[32], *end;
	size_t limit = width && width < (int)sizeof(text) - 1 ? (size_t)width : sizeof(text) - 1;

	while (isspace((unsigned char)*s))
		s++;
	strncpy(text, s, limit);
	text[limit] = '\0';
	*value = is_signed ? (unsigned long long)strtoll(text, &end, base) : strtoull(text, &end, base);
	return end == text ? NULL : s + (end - text);
}

/* Reads a word, or exactly width characters for %c. */
static const char *scan_text(const char *s, int width, int word, char *to)
{
	int n = 0;

	if (word) {
		while (isspace((unsigned char)*s))
			s++;
	} else if (!width) {
		width = 1;
	}
	while (*s && (!width || n < width) && !(word && isspace((unsigned char)*s))) {
		if (to)
			to[n] = *s;
		s++;
		n++;
	}
	if (!n || (!word && n < width))
		return NULL;
	if (word && to)
		to[n] = '\0';
	return s;
}

int vsscanf(const char *restrict s, const char *restrict format, va_list args)
{
	const char *start = s;
	int converted = 0;

	for (; *format; format++) {
		unsigned long long value;
		int width = 0, length = 0, skip = 0, base = 10;
		void *to = NULL;

		if (isspace((unsigned char)*format)) {
			while (isspace((unsigned char)*s))
				s++;
			continue;
		}
		if (*format != '%' || *++format == '%') {
			if (*format == '%')
				while (isspace((unsigned char)*s))
					s++;
			if (*s != *format)
				break;
			s++;
			continue;
		}
		if (*format == '*') {
			skip = 1;
			format++;
		}
		while (isdigit((unsigned char)*format))
			width = width * 10 + (*format++ - '0');
		for (; strchr("lhzjt", *format) && *format; format++)
			length += *format == 'h' ? -1 : 1;
		if (!skip)
			to = va_arg(args, void *);
		if (*format == 'n') {
			store(to, length, s - start);
			continue;
		}
		if (!*s)
			return converted ? converted : EOF;
		if (*format == 's' || *format == 'c') {
			s = scan_text(s, width, *format == 's', to);
		} else {
			if (*format == 'x' || *format == 'X' || *format == 'p')
				base = 16;
			else if (*format == 'o')
				base = 8;
			else if (*format == 'i')
				base = 0;
			if (*format == 'p')
				length = 1;
			s = scan_number(s, width, base, *format == 'd' || *format == 'i', &value);
			if (s && to)
				store(to, length, value);
		}
		if (!s)
			break;
		converted += !skip;
	}
	return converted;
}

int sscanf(const char *restrict s, const char *restrict format, ...)
{
	va_list args;
	int n;

	va_start(args, format);
	n = vsscanf(s, format, args);
	va_end(args);
	return n;
}
