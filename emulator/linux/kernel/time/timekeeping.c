/*
 * The clocks. The time stamp counter of this machine counts nanoseconds of virtual time; monotonic time is what it has
 * counted since boot, wall time is that plus an offset, and jiffies are both in ticks.
 */
#include <linux/capability.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/kprobes.h>
#include <linux/module.h>
#include <linux/sched.h>
#include <linux/spinlock.h>
#include <linux/syscalls.h>
#include <linux/time.h>
#include <linux/uaccess.h>
#include <asm/msr.h>

/* Boot is always at the same moment: 2024-01-01 00:00:00 UTC. */
#define BOOT_WALL_TIME 1704067200LL

volatile unsigned long jiffies = INITIAL_JIFFIES;
EXPORT_SYMBOL(jiffies);
struct timezone sys_tz;
static s64 wall_offset = BOOT_WALL_TIME * NSEC_PER_SEC;
static DEFINE_RAW_SPINLOCK(jiffies_lock);

u64 sched_clock(void)
{
	return rdtsc();
}
EXPORT_SYMBOL_GPL(sched_clock);
NOKPROBE_SYMBOL(sched_clock);

/* Called from every tick; one CPU at a time advances the count to what the clock says. */
void tick_do_update_jiffies64(void)
{
	raw_spin_lock(&jiffies_lock);
	jiffies = INITIAL_JIFFIES + sched_clock() / TICK_NSEC;
	raw_spin_unlock(&jiffies_lock);
}

ktime_t ktime_get(void)
{
	return (ktime_t)rdtsc();
}
EXPORT_SYMBOL_GPL(ktime_get);

ktime_t ktime_get_raw(void)
{
	return (ktime_t)rdtsc();
}
EXPORT_SYMBOL_GPL(ktime_get_raw);

ktime_t ktime_get_real(void)
{
	return ktime_get() + wall_offset;
}
EXPORT_SYMBOL_GPL(ktime_get_real);

void ktime_get_ts64(struct timespec64 *ts)
{
	*ts = ns_to_timespec64(ktime_get());
}
EXPORT_SYMBOL_GPL(ktime_get_ts64);

void ktime_get_real_ts64(struct timespec64 *ts)
{
	*ts = ns_to_timespec64(ktime_get_real());
}
EXPORT_SYMBOL(ktime_get_real_ts64);

void ktime_get_coarse_real_ts64(struct timespec64 *ts)
{
	*ts = ns_to_timespec64((s64)(jiffies - INITIAL_JIFFIES) * TICK_NSEC + wall_offset);
}
EXPORT_SYMBOL(ktime_get_coarse_real_ts64);

time64_t ktime_get_seconds(void)
{
	return ktime_get() / NSEC_PER_SEC;
}
EXPORT_SYMBOL_GPL(ktime_get_seconds);

time64_t ktime_get_real_seconds(void)
{
	return ktime_get_real() / NSEC_PER_SEC;
}
EXPORT_SYMBOL_GPL(ktime_get_real_seconds);

int do_settimeofday64(const struct timespec64 *ts)
{
	if (ts->tv_sec < 0 || (unsigned long)ts->tv_nsec >= NSEC_PER_SEC)
		return -EINVAL;
	wall_offset = timespec64_to_ns(ts) - ktime_get();
	return 0;
}
EXPORT_SYMBOL(do_settimeofday64);

/* Days and the Gregorian calendar: years begin in March here, so that the leap day is the last one. */
time64_t mktime64(unsigned int year, unsigned int mon, unsigned int day, unsigned int hour, unsigned int min,
		  unsigned int sec)
{
	unsigned int m = mon > 2 ? mon - 3 : mon + 9, y = mon > 2 ? year : year - 1;
	s64 days = (s64)y * 365 + y / 4 - y / 100 + y / 400 + (m * 153 + 2) / 5 + day - 1 - 719468;

	return ((days * 24 + hour) * 60 + min) * 60 + sec;
}
EXPORT_SYMBOL(mktime64);

void time64_to_tm(time64_t totalsecs, int offset, struct tm *result)
{
	static const unsigned short month_start[13] = { 0, 31, 61, 92, 122, 153, 184, 214, 245, 275, 306, 337, 366 };
	s64 total = totalsecs + offset, days = total / 86400, rem = total % 86400, era, year;
	unsigned int day_of_era, year_of_era, day_of_year, m;

	if (rem < 0) {
		rem += 86400;
		days--;
	}
	result->tm_hour = (int)(rem / 3600);
	result->tm_min = (int)(rem % 3600 / 60);
	result->tm_sec = (int)(rem % 60);
	result->tm_wday = (int)((days + 4) % 7 + 7) % 7;
	days += 719468;
	era = (days >= 0 ? days : days - 146096) / 146097;
	day_of_era = (unsigned int)(days - era * 146097);
	year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
	day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
	for (m = 0; day_of_year >= month_start[m + 1]; m++)
		;
	year = (s64)year_of_era + era * 400 + (m >= 10);
	result->tm_mday = (int)(day_of_year - month_start[m]) + 1;
	result->tm_mon = (int)((m + 2) % 12);
	result->tm_year = year - 1900;
	result->tm_yday = (int)(m >= 10 ? day_of_year - 306 :
				day_of_year + 59 + ((year % 4 == 0 && year % 100) || year % 400 == 0));
}
EXPORT_SYMBOL(time64_to_tm);

