/* Time in nanoseconds. */
#ifndef _LINUX_KTIME_H
#define _LINUX_KTIME_H

#include <linux/jiffies.h>
#include <linux/time64.h>
#include <linux/types.h>

typedef s64 ktime_t;

#define KTIME_MAX S64_MAX
#define KTIME_SEC_MAX (KTIME_MAX / NSEC_PER_SEC)

static inline ktime_t ktime_set(const s64 secs, const unsigned long nsecs)
{
	return secs * NSEC_PER_SEC + (s64)nsecs;
}

#define ktime_sub(lhs, rhs) ((ktime_t)((lhs) - (rhs)))
#define ktime_add(lhs, rhs) ((ktime_t)((lhs) + (rhs)))
#define ktime_add_ns(kt, nsval) ((ktime_t)((kt) + (s64)(nsval)))
#define ktime_sub_ns(kt, nsval) ((ktime_t)((kt) - (s64)(nsval)))
#define ktime_add_us(kt, usec) ktime_add_ns(kt, (s64)(usec) * NSEC_PER_USEC)
#define ktime_add_ms(kt, msec) ktime_add_ns(kt, (s64)(msec) * NSEC_PER_MSEC)
#define ktime_to_timespec64(kt) ns_to_timespec64(kt)
#define timespec64_to_ktime(ts) ((ktime_t)timespec64_to_ns(&(ts)))

static inline s64 ktime_to_ns(const ktime_t kt)
{
	return kt;
}

static inline ktime_t ns_to_ktime(u64 ns)
{
	return (ktime_t)ns;
}

static inline ktime_t ms_to_ktime(u64 ms)
{
	return (ktime_t)(ms * NSEC_PER_MSEC);
}

static inline s64 ktime_to_us(const ktime_t kt)
{
	return kt / NSEC_PER_USEC;
}

static inline s64 ktime_to_ms(const ktime_t kt)
{
	return kt / NSEC_PER_MSEC;
}

static inline s64 ktime_us_delta(const ktime_t later, const ktime_t earlier)
{
	return ktime_to_us(ktime_sub(later, earlier));
}

static inline s64 ktime_ms_delta(const ktime_t later, const ktime_t earlier)
{
	return ktime_to_ms(ktime_sub(later, earlier));
}

static inline int ktime_compare(const ktime_t a, const ktime_t b)
{
	return a < b ? -1 : a > b;
}

#define ktime_after(a, b) ((a) > (b))
#define ktime_before(a, b) ((a) < (b))
#define ktime_divns(kt, div) ((kt) / (div))

#include <linux/timekeeping.h>

#endif
