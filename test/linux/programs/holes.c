/* Seeking beyond the end, holes, truncation in both directions, SEEK_DATA-free facts about sizes. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "check.h"

static void show(int fd, const char *what)
{
	struct stat st;
	char buffer[64];
	ssize_t n;
	int nonzero = 0;

	fstat(fd, &st);
	lseek(fd, 0, SEEK_SET);
	for (long at = 0; (n = read(fd, buffer, sizeof(buffer))) > 0; at += n)
		for (int i = 0; i < n; i++)
			nonzero += buffer[i] != 0;
	printf("%s: size %ld, %d bytes are not zero\n", what, (long)st.st_size, nonzero);
}

int main(void)
{
	int fd = open("f", O_RDWR | O_CREAT, 0600);
	char c = '?';

	printf("%ld\n", (long)lseek(fd, 10000, SEEK_SET));
	show(fd, "only a seek");
	lseek(fd, 10000, SEEK_SET);
	write(fd, "end", 3);
	show(fd, "a hole");
	SHOW(pread(fd, &c, 1, 5000));
	printf("in the hole %d\n", c);
	SHOW(pread(fd, &c, 1, 20000));
	ftruncate(fd, 5000);
	show(fd, "cut");
	ftruncate(fd, 12000);
	show(fd, "grown: what was cut does not come back");
	pwrite(fd, "xyz", 3, 4095);
	show(fd, "across a page");
	ftruncate(fd, 4097);
	ftruncate(fd, 8192);
	show(fd, "cut inside a page");
	printf("SEEK_END %ld\n", (long)lseek(fd, -2, SEEK_END));
	printf("SEEK_CUR %ld\n", (long)lseek(fd, 5, SEEK_CUR));
	say("negative", (long)lseek(fd, -10000, SEEK_CUR));
	say("bad whence", (long)lseek(fd, 0, 99));
	say("ftruncate negative", ftruncate(fd, -1));
	say("truncate missing", truncate("g", 0));
	say("truncate a directory", truncate(".", 0));
	close(fd);
	fd = open("f", O_RDONLY);
	say("ftruncate of a read-only file", ftruncate(fd, 0));
	say("pwrite of a read-only file", pwrite(fd, "x", 1, 0));
	return 0;
}
