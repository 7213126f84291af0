/* Numbers from text, sorting, random numbers, the environment, the end of a program. */
#include <ctype.h>
#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define MAX_AT_EXIT 32

char **environ;

static void (*at_exit[MAX_AT_EXIT])(void);
static int at_exit_count;

int main(int argc, char **argv, char **envp);

void __libc_start(int argc, char **argv, char **envp)
{
	environ = envp;
	exit(main(argc, argv, envp));
}

int atexit(void (*function)(void))
{
	if (at_exit_count == MAX_AT_EXIT)
		return -1;
	at_exit[at_exit_count++] = function;
	return 0;
}

void exit(int code)
{
	while (at_exit_count > 0)
		at_exit[--at_exit_count]();
	fflush(NULL);
	_exit(code);
}

void _Exit(int code)
{
	_exit(code);
}

void abort(void)
{
	raise(SIGABRT);
	_exit(127);
}

char *getenv(const char *name)
{
	size_t length = strlen(name);

	for (char **entry = environ; entry && *entry; entry++)
		if (!strncmp(*entry, name, length) && (*entry)[length] == '=')
			return *entry + length + 1;
	return NULL;
}

/* The digits of a number in a base; *overflow tells that it does not fit an unsigned long. */
static unsigned long digits(const char **text, int base, int *overflow)
{
	unsigned long value = 0;

	for (;; (*text)++) {
		int c = **text;
		int digit = isdigit(c) ? c - '0' : isalpha(c) ? tolower(c) - 'a' + 10 : 99;

		if (digit >= base)
			return value;
		if (value > (ULONG_MAX - digit) / base)
			*overflow = 1;
		value = value * base + digit;
	}
}

/* What strtol and strtoul share: blanks, a sign, 0x or 0, digits. */
static unsigned long number(const char *text, char **end, int base, int *negative, int *overflow)
{
	const char *at = text;
	const char *first;
	unsigned long value;

	while (isspace((unsigned char)*at))
		at++;
	*negative = *at == '-';
	if (*at == '-' || *at == '+')
		at++;
	if ((base == 0 || base == 16) && at[0] == '0' && tolower(at[1]) == 'x' && isxdigit((unsigned char)at[2])) {
		at += 2;
		base = 16;
	}
	if (base == 0)
		base = *at == '0' ? 8 : 10;
	first = at;
	value = digits(&at, base, overflow);
	if (end)
		*end = (char *)(at == first ? text : at);
	return value;
}

long strtol(const char *text, char **end, int base)
{
	int negative, overflow = 0;
	unsigned long value = number(text, end, base, &negative, &overflow);

	if (overflow || value > (unsigned long)LONG_MAX + negative) {
		errno = ERANGE;
		return negative ? LONG_MIN : LONG_MAX;
	}
	return negative ? -value : value;
}

unsigned long strtoul(const char *text, char **end, int base)
{
	int negative, overflow = 0;
	unsigned long value = number(text, end, base, &negative, &overflow);

	if (overflow) {
		errno = ERANGE;
		return ULONG_MAX;
	}
	return negative ? -value : value;
}

long long strtoll(const char *text, char **end, int base)
{
	return strtol(text, end, base);
}

unsigned long long strtoull(const char *text, char **end, int base)
{
	return strtoul(text, end, base);
}

int atoi(const char *text)
{
	return strtol(text, NULL, 10);
}

long atol(const char *text)
{
	return strtol(text, NULL, 10);
}

int abs(int value)
{
	return value < 0 ? -value : value;
}

long labs(long value)
{
	return value < 0 ? -value : value;
}

div_t div(int dividend, int divisor)
{
	return (div_t){ dividend / divisor, dividend % divisor };
}

ldiv_t ldiv(long dividend, long divisor)
{
	return (ldiv_t){ dividend / divisor, dividend % divisor };
}

static void swap(char *a, char *b, size_t size)
{
	while (size--) {
		char keep = *a;

		*a++ = *b;
		*b++ = keep;
	}
}

/* Heap sort: no recursion, no extra memory. */
static void sift(char *base, size_t size, size_t root, size_t count, int (*compare)(const void *, const void *))
{
	for (size_t child; (child = 2 * root + 1) < count; root = child) {
		if (child + 1 < count && compare(base + child * size, base + (child + 1) * size) < 0)
			child++;
		if (compare(base + root * size, base + child * size) >= 0)
			return;
		swap(base + root * size, base + child * size, size);
	}
}

void qsort(void *base, size_t count, size_t size, int (*compare)(const void *, const void *))
{
	for (size_t root = count / 2; root-- > 0;)
		sift(base, size, root, count, compare);
	for (size_t last = count; last-- > 1;) {
		swap(base, (char *)base + last * size, size);
		sift(base, size, 0, last, compare);
	}
}

void *bsearch(const void *key, const void *base, size_t count, size_t size, int (*compare)(const void *, const void *))
{
	size_t low = 0;

	while (low < count) {
		size_t middle = low + (count - low) / 2;
		const void *at = (const char *)base + middle * size;
		int order = compare(key, at);

		if (order == 0)
			return (void *)at;
		if (order < 0)
			count = middle;
		else
			low = middle + 1;
	}
	return NULL;
}

static uint64_t random_state = 1;

void srand(unsigned int seed)
{
	random_state = seed;
}

int rand(void)
{
	random_state = random_state * 6364136223846793005UL + 1442695040888963407UL;
	return random_state >> 33;
}
