/*
 * Two processes send one byte back and forth through two pipes: each round is two context switches.
 *
 * Passes through pipe_write, pipe_read, schedule and try_to_wake_up. Argument: rounds (default 200).
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	int rounds = argc > 1 ? atoi(argv[1]) : 200;
	int there[2], back[2];
	char ball = 0;

	if (pipe(there) < 0 || pipe(back) < 0) {
		perror("pipe");
		return 1;
	}
	if (fork() == 0) {
		close(there[1]);
		while (read(there[0], &ball, 1) == 1) {
			ball++;
			write(back[1], &ball, 1);
		}
		_exit(0);
	}
	close(there[0]);
	for (int i = 0; i < rounds; i++) {
		write(there[1], &ball, 1);
		if (read(back[0], &ball, 1) != 1)
			return 1;
	}
	close(there[1]);
	wait(NULL);
	printf("pipes: %d rounds, the ball says %d\n", rounds, (unsigned char)ball);
	return 0;
}
