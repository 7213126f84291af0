/*
 * Several processes append to one file, each line under an exclusive lock: whoever does not get the lock sleeps.
 *
 * Passes through flock, down_write on the file's inode, schedule and try_to_wake_up. Argument: lines for each of the
 * four processes (default 25).
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define PROCESSES 4
#define LOCK_EX 2
#define LOCK_UN 8

static void append(const char *name, int who, int lines)
{
	int fd = open(name, O_WRONLY | O_APPEND);
	char line[32];

	for (int i = 0; i < lines; i++) {
		int length = snprintf(line, sizeof(line), "process %d line %3d\n", who, i);

		syscall(SYS_flock, fd, LOCK_EX);
		for (int at = 0; at < length; at++)
			write(fd, line + at, 1);
		syscall(SYS_flock, fd, LOCK_UN);
	}
	_exit(0);
}

int main(int argc, char **argv)
{
	int lines = argc > 1 ? atoi(argv[1]) : 25;
	int good = 0, who, number;
	char line[64];
	FILE *file;

	close(open("/tmp/contention", O_WRONLY | O_CREAT | O_TRUNC, 0644));
	for (int i = 0; i < PROCESSES; i++)
		if (fork() == 0)
			append("/tmp/contention", i, lines);
	while (wait(NULL) > 0)
		;
	file = fopen("/tmp/contention", "r");
	while (file && fgets(line, sizeof(line), file))
		good += sscanf(line, "process %d line %d", &who, &number) == 2;
	printf("contention: %d of %d lines are whole\n", good, PROCESSES * lines);
	return good != PROCESSES * lines;
}
