/* memfd, fallocate, and files that are only memory. */
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "check.h"

int main(void)
{
	char text[64] = { 0 }, path[64];
	struct stat st;
	int fd = memfd_create("a name", MFD_CLOEXEC);
	char *map;

	printf("memfd %d, close-on-exec %d\n", fd >= 0, fcntl(fd, F_GETFD));
	SHOW(write(fd, "hello", 5));
	SHOW(ftruncate(fd, 10000));
	fstat(fd, &st);
	printf("size %ld, links %ld, regular %d\n", (long)st.st_size, (long)st.st_nlink, S_ISREG(st.st_mode) != 0);
	map = mmap(NULL, 10000, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	memcpy(map + 9000, "mapped", 6);
	SHOW(pread(fd, text, 6, 9000));
	puts(text);
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	memset(text, 0, sizeof(text));
	readlink(path, text, 63);
	puts(text);
	SHOW(memfd_create("x", 0x100));
	fd = open("f", O_RDWR | O_CREAT, 0600);
	SHOW(fallocate(fd, 0, 0, 5000));
	printf("size %ld\n", (long)lseek(fd, 0, SEEK_END));
	SHOW(fallocate(fd, FALLOC_FL_KEEP_SIZE, 5000, 5000));
	printf("size %ld\n", (long)lseek(fd, 0, SEEK_END));
	pwrite(fd, "0123456789", 10, 100);
	SHOW(fallocate(fd, FALLOC_FL_KEEP_SIZE | FALLOC_FL_PUNCH_HOLE, 103, 4));
	memset(text, '?', sizeof(text));
	SHOW(pread(fd, text, 10, 100));
	for (int i = 0; i < 10; i++)
		putchar(text[i] ? text[i] : '.');
	putchar('\n');
	SHOW(fallocate(fd, FALLOC_FL_PUNCH_HOLE, 0, 10));
	SHOW(fallocate(fd, 0, -1, 10));
	SHOW(fallocate(fd, 0, 0, 0));
	SHOW(fallocate(99, 0, 0, 10));
	return 0;
}
