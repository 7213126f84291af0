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

static inline struct timespec64 timespec64_add(struct timespec64 lhs, struct timespec64 rhs)
{
	return ns_to_timespec64(timespec64_to_ns(&lhs) + timespec64_to_ns(&rhs));
}

/* Negative, zero or positive as lhs is before, at or after rhs. */
static inline int timespec64_compare(const struct timespec64 *lhs, const struct timespec64 *rhs)
{
	s64 difference = timespec64_to_ns(lhs) - timespec64_to_ns(rhs);

	return difference < 0 ? -1 : difference > 0;
}

static inline s64 timeval_to_ns(const struct timeval *tv)
{
	return (s64)tv->tv_sec * NSEC_PER_SEC + tv->tv_usec * NSEC_PER_USEC;
}

/* Kernels before 5.6 had a struct timespec beside timespec64; on 64-bit machines they were the same. */
#define timespec_to_ns(ts) timespec64_to_ns(ts)
#define ns_to_timespec(ns) ns_to_timespec64(ns)
#define timespec_sub(lhs, rhs) timespec64_sub(lhs, rhs)
#define timespec_add(lhs, rhs) timespec64_add(lhs, rhs)
#define timespec_compare(lhs, rhs) timespec64_compare(lhs, rhs)

#endif
