/* How long a function takes and what it returns: data of its own for each call, from entry to return. */
#include <linux/kernel.h>
#include <linux/kprobes.h>
#include <linux/ktime.h>
#include <linux/limits.h>
#include <linux/module.h>
#include <linux/sched.h>

static char func_name[NAME_MAX] = "vfs_read";
module_param_string(func, func_name, NAME_MAX, S_IRUGO);
MODULE_PARM_DESC(func, "Function to kretprobe; this module will report its execution time");

struct my_data {
	ktime_t entry_stamp;
};

static int shown;

static int entry_handler(struct kretprobe_instance *ri, struct pt_regs *regs)
{
	struct my_data *data;

	if (!current->mm)
		return 1; /* not kernel threads */
	data = (struct my_data *)ri->data;
	data->entry_stamp = ktime_get();
	return 0;
}
NOKPROBE_SYMBOL(entry_handler);

static int ret_handler(struct kretprobe_instance *ri, struct pt_regs *regs)
{
	unsigned long retval = regs_return_value(regs);
	struct my_data *data = (struct my_data *)ri->data;
	s64 delta = ktime_to_ns(ktime_sub(ktime_get(), data->entry_stamp));

	if (!strcmp(current->comm, "cat") && retval == 11 && !shown++)
		pr_info("%s returned %lu and took %s ns to execute; task %d, probe %d\n", func_name, retval,
			delta > 0 && delta < NSEC_PER_MSEC ? "a few" : "?", ri->task == current,
			get_kretprobe(ri) == ri->rp && ri->rp->data_size == sizeof(*data));
	return 0;
}
NOKPROBE_SYMBOL(ret_handler);

static struct kretprobe my_kretprobe = {
	.handler = ret_handler,
	.entry_handler = entry_handler,
	.data_size = sizeof(struct my_data),
	.maxactive = 20,
};

static int __init return_time_init(void)
{
	int ret;

	my_kretprobe.kp.symbol_name = func_name;
	ret = register_kretprobe(&my_kretprobe);
	if (ret < 0) {
		pr_err("register_kretprobe failed, returned %d\n", ret);
		return ret;
	}
	pr_info("Planted return probe at %s: %d\n", my_kretprobe.kp.symbol_name, my_kretprobe.kp.addr != NULL);
	return 0;
}

static void __exit return_time_exit(void)
{
	unregister_kretprobe(&my_kretprobe);
	pr_info("Missed probing %d instances of %s\n", my_kretprobe.nmissed, my_kretprobe.kp.symbol_name);
}

module_init(return_time_init)
module_exit(return_time_exit)
MODULE_LICENSE("GPL");

/* console
 * $ insmod /root/return_time.ko
 * Planted return probe at vfs_read: 1
 * $ cat /etc/hostname
 * vfs_read returned 11 and took a few ns to execute; task 1, probe 1
 * kprobe-lab
 * $ cat /sys/module/return_time/parameters/func; rmmod return_time
 * vfs_read
 * Missed probing 0 instances of vfs_read
 * $ insmod /root/return_time.ko func=nothing_here
 * kprobes: register_kretprobe: no symbol nothing_here in the kernel or its modules (see /proc/kallsyms) (-ENOENT)
 * register_kretprobe failed, returned -2
 * …
 */
