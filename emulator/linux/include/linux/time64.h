/* Seconds and nanoseconds. */
#ifndef _LINUX_TIME64_H
#define _LINUX_TIME64_H

#include <linux/types.h>

#define MSEC_PER_SEC 1000L
#define USEC_PER_MSEC 1000L
#define NSEC_PER_USEC 1000L
#define NSEC_PER_MSEC 1000000L
#define USEC_PER_SEC 1000000L
#define NSEC_PER_SEC 1000000000L
#define FSEC_PER_SEC 1000000000000000LL

struct timespec64 {
	time64_t tv_sec;
	long tv_nsec;
};
#define timespec timespec64
#define __kernel_timespec timespec64

struct itimerspec64 {
	struct timespec64 it_interval;
	struct timespec64 it_value;
};

struct timeval {
	long tv_sec;
	long tv_usec;
};
#define __kernel_old_timeval timeval

static inline s64 timespec64_to_ns(const struct timespec64 *ts)
{
	return (s64)ts->tv_sec * NSEC_PER_SEC + ts->tv_nsec;
}

static inline struct timespec64 ns_to_timespec64(s64 nsec)
{
	struct timespec64 ts = { nsec / NSEC_PER_SEC, nsec % NSEC_PER_SEC };

	return ts;
}

static inline struct timespec64 timespec64_sub(struct timespec64 lhs, struct timespec64 rhs)
{
	return ns_to_timespec64(timespec64_to_ns(&lhs) - timespec64_to_ns(&rhs));
}

#define timespec_to_ns(ts) timespec64_to_ns(ts)

#endif
