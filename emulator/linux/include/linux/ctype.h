/* Classes of characters (ASCII and Latin-1, as the kernel's table has them). */
#ifndef _LINUX_CTYPE_H
#define _LINUX_CTYPE_H

#include <linux/types.h>

#define isdigit(c) ((unsigned int)(c) - '0' < 10)
#define isupper(c) ((unsigned int)(c) - 'A' < 26)
#define islower(c) ((unsigned int)(c) - 'a' < 26)
#define isalpha(c) (((unsigned int)(c) | 0x20) - 'a' < 26)
#define isalnum(c) (isalpha(c) || isdigit(c))
#define isspace(c) ((c) == ' ' || (unsigned int)(c) - '\t' < 5)
#define isxdigit(c) (isdigit(c) || ((unsigned int)(c) | 0x20) - 'a' < 6)
#define isprint(c) ((unsigned int)(c) - 0x20 < 0x5f)
#define isgraph(c) ((unsigned int)(c) - 0x21 < 0x5e)
#define iscntrl(c) ((unsigned int)(c) < 0x20 || (c) == 0x7f)
#define ispunct(c) (isgraph(c) && !isalnum(c))
#define isascii(c) ((unsigned char)(c) < 0x80)
#define toascii(c) ((unsigned char)(c) & 0x7f)

static inline unsigned char tolower(unsigned char c)
{
	return isupper(c) ? c + ('a' - 'A') : c;
}

static inline unsigned char toupper(unsigned char c)
{
	return islower(c) ? c - ('a' - 'A') : c;
}

static inline char _tolower(const char c)
{
	return c | 0x20;
}

#endif
