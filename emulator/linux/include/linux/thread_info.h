/* The flags of a task that entry code looks at on every way out of the kernel. */
#ifndef _LINUX_THREAD_INFO_H
#define _LINUX_THREAD_INFO_H

#include <linux/bitops.h>
#include <linux/types.h>
#include <asm/current.h>
#include <asm/page_types.h>

struct thread_info {
	unsigned long flags;
	unsigned long syscall_work;
	u32 status;
	u32 cpu;
};

#define TIF_NOTIFY_RESUME 1
#define TIF_SIGPENDING 2
#define TIF_NEED_RESCHED 3
#define TIF_MEMDIE 20
#define _TIF_NOTIFY_RESUME (1 << TIF_NOTIFY_RESUME)
#define _TIF_SIGPENDING (1 << TIF_SIGPENDING)
#define _TIF_NEED_RESCHED (1 << TIF_NEED_RESCHED)

/* thread_info is the first member of task_struct. */
#define current_thread_info() ((struct thread_info *)current)
#define test_ti_thread_flag(ti, flag) test_bit(flag, &(ti)->flags)
#define set_thread_flag(flag) set_bit(flag, &current_thread_info()->flags)
#define clear_thread_flag(flag) clear_bit(flag, &current_thread_info()->flags)
#define test_thread_flag(flag) test_bit(flag, &current_thread_info()->flags)
#define tif_need_resched() test_thread_flag(TIF_NEED_RESCHED)

#endif
