/*
 * Numbers from text, sorting, pseudo-random numbers, and the environment.
 */
#include <ctype.h>
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Reads digits; *overflow tells that the value did not fit. Returns the magnitude, *end as strtol() sets it. */
static unsigned long long parse(const char *s, char **end, int base, int *negative, int *overflow)
{
	const char *start = s;
	unsigned long long value = 0;
	int any = 0;

	*negative = *overflow = 0;
	while (isspace((unsigned char)*s))
		s++;
	if (*s == '-' || *s == '+')
		*negative = *s++ == '-';
	if ((base == 0 || base == 16) && s[0] == '0' && (s[1] | 0x20) == 'x' && isxdigit((unsigned char)s[2])) {
		s += 2;
		base = 16;
	} else if (base == 0) {
		base = *s == '0' ? 8 : 10;
	}
	for (;; s++) {
		int digit;

		if (isdigit((unsigned char)*s))
			digit = *s - '0';
		else if (isalpha((unsigned char)*s))
			digit = tolower((unsigned char)*s) - 'a' + 10;
		else
			break;
		if (digit >= base)
			break;
		any = 1;
		if (value > (ULLONG_MAX - digit) / base)
			*overflow = 1;
		value = value * base + digit;
	}
	if (end)
		*end = (char *)(any ? s : start);
	return value;
}

long long strtoll(const char *restrict s, char **restrict end, int base)
{
	int negative, overflow;
	unsigned long long value = parse(s, end, base, &negative, &overflow);
	unsigned long long limit = (unsigned long long)LLONG_MAX + negative;

	if (overflow || value > limit) {
		errno = ERANGE;
		return negative ? LLONG_MIN : LLONG_MAX;
	}
	return negative ? (long long)(0 - value) : (long long)value;
}

unsigned long long strtoull(const char *restrict s, char **restrict end, int base)
{
	int negative, overflow;
	unsigned long long value = parse(s, end, base, &negative, &overflow);

	if (overflow) {
		errno = ERANGE;
		return ULLONG_MAX;
	}
	return negative ? 0 - value : value;
}

long strtol(const char *restrict s, char **restrict end, int base)
{
	return strtoll(s, end, base);
}

unsigned long strtoul(const char *restrict s, char **restrict end, int base)
{
	return strtoull(s, end, base);
}

int atoi(const char *s)
{
	return (int)strtol(s, NULL, 10);
}

long atol(const char *s)
{
	return strtol(s, NULL, 10);
}

long long atoll(const char *s)
{
	return strtoll(s, NULL, 10);
}

int abs(int n)
{
	return n < 0 ? -n : n;
}

long labs(long n)
{
	return n < 0 ? -n : n;
}

long long llabs(long long n)
{
	return n < 0 ? -n : n;
}

div_t div(int numerator, int denominator)
{
	div_t result;

	result.quot = numerator / denominator;
	result.rem = numerator % denominator;
	return result;
}

ldiv_t ldiv(long numerator, long denominator)
{
	ldiv_t result;

	result.quot = numerator / denominator;
	result.rem = numerator % denominator;
	return result;
}

int rand_r(unsigned int *seed)
{
	unsigned int x = *seed;

	/* xorshift32; zero would stay zero */
	if (!x)
		x = 0x9e3779b9;
	x ^= x << 13;
	x ^= x >> 17;
	x ^= x << 5;
	*seed = x;
	return (int)(x & RAND_MAX);
}

static unsigned int random_state = 1;

int rand(void)
{
	return rand_r(&random_state);
}

void srand(unsigned int seed)
{
	random_state = seed;
}

static void swap(char *a, char *b, size_t size)
{
	while (size--) {
		char c = *a;

		*a++ = *b;
		*b++ = c;
	}
}

static void sift_down(char *base, size_t root, size_t count, size_t size,
		      int (*compare)(const void *, const void *))
{
	for (;;) {
		size_t child = 2 * root + 1;

		if (child >= count)
			return;
		if (child + 1 < count && compare(base + child * size, base + (child + 1) * size) < 0)
			child++;
		if (compare(base + root * size, base + child * size) >= 0)
			return;
		swap(base + root * size, base + child * size, size);
		root = child;
	}
}

/* Heap sort: no recursion, no memory, no bad case. */
void qsort(void *base, size_t count, size_t size, int (*compare)(const void *, const void *))
{
	char *b = base;
	size_t i;

	for (i = count / 2; i-- > 0;)
		sift_down(b, i, count, size, compare);
	for (i = count; i-- > 1;) {
		swap(b, b + i * size, size);
		sift_down(b, 0, i, size, compare);
	}
}

void *bsearch(const void *key, const void *base, size_t count, size_t size,
	      int (*compare)(const void *, const void *))
{
	const char *b = base;

	while (count) {
		const char *middle = b + count / 2 * size;
		int order = compare(key, middle);

		if (order == 0)
			return (void *)middle;
		if (order > 0) {
			b = middle + size;
			count -= count / 2 + 1;
		} else {
			count /= 2;
		}
	}
	return NULL;
}

static char **find_env(const char *name, size_t length)
{
	char **e;

	for (e = environ; e && *e; e++)
		if (!strncmp(*e, name, length) && (*e)[length] == '=')
			return e;
	return NULL;
}

char *getenv(const char *name)
{
	size_t length = strlen(name);
	char **e = find_env(name, length);

	return e ? *e + length + 1 : NULL;
}

int putenv(char *assignment)
{
	size_t length = strcspn(assignment, "=");
	char **e = find_env(assignment, length), **bigger;
	size_t count = 0;

	if (e) {
		*e = assignment;
		return 0;
	}
	while (environ && environ[count])
		count++;
	bigger = malloc((count + 2) * sizeof(*bigger));
	if (!bigger)
		return -1;
	memcpy(bigger, environ, count * sizeof(*bigger));
	bigger[count] = assignment;
	bigger[count + 1] = NULL;
	environ = bigger;
	return 0;
}

int setenv(const char *name, const char *value, int overwrite)
{
	char *assignment;

	if (!overwrite && getenv(name))
		return 0;
	assignment = malloc(strlen(name) + strlen(value) + 2);
	if (!assignment)
		return -1;
	strcpy(stpcpy(stpcpy(assignment, name), "="), value);
	return putenv(assignment);
}

int unsetenv(const char *name)
{
	char **e = find_env(name, strlen(name));

	if (e)
		do
			e[0] = e[1];
		while (*e++);
	return 0;
}

char *optarg;
int optind = 1, opterr = 1, optopt;

int getopt(int argc, char *const argv[], const char *options)
{
	static int at = 1;	/* within a word of several letters */
	const char *option;
	int letter;

	if (optind >= argc || argv[optind][0] != '-' || !argv[optind][1])
		return -1;
	if (!strcmp(argv[optind], "--")) {
		optind++;
		return -1;
	}
	letter = argv[optind][at++];
	option = letter == ':' ? NULL : strchr(options, letter);
	if (!option) {
		optopt = letter;
		if (!argv[optind][at]) {
			optind++;
			at = 1;
		}
		return '?';
	}
	if (option[1] == ':') {
		optarg = argv[optind][at] ? argv[optind] + at : argv[optind + 1];
		optind += argv[optind][at] ? 1 : 2;
		at = 1;
		return optarg ? letter : '?';
	}
	if (!argv[optind][at]) {
		optind++;
		at = 1;
	}
	return letter;
}
