/* As modules were written before 5.6: wall time in struct timeval and timespec, /proc with file_operations. */
#include <asm/uaccess.h>
#include <linux/kernel.h>
#include <linux/ktime.h>
#include <linux/limits.h>
#include <linux/memcontrol.h>
#include <linux/memory.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/proc_fs.h>
#include <linux/sched.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/time.h>
#include <linux/timekeeping.h>
#include <linux/unistd.h>

static struct mutex lock;
static char *kept;

static int old_time_show(struct seq_file *m, void *v)
{
	struct timespec ts, earlier, now = current_kernel_time();
	struct timeval tv;

	getnstimeofday(&earlier);
	do_gettimeofday(&tv);
	getnstimeofday(&ts);
	ts = timespec_sub(ts, earlier);
	mutex_lock(&lock);
	seq_printf(m, "seconds %d, coarse %d, distance %d, real %d, kept %s\n", tv.tv_sec == (long)get_seconds(),
		   now.tv_sec <= tv.tv_sec, timespec_to_ns(&ts) > 0 && ts.tv_sec == 0,
		   ktime_get_real_ns() / NSEC_PER_SEC == tv.tv_sec, kept ? kept : "nothing");
	mutex_unlock(&lock);
	return 0;
}

static int old_time_open(struct inode *inode, struct file *file)
{
	return single_open(file, old_time_show, PDE_DATA(inode));
}

static ssize_t old_time_write(struct file *file, const char __user *buffer, size_t count, loff_t *pos)
{
	char *text = kmalloc(count + 1, GFP_KERNEL);

	if (!text)
		return -ENOMEM;
	if (!access_ok(VERIFY_READ, buffer, count) || copy_from_user(text, buffer, count)) {
		kfree(text);
		return -EFAULT;
	}
	text[count] = '\0';
	if (count && text[count - 1] == '\n')
		text[count - 1] = '\0';
	mutex_lock(&lock);
	kfree(kept);
	kept = text;
	mutex_unlock(&lock);
	return count;
}

static const struct file_operations old_time_fops = {
	owner: THIS_MODULE,
	open: old_time_open,
	read: seq_read,
	write: old_time_write,
	llseek: seq_lseek,
	release: single_release,
};

int init_module(void)
{
	mutex_init(&lock);
	if (proc_create("old_time", 0644, NULL, &old_time_fops) == NULL)
		return -ENOMEM;
	return 0;
}

void cleanup_module(void)
{
	remove_proc_entry("old_time", NULL);
	kfree(kept);
}

MODULE_LICENSE("GPL");

/* console
 * warning: 'current_kernel_time' is deprecated: use ktime_get_coarse_real_ts64
 * warning: 'getnstimeofday' is deprecated: use ktime_get_real_ts64
 * warning: 'do_gettimeofday' is deprecated: use ktime_get_real_ts64
 * warning: 'getnstimeofday' is deprecated: use ktime_get_real_ts64
 * warning: 'get_seconds' is deprecated: use ktime_get_real_seconds
 * warning: 'proc_create_fops' is deprecated: since 5.6 proc_create takes a struct proc_ops (.proc_open, .proc_read, ...)
 * $ insmod /root/old_time.ko; cat /proc/old_time; echo words > /proc/old_time; cat /proc/old_time; rmmod old_time; ls /proc/old_time
 * proc entry 'old_time' is made with file_operations: since Linux 5.6 this takes struct proc_ops
 * seconds 1, coarse 1, distance 1, real 1, kept nothing
 * seconds 1, coarse 1, distance 1, real 1, kept words
 * ls: cannot access '/proc/old_time': No such file or directory
 */
