/* dup, dup2, dup3 and fcntl: descriptors that share an open file, and flags that they do not share. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

static void say(const char *what, int ret)
{
	printf("%s: ", what);
	if (ret < 0)
		printf("%s\n", strerror(errno));
	else
		printf("%d\n", ret);
}

int main(void)
{
	struct rlimit limit = { 20, 20 };
	int fd = open("f", O_RDWR | O_CREAT | O_CLOEXEC, 0600), copy;

	write(fd, "0123456789", 10);
	copy = dup(fd);
	lseek(fd, 3, SEEK_SET);
	say("shared position", (int)lseek(copy, 0, SEEK_CUR));
	say("FD_CLOEXEC of the first", fcntl(fd, F_GETFD));
	say("FD_CLOEXEC of the copy", fcntl(copy, F_GETFD));
	fcntl(copy, F_SETFL, O_APPEND);
	say("flags are shared", (fcntl(fd, F_GETFL) & O_APPEND) != 0);
	say("dup2 onto itself", dup2(fd, fd) == fd);
	say("dup3 onto itself", dup3(fd, fd, 0));
	say("dup3 flags", dup3(fd, 9, O_APPEND));
	say("dup3 O_CLOEXEC", dup3(fd, 9, O_CLOEXEC));
	say("its flag", fcntl(9, F_GETFD));
	say("F_DUPFD from 12", fcntl(fd, F_DUPFD, 12));
	say("F_DUPFD_CLOEXEC from 12", fcntl(fd, F_DUPFD_CLOEXEC, 12));
	say("dup2 of a closed one", dup2(50, 5));
	say("dup2 onto -1", dup2(fd, -1));
	say("dup of -1", dup(-1));
	setrlimit(RLIMIT_NOFILE, &limit);
	say("F_DUPFD beyond the limit", fcntl(fd, F_DUPFD, 25));
	say("dup2 beyond the limit", dup2(fd, 20));
	while ((copy = dup(fd)) >= 0)
		;
	say("when all are used", copy);
	say("open then", open("f", O_RDONLY));
	say("pipe then", pipe((int[2]) { 0, 0 }));
	say("unknown command", fcntl(fd, 9999, 0));
	say("close twice", close(15) + close(15));
	return 0;
}
