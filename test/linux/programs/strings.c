/* string.h, stdlib.h and sscanf. */
#include <ctype.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int compare(const void *a, const void *b)
{
	return *(const int *)a - *(const int *)b;
}

static int sign(int n)
{
	return (n > 0) - (n < 0);
}

int main(void)
{
	int numbers[] = { 5, -2, 9, 0, 5, 77, -30, 8, 1, 1000 };
	char buffer[64] = "words,with;;separators", *p, *save, *end;
	int a, b, n, key = 77;
	unsigned int x;
	char word[16], c;

	printf("%zu %zu\n", strlen("12345"), strnlen("12345", 3));
	printf("%d %d %d\n", sign(strcmp("abc", "abd")), sign(strncmp("abc", "abd", 2)), sign(strcasecmp("ABC", "abc")));
	printf("%s %s %s\n", strchr("hello", 'l'), strrchr("hello", 'l'), strstr("finding a needle", "need"));
	printf("%zu %zu %s\n", strspn("aabbc", "ab"), strcspn("hello", "l"), strpbrk("hello", "xol"));
	for (p = strtok_r(buffer, ",;", &save); p; p = strtok_r(NULL, ",;", &save))
		printf("[%s]", p);
	printf("\n");
	strcpy(buffer, "overlap");
	memmove(buffer + 2, buffer, 8);
	printf("%s\n", buffer);
	strncpy(buffer, "ab", 5);
	printf("%d %d\n", buffer[1], buffer[4]);
	strcpy(buffer, "x");
	strcat(buffer, "yz");
	strncat(buffer, "12345", 2);
	printf("%s %d\n", buffer, memcmp("a\0b", "a\0c", 3) < 0);
	qsort(numbers, 10, sizeof(int), compare);
	for (n = 0; n < 10; n++)
		printf("%d ", numbers[n]);
	printf("\n%d\n", (int)((int *)bsearch(&key, numbers, 10, sizeof(int), compare) - numbers));
	printf("%d %ld %ld %lu\n", atoi(" -42x"), strtol("0x1fz", &end, 0), strtol("777", NULL, 8), strtoul("123", NULL, 10));
	errno = 0;
	printf("%c %ld ", *end, strtol("99999999999999999999", NULL, 10));
	printf("%d\n", errno == ERANGE);
	printf("%ld %ld\n", strtol("zz", NULL, 36), strtol("nothing", NULL, 10));
	n = sscanf("12 -5 0xff word x", "%d %d %x %15s %c", &a, &b, &x, word, &c);
	printf("%d: %d %d %u %s %c\n", n, a, b, x, word, c);
	n = sscanf("k=v", "k=%15s", word);
	printf("%d %s\n", n, word);
	n = sscanf("1,2,x", "%d,%d,%d", &a, &b, &n);
	printf("%d %d\n", a, b);
	printf("%d %d %d %d %c\n", isalpha('a') != 0, isdigit('a') != 0, isspace('\t') != 0, ispunct('!') != 0, toupper('q'));
	setenv("NAME", "value", 1);
	setenv("NAME", "other", 0);
	printf("%s %d\n", getenv("NAME"), getenv("NOT_SET_ANYWHERE") == NULL);
	printf("%d %ld %d\n", abs(-3), labs(-4L), div(17, 5).rem);
	printf("%s, %s\n", strerror(ENOENT), strerror(EACCES));
	return 0;
}
