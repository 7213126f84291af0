/* mprotect in the middle of a mapping, madvise, msync, mlock and mincore. */
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "check.h"

int main(void)
{
	unsigned char there[8];
	char *a = mmap(NULL, 8 * 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	int p[2], fd = open("f", O_RDWR | O_CREAT, 0600);

	pipe(p);
	a[4096 * 2] = 'x';
	a[4096 * 3] = 'y';
	SHOW(mprotect(a + 4096, 2 * 4096, PROT_READ));
	SHOW(mprotect(a + 2 * 4096, 4 * 4096, PROT_NONE));
	/* The kernel tells which pages may be used, without a fault of ours. */
	for (int i = 0; i < 8; i++) {
		char byte = 0;
		int can_read = write(p[1], a + i * 4096, 1) == 1;
		int can_write = read(p[0], can_read ? a + i * 4096 : &byte, can_read ? 1 : 0) == 1;

		if (can_read && !can_write)
			read(p[0], &byte, 1);
		printf("%d%d ", can_read, can_write);
	}
	printf("\n");
	SHOW(mprotect(a, 8 * 4096, PROT_READ | PROT_WRITE));
	printf("still there: %c %c\n", a[4096 * 2], a[4096 * 3]);
	SHOW(mprotect(a + 1, 4096, PROT_READ));
	SHOW(mprotect(a, 4096, 0x100));
	SHOW(madvise(a + 2 * 4096, 4096, MADV_DONTNEED));
	printf("dropped %d, kept %c\n", a[4096 * 2], a[4096 * 3]);
	SHOW(madvise(a + 1, 4096, MADV_DONTNEED));
	SHOW(madvise(a, 4096, 9999));
	SHOW(madvise((void *)0x10000000, 4096, MADV_DONTNEED));
	a = mmap(NULL, 4 * 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	a[4096] = 1;
	SHOW(mincore(a, 4 * 4096, there));
	printf("%d%d%d%d\n", there[0] & 1, there[1] & 1, there[2] & 1, there[3] & 1);
	SHOW(mlock(a, 4 * 4096));
	SHOW(mincore(a, 4 * 4096, there));
	printf("%d%d%d%d\n", there[0] & 1, there[1] & 1, there[2] & 1, there[3] & 1);
	SHOW(munlock(a, 4 * 4096));
	SHOW(mincore((void *)0x10000000, 4096, there));
	SHOW(mlock((void *)0x10000000, 4096));
	ftruncate(fd, 4096);
	a = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	a[0] = 'm';
	SHOW(msync(a, 4096, MS_SYNC));
	SHOW(msync(a, 4096, MS_SYNC | MS_ASYNC));
	SHOW(msync(a + 1, 4096, MS_SYNC));
	SHOW(msync((void *)0x10000000, 4096, MS_SYNC));
	return 0;
}