/* ---- system calls ---- */

SYSCALL_DEFINE1(time, long __user *, tloc)
{
	long now = ktime_get_real_seconds();

	if (tloc && put_user(now, tloc))
		return -EFAULT;
	return now;
}

SYSCALL_DEFINE2(gettimeofday, struct timeval __user *, tv, struct timezone __user *, tz)
{
	struct timespec64 ts;

	ktime_get_real_ts64(&ts);
	if (tv && (put_user(ts.tv_sec, &tv->tv_sec) || put_user(ts.tv_nsec / 1000, &tv->tv_usec)))
		return -EFAULT;
	if (tz && copy_to_user(tz, &sys_tz, sizeof(sys_tz)))
		return -EFAULT;
	return 0;
}

SYSCALL_DEFINE2(settimeofday, struct timeval __user *, tv, struct timezone __user *, tz)
{
	struct timespec64 ts;
	struct timeval user_tv;

	if (!capable(CAP_SYS_TIME))
		return -EPERM;
	if (tz && copy_from_user(&sys_tz, tz, sizeof(sys_tz)))
		return -EFAULT;
	if (!tv)
		return 0;
	if (copy_from_user(&user_tv, tv, sizeof(user_tv)))
		return -EFAULT;
	ts.tv_sec = user_tv.tv_sec;
	ts.tv_nsec = user_tv.tv_usec * NSEC_PER_USEC;
	return do_settimeofday64(&ts);
}

/* A clock's time in ns, or a negative errno when there is no such clock. */
static s64 clock_now(clockid_t which)
{
	u64 ut, st;

	switch (which) {
	case CLOCK_REALTIME:
	case CLOCK_REALTIME_COARSE:
		return ktime_get_real();
	case CLOCK_MONOTONIC:
	case CLOCK_MONOTONIC_RAW:
	case CLOCK_MONOTONIC_COARSE:
	case CLOCK_BOOTTIME:
		return ktime_get();
	case CLOCK_PROCESS_CPUTIME_ID:
	case CLOCK_THREAD_CPUTIME_ID:
		task_cputime_adjusted(current, &ut, &st);
		return (s64)(ut + st);
	default:
		return -EINVAL;
	}
}

SYSCALL_DEFINE2(clock_gettime, clockid_t, which_clock, struct timespec64 __user *, tp)
{
	s64 now = clock_now(which_clock);
	struct timespec64 ts;

	if (now < 0)
		return now;
	ts = ns_to_timespec64(now);
	return copy_to_user(tp, &ts, sizeof(ts)) ? -EFAULT : 0;
}

SYSCALL_DEFINE2(clock_settime, clockid_t, which_clock, const struct timespec64 __user *, tp)
{
	struct timespec64 ts;

	if (which_clock != CLOCK_REALTIME)
		return -EINVAL;
	if (!capable(CAP_SYS_TIME))
		return -EPERM;
	if (copy_from_user(&ts, tp, sizeof(ts)))
		return -EFAULT;
	return do_settimeofday64(&ts);
}

SYSCALL_DEFINE2(clock_getres, clockid_t, which_clock, struct timespec64 __user *, tp)
{
	struct timespec64 ts = { 0, 1 };

	if (clock_now(which_clock) < 0)
		return -EINVAL;
	return tp && copy_to_user(tp, &ts, sizeof(ts)) ? -EFAULT : 0;
}

static int nanosleep_until(u64 until, struct timespec64 __user *rmtp)
{
	struct timespec64 left;
	u64 now;
	int ret = do_nanosleep_ns(until);

	if (!ret)
		return 0;
	now = (u64)ktime_get();
	left = ns_to_timespec64(until > now ? (s64)(until - now) : 0);
	if (rmtp && copy_to_user(rmtp, &left, sizeof(left)))
		return -EFAULT;
	return -EINTR;
}

SYSCALL_DEFINE2(nanosleep, struct timespec64 __user *, rqtp, struct timespec64 __user *, rmtp)
{
	struct timespec64 ts;

	if (copy_from_user(&ts, rqtp, sizeof(ts)))
		return -EFAULT;
	if (ts.tv_sec < 0 || (unsigned long)ts.tv_nsec >= NSEC_PER_SEC)
		return -EINVAL;
	return nanosleep_until((u64)ktime_get() + (u64)timespec64_to_ns(&ts), rmtp);
}

SYSCALL_DEFINE4(clock_nanosleep, clockid_t, which_clock, int, flags, const struct timespec64 __user *, rqtp,
		struct timespec64 __user *, rmtp)
{
	struct timespec64 ts;
	s64 until;

	if (copy_from_user(&ts, rqtp, sizeof(ts)))
		return -EFAULT;
	if (ts.tv_sec < 0 || (unsigned long)ts.tv_nsec >= NSEC_PER_SEC || clock_now(which_clock) < 0)
		return -EINVAL;
	until = timespec64_to_ns(&ts);
	if (!(flags & TIMER_ABSTIME))
		until += ktime_get();
	else if (which_clock == CLOCK_REALTIME)
		until -= wall_offset;
	return nanosleep_until((u64)max_t(s64, until, 0), (flags & TIMER_ABSTIME) ? NULL : rmtp);
}

EXPORT_SYMBOL(sys_tz);
