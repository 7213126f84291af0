/* Timers in nanoseconds, kept in a tree by expiry and run from the timer interrupt. */
#ifndef _LINUX_HRTIMER_H
#define _LINUX_HRTIMER_H

#include <linux/ktime.h>
#include <linux/rbtree.h>

enum hrtimer_mode {
	HRTIMER_MODE_ABS = 0x00,
	HRTIMER_MODE_REL = 0x01,
	HRTIMER_MODE_PINNED = 0x02,
	HRTIMER_MODE_REL_PINNED = 0x03,
	HRTIMER_MODE_ABS_PINNED = 0x02,
	HRTIMER_MODE_SOFT = 0x04,
	HRTIMER_MODE_REL_SOFT = 0x05,
};

enum hrtimer_restart {
	HRTIMER_NORESTART,
	HRTIMER_RESTART,
};

struct hrtimer {
	struct rb_node node;
	ktime_t expires;	/* monotonic */
	enum hrtimer_restart (*function)(struct hrtimer *);
	clockid_t clockid;
	int cpu;
	bool is_queued;
	bool running;
};

extern void hrtimer_init(struct hrtimer *timer, clockid_t which_clock, enum hrtimer_mode mode);
extern void hrtimer_start(struct hrtimer *timer, ktime_t tim, enum hrtimer_mode mode);
extern int hrtimer_cancel(struct hrtimer *timer);
extern int hrtimer_try_to_cancel(struct hrtimer *timer);
extern u64 hrtimer_forward(struct hrtimer *timer, ktime_t now, ktime_t interval);
extern ktime_t hrtimer_get_remaining(const struct hrtimer *timer);
extern void hrtimer_interrupt(void);
extern ktime_t hrtimer_next_event(int cpu);
extern void hrtimers_init(void);
#define hrtimer_start_range_ns(timer, tim, delta, mode) hrtimer_start(timer, tim, mode)
#define hrtimer_forward_now(timer, interval) hrtimer_forward(timer, ktime_get(), interval)
#define hrtimer_get_expires(timer) ((timer)->expires)
#define hrtimer_active(timer) ((timer)->is_queued || (timer)->running)
#define hrtimer_is_queued(timer) ((timer)->is_queued)
#define hrtimer_restart(timer) hrtimer_start(timer, (timer)->expires, HRTIMER_MODE_ABS)
#define hrtimer_cb_get_time(timer) ktime_get()

#endif
