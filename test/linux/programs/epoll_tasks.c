/* epoll across processes: sleepers are woken by others, and a timeout ends a wait. */
#include <signal.h>
#include <sys/epoll.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "check.h"

static void on_alarm(int sig)
{
}

int main(void)
{
	struct epoll_event event = { .events = EPOLLIN, .data.u64 = 0x123456789abcdefULL }, got[4];
	struct sigaction action = { .sa_handler = on_alarm };
	int ep = epoll_create1(0), pipes[3][2], total = 0;

	setbuf(stdout, NULL);
	for (int i = 0; i < 3; i++) {
		pipe(pipes[i]);
		event.data.u32 = i;
		epoll_ctl(ep, EPOLL_CTL_ADD, pipes[i][0], &event);
	}
	for (int i = 0; i < 3; i++) {
		if (fork() == 0) {
			for (int n = 0; n < 5; n++) {
				struct timespec nap = { 0, 2000000 };

				nanosleep(&nap, NULL);
				write(pipes[i][1], "x", 1);
			}
			_exit(0);
		}
	}
	while (total < 15) {
		int n = epoll_wait(ep, got, 4, 5000);

		for (int i = 0; i < n; i++) {
			char text[8];

			total += read(pipes[got[i].data.u32][0], text, 8);
		}
	}
	while (wait(NULL) > 0)
		;
	printf("%d bytes\n", total);
	SHOW(epoll_wait(ep, got, 4, 20));
	sigaction(SIGALRM, &action, NULL);
	alarm(1);
	SHOW(epoll_wait(ep, got, 4, -1));
	return 0;
}
