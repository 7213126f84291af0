/* Memory and strings. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

void *memcpy(void *to, const void *from, size_t length)
{
	char *out = to;
	const char *in = from;

	while (length--)
		*out++ = *in++;
	return to;
}

void *memmove(void *to, const void *from, size_t length)
{
	char *out = to;
	const char *in = from;

	if (out <= in)
		return memcpy(to, from, length);
	while (length--)
		out[length] = in[length];
	return to;
}

void *memset(void *to, int byte, size_t length)
{
	char *out = to;

	while (length--)
		*out++ = byte;
	return to;
}

int memcmp(const void *a, const void *b, size_t length)
{
	const unsigned char *x = a, *y = b;

	for (; length; length--, x++, y++)
		if (*x != *y)
			return *x - *y;
	return 0;
}

void *memchr(const void *from, int byte, size_t length)
{
	const unsigned char *in = from;

	for (; length; length--, in++)
		if (*in == (unsigned char)byte)
			return (void *)in;
	return NULL;
}

size_t strlen(const char *text)
{
	const char *end = text;

	while (*end)
		end++;
	return end - text;
}

size_t strnlen(const char *text, size_t limit)
{
	size_t length = 0;

	while (length < limit && text[length])
		length++;
	return length;
}

char *stpcpy(char *to, const char *from)
{
	while ((*to = *from++))
		to++;
	return to;
}

char *strcpy(char *to, const char *from)
{
	stpcpy(to, from);
	return to;
}

char *strncpy(char *to, const char *from, size_t limit)
{
	size_t at = 0;

	for (; at < limit && from[at]; at++)
		to[at] = from[at];
	for (; at < limit; at++)
		to[at] = '\0';
	return to;
}

char *strcat(char *to, const char *from)
{
	strcpy(to + strlen(to), from);
	return to;
}

char *strncat(char *to, const char *from, size_t limit)
{
	size_t length = strnlen(from, limit);
	char *end = to + strlen(to);

	memcpy(end, from, length);
	end[length] = '\0';
	return to;
}

int strncmp(const char *a, const char *b, size_t limit)
{
	for (; limit; limit--, a++, b++) {
		if (*a != *b)
			return (unsigned char)*a - (unsigned char)*b;
		if (!*a)
			return 0;
	}
	return 0;
}

int strcmp(const char *a, const char *b)
{
	return strncmp(a, b, -1UL);
}

int strncasecmp(const char *a, const char *b, size_t limit)
{
	for (; limit; limit--, a++, b++) {
		int difference = tolower((unsigned char)*a) - tolower((unsigned char)*b);

		if (difference || !*a)
			return difference;
	}
	return 0;
}

int strcasecmp(const char *a, const char *b)
{
	return strncasecmp(a, b, -1UL);
}

char *strchr(const char *text, int c)
{
	for (;; text++) {
		if (*text == (char)c)
			return (char *)text;
		if (!*text)
			return NULL;
	}
}

char *strrchr(const char *text, int c)
{
	const char *found = NULL;

	for (;; text++) {
		if (*text == (char)c)
			found = text;
		if (!*text)
			return (char *)found;
	}
}

char *strstr(const char *text, const char *part)
{
	size_t length = strlen(part);

	for (;; text++) {
		if (!strncmp(text, part, length))
			return (char *)text;
		if (!*text)
			return NULL;
	}
}

size_t strspn(const char *text, const char *accept)
{
	size_t length = 0;

	while (text[length] && strchr(accept, text[length]))
		length++;
	return length;
}

size_t strcspn(const char *text, const char *reject)
{
	size_t length = 0;

	while (text[length] && !strchr(reject, text[length]))
		length++;
	return length;
}

char *strpbrk(const char *text, const char *accept)
{
	text += strcspn(text, accept);
	return *text ? (char *)text : NULL;
}

char *strtok_r(char *text, const char *separators, char **state)
{
	char *word = text ? text : *state;

	word += strspn(word, separators);
	if (!*word) {
		*state = word;
		return NULL;
	}
	*state = word + strcspn(word, separators);
	if (**state)
		*(*state)++ = '\0';
	return word;
}

char *strtok(char *text, const char *separators)
{
	static char *state;

	return strtok_r(text, separators, &state);
}

char *strndup(const char *text, size_t limit)
{
	size_t length = strnlen(text, limit);
	char *copy = malloc(length + 1);

	if (copy) {
		memcpy(copy, text, length);
		copy[length] = '\0';
	}
	return copy;
}

char *strdup(const char *text)
{
	return strndup(text, -1UL);
}
