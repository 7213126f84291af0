/* Who is put on the CPU, by stack: hidden functions found through a probe, a hash of stacks, a tree by time. */
#include <linux/hash.h>
#include <linux/hashtable.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/kprobes.h>
#include <linux/module.h>
#include <linux/proc_fs.h>
#include <linux/rbtree.h>
#include <linux/sched.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/stacktrace.h>
#include <linux/stringhash.h>
#include <linux/timekeeping.h>
#include <linux/types.h>

#define DEPTH 16

struct entry {
	unsigned long stack[DEPTH];
	unsigned int depth, hash;
	u64 time;
	int count;
	struct hlist_node node;
	struct rb_node rb;
};

typedef unsigned int (*save_fn)(unsigned long *store, unsigned int size, unsigned int skipnr);
static save_fn save;
static DEFINE_HASHTABLE(stacks, 6);
static struct rb_root by_time = RB_ROOT;
static DEFINE_SPINLOCK(lock);
static u64 last;
static int switches;

static void insert(struct entry *e)
{
	struct rb_node **link = &by_time.rb_node, *parent = NULL;

	while (*link) {
		parent = *link;
		link = rb_entry(parent, struct entry, rb)->time > e->time ? &parent->rb_left : &parent->rb_right;
	}
	rb_link_node(&e->rb, parent, link);
	rb_insert_color(&e->rb, &by_time);
}

static int on_pick(struct kprobe *p, struct pt_regs *regs)
{
	struct task_struct *prev = (struct task_struct *)regs->si;
	unsigned long stack[DEPTH];
	unsigned int depth = save(stack, DEPTH, 0), hash = full_name_hash(NULL, (char *)stack, depth * sizeof(long));
	u64 now = rdtsc();
	struct entry *e, *found = NULL;

	if (!prev)
		return 0;
	spin_lock(&lock);
	switches++;
	hash_for_each_possible(stacks, e, node, hash)
		if (e->hash == hash)
			found = e;
	if (!found) {
		found = kzalloc(sizeof(*found), GFP_ATOMIC);
		if (found) {
			memcpy(found->stack, stack, sizeof(stack));
			found->depth = depth;
			found->hash = hash;
			hash_add(stacks, &found->node, hash);
			insert(found);
		}
	}
	if (found) {
		rb_erase(&found->rb, &by_time);
		found->count++;
		found->time += last ? now - last : 0;
		insert(found);
	}
	last = now;
	spin_unlock(&lock);
	return 0;
}

static int show(struct seq_file *m, void *v)
{
	struct rb_node *n;
	int ordered = 1, schedules = 0, total = 0;
	u64 before = ~0ULL;

	spin_lock(&lock);
	for (n = rb_last(&by_time); n; n = rb_prev(n)) {
		struct entry *e = rb_entry(n, struct entry, rb);
		char name[KSYM_SYMBOL_LEN];
		unsigned int i;

		ordered &= e->time <= before;
		before = e->time;
		total += e->count;
		for (i = 0; i < min(e->depth, (unsigned int)DEPTH); i++) {
			sprint_symbol(name, e->stack[i]);
			schedules += strstr(name, "schedule+") != NULL;
		}
	}
	seq_printf(m, "counted %d, ordered %d, schedule in the stacks %d\n", total == switches && total > 0, ordered, schedules > 0);
	spin_unlock(&lock);
	return 0;
}

static int open(struct inode *inode, struct file *file)
{
	return single_open(file, show, NULL);
}

static const struct proc_ops ops = { .proc_open = open, .proc_read = seq_read, .proc_release = single_release };
static struct kprobe finder = { .symbol_name = "stack_trace_save" };
static struct kprobe kp = { .symbol_name = "pick_next_task_fair", .pre_handler = on_pick };

static int __init top_stacks_init(void)
{
	int err = register_kprobe(&finder);

	if (err)
		return err;
	save = (save_fn)finder.addr;
	unregister_kprobe(&finder);
	proc_create("top_stacks", 0, NULL, &ops);
	return register_kprobe(&kp);
}

static void __exit top_stacks_exit(void)
{
	struct hlist_node *next;
	struct entry *e;
	int bkt;

	unregister_kprobe(&kp);
	remove_proc_entry("top_stacks", NULL);
	hash_for_each_safe(stacks, bkt, next, e, node) {
		hash_del(&e->node);
		kfree(e);
	}
}

module_init(top_stacks_init);
module_exit(top_stacks_exit);
MODULE_LICENSE("GPL");

/* console
 * $ insmod /root/top_stacks.ko; sleep 0.01; cat /proc/top_stacks; rmmod top_stacks
 * counted 1, ordered 1, schedule in the stacks 1
 */
