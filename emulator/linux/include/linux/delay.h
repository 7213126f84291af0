/* Waiting: spinning for short times, sleeping for longer ones. */
#ifndef _LINUX_DELAY_H
#define _LINUX_DELAY_H

#include <linux/jiffies.h>
#include <linux/kernel.h>
#include <linux/sched.h>

extern void __ndelay(unsigned long nsecs);
#define ndelay(n) __ndelay(n)
#define udelay(n) __ndelay((unsigned long)(n) * 1000)
#define mdelay(n) __ndelay((unsigned long)(n) * 1000000)
extern void msleep(unsigned int msecs);
extern unsigned long msleep_interruptible(unsigned int msecs);
extern void usleep_range(unsigned long min, unsigned long max);
#define fsleep(usecs) usleep_range(usecs, 2 * (usecs))
#define ssleep(seconds) msleep((seconds) * 1000)

#endif
