/* Process ids as objects: they outlive the task, and they hold the groups and sessions that are named after them. */
#ifndef _LINUX_PID_H
#define _LINUX_PID_H

#include <linux/list.h>
#include <linux/refcount.h>
#include <linux/spinlock.h>

enum pid_type {
	PIDTYPE_PID,
	PIDTYPE_TGID,
	PIDTYPE_PGID,
	PIDTYPE_SID,
	PIDTYPE_MAX,
};

struct pid_namespace {
	int level;
};
extern struct pid_namespace init_pid_ns;

struct upid {
	int nr;
	struct pid_namespace *ns;
};

struct pid {
	refcount_t count;
	unsigned int level;
	spinlock_t lock;
	struct hlist_head tasks[PIDTYPE_MAX];
	struct hlist_node hash;
	struct rcu_head rcu;
	struct upid numbers[1];
};

extern struct pid init_struct_pid;
extern struct pid *alloc_pid(void);
extern void free_pid(struct pid *pid);
extern void put_pid(struct pid *pid);
extern struct pid *find_vpid(int nr);
extern struct pid *find_get_pid(int nr);
extern struct task_struct *pid_task(struct pid *pid, enum pid_type type);
extern struct task_struct *get_pid_task(struct pid *pid, enum pid_type type);
extern struct pid *get_task_pid(struct task_struct *task, enum pid_type type);
extern void attach_pid(struct task_struct *task, enum pid_type type);
extern void detach_pid(struct task_struct *task, enum pid_type type);
extern void change_pid(struct task_struct *task, enum pid_type type, struct pid *pid);
extern struct task_struct *find_task_by_vpid(pid_t nr);
extern struct task_struct *find_task_by_pid_ns(pid_t nr, struct pid_namespace *ns);
extern struct task_struct *find_get_task_by_vpid(pid_t nr);
extern void pid_idr_init(void);

static inline struct pid *get_pid(struct pid *pid)
{
	if (pid)
		refcount_inc(&pid->count);
	return pid;
}

static inline pid_t pid_nr(struct pid *pid)
{
	return pid ? pid->numbers[0].nr : 0;
}

#define pid_vnr(pid) pid_nr(pid)
#define do_each_pid_task(pid, type, task) do { if ((pid) != NULL) hlist_for_each_entry((task), &(pid)->tasks[type], pid_links[type]) {
#define while_each_pid_task(pid, type, task) } } while (0)

#endif
