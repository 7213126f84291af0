/* The printf and scanf families in all their conversions that need no floating point. */
#include <inttypes.h>
#include <limits.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "check.h"

static int wrap(char *to, size_t size, const char *format, ...)
{
	va_list args;
	int n;

	va_start(args, format);
	n = vsnprintf(to, size, format, args);
	va_end(args);
	return n;
}

int main(void)
{
	static const char *const flags[] = { "", "-", "0", "+", " ", "#", "-#", "+0", "-+", "#0", " 0" };
	static const char *const sizes[] = { "", "1", "8", ".0", ".3", "8.5", "12.", "3.8" };
	static const char *const kinds[] = { "d", "i", "u", "x", "X", "o" };
	static const long values[] = { 0, 1, -1, 12345, INT_MIN, INT_MAX };
	char text[64], word[16], c;
	int n, a, b;
	unsigned int h;
	long l;

	for (unsigned int f = 0; f < sizeof(flags) / sizeof(*flags); f++)
		for (unsigned int s = 0; s < sizeof(sizes) / sizeof(*sizes); s++)
			for (unsigned int k = 0; k < sizeof(kinds) / sizeof(*kinds); k++)
				for (unsigned int v = 0; v < sizeof(values) / sizeof(*values); v++) {
					snprintf(text, sizeof(text), "[%%%s%s%s]", flags[f], sizes[s], kinds[k]);
					n = printf(text, (int)values[v]);
					printf(v == 5 ? "%d\n" : "%d ", n);
				}
	printf("%hhd %hd %ld %lld %jd %zd %td\n", 300, 70000, LONG_MIN, LLONG_MIN, INTMAX_MIN, (ssize_t)-1, (ptrdiff_t)-5);
	printf("%hhu %hu %lu %llu %ju %zu\n", 300, 70000, ULONG_MAX, ULLONG_MAX, UINTMAX_MAX, SIZE_MAX);
	printf("%s|%10s|%-10s|%.2s|%.0s|%5.1s|%c|%3c|%-3c|%%\n", "abc", "abc", "abc", "abc", "abc", "abc", 'x', 'y', 'z');
	printf("%*d|%-*d|%.*d|%*.*s\n", 5, 42, 5, 42, 4, 42, 6, 2, "abc");
	printf("%*d|%.*d\n", -5, 42, -1, 42);
	printf("%p %p\n", (void *)0x1234, (void *)0);
	printf("%s|\n", (char *)NULL);
	printf("%d", snprintf(text, 5, "truncated %d", 99));
	printf(" '%s'\n", text);
	printf("%d\n", snprintf(NULL, 0, "length %s", "only"));
	printf("%d '%s'\n", (n = wrap(text, sizeof(text), "%d-%s-%c", 1, "two", '3'), n), text);
	printf("%" PRId64 " %" PRIx32 " %" PRIu8 "\n", (int64_t)-5, (uint32_t)255, (uint8_t)7);

	n = sscanf("12 0x1f 077 word c -99", "%d %x %o %15s %c %ld", &a, &h, (unsigned int *)&b, word, &c, &l);
	printf("%d: %d %u %d %s %c %ld\n", n, a, h, b, word, c, l);
	n = sscanf("  7,8", "%d,%*d%n", &a, &b);
	printf("%d: %d %d\n", n, a, b);
	n = sscanf("x", "%d", &a);
	printf("%d\n", n);
	n = sscanf("", "%d", &a);
	printf("%d\n", n);
	n = sscanf("0b12 010 0x10", "%i", &a);
	printf("%d %d\n", n, a);
	n = sscanf("255 65537", "%hhu %hu", (unsigned char *)&c, (unsigned short *)text);
	printf("%d %d %d\n", n, (unsigned char)c, *(unsigned short *)text);
	for (a = 2; a <= 36; a += 17)
		printf("%ld %lu\n", strtol("-zz10", NULL, a), strtoul("11yy", NULL, a));
	errno = 0;
	l = strtol("99999999999999999999", NULL, 10);
	printf("%ld %d\n", l, errno);
	return 0;
}
