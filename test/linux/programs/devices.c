/* /dev/null, zero, full and urandom. */
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "check.h"

int main(void)
{
	int null = open("/dev/null", O_RDWR), zero = open("/dev/zero", O_RDWR), full = open("/dev/full", O_RDWR);
	int random = open("/dev/urandom", O_RDONLY);
	char text[16] = "unchanged", other[16], *map;

	SHOW(read(null, text, 16));
	SHOW(write(null, text, 16));
	SHOW(lseek(null, 100, SEEK_SET) >= 0);
	SHOW(read(zero, text, 16));
	printf("%d\n", text[0]);
	SHOW(write(zero, text, 16));
	SHOW(read(full, text, 16));
	SHOW(write(full, text, 16));
	SHOW(read(random, text, 16));
	SHOW(read(random, other, 16));
	printf("differ %d\n", memcmp(text, other, 16) != 0);
	map = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE, zero, 0);
	printf("mapped %d %d\n", map != MAP_FAILED, map == MAP_FAILED ? 1 : map[5000]);
	SHOW(ftruncate(null, 0));
	SHOW(isatty(null));
	SHOW(read(null, (char *)8, 16));
	SHOW(read(zero, (char *)8, 16));
	return 0;
}
