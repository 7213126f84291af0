/* System calls that a signal interrupts: EINTR, or made again with SA_RESTART. */
#include <poll.h>
#include <signal.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "check.h"

static volatile int alarms, fd = -1;

static void on_alarm(int sig)
{
	alarms++;
	if (fd >= 0)
		write(fd, "x", 1);
}

static void arm(int flags)
{
	struct sigaction action = { .sa_handler = on_alarm, .sa_flags = flags };
	struct itimerval soon = { { 0, 0 }, { 0, 20000 } };

	sigaction(SIGALRM, &action, NULL);
	setitimer(ITIMER_REAL, &soon, NULL);
}

int main(void)
{
	struct timespec second = { 1, 0 }, left = { 0, 0 };
	struct pollfd p = { 0 };
	sigset_t none;
	char byte;
	int ends[2], status;
	pid_t pid;

	setbuf(stdout, NULL);
	pipe(ends);
	arm(0);
	SHOW(read(ends[0], &byte, 1));
	arm(SA_RESTART);
	fd = ends[1];
	SHOW(read(ends[0], &byte, 1));
	fd = -1;
	arm(SA_RESTART);
	SHOW(nanosleep(&second, &left));
	printf("something is left %d\n", left.tv_sec == 0 && left.tv_nsec > 500000000);
	arm(SA_RESTART);
	p.fd = ends[0];
	p.events = POLLIN;
	SHOW(poll(&p, 1, 2000));
	arm(SA_RESTART);
	SHOW(pause());
	sigemptyset(&none);
	arm(SA_RESTART);
	SHOW(sigsuspend(&none));
	pid = fork();
	if (pid == 0) {
		usleep(60000);
		_exit(3);
	}
	arm(0);
	SHOW(waitpid(pid, &status, 0));
	arm(SA_RESTART);
	SHOW(waitpid(pid, &status, 0) == pid);
	printf("%d alarms\n", alarms);
	return 0;
}
