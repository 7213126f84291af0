/*
 * Between the files of vsprintf: one conversion's specification, and the writers that others are built from. Each writes
 * at buf, never at or behind end, and returns where it would stand if there were room.
 */
#ifndef _LIB_VSPRINTF_H
#define _LIB_VSPRINTF_H

#include <linux/types.h>

#define ZEROPAD 1
#define SIGN 2
#define PLUS 4
#define SPACE 8
#define LEFT 16
#define SMALL 32
#define SPECIAL 64

/* One conversion: its flags, width, precision, base, and the size of its argument (a qualifier letter). */
struct printf_spec {
	unsigned int flags;
	int field_width;
	int precision;
	unsigned int base;
	char qualifier; /* 'H' for hh, 'L' for ll */
};

extern char *put(char *buf, char *end, char c);
extern char *pad(char *buf, char *end, int count, char c);
extern char *number(char *buf, char *end, unsigned long long num, struct printf_spec spec);
extern char *string_nocheck(char *buf, char *end, const char *s, struct printf_spec spec);
extern char *ptr_to_id(char *buf, char *end, const void *ptr, struct printf_spec spec);

/* vsprintf_data.c */
extern char *hex_string(char *buf, char *end, const u8 *addr, struct printf_spec spec, char sep_code);
extern char *mac_address_string(char *buf, char *end, const u8 *addr, struct printf_spec spec, const char *fmt);
extern char *ip_addr_string(char *buf, char *end, const u8 *addr, struct printf_spec spec, const char *fmt);
extern char *uuid_string(char *buf, char *end, const u8 *addr, struct printf_spec spec, char kind);
extern char *bitmap_string(char *buf, char *end, const unsigned long *bitmap, struct printf_spec spec, bool list);

#endif
