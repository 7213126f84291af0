/* select and pselect: sets, timeouts, bad descriptors, and a signal that comes in between. */
#include <signal.h>
#include <sys/select.h>
#include <sys/wait.h>
#include <unistd.h>

#include "check.h"

static volatile int handled;

static void on_usr1(int sig)
{
	handled++;
}

int main(void)
{
	struct timeval now = { 0, 0 }, bad = { -1, 0 }, later = { 5, 0 };
	struct timespec none = { 0, 0 };
	struct sigaction action = { .sa_handler = on_usr1 };
	sigset_t usr1, open_mask;
	fd_set in, out;
	int p[2];

	setbuf(stdout, NULL);
	pipe(p);
	FD_ZERO(&in);
	FD_ZERO(&out);
	FD_SET(p[0], &in);
	FD_SET(p[1], &out);
	SHOW(select(20, &in, &out, NULL, &now));
	printf("in %d out %d\n", FD_ISSET(p[0], &in) != 0, FD_ISSET(p[1], &out) != 0);
	write(p[1], "x", 1);
	FD_SET(p[0], &in);
	SHOW(select(20, &in, &out, NULL, &now));
	printf("in %d out %d\n", FD_ISSET(p[0], &in) != 0, FD_ISSET(p[1], &out) != 0);
	SHOW(select(0, NULL, NULL, NULL, &now));
	SHOW(select(-1, NULL, NULL, NULL, &now));
	SHOW(select(20, &in, NULL, NULL, &bad));
	FD_SET(19, &in);
	SHOW(select(20, &in, NULL, NULL, &now));
	SHOW(select(20, (fd_set *)8, NULL, NULL, &now));
	sigaction(SIGUSR1, &action, NULL);
	sigemptyset(&usr1);
	sigaddset(&usr1, SIGUSR1);
	sigprocmask(SIG_BLOCK, &usr1, &open_mask);
	kill(getpid(), SIGUSR1);
	printf("blocked %d\n", handled);
	SHOW(pselect(0, NULL, NULL, NULL, NULL, &open_mask));
	printf("handled %d\n", handled);
	SHOW(pselect(0, NULL, NULL, NULL, &none, &open_mask));
	kill(getpid(), SIGUSR1);
	printf("blocked again %d\n", handled);
	sigprocmask(SIG_SETMASK, &open_mask, NULL);
	printf("handled %d\n", handled);
	read(p[0], (char[1]) { 0 }, 1);
	if (fork() == 0) {
		usleep(3000);
		write(p[1], "y", 1);
		_exit(0);
	}
	FD_ZERO(&in);
	FD_SET(p[0], &in);
	SHOW(select(p[0] + 1, &in, NULL, NULL, &later));
	wait(NULL);
	return 0;
}
