/* Processes without end: fork, exec of this very program, exit, wait. */
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	char *child[] = { argv[0], "child", NULL };
	char *environment[] = { NULL };

	if (argc > 1)
		return 0;
	printf("looping\n");
	fflush(stdout);
	for (;;) {
		int pid = fork();

		if (pid == 0) {
			execve("/init", child, environment);
			_exit(1);
		}
		waitpid(pid, NULL, 0);
	}
}
