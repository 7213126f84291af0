/* A file without a name lives as long as somebody has it open or mapped. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include "check.h"

int main(void)
{
	struct stat st;
	char text[16] = { 0 }, *map;
	int fd = open("f", O_RDWR | O_CREAT, 0600), other;

	write(fd, "still here", 10);
	link("f", "g");
	fstat(fd, &st);
	printf("links %ld\n", (long)st.st_nlink);
	printf("unlink %d\n", unlink("f"));
	fstat(fd, &st);
	printf("links %ld\n", (long)st.st_nlink);
	SHOW(unlink("g"));
	SHOW(unlink("g"));
	fstat(fd, &st);
	printf("links %ld, size %ld\n", (long)st.st_nlink, (long)st.st_size);
	SHOW(pread(fd, text, 15, 0));
	puts(text);
	other = open("f", O_RDWR | O_CREAT | O_EXCL, 0600);
	printf("a new file of that name: %d bytes\n", (int)lseek(other, 0, SEEK_END));
	map = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	close(fd);
	printf("mapped: %s\n", map);
	map[0] = 'S';
	printf("changed: %s\n", map);
	SHOW(unlink("."));
	mkdir("dir", 0755);
	fd = open("dir", O_RDONLY);
	printf("rmdir %d\n", rmdir("dir"));
	say("create in it", openat(fd, "x", O_CREAT | O_WRONLY, 0600));
	fchdir(fd);
	printf("getcwd %s\n", getcwd(text, 16) ? text : strerror(errno));
	return 0;
}
