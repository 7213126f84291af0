/*
 * Process ids: numbers handed out in order, with the tasks, groups and sessions that carry them.
 */
#include <linux/bitmap.h>
#include <linux/hash.h>
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/pid.h>
#include <linux/rculist.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/spinlock.h>

#define PID_MAX 32768
#define RESERVED_PIDS 300
#define PID_HASH_BITS 10

struct pid_namespace init_pid_ns;
struct pid init_struct_pid = { .count = REFCOUNT_INIT(1) };

static struct hlist_head pid_hash[1 << PID_HASH_BITS];
static DECLARE_BITMAP(pid_map, PID_MAX);
static int last_pid;
static DEFINE_SPINLOCK(pidmap_lock);
static struct kmem_cache *pid_cachep;

static int alloc_pid_nr(void)
{
	unsigned long nr = find_next_zero_bit(pid_map, PID_MAX, last_pid + 1);

	if (nr >= PID_MAX)
		nr = find_next_zero_bit(pid_map, PID_MAX, RESERVED_PIDS);
	if (nr >= PID_MAX)
		return -EAGAIN;
	__set_bit(nr, pid_map);
	last_pid = (int)nr;
	return (int)nr;
}

struct pid *alloc_pid(void)
{
	struct pid *pid = kmem_cache_zalloc(pid_cachep, GFP_KERNEL);
	unsigned long flags;
	int nr;

	if (!pid)
		return ERR_PTR(-ENOMEM);
	refcount_set(&pid->count, 1);
	spin_lock_init(&pid->lock);
	spin_lock_irqsave(&pidmap_lock, flags);
	nr = alloc_pid_nr();
	if (nr >= 0) {
		pid->numbers[0].nr = nr;
		pid->numbers[0].ns = &init_pid_ns;
		hlist_add_head_rcu(&pid->hash, &pid_hash[hash_32(nr, PID_HASH_BITS)]);
	}
	spin_unlock_irqrestore(&pidmap_lock, flags);
	if (nr < 0) {
		kmem_cache_free(pid_cachep, pid);
		return ERR_PTR(nr);
	}
	return pid;
}

void put_pid(struct pid *pid)
{
	if (pid && pid != &init_struct_pid && refcount_dec_and_test(&pid->count))
		kmem_cache_free(pid_cachep, pid);
}
EXPORT_SYMBOL_GPL(put_pid);

static void delayed_put_pid(struct rcu_head *rhp)
{
	put_pid(container_of(rhp, struct pid, rcu));
}

void free_pid(struct pid *pid)
{
	unsigned long flags;

	spin_lock_irqsave(&pidmap_lock, flags);
	hlist_del_rcu(&pid->hash);
	__clear_bit(pid_nr(pid), pid_map);
	spin_unlock_irqrestore(&pidmap_lock, flags);
	call_rcu(&pid->rcu, delayed_put_pid);
}

struct pid *find_vpid(int nr)
{
	struct pid *pid;

	hlist_for_each_entry_rcu(pid, &pid_hash[hash_32(nr, PID_HASH_BITS)], hash)
		if (pid_nr(pid) == nr)
			return pid;
	return NULL;
}
EXPORT_SYMBOL_GPL(find_vpid);

struct pid *find_get_pid(int nr)
{
	struct pid *pid;

	rcu_read_lock();
	pid = get_pid(find_vpid(nr));
	rcu_read_unlock();
	return pid;
}
EXPORT_SYMBOL_GPL(find_get_pid);

static struct pid **task_pid_ptr(struct task_struct *task, enum pid_type type)
{
	return type == PIDTYPE_PID ? &task->thread_pid : &task->signal->pids[type];
}

/* tasklist_lock is held for writing. */
void attach_pid(struct task_struct *task, enum pid_type type)
{
	struct pid *pid = *task_pid_ptr(task, type);

	hlist_add_head_rcu(&task->pid_links[type], &pid->tasks[type]);
}

static void __change_pid(struct task_struct *task, enum pid_type type, struct pid *new)
{
	struct pid **pid_ptr = task_pid_ptr(task, type), *pid = *pid_ptr;
	int t;

	hlist_del_rcu(&task->pid_links[type]);
	*pid_ptr = new;
	for (t = 0; t < PIDTYPE_MAX; t++)
		if (!hlist_empty(&pid->tasks[t]))
			return;
	free_pid(pid);
}

void detach_pid(struct task_struct *task, enum pid_type type)
{
	__change_pid(task, type, NULL);
}

void change_pid(struct task_struct *task, enum pid_type type, struct pid *pid)
{
	__change_pid(task, type, pid);
	attach_pid(task, type);
}

struct task_struct *pid_task(struct pid *pid, enum pid_type type)
{
	struct hlist_node *first = pid ? READ_ONCE(pid->tasks[type].first) : NULL;

	return first ? hlist_entry(first, struct task_struct, pid_links[type]) : NULL;
}
EXPORT_SYMBOL(pid_task);

struct task_struct *get_pid_task(struct pid *pid, enum pid_type type)
{
	struct task_struct *result;

	rcu_read_lock();
	result = pid_task(pid, type);
	if (result)
		get_task_struct(result);
	rcu_read_unlock();
	return result;
}
EXPORT_SYMBOL_GPL(get_pid_task);

struct pid *get_task_pid(struct task_struct *task, enum pid_type type)
{
	struct pid *pid;

	rcu_read_lock();
	pid = get_pid(*task_pid_ptr(task, type));
	rcu_read_unlock();
	return pid;
}
EXPORT_SYMBOL_GPL(get_task_pid);

struct task_struct *find_task_by_vpid(pid_t nr)
{
	return pid_task(find_vpid(nr), PIDTYPE_PID);
}
EXPORT_SYMBOL_GPL(find_task_by_vpid);

struct task_struct *find_task_by_pid_ns(pid_t nr, struct pid_namespace *ns)
{
	return find_task_by_vpid(nr);
}
EXPORT_SYMBOL_GPL(find_task_by_pid_ns);

struct task_struct *find_get_task_by_vpid(pid_t nr)
{
	struct task_struct *task;

	rcu_read_lock();
	task = find_task_by_vpid(nr);
	if (task)
		get_task_struct(task);
	rcu_read_unlock();
	return task;
}
EXPORT_SYMBOL_GPL(find_get_task_by_vpid);

void __init pid_idr_init(void)
{
	__set_bit(0, pid_map);
	pid_cachep = KMEM_CACHE(pid, SLAB_PANIC);
}

EXPORT_SYMBOL(init_pid_ns);
