/* Every conversion of printf, with flags, widths and precisions. */
#include <limits.h>
#include <stdio.h>
#include <string.h>

int main(void)
{
	char text[64];
	int n;

	printf("[%d] [%5d] [%-5d] [%05d] [%+d] [% d]\n", 42, 42, 42, 42, 42, 42);
	printf("[%d] [%i] [%u] [%ld] [%lld]\n", INT_MIN, -1, UINT_MAX, LONG_MIN, LLONG_MAX);
	printf("[%x] [%X] [%#x] [%#X] [%08x] [%#o] [%o]\n", 0xbeefu, 0xbeefu, 0xbeefu, 0xbeefu, 0xbeefu, 8u, 8u);
	printf("[%lx] [%llx] [%zu] [%hhd] [%hd] [%hhu]\n", ULONG_MAX, ULLONG_MAX, sizeof(text), 300, 70000, 300);
	printf("[%.3d] [%8.3d] [%-8.3d] [%.0d] [%+.2d] [%#.0o]\n", 7, 7, 7, 0, 7, 0u);
	printf("[%s] [%10s] [%-10s] [%.2s] [%10.2s] [%.*s]\n", "abc", "abc", "abc", "abc", "abc", 1, "abc");
	printf("[%c] [%3c] [%-3c] [%%]\n", 'x', 'y', 'z');
	printf("[%p] [%20p] [%-20p]\n", (void *)0x1234, (void *)0x1234, (void *)0x1234);
	printf("[%*d] [%-*d] [%*d]\n", 6, 1, 6, 1, -6, 1);
	n = snprintf(text, sizeof(text), "%s-%d", "number", 12345);
	printf("%d %s\n", n, text);
	n = snprintf(text, 5, "%s", "truncated");
	printf("%d %s %zu\n", n, text, strlen(text));
	n = snprintf(NULL, 0, "%d%d", 1, 22);
	printf("%d\n", n);
	printf("%s", "");
	printf("no newline at the end");
	return 0;
}
