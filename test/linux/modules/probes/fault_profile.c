/* Page faults of one process: addresses and times in a table, sorted and shown in /proc. */
#include <linux/kernel.h>
#include <linux/kprobes.h>
#include <linux/math64.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/proc_fs.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/sort.h>
#include <linux/time.h>

#define MOST 512

static char name[TASK_COMM_LEN] = "ls";
module_param_string(name, name, sizeof(name), 0444);
static struct fault {
	unsigned long address;
	ktime_t when;
	unsigned int flags;
} *faults;
static int count, writes;

static int on_fault(struct kprobe *p, struct pt_regs *regs)
{
	struct vm_area_struct *vma = (struct vm_area_struct *)regs->di;

	if (strncmp(current->comm, name, TASK_COMM_LEN) || count == MOST)
		return 0;
	if (regs->si < vma->vm_start || regs->si >= vma->vm_end)
		pr_err("a fault outside of its area\n");
	faults[count].address = regs->si & PAGE_MASK;
	faults[count].flags = regs->dx;
	faults[count++].when = ktime_get();
	if (regs->dx & FAULT_FLAG_WRITE)
		writes++;
	return 0;
}

static int by_address(const void *a, const void *b)
{
	const struct fault *x = a, *y = b;

	return x->address < y->address ? -1 : x->address > y->address;
}

static int show(struct seq_file *m, void *v)
{
	long span = count ? ktime_to_ns(ktime_sub(faults[count - 1].when, faults[0].when)) : 0;
	int i, ordered = 1;

	sort(faults, count, sizeof(*faults), by_address, NULL);
	for (i = 1; i < count; i++)
		ordered &= faults[i - 1].address <= faults[i].address;
	seq_printf(m, "faults: %s, writes: %s, average distance %s\n", count > 5 ? "several" : "few",
		   writes > 0 && writes < count ? "some" : "?", div64_long(span, count ?: 1) > 0 ? "known" : "?");
	seq_puts(m, ordered ? "sorted\n" : "not sorted\n");
	return 0;
}

static int open(struct inode *inode, struct file *file)
{
	return single_open(file, show, NULL);
}

static const struct proc_ops ops = {
	.proc_open = open, .proc_read = seq_read, .proc_lseek = seq_lseek, .proc_release = single_release,
};
static struct kprobe kp = { .symbol_name = "handle_mm_fault", .pre_handler = on_fault };
static struct kprobe inner = { .symbol_name = "__handle_mm_fault" };

static int __init fault_profile_init(void)
{
	faults = kcalloc(MOST, sizeof(*faults), GFP_KERNEL);
	if (!faults)
		return -ENOMEM;
	if (!proc_create("faults", 0444, NULL, &ops) || register_kprobe(&kp) || register_kprobe(&inner))
		return -EINVAL;
	return 0;
}

static void __exit fault_profile_exit(void)
{
	unregister_kprobe(&inner);
	unregister_kprobe(&kp);
	remove_proc_entry("faults", NULL);
	kfree(faults);
}

module_init(fault_profile_init);
module_exit(fault_profile_exit);
MODULE_LICENSE("GPL");

/* console
 * $ insmod /root/fault_profile.ko; ls / > /dev/null; cat /proc/faults; rmmod fault_profile
 * faults: several, writes: some, average distance known
 * sorted
 */
