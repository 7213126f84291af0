/* flock: shared and exclusive, who holds it, and how it goes. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/wait.h>
#include <unistd.h>

static void try(const char *what, int fd, int op)
{
	printf("%s: %s\n", what, flock(fd, op) ? strerror(errno) : "ok");
	fflush(stdout);
}

int main(void)
{
	int a = open("f", O_RDWR | O_CREAT, 0600), b = open("f", O_RDWR), c = dup(a), p[2];
	char byte;

	try("shared", a, LOCK_SH);
	try("shared by another", b, LOCK_SH | LOCK_NB);
	try("exclusive", a, LOCK_EX | LOCK_NB);
	try("unlock the other", b, LOCK_UN);
	try("exclusive", a, LOCK_EX | LOCK_NB);
	try("by a duplicate", c, LOCK_EX | LOCK_NB);
	try("by the other", b, LOCK_SH | LOCK_NB);
	close(a);
	try("one duplicate is closed", b, LOCK_SH | LOCK_NB);
	pipe(p);
	if (fork() == 0) {
		read(p[0], &byte, 1);
		close(c);
		_exit(0);
	}
	close(c);
	try("a child still has it", b, LOCK_EX | LOCK_NB);
	write(p[1], "x", 1);
	try("waits for the child", b, LOCK_EX);
	wait(NULL);
	try("unlock", b, LOCK_UN);
	try("bad operation", b, 77);
	try("bad descriptor", 99, LOCK_SH);
	return 0;
}
