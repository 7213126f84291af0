/* vfork: the parent waits, and sees what the child wrote. */
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "check.h"

int main(int argc, char **argv)
{
	static volatile int seen;
	char *args[] = { "again", "x", NULL };
	int status;
	pid_t pid;

	if (argc > 1)
		return 42;
	setbuf(stdout, NULL);
	pid = vfork();
	if (pid == 0) {
		seen = 7;
		_exit(5);
	}
	printf("the child wrote %d\n", seen);
	waitpid(pid, &status, 0);
	printf("exit %d\n", WEXITSTATUS(status));
	pid = vfork();
	if (pid == 0) {
		execv("/proc/self/exe", args);
		_exit(9);
	}
	waitpid(pid, &status, 0);
	printf("exec'd: %d\n", WEXITSTATUS(status));
	pid = vfork();
	if (pid == 0) {
		execv("/nothing/there", args);
		_exit(9);
	}
	waitpid(pid, &status, 0);
	printf("not exec'd: %d\n", WEXITSTATUS(status));
	return 0;
}
