/* exit_group ends all threads, and so does a fatal signal. */
#include <sched.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "check.h"

#define FLAGS (CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD | CLONE_SYSVSEM)

static int sleeper(void *arg)
{
	for (;;)
		pause();
	return 0;
}

static int ender(void *arg)
{
	usleep(2000);
	_exit(7);
}

static void run(const char *what, int (*function)(void *), int sig)
{
	int status;
	pid_t pid = fork();

	if (pid == 0) {
		char *stacks = mmap(NULL, 4 * 65536, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

		for (int i = 1; i < 4; i++)
			clone(sleeper, stacks + i * 65536, FLAGS, NULL);
		clone(function, stacks + 4 * 65536, FLAGS, NULL);
		sleeper(NULL);
	}
	usleep(10000);
	if (sig)
		kill(pid, sig);
	waitpid(pid, &status, 0);
	printf("%s: exit %d signal %d\n", what, WIFEXITED(status) ? WEXITSTATUS(status) : -1,
	       WIFSIGNALED(status) ? WTERMSIG(status) : 0);
}

int main(void)
{
	setbuf(stdout, NULL);
	run("exit_group", ender, 0);
	run("SIGKILL", sleeper, SIGKILL);
	run("SIGTERM", sleeper, SIGTERM);
	return 0;
}
