/*
 * Makes and forgets many small kernel objects: pipes, files and directories are born from slabs and go back to them.
 *
 * Passes through __kmalloc, kmem_cache_alloc, kmem_cache_free and kfree. Argument: rounds (default 50).
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define OBJECTS 20

int main(int argc, char **argv)
{
	int rounds = argc > 1 ? atoi(argv[1]) : 50;
	int made = 0;

	for (int round = 0; round < rounds; round++) {
		int pipes[OBJECTS][2];
		char name[64];

		for (int i = 0; i < OBJECTS; i++) {
			snprintf(name, sizeof(name), "/tmp/allocations-%d", i);
			if (pipe(pipes[i]) < 0 || mkdir(name, 0755) < 0) {
				perror("allocations");
				return 1;
			}
			made += 2;
		}
		for (int i = 0; i < OBJECTS; i++) {
			snprintf(name, sizeof(name), "/tmp/allocations-%d", i);
			rmdir(name);
			close(pipes[i][0]);
			close(pipes[i][1]);
		}
	}
	printf("allocations: %d objects\n", made);
	return 0;
}
