/* Processes that begin and end, in a list that handlers fill and the exit function reads. */
#include <linux/kernel.h>
#include <linux/kprobes.h>
#include <linux/list.h>
#include <linux/module.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/string.h>

struct birth {
	pid_t parent;
	char comm[TASK_COMM_LEN];
	struct list_head list;
};

static LIST_HEAD(births);
static DEFINE_SPINLOCK(lock);
static int begun, woken, ended, codes;

static int on_clone(struct kprobe *p, struct pt_regs *regs)
{
	struct birth *b = kmalloc(sizeof(*b), GFP_ATOMIC);
	unsigned long flags;

	if (!b)
		return 0;
	b->parent = current->tgid;
	get_task_comm(b->comm, current);
	spin_lock_irqsave(&lock, flags);
	list_add_tail(&b->list, &births);
	begun++;
	spin_unlock_irqrestore(&lock, flags);
	return 0;
}

static int on_wake(struct kprobe *p, struct pt_regs *regs)
{
	struct task_struct *child = (struct task_struct *)regs->di;

	if (child->real_parent == current && child->start_time && child->exit_signal == SIGCHLD)
		woken++;
	return 0;
}

static int on_exit(struct kprobe *p, struct pt_regs *regs)
{
	ended++;
	if (regs->di == 0x300)
		codes++;
	return 0;
}

static struct kprobe clones = { .symbol_name = "kernel_clone", .pre_handler = on_clone };
static struct kprobe wakes = { .symbol_name = "wake_up_new_task", .pre_handler = on_wake };
static struct kprobe exits = { .symbol_name = "do_exit", .pre_handler = on_exit };
static struct kprobe *probes[] = { &clones, &wakes, &exits };

static int __init births_init(void)
{
	return register_kprobes(probes, 3);
}

static void __exit births_exit(void)
{
	struct birth *b, *next;
	int shells = 0;

	unregister_kprobes(probes, 3);
	list_for_each_entry_safe(b, next, &births, list) {
		shells += !strcmp(b->comm, "sh");
		list_del(&b->list);
		kfree(b);
	}
	pr_info("%d begun, all by sh %d, as many woken %d, exits with 3: %d of at least %d\n", begun > 1, shells == begun,
		woken == begun, codes, ended > 1);
}

module_init(births_init);
module_exit(births_exit);
MODULE_LICENSE("GPL");

/* console
 * $ insmod /root/births.ko; (exit 3); cat /etc/hostname; rmmod births
 * kprobe-lab
 * 1 begun, all by sh 1, as many woken 1, exits with 3: 1 of at least 1
 */
