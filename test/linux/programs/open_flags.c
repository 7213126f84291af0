/* open(2)'s flags: what they create, refuse, cut and append. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "check.h"

static void try(const char *what, const char *path, int flags, mode_t mode)
{
	int fd = open(path, flags, mode);

	printf("%s: %s\n", what, fd < 0 ? strerror(errno) : "ok");
	if (fd >= 0)
		close(fd);
}

static long size_of(const char *path)
{
	struct stat st;

	return stat(path, &st) < 0 ? -1 : (long)st.st_size;
}

int main(void)
{
	char buffer[16] = { 0 };
	int fd, other;

	try("missing", "a", O_RDONLY, 0);
	try("create", "a", O_RDWR | O_CREAT | O_EXCL, 0640);
	try("create again", "a", O_RDWR | O_CREAT | O_EXCL, 0640);
	try("create without O_EXCL", "a", O_RDWR | O_CREAT, 0600);
	try("a directory for writing", ".", O_WRONLY, 0);
	try("a directory for reading", ".", O_RDONLY, 0);
	try("O_DIRECTORY on a file", "a", O_RDONLY | O_DIRECTORY, 0);
	try("trailing slash", "a/", O_RDONLY, 0);
	try("below a file", "a/b", O_RDONLY | O_CREAT, 0600);
	try("empty name", "", O_RDONLY, 0);
	symlink("a", "link");
	symlink("nowhere", "dangling");
	symlink("loop", "loop");
	try("O_NOFOLLOW on a link", "link", O_RDONLY | O_NOFOLLOW, 0);
	try("O_EXCL on a dangling link", "dangling", O_WRONLY | O_CREAT | O_EXCL, 0600);
	try("create through a dangling link", "dangling", O_WRONLY | O_CREAT, 0600);
	printf("nowhere now has %ld bytes\n", size_of("nowhere"));
	try("a loop", "loop", O_RDONLY, 0);

	fd = open("a", O_WRONLY | O_APPEND);
	other = open("a", O_WRONLY);
	write(other, "12345", 5);
	write(fd, "678", 3);
	lseek(fd, 0, SEEK_SET);
	write(fd, "9", 1);
	SHOW(lseek(fd, 0, SEEK_CUR));
	SHOW(size_of("a"));
	say("read of a write-only file:", read(fd, buffer, 1));
	close(fd);
	close(other);
	fd = open("a", O_RDONLY);
	SHOW(read(fd, buffer, 16));
	puts(buffer);
	say("write of a read-only file:", write(fd, "x", 1));
	printf("F_GETFL %#x\n", fcntl(fd, F_GETFL) & (O_ACCMODE | O_APPEND | O_NONBLOCK));
	try("O_TRUNC", "a", O_WRONLY | O_TRUNC, 0);
	SHOW(size_of("a"));
	SHOW(pread(fd, buffer, 16, 0));
	close(fd);
	return 0;
}
