/*
 * Kernel threads. kthreadd is the parent of all of them: whoever wants a thread leaves a request and waits; the thread
 * then sleeps until it is woken for the first time.
 */
#include <linux/completion.h>
#include <linux/err.h>
#include <linux/kernel.h>
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/sched.h>
#include <linux/signal.h>
#include <linux/slab.h>
#include <linux/spinlock.h>

struct task_struct *kthreadd_task;

static DEFINE_SPINLOCK(kthread_create_lock);
static LIST_HEAD(kthread_create_list);

struct kthread_create_info {
	int (*threadfn)(void *data);
	void *data;
	struct task_struct *result;
	struct completion done;
	struct list_head list;
};

enum KTHREAD_BITS {
	KTHREAD_SHOULD_STOP,
	KTHREAD_SHOULD_PARK,
};

/* Hangs on task->worker_private. */
struct kthread {
	unsigned long flags;
	int result;
	int (*threadfn)(void *);
	void *data;
	struct completion parked;
	struct completion exited;
};

static struct kthread *to_kthread(struct task_struct *k)
{
	return k->worker_private;
}

bool kthread_should_stop(void)
{
	return test_bit(KTHREAD_SHOULD_STOP, &to_kthread(current)->flags);
}
EXPORT_SYMBOL(kthread_should_stop);

bool kthread_should_park(void)
{
	return test_bit(KTHREAD_SHOULD_PARK, &to_kthread(current)->flags);
}
EXPORT_SYMBOL_GPL(kthread_should_park);

void *kthread_data(struct task_struct *task)
{
	return to_kthread(task)->data;
}
EXPORT_SYMBOL_GPL(kthread_data);

void kthread_parkme(void)
{
	struct kthread *self = to_kthread(current);

	for (;;) {
		set_current_state(TASK_PARKED);
		if (!test_bit(KTHREAD_SHOULD_PARK, &self->flags))
			break;
		complete(&self->parked);
		schedule();
	}
	__set_current_state(TASK_RUNNING);
}
EXPORT_SYMBOL_GPL(kthread_parkme);

int kthread_park(struct task_struct *k)
{
	struct kthread *kthread = to_kthread(k);

	set_bit(KTHREAD_SHOULD_PARK, &kthread->flags);
	if (k != current) {
		wake_up_process(k);
		wait_for_completion(&kthread->parked);
	}
	return 0;
}
EXPORT_SYMBOL_GPL(kthread_park);

void kthread_unpark(struct task_struct *k)
{
	clear_bit(KTHREAD_SHOULD_PARK, &to_kthread(k)->flags);
	wake_up_state(k, TASK_PARKED);
}
EXPORT_SYMBOL_GPL(kthread_unpark);

/* do_exit of a kernel thread. */
void kthread_complete_exit(struct task_struct *tsk, long code)
{
	struct kthread *kthread = to_kthread(tsk);

	if (kthread)
		complete(&kthread->exited);
}

void __noreturn kthread_exit(long result)
{
	to_kthread(current)->result = (int)result;
	do_exit(0);
}
EXPORT_SYMBOL(kthread_exit);

/* The first thing that a new thread runs. */
static int kthread(void *_create)
{
	struct kthread_create_info *create = _create;
	int (*threadfn)(void *data) = create->threadfn;
	void *data = create->data;
	struct kthread *self = kzalloc(sizeof(*self), GFP_KERNEL);
	int ret = -EINTR;

	if (!self) {
		create->result = ERR_PTR(-ENOMEM);
		complete(&create->done);
		do_exit(-ENOMEM);
	}
	self->threadfn = threadfn;
	self->data = data;
	init_completion(&self->exited);
	init_completion(&self->parked);
	current->worker_private = self;
	__set_current_state(TASK_UNINTERRUPTIBLE);
	create->result = current;
	complete(&create->done);
	schedule();
	if (!test_bit(KTHREAD_SHOULD_STOP, &self->flags))
		ret = threadfn(data);
	kthread_exit(ret);
}

static void create_kthread(struct kthread_create_info *create)
{
	int pid = kernel_thread(kthread, create, CLONE_FS | CLONE_FILES | SIGCHLD);

	if (pid < 0) {
		create->result = ERR_PTR(pid);
		complete(&create->done);
	}
}

struct task_struct *kthread_create_on_node(int (*threadfn)(void *data), void *data, int node, const char namefmt[], ...)
{
	struct kthread_create_info create = { .threadfn = threadfn, .data = data };
	struct task_struct *task;
	char name[TASK_COMM_LEN];
	va_list args;

	init_completion(&create.done);
	spin_lock(&kthread_create_lock);
	list_add_tail(&create.list, &kthread_create_list);
	spin_unlock(&kthread_create_lock);
	wake_up_process(kthreadd_task);
	wait_for_completion(&create.done);
	task = create.result;
	if (!IS_ERR(task)) {
		va_start(args, namefmt);
		vsnprintf(name, sizeof(name), namefmt, args);
		va_end(args);
		set_task_comm(task, name);
	}
	return task;
}
EXPORT_SYMBOL(kthread_create_on_node);

/* It may run on this CPU only. */
void kthread_bind(struct task_struct *p, unsigned int cpu)
{
	p->cpus_mask.bits[0] = 1UL << cpu;
	p->nr_cpus_allowed = 1;
	p->wake_cpu = (int)cpu;
	p->flags |= PF_NO_SETAFFINITY;
}
EXPORT_SYMBOL(kthread_bind);

struct task_struct *kthread_create_on_cpu(int (*threadfn)(void *data), void *data, unsigned int cpu, const char *namefmt)
{
	struct task_struct *p = kthread_create_on_node(threadfn, data, -1, namefmt, cpu);

	if (!IS_ERR(p))
		kthread_bind(p, cpu);
	return p;
}
EXPORT_SYMBOL(kthread_create_on_cpu);

/* Ask a thread to end, wait until it has, and get what its function returned. */
int kthread_stop(struct task_struct *k)
{
	struct kthread *kthread;
	int ret;

	get_task_struct(k);
	kthread = to_kthread(k);
	set_bit(KTHREAD_SHOULD_STOP, &kthread->flags);
	kthread_unpark(k);
	wake_up_process(k);
	wait_for_completion(&kthread->exited);
	ret = kthread->result;
	put_task_struct(k);
	return ret;
}
EXPORT_SYMBOL(kthread_stop);

int kthreadd(void *unused)
{
	set_task_comm(current, "kthreadd");
	ignore_signals(current);
	for (;;) {
		set_current_state(TASK_INTERRUPTIBLE);
		if (list_empty(&kthread_create_list))
			schedule();
		__set_current_state(TASK_RUNNING);
		spin_lock(&kthread_create_lock);
		while (!list_empty(&kthread_create_list)) {
			struct kthread_create_info *create =
				list_first_entry(&kthread_create_list, struct kthread_create_info, list);

			list_del_init(&create->list);
			spin_unlock(&kthread_create_lock);
			create_kthread(create);
			spin_lock(&kthread_create_lock);
		}
		spin_unlock(&kthread_create_lock);
	}
	return 0;
}
