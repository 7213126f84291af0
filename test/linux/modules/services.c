/*
 * What modules ask the kernel for, each used once: threads, work, timers, tasklets, RCU, memory, tables, time, formats.
 * Every line that it prints is known.
 */
#include <linux/completion.h>
#include <linux/delay.h>
#include <linux/hashtable.h>
#include <linux/hrtimer.h>
#include <linux/interrupt.h>
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/rbtree.h>
#include <linux/rcupdate.h>
#include <linux/slab.h>
#include <linux/stacktrace.h>
#include <linux/time.h>
#include <linux/timer.h>
#include <linux/vmalloc.h>
#include <linux/workqueue.h>

static int number = 3;
module_param(number, int, 0644);
static char *word = "none";
module_param(word, charp, 0444);
static char text[16] = "none";
module_param_string(text, text, sizeof(text), 0444);
static int array[4];
static int array_len;
module_param_array(array, int, &array_len, 0444);
static bool flag;
module_param(flag, bool, 0444);

static DECLARE_COMPLETION(done);

static int thread(void *data)
{
	while (!kthread_should_stop())
		msleep_interruptible(1000);
	return *(int *)data;
}

static void work_function(struct work_struct *work)
{
	complete(&done);
}

static DECLARE_WORK(work, work_function);
static DECLARE_DELAYED_WORK(delayed, work_function);

static void timer_function(struct timer_list *t)
{
	complete(&done);
}

static DEFINE_TIMER(timer, timer_function);

static int beats;

static enum hrtimer_restart beat(struct hrtimer *t)
{
	if (++beats == 3) {
		complete(&done);
		return HRTIMER_NORESTART;
	}
	hrtimer_forward_now(t, ms_to_ktime(1));
	return HRTIMER_RESTART;
}

static void tasklet_function(struct tasklet_struct *t)
{
	complete(&done);
}

static DECLARE_TASKLET(tasklet, tasklet_function);

static void rcu_function(struct rcu_head *head)
{
	complete(&done);
}

static void use_time(void)
{
	unsigned long start = jiffies;
	ktime_t before = ktime_get();
	struct hrtimer hrtimer;
	struct tm tm;

	mod_timer(&timer, jiffies + 3);
	wait_for_completion(&done);
	pr_info("timer after %s\n", jiffies - start >= 3 ? "3 jiffies" : "too short a time");
	hrtimer_init(&hrtimer, CLOCK_MONOTONIC, HRTIMER_MODE_REL);
	hrtimer.function = beat;
	hrtimer_start(&hrtimer, ms_to_ktime(1), HRTIMER_MODE_REL);
	wait_for_completion(&done);
	pr_info("hrtimer beat %d times, active %d\n", beats, hrtimer_active(&hrtimer));
	msleep(20);
	pr_info("slept %s\n", ktime_ms_delta(ktime_get(), before) >= 20 ? "long enough" : "too short");
	time64_to_tm(mktime64(2024, 2, 29, 23, 59, 58), 3600, &tm);
	pr_info("%ld-%02d-%02d %02d:%02d:%02d day %d of the week, %d of the year\n", tm.tm_year + 1900, tm.tm_mon + 1,
		tm.tm_mday, tm.tm_hour, tm.tm_min, tm.tm_sec, tm.tm_wday, tm.tm_yday);
}

static void use_threads(void)
{
	int answer = 42;
	struct task_struct *task = kthread_run(thread, &answer, "worker/%d", 1);

	msleep(5); /* one that is stopped before it has begun returns -EINTR */
	pr_info("thread %s\n", task->comm);
	pr_info("it returned %d\n", kthread_stop(task));
	schedule_work(&work);
	wait_for_completion(&done);
	pr_info("work done\n");
	schedule_delayed_work(&delayed, 2);
	wait_for_completion(&done);
	pr_info("delayed work done, cancelled %d\n", cancel_delayed_work_sync(&delayed));
	tasklet_schedule(&tasklet);
	wait_for_completion(&done);
	pr_info("tasklet done\n");
}

struct item {
	int key;
	struct hlist_node hash;
	struct rb_node rb;
	struct rcu_head rcu;
};

