/* readv, writev, preadv, pwritev: several buffers in one call, and what is wrong with a list of them. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>
#include "check.h"

int main(void)
{
	char a[4] = { 0 }, b[6] = { 0 }, c[32] = { 0 };
	struct iovec out[] = { { "one ", 4 }, { NULL, 0 }, { "two ", 4 }, { "three", 5 } };
	struct iovec in[] = { { a, 3 }, { b, 5 }, { c, 31 } };
	struct iovec wild[] = { { a, 1 }, { (void *)8, 4 } };
	int fd = open("f", O_RDWR | O_CREAT, 0600), p[2];

	printf("writev %zd\n", writev(fd, out, 4));
	lseek(fd, 0, SEEK_SET);
	SHOW(readv(fd, in, 3));
	printf("'%s' '%s' '%s'\n", a, b, c);
	printf("pwritev %zd\n", pwritev(fd, out + 2, 2, 20));
	memset(c, 0, sizeof(c));
	in[0].iov_len = 1;
	SHOW(preadv(fd, in, 3, 18));
	printf(" '%d' '%d' '%s'\n", a[0], b[2], c);
	printf("position %ld\n", (long)lseek(fd, 0, SEEK_CUR));
	printf("no buffers %zd\n", writev(fd, out, 0));
	say("negative count", writev(fd, out, -1));
	say("too many", writev(fd, out, IOV_MAX + 1));
	say("wild list", readv(fd, (struct iovec *)8, 2));
	lseek(fd, 0, SEEK_SET);
	printf("wild second buffer %zd\n", readv(fd, wild, 2));
	say("only a wild buffer", readv(fd, wild + 1, 1));
	say("bad descriptor", writev(99, out, 1));
	pipe(p);
	SHOW(writev(p[1], out, 4));
	SHOW(readv(p[0], in, 3));
	say("preadv of a pipe", preadv(p[0], in, 1, 0));
	return 0;
}
