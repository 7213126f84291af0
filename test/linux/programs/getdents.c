/* Reading directories: every entry once, in pieces, while it changes, and with seekdir-like rewinds. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>
#include "check.h"

struct entry {
	unsigned long ino;
	long off;
	unsigned short length;
	unsigned char type;
	char name[];
};

static int by_name(const void *a, const void *b)
{
	return strcmp(a, b);
}

int main(void)
{
	static char names[256][32];
	char buffer[256], small[8];
	int fd, count = 0, calls = 0;
	long n;

	for (int i = 0; i < 100; i++) {
		char name[32];

		snprintf(name, sizeof(name), "file%02d", i);
		close(open(name, O_CREAT | O_WRONLY, 0600));
	}
	mkdir("dir", 0700);
	symlink("x", "link");
	fd = open(".", O_RDONLY | O_DIRECTORY);
	while ((n = syscall(SYS_getdents64, fd, buffer, sizeof(buffer))) > 0) {
		calls++;
		for (long at = 0; at < n;) {
			struct entry *e = (struct entry *)(buffer + at);

			snprintf(names[count++], 32, "%s %d", e->name, e->type);
			at += e->length;
		}
	}
	printf("%d entries in several calls: %d\n", count, calls > 5);
	qsort(names, count, sizeof(*names), by_name);
	for (int i = 0; i < 5; i++)
		puts(names[i]);
	puts(names[count - 1]);
	for (int i = 1; i < count; i++)
		if (!strcmp(names[i], names[i - 1]))
			printf("twice: %s\n", names[i]);
	printf("at the end %ld\n", syscall(SYS_getdents64, fd, buffer, sizeof(buffer)));
	lseek(fd, 0, SEEK_SET);
	printf("after rewinding %d\n", syscall(SYS_getdents64, fd, buffer, sizeof(buffer)) > 0);
	lseek(fd, 0, SEEK_SET);
	say("too small", syscall(SYS_getdents64, fd, small, 8));
	say("wild", syscall(SYS_getdents64, fd, 8, 256));
	say("read of a directory", read(fd, buffer, 10));
	fd = open("file00", O_RDONLY);
	say("of a file", syscall(SYS_getdents64, fd, buffer, 256));
	say("opendir of nothing", opendir("nothing") != NULL);
	say("opendir of a file", opendir("file00") != NULL);
	return 0;
}
