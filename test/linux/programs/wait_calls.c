/* wait, waitpid and waitid: who is waited for, what is told, and zombies that stay until then. */
#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "check.h"

static pid_t child(int code)
{
	pid_t pid = fork();

	if (pid == 0)
		_exit(code);
	return pid;
}

static void info(const char *what, int ret, const siginfo_t *si, pid_t pid)
{
	if (ret < 0)
		say(what, ret);
	else
		printf("%s: signal %d code %d status %d it %d\n", what, si->si_signo, si->si_code, si->si_status,
		       si->si_pid == pid);
}

int main(void)
{
	int status = 0;
	struct rusage usage;
	siginfo_t si = { 0 };
	pid_t a, b;

	setbuf(stdout, NULL);
	SHOW(wait(&status));
	SHOW(waitpid(-1, &status, WNOHANG));
	a = child(3);
	b = child(4);
	SHOW(waitpid(b, &status, 0) == b);
	printf("%d\n", WEXITSTATUS(status));
	SHOW(waitpid(b, &status, 0));
	info("waitid, left waitable", waitid(P_PID, a, &si, WEXITED | WNOWAIT), &si, a);
	info("waitid", waitid(P_PID, a, &si, WEXITED), &si, a);
	info("again", waitid(P_PID, a, &si, WEXITED), &si, a);
	info("no kind", waitid(P_ALL, 0, &si, WNOHANG), &si, a);
	info("bad type", waitid(9, 0, &si, WEXITED), &si, a);
	SHOW(waitpid(-1, &status, 0x100));
	SHOW(waitpid(1, &status, WNOHANG));
	a = fork();
	if (a == 0) {
		pause();
		_exit(0);
	}
	SHOW(waitpid(a, &status, WNOHANG));
	si.si_pid = 77;
	SHOW(waitid(P_PID, a, &si, WEXITED | WNOHANG));
	printf("nothing yet: pid %d\n", si.si_pid);
	kill(a, SIGSTOP);
	SHOW(waitpid(a, &status, WUNTRACED) == a);
	printf("stopped by %d %d\n", WIFSTOPPED(status), WSTOPSIG(status));
	SHOW(waitpid(a, &status, WUNTRACED | WNOHANG));
	kill(a, SIGCONT);
	SHOW(waitpid(a, &status, WCONTINUED) == a);
	printf("continued %d\n", WIFCONTINUED(status) != 0);
	kill(a, SIGTERM);
	info("killed", waitid(P_ALL, 0, &si, WEXITED), &si, a);
	a = fork();
	if (a == 0)
		abort();
	SHOW(wait4(a, &status, 0, &usage) == a);
	printf("signal %d\n", WTERMSIG(status));
	signal(SIGCHLD, SIG_IGN);
	child(0);
	SHOW(wait(&status));
	signal(SIGCHLD, SIG_DFL);
	a = child(0x1ff);
	waitpid(a, &status, 0);
	printf("only 8 bits %d\n", WEXITSTATUS(status));
	SHOW(waitpid(child(0), (int *)8, 0) < 0);
	return 0;
}
