/* A thread that keeps its CPU for longer than three seconds, without being preempted, while a grace period waits for it. */
#include <linux/kthread.h>
#include <linux/delay.h>
#include <linux/module.h>
#include <linux/rcupdate.h>

static noinline void spin(u64 ns)
{
	u64 end = ktime_get_ns() + ns;

	while (ktime_get_ns() < end) {
		int i;

		for (i = 0; i < 10000; i++)
			cpu_relax();
	}
}

static int spinner(void *unused)
{
	preempt_disable();
	spin(3200 * NSEC_PER_MSEC);
	preempt_enable();
	return 0;
}

static int __init spinner_init(void)
{
	struct task_struct *task = kthread_create(spinner, NULL, "spinner");

	kthread_bind(task, 1);
	wake_up_process(task);
	msleep(1);
	synchronize_rcu();
	pr_info("the grace period is over\n");
	return 0;
}

static void __exit spinner_exit(void)
{
}

module_init(spinner_init);
module_exit(spinner_exit);
MODULE_LICENSE("GPL");

/* console
 * $ cat /proc/sys/kernel/watchdog_thresh; insmod /root/spinner.ko; rmmod spinner
 * 1
 * watchdog: BUG: soft lockup - CPU#1 stuck for 2s! [spinner:…]
 * Modules linked in: spinner(O)
 * CPU: 1 PID: … Comm: spinner Tainted: G …O …6.1.0-lab #1 SMP Kprobe Lab
 * …
 * RIP: 0010:…
 * …
 * Call Trace:
 *  <TASK>
 * …
 *  spinner+0x…/0x… [spinner]
 *  kthread+0x…
 * …
 *  </TASK>
 * rcu: INFO: rcu_sched self-detected stall on CPU
 * rcu: 	1-....: (75… ticks this GP)
 * rcu: 	(t=75… jiffies g=… q=… ncpus=2)
 * CPU: 1 PID: … Comm: spinner Tainted: G …O L  6.1.0-lab #1 SMP Kprobe Lab
 * …
 *  spinner+0x…/0x… [spinner]
 * …
 *  </TASK>
 * the grace period is over
 */
