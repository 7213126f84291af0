/*
 * Sixteen threads over all CPUs fight for a mutex, a spin lock, a semaphore and a read-write semaphore, allocate and
 * free, and walk a list under RCU while others remove from it. What must hold afterwards is counted and printed.
 */
#include <linux/delay.h>
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/rculist.h>
#include <linux/rwsem.h>
#include <linux/semaphore.h>
#include <linux/slab.h>
#include <linux/smp.h>

#define THREADS 16
#define ROUNDS 100

struct node {
	struct list_head list;
	int value;
	struct rcu_head rcu;
};

static DEFINE_MUTEX(mutex);
static DEFINE_SPINLOCK(lock);
static DECLARE_RWSEM(rwsem);
static struct semaphore semaphore;
static LIST_HEAD(nodes);
static atomic_t inside = ATOMIC_INIT(0), running = ATOMIC_INIT(THREADS), violations = ATOMIC_INIT(0);
static long by_mutex, by_spinlock, by_writer;

static void check(bool holds)
{
	if (!holds)
		atomic_inc(&violations);
}

static void count_under_locks(int round, int id)
{
	unsigned long flags;
	long before;

	mutex_lock(&mutex);
	before = by_mutex;
	if (round % 31 == id)
		schedule_timeout_uninterruptible(1);
	check(by_mutex == before);
	by_mutex = before + 1;
	mutex_unlock(&mutex);
	spin_lock_irqsave(&lock, flags);
	by_spinlock++;
	spin_unlock_irqrestore(&lock, flags);
	down(&semaphore);
	check(atomic_inc_return(&inside) <= 3);
	cond_resched();
	atomic_dec(&inside);
	up(&semaphore);
	if (round % 10 == 0) {
		down_write(&rwsem);
		by_writer++;
		up_write(&rwsem);
	} else {
		down_read(&rwsem);
		before = by_writer;
		cond_resched();
		check(by_writer == before);
		up_read(&rwsem);
	}
}

static void change_list(int round, int id)
{
	struct node *node = kmalloc(sizeof(*node) + round, GFP_KERNEL), *other;

	node->value = id;
	mutex_lock(&mutex);
	list_add_rcu(&node->list, &nodes);
	mutex_unlock(&mutex);
	rcu_read_lock();
	list_for_each_entry_rcu(other, &nodes, list)
		check(other->value >= 0 && other->value < THREADS);
	rcu_read_unlock();
	mutex_lock(&mutex);
	other = list_empty(&nodes) ? NULL : list_last_entry(&nodes, struct node, list);
	if (other)
		list_del_rcu(&other->list);
	mutex_unlock(&mutex);
	kfree_rcu(other, rcu);
}

static int fight(void *id)
{
	int round;

	for (round = 0; round < ROUNDS; round++) {
		count_under_locks(round, (int)(long)id);
		change_list(round, (int)(long)id);
	}
	atomic_dec(&running);
	return 0;
}

static void answer(void *calls)
{
	atomic_inc(calls);
}

static int __init contention_init(void)
{
	atomic_t calls = ATOMIC_INIT(0);
	long id;

	sema_init(&semaphore, 3);
	for (id = 0; id < THREADS; id++)
		kthread_run(fight, (void *)id, "fight/%ld", id);
	while (atomic_read(&running))
		msleep(4);
	on_each_cpu(answer, &calls, 1);
	rcu_barrier();
	pr_info("mutex %ld spinlock %ld writer %ld violations %d left %d calls %d of %d\n", by_mutex, by_spinlock, by_writer,
		atomic_read(&violations), !list_empty(&nodes), atomic_read(&calls), num_online_cpus());
	return 0;
}

static void __exit contention_exit(void)
{
}

module_init(contention_init);
module_exit(contention_exit);
MODULE_LICENSE("GPL");
