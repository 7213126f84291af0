/*
 * Opens, writes, reads and closes files, over and over.
 *
 * Passes through do_sys_open, vfs_open, vfs_write, vfs_read, filp_close and do_unlinkat. Argument: rounds (default 100).
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int one_round(int round)
{
	char name[64], text[64], back[64];
	int fd, length;

	snprintf(name, sizeof(name), "/tmp/workload-%d", round % 10);
	length = snprintf(text, sizeof(text), "round %d\n", round);
	fd = open(name, O_WRONLY | O_CREAT | O_TRUNC, 0644);
	if (fd < 0 || write(fd, text, length) != length)
		return -1;
	close(fd);
	fd = open(name, O_RDONLY);
	if (fd < 0 || read(fd, back, sizeof(back)) != length || memcmp(text, back, length))
		return -1;
	close(fd);
	return round % 10 == 9 ? unlink(name) : 0;
}

int main(int argc, char **argv)
{
	int rounds = argc > 1 ? atoi(argv[1]) : 100;

	for (int round = 0; round < rounds; round++) {
		if (one_round(round) < 0) {
			perror("files");
			return 1;
		}
	}
	printf("files: %d rounds\n", rounds);
	return 0;
}
