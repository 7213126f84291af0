/* Uses another module's symbols: that one has to be there, and stays. */
#include <linux/module.h>
#include <linux/percpu.h>

extern int exported_twice(int a);
extern int exported_value;
DECLARE_PER_CPU(int, exported_counts);
static DEFINE_PER_CPU(long, own) = 7;

static void __init count(void *unused)
{
	this_cpu_inc(exported_counts);
	this_cpu_add(own, 3);
}

static int __init importer_init(void)
{
	on_each_cpu(count, NULL, 1);
	exported_value = exported_twice(21);
	pr_info("own %ld %ld\n", per_cpu(own, 0), per_cpu(own, 1));
	return 0;
}

static void __exit importer_exit(void)
{
}

module_init(importer_init);
module_exit(importer_exit);
MODULE_LICENSE("GPL");

/* console
 * $ insmod /root/importer.ko
 * importer: Unknown symbol exported_twice (err -2)
 * importer: Unknown symbol exported_value (err -2)
 * importer: Unknown symbol exported_counts (err -2)
 * insmod: can't insert '/root/importer.ko': Unknown symbol in module
 * $ insmod /root/exporter.ko; insmod /root/importer.ko; lsmod
 * own 10 10
 * Module                      Size  Used by
 * importer … 0…
 * exporter … 1 importer
 * $ rmmod exporter; grep -c importer_init /proc/kallsyms; grep importer_exit /proc/kallsyms
 * rmmod: can't unload module 'exporter': Resource temporarily unavailable
 * 0
 * ffffffffa…	[importer]
 * $ rmmod importer; rmmod exporter; lsmod
 * counts 202 value 42
 * Module                      Size  Used by
 * $ modprobe -v importer; lsmod; modprobe -r importer; lsmod
 * insmod /root/exporter.ko
 * insmod /root/importer.ko
 * own 10 10
 * Module                      Size  Used by
 * importer … 0…
 * exporter … 1 importer
 * counts 202 value 42
 * Module                      Size  Used by
 */
