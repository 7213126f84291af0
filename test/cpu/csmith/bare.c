/*
 * What a csmith program needs where there is no C library. It ends with the checksum that it prints in rax, at the host
 * gate.
 */
typedef unsigned long size_t;

void *memset(void *to, int value, size_t count)
{
	char *at = to;
	while (count--)
		*at++ = (char)value;
	return to;
}

void *memcpy(void *to, const void *from, size_t count)
{
	char *at = to;
	const char *source = from;
	while (count--)
		*at++ = *source++;
	return to;
}

void *memmove(void *to, const void *from, size_t count)
{
	char *at = to;
	const char *source = from;
	if (at <= source)
		return memcpy(to, from, count);
	while (count--)
		at[count] = source[count];
	return to;
}

int strcmp(const char *a, const char *b)
{
	while (*a && *a == *b)
		a++, b++;
	return (unsigned char)*a - (unsigned char)*b;
}

static unsigned long checksum;

/* csmith prints one number, once. */
int printf(const char *words, ...)
{
	__builtin_va_list arguments;
	(void)words;
	__builtin_va_start(arguments, words);
	checksum = __builtin_va_arg(arguments, unsigned);
	__builtin_va_end(arguments);
	return 0;
}

int main(void);

/* Called by start.S. */
unsigned long work(void)
{
	main();
	return checksum;
}
