/* sscanf: numbers, words and characters. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void store(void *to, long value, int bytes)
{
	switch (bytes) {
	case 1:
		*(char *)to = value;
		break;
	case 2:
		*(short *)to = value;
		break;
	case 4:
		*(int *)to = value;
		break;
	default:
		*(long *)to = value;
	}
}

int sscanf(const char *text, const char *format, ...)
{
	const char *start = text;
	int stored = 0;
	va_list list;

	va_start(list, format);
	for (; *format; format++) {
		int bytes = 4, width = 0, skip = 0, base = 10;
		char *end;

		if (isspace((unsigned char)*format)) {
			while (isspace((unsigned char)*text))
				text++;
			continue;
		}
		if (*format != '%' || format[1] == '%') {
			format += *format == '%';
			if (*text++ != *format)
				break;
			continue;
		}
		format++;
		if (*format == '*') {
			skip = 1;
			format++;
		}
		while (isdigit((unsigned char)*format))
			width = width * 10 + (*format++ - '0');
		for (; *format == 'l' || *format == 'h' || *format == 'z'; format++)
			bytes = *format == 'h' ? bytes / 2 : 8;
		if (*format == 'n') {
			store(va_arg(list, void *), text - start, bytes);
			continue;
		}
		if (*format != 'c')
			while (isspace((unsigned char)*text))
				text++;
		if (!*text) {
			if (!stored)
				stored = EOF;
			break;
		}
		if (*format == 's' || *format == 'c') {
			char *to = skip ? NULL : va_arg(list, char *);
			int limit = width ? width : *format == 'c' ? 1 : 1 << 30;
			int length = 0;

			while (length < limit && text[length] && (*format == 'c' || !isspace((unsigned char)text[length])))
				length++;
			if (to) {
				memcpy(to, text, length);
				if (*format == 's')
					to[length] = '\0';
				stored++;
			}
			text += length;
			continue;
		}
		if (*format == 'x' || *format == 'X' || *format == 'p')
			base = 16;
		else if (*format == 'i')
			base = 0;
		else if (*format == 'o')
			base = 8;
		if (*format == 'u' || base == 16) {
			unsigned long value = strtoul(text, &end, base);

			if (end == text)
				break;
			if (!skip)
				store(va_arg(list, void *), value, *format == 'p' ? 8 : bytes);
		} else {
			long value = strtol(text, &end, base);

			if (end == text)
				break;
			if (!skip)
				store(va_arg(list, void *), value, bytes);
		}
		stored += !skip;
		text = end;
	}
	va_end(list);
	return stored;
}
