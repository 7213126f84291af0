/* The BSD names among the string functions. */
#ifndef _STRINGS_H
#define _STRINGS_H

#include <string.h>

#define bzero(to, n) memset(to, 0, n)

#endif
