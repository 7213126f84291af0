/* signalfd: signals that are read instead of handled. */
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "check.h"

int main(void)
{
	struct signalfd_siginfo info[4];
	union sigval value = { .sival_int = 77 };
	struct pollfd p = { 0, POLLIN, 0 };
	sigset_t set;
	pid_t child;
	ssize_t n;
	int fd;

	setbuf(stdout, NULL);
	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	sigaddset(&set, SIGCHLD);
	sigaddset(&set, SIGRTMIN);
	sigprocmask(SIG_BLOCK, &set, NULL);
	fd = p.fd = signalfd(-1, &set, SFD_NONBLOCK);
	SHOW(read(fd, info, sizeof(info)));
	SHOW(poll(&p, 1, 0));
	kill(getpid(), SIGUSR1);
	kill(getpid(), SIGUSR1);
	SHOW(poll(&p, 1, 0));
	n = read(fd, info, sizeof(info));
	printf("%zd signal %d from me %d code %d\n", n / 128, info[0].ssi_signo, info[0].ssi_pid == getpid(), info[0].ssi_code);
	sigqueue(getpid(), SIGRTMIN, value);
	value.sival_int = 78;
	sigqueue(getpid(), SIGRTMIN, value);
	n = read(fd, info, sizeof(info));
	printf("%zd signals: %d %d, code %d\n", n / 128, info[0].ssi_int, info[1].ssi_int, info[0].ssi_code);
	child = fork();
	if (child == 0)
		_exit(3);
	SHOW(poll(&p, 1, 5000));
	n = read(fd, info, sizeof(info));
	printf("%zd child %d status %d\n", n / 128, info[0].ssi_pid == (unsigned)child, info[0].ssi_status);
	wait(NULL);
	sigdelset(&set, SIGUSR1);
	SHOW(signalfd(fd, &set, 0) == fd);
	kill(getpid(), SIGUSR1);
	SHOW(poll(&p, 1, 0));
	SHOW(read(fd, info, 100));
	SHOW(signalfd(99, &set, 0));
	return 0;
}
