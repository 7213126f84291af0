/*
 * What the files of the libc share.
 */
#ifndef _LIBC_INTERNAL_H
#define _LIBC_INTERNAL_H

#include <stddef.h>
#include <stdio.h>
#include <sys/syscall.h>

long __syscall(long number, long a1, long a2, long a3, long a4, long a5, long a6);
int __clone(int (*function)(void *), void *stack, int flags, void *argument, void *parent_tid, void *child_tid, void *tls);
void __restore_rt(void);
void __stdio_exit(void);

/* A kernel's answer as C programs expect it: -1 and errno for -4095..-1. */
long __result(long answer);

#define CALL0(name) __result(__syscall(SYS_ ## name, 0, 0, 0, 0, 0, 0))
#define CALL1(name, a) __result(__syscall(SYS_ ## name, (long)(a), 0, 0, 0, 0, 0))
#define CALL2(name, a, b) __result(__syscall(SYS_ ## name, (long)(a), (long)(b), 0, 0, 0, 0))
#define CALL3(name, a, b, c) __result(__syscall(SYS_ ## name, (long)(a), (long)(b), (long)(c), 0, 0, 0))
#define CALL4(name, a, b, c, d) __result(__syscall(SYS_ ## name, (long)(a), (long)(b), (long)(c), (long)(d), 0, 0))
#define CALL5(name, a, b, c, d, e) \
	__result(__syscall(SYS_ ## name, (long)(a), (long)(b), (long)(c), (long)(d), (long)(e), 0))
#define CALL6(name, a, b, c, d, e, f) \
	__result(__syscall(SYS_ ## name, (long)(a), (long)(b), (long)(c), (long)(d), (long)(e), (long)(f)))

/* An open stream. Bytes to be read lie at position..end, bytes to be written at 0..position. */
struct __file {
	int fd;
	int mode;		/* _IOFBF, _IOLBF, _IONBF */
	unsigned char *buffer;
	size_t size;
	size_t position;
	size_t end;
	int writing;		/* the buffer holds bytes to be written */
	int readable, writable;
	int at_eof, failed;
	int unread;		/* ungetc()'s byte, or -1 */
	struct __file *next;
	unsigned char own_buffer[BUFSIZ];
};

#endif
