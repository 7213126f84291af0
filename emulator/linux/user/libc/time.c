/*
 * Clocks, sleeping, and a few numbers about the system.
 */
#include <errno.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>
#include "internal.h"

int clock_gettime(clockid_t clock, struct timespec *now)
{
	return (int)CALL2(clock_gettime, clock, now);
}

int gettimeofday(struct timeval *restrict now, void *restrict zone)
{
	return (int)CALL2(gettimeofday, now, zone);
}

time_t time(time_t *now)
{
	struct timespec ts;

	clock_gettime(CLOCK_REALTIME, &ts);
	if (now)
		*now = ts.tv_sec;
	return ts.tv_sec;
}

clock_t clock(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &ts);
	return ts.tv_sec * CLOCKS_PER_SEC + ts.tv_nsec / 1000;
}

int nanosleep(const struct timespec *wanted, struct timespec *left)
{
	return (int)CALL2(nanosleep, wanted, left);
}

unsigned int sleep(unsigned int seconds)
{
	struct timespec wanted = { seconds, 0 }, left = { 0, 0 };

	return nanosleep(&wanted, &left) < 0 ? (unsigned int)left.tv_sec : 0;
}

int usleep(unsigned int microseconds)
{
	struct timespec wanted = { microseconds / 1000000, microseconds % 1000000 * 1000L };

	return nanosleep(&wanted, NULL);
}

int getpagesize(void)
{
	return 4096;
}

long sysconf(int name)
{
	unsigned long mask[16];
	long bytes, cpus = 0;

	switch (name) {
	case _SC_PAGESIZE:
		return 4096;
	case _SC_CLK_TCK:
		return 100;
	case _SC_NPROCESSORS_ONLN:
		bytes = CALL3(sched_getaffinity, 0, sizeof(mask), mask);
		while (bytes-- > 0) {
			unsigned char c = ((unsigned char *)mask)[bytes];

			for (; c; c &= c - 1)
				cpus++;
		}
		return cpus ? cpus : 1;
	default:
		errno = EINVAL;
		return -1;
	}
}

int clock_getres(clockid_t clock, struct timespec *resolution)
{
	return (int)CALL2(clock_getres, clock, resolution);
}

int clock_settime(clockid_t clock, const struct timespec *now)
{
	return (int)CALL2(clock_settime, clock, now);
}

int clock_nanosleep(clockid_t clock, int flags, const struct timespec *wanted, struct timespec *left)
{
	return (int)-__syscall(SYS_clock_nanosleep, clock, flags, (long)wanted, (long)left, 0, 0);
}

int getitimer(int which, struct itimerval *value)
{
	return (int)CALL2(getitimer, which, value);
}

int setitimer(int which, const struct itimerval *restrict value, struct itimerval *restrict old)
{
	return (int)CALL3(setitimer, which, value, old);
}
