/* alarm and setitimer: one at a time, repeated, and what is left of one. */
#include <signal.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include "check.h"

static volatile int count;

static void tick(int sig)
{
	count++;
}

int main(void)
{
	struct itimerval beat = { { 0, 10000 }, { 0, 10000 } }, off = { { 0, 0 }, { 0, 0 } }, now;
	struct itimerval bad = { { 0, 0 }, { 0, 1000000 } };
	int status;

	setbuf(stdout, NULL);
	signal(SIGALRM, tick);
	SHOW(alarm(10));
	SHOW(alarm(0) > 8);
	SHOW(alarm(0));
	SHOW(setitimer(ITIMER_REAL, &beat, NULL));
	while (count < 5)
		pause();
	SHOW(getitimer(ITIMER_REAL, &now));
	printf("interval %ld, left in it %d\n", (long)now.it_interval.tv_usec, now.it_value.tv_usec <= 10000);
	SHOW(setitimer(ITIMER_REAL, &off, &now));
	count = 0;
	usleep(30000);
	printf("quiet %d\n", count);
	SHOW(setitimer(ITIMER_REAL, &bad, NULL));
	SHOW(setitimer(9, &beat, NULL));
	SHOW(getitimer(9, &now));
	SHOW(alarm(1));
	if (fork() == 0) {
		printf("a child has none: %u\n", alarm(0));
		_exit(0);
	}
	wait(NULL);
	pause();
	printf("it came: %d\n", count);
	if (fork() == 0) {
		signal(SIGALRM, SIG_DFL);
		setitimer(ITIMER_REAL, &beat, NULL);
		for (;;)
			pause();
	}
	wait(&status);
	printf("killed by %d\n", WTERMSIG(status));
	return 0;
}
