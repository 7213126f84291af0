/*
 * Touches memory for the first time: anonymous pages, pages shared with a child until one of them writes, and a file.
 *
 * Passes through handle_mm_fault and filemap_fault. Argument: pages (default 200).
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#define PAGE 4096

int main(int argc, char **argv)
{
	size_t pages = argc > 1 ? strtoul(argv[1], NULL, 0) : 200;
	char *memory = mmap(NULL, pages * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	unsigned long sum = 0;
	int fd;

	if (memory == MAP_FAILED) {
		perror("mmap");
		return 1;
	}
	for (size_t i = 0; i < pages; i++)
		memory[i * PAGE] = (char)i;
	if (fork() == 0) {
		for (size_t i = 0; i < pages; i++)
			memory[i * PAGE]++;
		_exit(0);
	}
	wait(NULL);
	for (size_t i = 0; i < pages; i++)
		sum += (unsigned char)memory[i * PAGE];
	munmap(memory, pages * PAGE);

	fd = open(argv[0], O_RDONLY);
	memory = mmap(NULL, PAGE, PROT_READ, MAP_PRIVATE, fd, 0);
	printf("faults: %zu pages, sum %lu, and this program begins with %.3s\n", pages, sum, memory + 1);
	return 0;
}
