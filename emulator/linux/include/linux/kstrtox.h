/* Strings to numbers: kstrto* is strict (whole string, overflow is an error), simple_strto* is C's old way. */
#ifndef _LINUX_KSTRTOX_H
#define _LINUX_KSTRTOX_H

#include <linux/types.h>

extern int kstrtoull(const char *s, unsigned int base, unsigned long long *res);
extern int kstrtoll(const char *s, unsigned int base, long long *res);
extern int kstrtoul(const char *s, unsigned int base, unsigned long *res);
extern int kstrtol(const char *s, unsigned int base, long *res);
extern int kstrtouint(const char *s, unsigned int base, unsigned int *res);
extern int kstrtoint(const char *s, unsigned int base, int *res);
extern int kstrtou16(const char *s, unsigned int base, u16 *res);
extern int kstrtos16(const char *s, unsigned int base, s16 *res);
extern int kstrtou8(const char *s, unsigned int base, u8 *res);
extern int kstrtos8(const char *s, unsigned int base, s8 *res);
extern int kstrtobool(const char *s, bool *res);
extern int kstrtoul_from_user(const char __user *s, size_t count, unsigned int base, unsigned long *res);
extern int kstrtoint_from_user(const char __user *s, size_t count, unsigned int base, int *res);
extern int kstrtouint_from_user(const char __user *s, size_t count, unsigned int base, unsigned int *res);
extern int kstrtobool_from_user(const char __user *s, size_t count, bool *res);
#define kstrtou64(s, base, res) kstrtoull(s, base, res)
#define kstrtos64(s, base, res) kstrtoll(s, base, res)
#define kstrtou32(s, base, res) kstrtouint(s, base, res)
#define kstrtos32(s, base, res) kstrtoint(s, base, res)

extern unsigned long simple_strtoul(const char *cp, char **endp, unsigned int base);
extern long simple_strtol(const char *cp, char **endp, unsigned int base);
extern unsigned long long simple_strtoull(const char *cp, char **endp, unsigned int base);
extern long long simple_strtoll(const char *cp, char **endp, unsigned int base);

#endif
