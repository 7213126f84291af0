/* fcntl locks: ranges of bytes, held by processes. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static int lock(int fd, int cmd, short type, off_t start, off_t len)
{
	struct flock fl = { .l_type = type, .l_whence = SEEK_SET, .l_start = start, .l_len = len };

	return fcntl(fd, cmd, &fl);
}

static void who(int fd, short type, off_t start, off_t len)
{
	struct flock fl = { .l_type = type, .l_whence = SEEK_SET, .l_start = start, .l_len = len };
	int ret = fcntl(fd, F_GETLK, &fl);

	if (ret)
		printf("F_GETLK %s\n", strerror(errno));
	else if (fl.l_type == F_UNLCK)
		printf("%ld+%ld is free\n", (long)start, (long)len);
	else
		printf("%ld+%ld: %s lock at %ld+%ld by the parent %d\n", (long)start, (long)len,
		       fl.l_type == F_WRLCK ? "write" : "read", (long)fl.l_start, (long)fl.l_len, fl.l_pid == getppid());
}

static void say(const char *what, int ret)
{
	printf("%s: %s\n", what, ret ? strerror(errno) : "ok");
}

int main(void)
{
	int fd = open("f", O_RDWR | O_CREAT, 0600), p[2], q[2], status;
	char byte;

	setbuf(stdout, NULL);
	pipe(p);
	pipe(q);
	say("write lock", lock(fd, F_SETLK, F_WRLCK, 10, 10));
	say("read lock", lock(fd, F_SETLK, F_RDLCK, 30, 10));
	say("change the middle", lock(fd, F_SETLK, F_RDLCK, 14, 2));
	say("to the end", lock(fd, F_SETLK, F_WRLCK, 100, 0));
	fflush(stdout);
	if (fork() == 0) {
		who(fd, F_RDLCK, 0, 10);
		who(fd, F_RDLCK, 0, 11);
		who(fd, F_RDLCK, 14, 2);
		who(fd, F_WRLCK, 14, 2);
		who(fd, F_WRLCK, 16, 1);
		who(fd, F_WRLCK, 35, 1);
		who(fd, F_RDLCK, 200, 1);
		say("a conflict", lock(fd, F_SETLK, F_WRLCK, 15, 10));
		say("no conflict", lock(fd, F_SETLK, F_RDLCK, 30, 5));
		fflush(stdout);
		write(q[1], "x", 1);
		_exit(lock(fd, F_SETLKW, F_WRLCK, 10, 4) ? 1 : 0);
	}
	read(q[0], &byte, 1);
	say("release a part", lock(fd, F_SETLK, F_UNLCK, 0, 20));
	wait(&status);
	printf("the child waited and got it %d\n", status == 0);
	say("the child's are gone", lock(fd, F_SETLK, F_WRLCK, 0, 0));
	/* Closing any descriptor of the file drops the process's locks. */
	close(open("f", O_RDONLY));
	if (fork() == 0) {
		say("after a close", lock(fd, F_SETLK, F_WRLCK, 0, 0));
		fflush(stdout);
		_exit(0);
	}
	wait(NULL);
	p[0] = open("f", O_RDONLY);
	say("a write lock without writing", lock(p[0], F_SETLK, F_WRLCK, 0, 1));
	say("a bad type", lock(fd, F_SETLK, 9, 0, 1));
	say("a negative start", lock(fd, F_SETLK, F_RDLCK, -1, 1));
	return 0;
}
