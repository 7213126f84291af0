/* Time, and the calendar. */
#ifndef _LINUX_TIME_H
#define _LINUX_TIME_H

#include <linux/jiffies.h>
#include <linux/ktime.h>
#include <linux/time64.h>
#include <linux/timekeeping.h>

struct tm {
	int tm_sec;
	int tm_min;
	int tm_hour;
	int tm_mday;
	int tm_mon;	/* from 0 */
	long tm_year;	/* from 1900 */
	int tm_wday;	/* from Sunday */
	int tm_yday;
};

struct timezone {
	int tz_minuteswest;
	int tz_dsttime;
};
extern struct timezone sys_tz;

extern void time64_to_tm(time64_t totalsecs, int offset, struct tm *result);
extern time64_t mktime64(unsigned int year, unsigned int mon, unsigned int day, unsigned int hour, unsigned int min,
			 unsigned int sec);
#define time_to_tm(totalsecs, offset, result) time64_to_tm(totalsecs, offset, result)

#define CLOCK_REALTIME 0
#define CLOCK_MONOTONIC 1
#define CLOCK_PROCESS_CPUTIME_ID 2
#define CLOCK_THREAD_CPUTIME_ID 3
#define CLOCK_MONOTONIC_RAW 4
#define CLOCK_REALTIME_COARSE 5
#define CLOCK_MONOTONIC_COARSE 6
#define CLOCK_BOOTTIME 7
#define TIMER_ABSTIME 1

#endif
