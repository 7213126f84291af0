/*
 * What the programs of test/linux/programs share: saying what a system call answered. The call is made before errno is
 * read, whatever order a compiler evaluates arguments in.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

/* "what: 3" or "what: No such file or directory". */
static void say(const char *what, long ret)
{
	if (ret < 0)
		printf("%s: %s\n", what, strerror(errno));
	else
		printf("%s: %ld\n", what, ret);
}

/* The call's own text is what is said. */
#define SHOW(call) say(#call, (long)(call))

/* Both are used or not, as the program likes. */
static void (*const unused_say)(const char *, long) __attribute__((unused)) = say;
