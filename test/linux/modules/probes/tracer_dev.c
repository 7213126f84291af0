/* Statistics of chosen processes: a device takes their numbers by ioctl, return probes count, /proc shows a table. */
#include <linux/fs.h>
#include <linux/hashtable.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/kprobes.h>
#include <linux/list.h>
#include <linux/miscdevice.h>
#include <linux/module.h>
#include <linux/proc_fs.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/uaccess.h>

#define TRACER_ADD _IOW('t', 1, pid_t)
#define TRACER_REMOVE _IOW('t', 2, pid_t)
enum { KMALLOC, KFREE, SCHED, UP, DOWN, LOCK, UNLOCK, COUNTERS };

struct traced {
	pid_t pid;
	atomic_t calls[COUNTERS];
	size_t bytes;
	struct hlist_node node;
};

static DECLARE_HASHTABLE(table, 4);
static DEFINE_RWLOCK(table_lock);
static struct proc_dir_entry *proc_tracer;

static struct traced *look(pid_t pid)
{
	struct traced *t;

	hash_for_each_possible(table, t, node, pid)
		if (t->pid == pid)
			return t;
	return NULL;
}

static void note(int what, size_t bytes)
{
	struct traced *t;

	read_lock(&table_lock);
	t = look(current->pid);
	if (t) {
		atomic_inc(&t->calls[what]);
		t->bytes += bytes;
	}
	read_unlock(&table_lock);
}
NOKPROBE_SYMBOL(note);

struct call_data { size_t size; };

static int kmalloc_entry(struct kretprobe_instance *ri, struct pt_regs *regs)
{
	if (!look(current->pid))
		return 1;
	((struct call_data *)ri->data)->size = regs->di;
	return 0;
}
NOKPROBE_SYMBOL(kmalloc_entry);

static int kmalloc_return(struct kretprobe_instance *ri, struct pt_regs *regs)
{
	if (regs_return_value(regs))
		note(KMALLOC, ((struct call_data *)ri->data)->size);
	return 0;
}
NOKPROBE_SYMBOL(kmalloc_return);

#define COUNTING(name, what)								\
	static int name(struct kretprobe_instance *ri, struct pt_regs *regs)		\
	{										\
		note(what, 0);								\
		return 0;								\
	}										\
	NOKPROBE_SYMBOL(name)
COUNTING(on_kfree, KFREE);
COUNTING(on_schedule, SCHED);
COUNTING(on_up, UP);
COUNTING(on_down, DOWN);
COUNTING(on_lock, LOCK);
COUNTING(on_unlock, UNLOCK);

static struct kretprobe probes[] = {
	{ .kp.symbol_name = "__kmalloc", .entry_handler = kmalloc_entry, .handler = kmalloc_return,
	  .data_size = sizeof(struct call_data), .maxactive = 32 },
	{ .kp.symbol_name = "kfree", .entry_handler = on_kfree, .maxactive = 32 },
	{ .kp.symbol_name = "schedule", .entry_handler = on_schedule, .maxactive = 32 },
	{ .kp.symbol_name = "up", .entry_handler = on_up, .maxactive = 32 },
	{ .kp.symbol_name = "down_interruptible", .entry_handler = on_down, .maxactive = 32 },
	{ .kp.symbol_name = "mutex_lock_nested", .entry_handler = on_lock, .maxactive = 32 },
	{ .kp.symbol_name = "mutex_unlock", .entry_handler = on_unlock, .maxactive = 32 },
};

static int tracer_show(struct seq_file *m, void *v)
{
	struct traced *t;
	int bkt;

	seq_puts(m, "PID kmalloc kfree kmalloc_mem sched up down lock unlock\n");
	read_lock(&table_lock);
	hash_for_each(table, bkt, t, node)
		seq_printf(m, "own %d: %d %d %d %d %d %d %d %d\n", t->pid > 1, atomic_read(&t->calls[KMALLOC]) > 0,
			   atomic_read(&t->calls[KFREE]) > 0, t->bytes > 0, atomic_read(&t->calls[SCHED]) > 0,
			   atomic_read(&t->calls[UP]), atomic_read(&t->calls[DOWN]), atomic_read(&t->calls[LOCK]) > 0,
			   atomic_read(&t->calls[LOCK]) == atomic_read(&t->calls[UNLOCK]));
	read_unlock(&table_lock);
	return 0;
}

static int tracer_open(struct inode *inode, struct file *file)
{
	return single_open(file, tracer_show, NULL);
}

static const struct proc_ops tracer_proc_ops = {
	.proc_open = tracer_open, .proc_read = seq_read, .proc_release = single_release,
};

static DEFINE_SEMAPHORE(busy);

static long tracer_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	struct traced *t;
	long ret = 0;
	unsigned long flags;

	if (down_interruptible(&busy))
		return -ERESTARTSYS;
	switch (cmd) {
	case TRACER_ADD:
		t = kzalloc(sizeof(*t), GFP_KERNEL);
		if (!t) {
			ret = -ENOMEM;
			break;
		}
		t->pid = arg;
		write_lock_irqsave(&table_lock, flags);
		hash_add(table, &t->node, t->pid);
		write_unlock_irqrestore(&table_lock, flags);
		break;
	case TRACER_REMOVE:
		write_lock_irqsave(&table_lock, flags);
		t = look(arg);
		if (t)
			hash_del(&t->node);
		write_unlock_irqrestore(&table_lock, flags);
		ret = t ? 0 : -ESRCH;
		kfree(t);
		break;
	default:
		ret = -ENOTTY;
	}
	up(&busy);
	return ret;
}

static const struct file_operations tracer_fops = {
	.owner = THIS_MODULE, .unlocked_ioctl = tracer_ioctl,
};
static struct miscdevice tracer_device = { .minor = 42, .name = "tracer", .fops = &tracer_fops };

static int __init tracer_init(void)
{
	unsigned int i;
	int err;

	hash_init(table);
	proc_tracer = proc_create("tracer", 0, NULL, &tracer_proc_ops);
	err = proc_tracer ? misc_register(&tracer_device) : -ENOMEM;
	for (i = 0; i < ARRAY_SIZE(probes) && !err; i++)
		err = register_kretprobe(&probes[i]);
	return err;
}

static void __exit tracer_exit(void)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(probes); i++)
		unregister_kretprobe(&probes[i]);
	misc_deregister(&tracer_device);
	proc_remove(proc_tracer);
}

module_init(tracer_init);
module_exit(tracer_exit);
MODULE_LICENSE("GPL v2");

/* console
 * $ insmod /root/tracer_dev.ko; ls -l /dev/tracer; cat /proc/misc; tracer_use; rmmod tracer_dev
 * …
 *  42 tracer
 * …
 * PID kmalloc kfree kmalloc_mem sched up down lock unlock
 * own 1: 1 1 1 1 2 1 1 0
 * removed 0, again -1
 */
