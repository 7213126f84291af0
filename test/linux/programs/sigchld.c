/* SIGCHLD: what it tells, stops and continues, and children that nobody waits for. */
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "check.h"

static volatile int count, code, status, pid;

static void on_child(int sig, siginfo_t *info, void *context)
{
	count++;
	code = info->si_code;
	status = info->si_status;
	pid = info->si_pid;
}

static void await(int wanted)
{
	sigset_t none;

	sigemptyset(&none);
	while (count < wanted)
		sigsuspend(&none);
	printf("code %d status %d\n", code, status);
}

int main(void)
{
	struct sigaction action = { .sa_sigaction = on_child, .sa_flags = SA_SIGINFO };
	sigset_t set;
	int ignored, child;

	setbuf(stdout, NULL);
	sigemptyset(&set);
	sigaddset(&set, SIGCHLD);
	sigprocmask(SIG_BLOCK, &set, NULL);
	sigaction(SIGCHLD, &action, NULL);
	child = fork();
	if (child == 0) {
		for (;;)
			pause();
	}
	kill(child, SIGSTOP);
	await(1);
	kill(child, SIGCONT);
	await(2);
	kill(child, SIGKILL);
	await(3);
	SHOW(waitpid(child, &ignored, 0) == child && pid == child);
	if (fork() == 0)
		_exit(17);
	await(4);
	SHOW(wait(&ignored) > 0);
	action.sa_flags |= SA_NOCLDSTOP;
	sigaction(SIGCHLD, &action, NULL);
	child = fork();
	if (child == 0) {
		for (;;)
			pause();
	}
	kill(child, SIGSTOP);
	waitpid(child, &ignored, WUNTRACED);
	kill(child, SIGCONT);
	waitpid(child, &ignored, WCONTINUED);
	kill(child, SIGTERM);
	await(5);
	wait(NULL);
	action.sa_flags |= SA_NOCLDWAIT;
	sigaction(SIGCHLD, &action, NULL);
	if (fork() == 0)
		_exit(0);
	await(6);
	SHOW(wait(&ignored));
	return 0;
}
