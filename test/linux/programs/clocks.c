/* Clocks: they go forward, sleeping takes its time, and what is no clock or no time. */
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/times.h>
#include <time.h>
#include <unistd.h>

#include "check.h"

static long now(clockid_t clock)
{
	struct timespec ts;

	clock_gettime(clock, &ts);
	return ts.tv_sec * 1000000000L + ts.tv_nsec;
}

int main(void)
{
	struct timespec ts, nap = { 0, 20000000 }, bad = { 0, 1000000000 }, negative = { -1, 0 }, until;
	struct timeval tv;
	struct tms tms;
	long before, after, last = 0, backwards = 0;
	volatile int spin = 0;

	for (int i = 0; i < 1000; i++) {
		long t = now(CLOCK_MONOTONIC);

		backwards += t < last;
		last = t;
	}
	printf("went backwards %ld\n", backwards);
	before = now(CLOCK_MONOTONIC);
	SHOW(nanosleep(&nap, NULL));
	after = now(CLOCK_MONOTONIC);
	printf("slept long enough %d, not far too long %d\n", after - before >= 20000000, after - before < 2000000000);
	clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_nsec += 5000000;
	if (until.tv_nsec >= 1000000000)
		until.tv_sec++, until.tv_nsec -= 1000000000;
	SHOW(clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, NULL));
	clock_gettime(CLOCK_MONOTONIC, &ts);
	printf("until then %d\n", ts.tv_sec > until.tv_sec || ts.tv_nsec >= until.tv_nsec);
	SHOW(nanosleep(&bad, NULL));
	SHOW(nanosleep(&negative, NULL));
	SHOW(nanosleep((struct timespec *)8, NULL));
	SHOW(clock_nanosleep(99, 0, &nap, NULL));
	SHOW(clock_gettime(99, &ts));
	SHOW(syscall(SYS_clock_gettime, CLOCK_MONOTONIC, 8));
	SHOW(clock_getres(CLOCK_MONOTONIC, &ts));
	printf("resolution %ld %ld\n", (long)ts.tv_sec, ts.tv_nsec);
	SHOW(clock_getres(CLOCK_MONOTONIC, NULL));
	SHOW(gettimeofday(&tv, NULL));
	printf("microseconds %d, the same time %d\n", tv.tv_usec < 1000000, tv.tv_sec - now(CLOCK_REALTIME) / 1000000000 < 2);
	printf("time %d\n", time(NULL) - tv.tv_sec <= 1);
	before = now(CLOCK_PROCESS_CPUTIME_ID);
	while (now(CLOCK_PROCESS_CPUTIME_ID) - before < 20000000)
		spin++;
	printf("a busy process uses time %d\n", spin > 0);
	before = now(CLOCK_THREAD_CPUTIME_ID);
	usleep(20000);
	printf("a sleeping one does not %d\n", now(CLOCK_THREAD_CPUTIME_ID) - before < 15000000);
	printf("times %d\n", times(&tms) > 0 && tms.tms_utime + tms.tms_stime >= 1);
	return 0;
}
