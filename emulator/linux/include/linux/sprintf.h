/* The printf family of the kernel; lib/vsprintf.c tells the extensions of %p. */
#ifndef _LINUX_SPRINTF_H
#define _LINUX_SPRINTF_H

#include <linux/stdarg.h>
#include <linux/types.h>

extern int __printf(2, 3) sprintf(char *buf, const char *fmt, ...);
extern int vsprintf(char *buf, const char *fmt, va_list args);
extern int __printf(3, 4) snprintf(char *buf, size_t size, const char *fmt, ...);
extern int vsnprintf(char *buf, size_t size, const char *fmt, va_list args);
extern int __printf(3, 4) scnprintf(char *buf, size_t size, const char *fmt, ...);
extern int vscnprintf(char *buf, size_t size, const char *fmt, va_list args);
extern char *__printf(2, 3) kasprintf(gfp_t gfp, const char *fmt, ...);
extern char *kvasprintf(gfp_t gfp, const char *fmt, va_list args);
extern int __scanf(2, 3) sscanf(const char *buf, const char *fmt, ...);
extern int vsscanf(const char *buf, const char *fmt, va_list args);
extern bool no_hash_pointers;

#endif
