/* copy_file_range, sendfile, splice, tee: bytes that never visit the program. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/sendfile.h>
#include <unistd.h>

static void say(const char *what, ssize_t n)
{
	if (n < 0)
		printf("%s: %s\n", what, strerror(errno));
	else
		printf("%s: %zd\n", what, n);
}

static void show(const char *path)
{
	char text[64] = { 0 };
	int fd = open(path, O_RDONLY);

	read(fd, text, 63);
	close(fd);
	printf("%s = '%s'\n", path, text);
}

int main(void)
{
	int in = open("in", O_RDWR | O_CREAT, 0600), out = open("out", O_RDWR | O_CREAT, 0600), p[2], q[2];
	off_t at = 4, to = 2;
	char text[32] = { 0 };

	write(in, "0123456789abcdef", 16);
	lseek(in, 0, SEEK_SET);
	say("sendfile", sendfile(out, in, NULL, 5));
	say("position", lseek(in, 0, SEEK_CUR));
	say("sendfile at", sendfile(out, in, &at, 4));
	printf("at %ld, position %ld\n", (long)at, (long)lseek(in, 0, SEEK_CUR));
	say("to the end", sendfile(out, in, NULL, 100));
	say("at the end", sendfile(out, in, NULL, 100));
	show("out");
	at = 10;
	ftruncate(out, 0);
	lseek(out, 0, SEEK_SET);
	say("copy_file_range", copy_file_range(in, &at, out, &to, 3, 0));
	printf("at %ld to %ld size %ld\n", (long)at, (long)to, (long)lseek(out, 0, SEEK_END));
	at = 0, to = 4;
	say("overlapping", copy_file_range(in, &at, in, &to, 8, 0));
	say("flags", copy_file_range(in, &at, out, &to, 8, 1));
	say("bad descriptor", copy_file_range(in, &at, 99, &to, 8, 0));
	pipe(p);
	pipe(q);
	say("of a pipe", copy_file_range(p[0], NULL, out, &to, 8, 0));
	at = 2;
	say("splice in", splice(in, &at, p[1], NULL, 6, 0));
	say("tee", tee(p[0], q[1], 4, 0));
	say("read the copy", read(q[0], text, 31));
	puts(text);
	ftruncate(out, 0);
	lseek(out, 0, SEEK_SET);
	say("splice out", splice(p[0], NULL, out, NULL, 100, 0));
	show("out");
	say("splice between pipes", (write(p[1], "pipe", 4), splice(p[0], NULL, q[1], NULL, 4, 0)));
	memset(text, 0, sizeof(text));
	say("read", read(q[0], text, 31));
	puts(text);
	say("splice without a pipe", splice(in, NULL, out, NULL, 4, 0));
	say("an offset for a pipe", splice(p[0], &at, out, NULL, 4, 0));
	say("empty and nonblocking", splice(p[0], NULL, out, NULL, 4, SPLICE_F_NONBLOCK));
	close(p[1]);
	say("no writer", splice(p[0], NULL, out, NULL, 4, 0));
	return 0;
}
