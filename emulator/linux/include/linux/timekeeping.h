/* The clocks: monotonic since boot, and wall time. */
#ifndef _LINUX_TIMEKEEPING_H
#define _LINUX_TIMEKEEPING_H

#include <linux/ktime.h>
#include <linux/time64.h>

extern ktime_t ktime_get(void);
extern ktime_t ktime_get_real(void);
extern ktime_t ktime_get_raw(void);
extern void ktime_get_ts64(struct timespec64 *ts);
extern void ktime_get_real_ts64(struct timespec64 *tv);
extern void ktime_get_coarse_real_ts64(struct timespec64 *ts);
extern time64_t ktime_get_seconds(void);
extern time64_t ktime_get_real_seconds(void);
extern int do_settimeofday64(const struct timespec64 *ts);
#define ktime_get_boottime() ktime_get()
#define ktime_get_clocktai() ktime_get_real()
#define ktime_get_coarse_ts64(ts) ktime_get_ts64(ts)
#define ktime_get_boottime_ts64(ts) ktime_get_ts64(ts)
#define ktime_get_raw_ts64(ts) ktime_get_ts64(ts)
#define ktime_get_ns() ((u64)ktime_get())
#define ktime_get_real_ns() ((u64)ktime_get_real())
#define ktime_get_boottime_ns() ktime_get_ns()
#define ktime_get_raw_ns() ((u64)ktime_get_raw())
#define ktime_get_mono_fast_ns() ktime_get_ns()

/* The interfaces before 5.6, and what to use instead. */
static inline __instead("use ktime_get_real_ts64") void getnstimeofday64(struct timespec64 *ts)
{
	ktime_get_real_ts64(ts);
}

static inline __instead("use ktime_get_real_ts64") void getnstimeofday(struct timespec64 *ts)
{
	ktime_get_real_ts64(ts);
}

static inline __instead("use ktime_get_coarse_real_ts64") struct timespec64 current_kernel_time(void)
{
	struct timespec64 ts;

	ktime_get_coarse_real_ts64(&ts);
	return ts;
}

static inline __instead("use ktime_get_real_ts64") void do_gettimeofday(struct timeval *tv)
{
	struct timespec64 ts;

	ktime_get_real_ts64(&ts);
	tv->tv_sec = ts.tv_sec;
	tv->tv_usec = ts.tv_nsec / NSEC_PER_USEC;
}

static inline __instead("use ktime_get_real_seconds") unsigned long get_seconds(void)
{
	return ktime_get_real_seconds();
}

#endif
