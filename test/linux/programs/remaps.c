/* mremap and brk: memory that grows, moves and shrinks. */
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#include "check.h"

static long sum(const char *p, long n)
{
	long total = 0;

	while (n-- > 0)
		total += *p++;
	return total;
}

int main(void)
{
	char *a = mmap(NULL, 16 * 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0), *b;
	struct rlimit limit = { 1 << 20, RLIM_INFINITY };
	char *heap;

	for (int i = 0; i < 4; i++)
		memset(a + i * 4096, i + 1, 4096);
	munmap(a + 8 * 4096, 8 * 4096);
	printf("shrinks in place %d\n", mremap(a, 8 * 4096, 4 * 4096, 0) == a);
	printf("grows in place %d\n", mremap(a, 4 * 4096, 8 * 4096, 0) == a);
	printf("sum %ld\n", sum(a, 8 * 4096));
	b = mmap(a + 8 * 4096, 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
	printf("something is in the way: %s\n", mremap(a, 8 * 4096, 16 * 4096, 0) == MAP_FAILED ? strerror(errno) : "grew");
	b = mremap(a, 8 * 4096, 64 * 4096, MREMAP_MAYMOVE);
	printf("moved %d, sum %ld\n", b != MAP_FAILED && b != a, sum(b, 64 * 4096));
	printf("the old place is free %d\n", msync(a, 4096, MS_SYNC) < 0);
	printf("nothing there: %s\n", mremap((void *)0x10000000, 4096, 8192, MREMAP_MAYMOVE) == MAP_FAILED ? strerror(errno) : "?");
	printf("bad flags: %s\n", mremap(b, 4096, 8192, 0x100) == MAP_FAILED ? strerror(errno) : "?");
	printf("no new size: %s\n", mremap(b, 4096, 0, 0) == MAP_FAILED ? strerror(errno) : "?");
	heap = sbrk(0);
	printf("brk %d\n", brk(heap + 100000));
	memset(heap, 7, 100000);
	printf("sbrk %d, sum %ld\n", sbrk(0) == heap + 100000, sum(heap, 100000));
	printf("back %d\n", brk(heap));
	brk(heap + 100000);
	printf("zeroes again %ld\n", sum(heap + 8192, 80000));
	setrlimit(RLIMIT_DATA, &limit);
	SHOW(brk(heap + (64 << 20)));
	return 0;
}
