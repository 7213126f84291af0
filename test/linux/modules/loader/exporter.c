/* Gives functions and data to other modules. */
#include <linux/module.h>
#include <linux/percpu.h>

DEFINE_PER_CPU(int, exported_counts) = 100;
EXPORT_PER_CPU_SYMBOL_GPL(exported_counts);
int exported_value = 5;
EXPORT_SYMBOL(exported_value);

int exported_twice(int a)
{
	return 2 * a;
}
EXPORT_SYMBOL(exported_twice);

static int __init exporter_init(void)
{
	return 0;
}

static void __exit exporter_exit(void)
{
	int cpu, sum = 0;

	for_each_online_cpu(cpu)
		sum += per_cpu(exported_counts, cpu);
	pr_info("counts %d value %d\n", sum, exported_value);
}

module_init(exporter_init);
module_exit(exporter_exit);
MODULE_LICENSE("GPL");
