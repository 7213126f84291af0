/* timerfd: once, again and again, absolute, and how often it has run out. */
#include <errno.h>
#include <poll.h>
#include <stdint.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

#include "check.h"

int main(void)
{
	struct itimerspec once = { { 0, 0 }, { 0, 5000000 } }, beat = { { 0, 10000000 }, { 0, 10000000 } }, off = { 0 }, old;
	struct itimerspec bad = { { 0, 0 }, { 0, 1000000000 } };
	int fd = timerfd_create(CLOCK_MONOTONIC, 0), quick = timerfd_create(CLOCK_REALTIME, TFD_NONBLOCK);
	struct pollfd p = { fd, POLLIN, 0 };
	uint64_t ticks = 0;

	SHOW(timerfd_gettime(fd, &old));
	printf("%ld %ld\n", old.it_value.tv_nsec, old.it_interval.tv_nsec);
	SHOW(poll(&p, 1, 0));
	SHOW(timerfd_settime(fd, 0, &once, NULL));
	SHOW(poll(&p, 1, 5000));
	SHOW(read(fd, &ticks, 8));
	printf("ticks %lu\n", (unsigned long)ticks);
	SHOW(poll(&p, 1, 0));
	SHOW(timerfd_settime(fd, 0, &beat, &old));
	usleep(60000);
	SHOW(read(fd, &ticks, 8));
	printf("several ticks %d\n", ticks >= 5);
	SHOW(timerfd_settime(fd, 0, &off, &old));
	printf("was periodic %ld\n", old.it_interval.tv_nsec);
	SHOW(read(quick, &ticks, 8));
	clock_gettime(CLOCK_REALTIME, &once.it_value);
	once.it_value.tv_sec -= 10;
	SHOW(timerfd_settime(quick, TFD_TIMER_ABSTIME, &once, NULL));
	usleep(20000);
	SHOW(read(quick, &ticks, 8));
	SHOW(timerfd_settime(fd, 0, &bad, NULL));
	SHOW(timerfd_settime(fd, 8, &once, NULL));
	SHOW(timerfd_settime(99, 0, &once, NULL));
	SHOW(timerfd_create(77, 0));
	SHOW(read(quick, &ticks, 4));
	return 0;
}
