/* How programs end: exit codes, each fatal signal, atexit, and what the core flag says without a core limit. */
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "check.h"

static void bye(void)
{
	printf("bye\n");
}

static void crash(int how)
{
	volatile int zero = 0;
	volatile int *wild = (int *)16;

	switch (how) {
	case 0:
		*wild = 1;
		break;
	case 1:
		zero = 100 / zero;
		break;
	case 2:
		__asm__ volatile("ud2");
		break;
	case 3:
		((void (*)(void))mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0))();
		break;
	case 4:
		__asm__ volatile("int3");
		break;
	case 5:
		__asm__ volatile("hlt");
		break;
	case 6:
		wild = (int *)0x8000000000000000UL;
		*wild = 1;
		break;
	}
	_exit(99);
}

int main(void)
{
	struct rlimit none = { 0, 0 };
	int status;

	setbuf(stdout, NULL);
	setrlimit(RLIMIT_CORE, &none);
	for (int code = 0; code < 3; code++) {
		if (fork() == 0) {
			atexit(bye);
			exit(code * 100);
		}
		wait(&status);
		printf("exit %d\n", WEXITSTATUS(status));
	}
	for (int how = 0; how < 7; how++) {
		if (fork() == 0)
			crash(how);
		wait(&status);
		printf("crash %d: signal %d\n", how, WIFSIGNALED(status) ? WTERMSIG(status) : -1);
	}
	for (int sig = 1; sig < 32; sig++) {
		pid_t pid;

		if (sig == SIGTSTP || sig == SIGTTIN || sig == SIGTTOU)
			continue;	/* they stop nobody whose group is orphaned, as ours may be */
		pid = fork();
		if (pid == 0) {
			signal(sig, SIG_DFL);
			raise(sig);
			_exit(0);
		}
		waitpid(pid, &status, WUNTRACED);
		printf("%d: %s %d\n", sig, WIFEXITED(status) ? "exit" : WIFSTOPPED(status) ? "stopped" : "killed",
		       WIFEXITED(status) ? WEXITSTATUS(status) : WIFSTOPPED(status) ? WSTOPSIG(status) : WTERMSIG(status));
		if (WIFSTOPPED(status)) {
			kill(pid, SIGKILL);
			waitpid(pid, &status, 0);
		}
	}
	return 0;
}
