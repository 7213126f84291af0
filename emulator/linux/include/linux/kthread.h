/* Kernel threads: tasks without an address space of their own. kthreadd makes them all. */
#ifndef _LINUX_KTHREAD_H
#define _LINUX_KTHREAD_H

#include <linux/err.h>
#include <linux/sched.h>

extern __printf(4, 5) struct task_struct *kthread_create_on_node(int (*threadfn)(void *data), void *data, int node,
								  const char namefmt[], ...);
#define kthread_create(threadfn, data, namefmt, arg...) kthread_create_on_node(threadfn, data, -1, namefmt, ##arg)
extern struct task_struct *kthread_create_on_cpu(int (*threadfn)(void *data), void *data, unsigned int cpu,
						 const char *namefmt);

#define kthread_run(threadfn, data, namefmt, ...) ({					\
	struct task_struct *__k = kthread_create(threadfn, data, namefmt, ##__VA_ARGS__);	\
	if (!IS_ERR(__k))								\
		wake_up_process(__k);							\
	__k;										\
})

extern void kthread_bind(struct task_struct *k, unsigned int cpu);
extern int kthread_stop(struct task_struct *k);
extern bool kthread_should_stop(void);
extern bool kthread_should_park(void);
extern int kthread_park(struct task_struct *k);
extern void kthread_unpark(struct task_struct *k);
extern void kthread_parkme(void);
extern void *kthread_data(struct task_struct *k);
extern void __noreturn kthread_exit(long result);
extern int kthreadd(void *unused);
extern struct task_struct *kthreadd_task;

#endif
