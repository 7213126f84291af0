/* mmap: anonymous, private and shared files, fixed places, and what is refused. */
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "check.h"

static void map(const char *what, void *p)
{
	printf("%s: %s\n", what, p == MAP_FAILED ? strerror(errno) : "ok");
}

int main(void)
{
	int fd = open("f", O_RDWR | O_CREAT, 0600), ro;
	char *a, *b, text[16] = { 0 };
	int sum = 0;

	setbuf(stdout, NULL);
	a = mmap(NULL, 65536, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	for (int i = 0; i < 65536; i++)
		sum += a[i];
	printf("zeroes %d\n", sum == 0);
	a[100] = 1;
	b = mmap(a, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
	printf("fixed, over the old %d %d\n", a == b, a[100]);
	map("MAP_FIXED_NOREPLACE", mmap(a, 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0));
	write(fd, "0123456789", 10);
	ftruncate(fd, 8192);
	a = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	b = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0);
	a[0] = 'S';
	printf("private sees %c\n", b[0]);
	b[1] = 'P';
	a[1] = 's';
	printf("its own after a write %c\n", b[1]);
	pread(fd, text, 4, 0);
	printf("the file %s\n", text);
	pwrite(fd, "W", 1, 3);
	printf("a write is seen %c %c\n", a[3], b[3]);
	if (fork() == 0) {
		a[4] = 'C';
		b[5] = 'C';
		_exit(0);
	}
	wait(NULL);
	printf("of a child: shared %c, private %c\n", a[4], b[5]);
	close(fd);
	printf("closed, still %c\n", a[4]);
	ro = open("f", O_RDONLY);
	map("shared writing of a read-only file", mmap(NULL, 4096, PROT_WRITE, MAP_SHARED, ro, 0));
	map("private writing of it", mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE, ro, 0));
	a = mmap(NULL, 4096, PROT_READ, MAP_SHARED, ro, 0);
	SHOW(mprotect(a, 4096, PROT_READ | PROT_WRITE));
	map("offset", mmap(NULL, 4096, PROT_READ, MAP_PRIVATE, ro, 100));
	map("no length", mmap(NULL, 0, PROT_READ, MAP_PRIVATE, ro, 0));
	map("neither shared nor private", mmap(NULL, 4096, PROT_READ, MAP_ANONYMOUS, -1, 0));
	map("bad descriptor", mmap(NULL, 4096, PROT_READ, MAP_PRIVATE, 99, 0));
	map("write-only", mmap(NULL, 4096, PROT_READ, MAP_PRIVATE, open("f", O_WRONLY), 0));
	map("a directory", mmap(NULL, 4096, PROT_READ, MAP_PRIVATE, open(".", O_RDONLY), 0));
	map("an odd fixed address", mmap((void *)123, 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0));
	map("too long", mmap(NULL, 1UL << 60, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
	SHOW(munmap((void *)1, 4096));
	SHOW(munmap((void *)4096, 0));
	SHOW(munmap((void *)0x10000000, 4096));
	SHOW(mprotect((void *)0x10000000, 4096, PROT_READ));
	return 0;
}
