/*
 * Forks children that exit at once, and some that run this program again first.
 *
 * Passes through kernel_clone, wake_up_new_task, bprm_execve, do_exit and the copy-on-write half of handle_mm_fault.
 * Argument: children (default 50).
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	int children = argc > 1 ? atoi(argv[1]) : 50;
	int sum = 0, status;

	if (argc > 2 && strcmp(argv[2], "child") == 0)
		return 2;
	for (int i = 0; i < children; i++) {
		pid_t pid = fork();

		if (pid < 0) {
			perror("fork");
			return 1;
		}
		if (pid == 0) {
			if (i % 5 == 0)
				execl(argv[0], argv[0], "0", "child", (char *)NULL);
			_exit(1);
		}
		waitpid(pid, &status, 0);
		sum += WEXITSTATUS(status);
	}
	printf("fork: %d children, exit codes add up to %d\n", children, sum);
	return 0;
}
