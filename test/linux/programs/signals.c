/* Signals: handlers, masks, restarts, and killing. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static volatile sig_atomic_t caught[NSIG];
static volatile sig_atomic_t order, first;

static void handler(int sig)
{
	caught[sig]++;
	if (!first)
		first = sig;
	order++;
}

static void with_info(int sig, siginfo_t *info, void *context)
{
	caught[sig]++;
	order = info->si_signo == sig && info->si_pid == getpid();
}

int main(void)
{
	struct sigaction action = { .sa_handler = handler }, old;
	sigset_t set, pending;
	int status, fds[2];
	char c = 0;
	pid_t pid;

	sigaction(SIGUSR1, &action, NULL);
	sigaction(SIGUSR2, &action, NULL);
	raise(SIGUSR1);
	kill(getpid(), SIGUSR1);
	printf("caught %d\n", (int)caught[SIGUSR1]);
	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	sigaddset(&set, SIGUSR2);
	sigprocmask(SIG_BLOCK, &set, NULL);
	raise(SIGUSR1);
	raise(SIGUSR1);
	raise(SIGUSR2);
	sigpending(&pending);
	printf("blocked: %d, pending %d %d %d\n", (int)caught[SIGUSR1], sigismember(&pending, SIGUSR1),
	       sigismember(&pending, SIGUSR2), sigismember(&pending, SIGINT));
	sigprocmask(SIG_UNBLOCK, &set, NULL);
	printf("after: %d %d\n", (int)caught[SIGUSR1], (int)caught[SIGUSR2]);

	action.sa_sigaction = with_info;
	action.sa_flags = SA_SIGINFO;
	sigaction(SIGTERM, &action, &old);
	printf("old handler is the default: %d\n", old.sa_handler == SIG_DFL);
	kill(getpid(), SIGTERM);
	printf("with info: %d %d\n", (int)caught[SIGTERM], (int)order);
	signal(SIGTERM, SIG_IGN);
	raise(SIGTERM);
	printf("ignored: %d\n", (int)caught[SIGTERM]);
	action.sa_handler = handler;
	action.sa_flags = SA_RESETHAND;
	sigaction(SIGHUP, &action, NULL);
	raise(SIGHUP);
	sigaction(SIGHUP, NULL, &old);
	printf("reset after one: %d %d\n", (int)caught[SIGHUP], old.sa_handler == SIG_DFL);

	pipe(fds);
	action.sa_flags = 0;
	sigaction(SIGALRM, &action, NULL);
	pid = fork();
	if (pid == 0) {
		usleep(20000);
		kill(getppid(), SIGALRM);
		usleep(20000);
		write(fds[1], "x", 1);
		_exit(0);
	}
	printf("read: %s\n", read(fds[0], &c, 1) < 0 ? strerror(errno) : "data");
	waitpid(pid, &status, 0);
	action.sa_flags = SA_RESTART;
	sigaction(SIGALRM, &action, NULL);
	read(fds[0], &c, 1);
	pid = fork();
	if (pid == 0) {
		usleep(20000);
		kill(getppid(), SIGALRM);
		usleep(20000);
		write(fds[1], "y", 1);
		_exit(0);
	}
	status = (int)read(fds[0], &c, 1);
	printf("restarted read: %d %c\n", status, c);
	waitpid(pid, &status, 0);
	printf("alarms %d\n", (int)caught[SIGALRM]);

	pid = fork();
	if (pid == 0)
		for (;;)
			pause();
	printf("kill 0: %d\n", kill(pid, 0));
	kill(pid, SIGKILL);
	waitpid(pid, &status, 0);
	printf("killed by %d\n", WTERMSIG(status));
	printf("kill the dead: %s\n", kill(pid, SIGTERM) < 0 ? strerror(errno) : "ok");
	printf("bad signal: %s\n", kill(getpid(), 999) < 0 ? strerror(errno) : "ok");
	printf("handler for SIGKILL: %s\n", sigaction(SIGKILL, &action, NULL) < 0 ? strerror(errno) : "ok");
	return 0;
}
