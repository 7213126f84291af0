/* Per-CPU variables of every size, static and allocated, and the operations on them. */
#include <linux/cpumask.h>
#include <linux/module.h>
#include <linux/percpu.h>
#include <linux/smp.h>

struct pair {
	u64 hits;
	u16 small;
	char name[10];
};

static DEFINE_PER_CPU(u8, tiny) = 250;
static DEFINE_PER_CPU(u16, small);
static DEFINE_PER_CPU(int, count) = -1;
static DEFINE_PER_CPU(struct pair, pair) = { .hits = 5, .name = "pair" };
static DEFINE_PER_CPU(int [4], numbers);
static struct pair __percpu *pairs;

static void touch(void *step)
{
	struct pair *mine;
	int cpu = get_cpu();

	this_cpu_add(tiny, 10);
	this_cpu_write(small, 0x1234 + cpu);
	__this_cpu_inc(count);
	this_cpu_add(pair.hits, (long)step);
	this_cpu_inc(pairs->hits);
	mine = this_cpu_ptr(pairs);
	mine->small += 2;
	this_cpu_write(numbers[2], this_cpu_read(numbers[2]) + 7);
	put_cpu();
	get_cpu_var(count)++;
	put_cpu_var(count);
}

static int __init percpu_counts_init(void)
{
	int cpu, old, now;

	pairs = alloc_percpu(struct pair);
	if (!pairs)
		return -ENOMEM;
	on_each_cpu(touch, (void *)100, 1);
	smp_call_function_single(1, touch, (void *)1, 1);
	for_each_online_cpu(cpu) {
		struct pair *p = per_cpu_ptr(pairs, cpu);

		pr_info("cpu %d: %u %x %d, %s %llu, %llu %u, %d %d\n", cpu, per_cpu(tiny, cpu), per_cpu(small, cpu),
			per_cpu(count, cpu), per_cpu(pair, cpu).name, per_cpu(pair, cpu).hits, p->hits, p->small,
			per_cpu(numbers, cpu)[1], per_cpu(numbers, cpu)[2]);
	}
	preempt_disable();
	old = this_cpu_xchg(count, 50);
	now = this_cpu_inc_return(count);
	pr_info("%d, %d, %d %d\n", old > 0, now, this_cpu_cmpxchg(count, 51, 60), this_cpu_read(count));
	preempt_enable();
	free_percpu(pairs);
	return 0;
}

static void __exit percpu_counts_exit(void)
{
}

module_init(percpu_counts_init);
module_exit(percpu_counts_exit);
MODULE_LICENSE("GPL");

/* console
 * $ insmod /root/percpu_counts.ko; rmmod percpu_counts
 * cpu 0: 4 1234 1, pair 105, 1 2, 0 7
 * cpu 1: 14 1235 3, pair 106, 2 4, 0 14
 * 1, 51, 51 60
 */