static void use_tables(void)
{
	static DEFINE_HASHTABLE(table, 3);
	struct rb_root tree = RB_ROOT;
	struct item *items = kcalloc(50, sizeof(*items), GFP_KERNEL), *item;
	struct rb_node *node;
	int i, found = 0, sorted = 1, last = -1;

	for (i = 0; i < 50; i++) {
		struct rb_node **link = &tree.rb_node, *parent = NULL;

		items[i].key = i * 37 % 101;
		hash_add(table, &items[i].hash, items[i].key);
		while (*link) {
			parent = *link;
			link = items[i].key < rb_entry(parent, struct item, rb)->key ? &parent->rb_left : &parent->rb_right;
		}
		rb_link_node(&items[i].rb, parent, link);
		rb_insert_color(&items[i].rb, &tree);
	}
	for (i = 0; i < 50; i += 2)
		rb_erase(&items[i].rb, &tree);
	for (node = rb_first(&tree), i = 0; node; node = rb_next(node), i++) {
		sorted &= rb_entry(node, struct item, rb)->key > last;
		last = rb_entry(node, struct item, rb)->key;
	}
	hash_for_each_possible(table, item, hash, 74)
		found += item->key == 74;
	pr_info("tree of %d, sorted %d; found %d in the table\n", i, sorted, found);
	kfree(items);
}

static void use_memory(void)
{
	struct kmem_cache *cache = kmem_cache_create("services", 100, 0, SLAB_HWCACHE_ALIGN, NULL);
	struct rcu_head *head = kmalloc(sizeof(*head), GFP_KERNEL);
	void *objects[64];
	char *area = vzalloc(100000);
	int i;

	for (i = 0; i < 64; i++)
		objects[i] = kmem_cache_alloc(cache, GFP_KERNEL);
	for (i = 0; i < 64; i++)
		kmem_cache_free(cache, objects[i]);
	kmem_cache_destroy(cache);
	area[99999] = 'x';
	pr_info("area %s, kmalloc(100) holds %zu\n", is_vmalloc_addr(area) ? "from vmalloc" : "elsewhere",
		ksize(objects[0] = kmalloc(100, GFP_ATOMIC)));
	kfree(objects[0]);
	vfree(area);
	call_rcu(head, rcu_function);
	wait_for_completion(&done);
	kfree(head);
	synchronize_rcu();
	pr_info("two grace periods\n");
}

static void use_formats(void)
{
	static const u8 ip6[16] = { 0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1 };
	static const u8 mac[6] = { 1, 2, 3, 4, 5, 0xff }, ip[4] = { 127, 0, 0, 1 };
	unsigned long bits = 0xf0f1, entries[4];
	char buf[16];
	int value, count;

	pr_info("%ps %pS\n", schedule, kfree);
	pr_info("%pM %pm %pI4 %pi4 %pI6 %pI6c\n", mac, mac, ip, ip, ip6, ip6);
	pr_info("%*ph %*phC %*pb %*pbl\n", 4, mac, 3, mac, 16, &bits, 16, &bits);
	pr_info("%pe %s %s\n", ERR_PTR(-ENOENT), (char *)NULL, (char *)16);
	pr_info("%s %s\n", (char *)0xffffff9c, (char *)-100L);
	count = sscanf("12 abc 0x1f", "%d %15s %i", &value, buf, &array[3]);
	pr_info("sscanf %d: %d %s %d\n", count, value, buf, array[3]);
	count = stack_trace_save(entries, 4, 1);
	pr_info("%d callers, the first %ps\n", count, (void *)entries[1]);
}

static int __init services_init(void)
{
	pr_info("number %d word %s text %s array %d:%d,%d flag %d\n", number, word, text, array_len, array[0], array[1], flag);
	use_threads();
	use_time();
	use_tables();
	use_memory();
	use_formats();
	return 0;
}

static void __exit services_exit(void)
{
	pr_info("bye from %s\n", THIS_MODULE->name);
}

module_init(services_init);
module_exit(services_exit);
MODULE_LICENSE("GPL");
