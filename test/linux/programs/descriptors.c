/* Descriptors: dup, dup2, fcntl, shared positions, limits. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

static void show(const char *what, long result)
{
	if (result < 0)
		printf("%s: %s\n", what, strerror(errno));
	else
		printf("%s: %ld\n", what, result);
}

int main(void)
{
	char c, settings[64];
	int fd = open("f", O_RDWR | O_CREAT | O_TRUNC, 0644);
	int other, i, count;

	write(fd, "abcdef", 6);
	lseek(fd, 0, SEEK_SET);
	other = dup(fd);
	show("dup is the next", other - fd);
	read(fd, &c, 1);
	read(other, &c, 1);
	printf("shared position: %c\n", c);
	show("dup2", dup2(fd, 20));
	read(20, &c, 1);
	printf("through 20: %c\n", c);
	show("dup2 to itself", dup2(fd, fd) - fd);
	show("dup2 of a closed one", dup2(77, 78));
	show("dup2 too high", dup2(fd, 1 << 24));
	show("dup3 same", dup3(fd, fd, 0));
	show("dup3 cloexec", dup3(fd, 21, O_CLOEXEC));
	show("F_GETFD 21", fcntl(21, F_GETFD));
	show("F_GETFD 20", fcntl(20, F_GETFD));
	show("F_SETFD", fcntl(20, F_SETFD, FD_CLOEXEC));
	show("F_GETFD 20", fcntl(20, F_GETFD));
	show("F_DUPFD", fcntl(fd, F_DUPFD, 40));
	show("F_GETFL access mode", fcntl(fd, F_GETFL) & O_ACCMODE);
	show("F_SETFL append", fcntl(fd, F_SETFL, O_APPEND));
	show("append is set on the copy", (fcntl(20, F_GETFL) & O_APPEND) != 0);
	show("bad command", fcntl(fd, 9999));
	show("bad descriptor", fcntl(99, F_GETFL));
	show("TCGETS on a file", ioctl(fd, TCGETS, settings));
	show("isatty", isatty(fd));
	close(20);
	show("lowest free", dup(fd) < 20);
	close(fd);
	show("the copy lives", read(other, &c, 1));
	for (count = 0; (i = dup(other)) >= 0; count++)
		;
	printf("limit: %s, table full at %s\n", strerror(errno), count > 900 ? "about a thousand" : "less");
	return 0;
}
