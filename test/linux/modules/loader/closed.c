/* Not under the GPL: what is for the GPL only does not exist for it. */
#include <linux/kprobes.h>
#include <linux/module.h>
#include <linux/workqueue.h>

static int gpl;
module_param(gpl, int, 0444);
static struct kprobe kp = { .symbol_name = "vfs_read" };

static int __init closed_init(void)
{
	return register_kprobe(&kp);
}

static void __exit closed_exit(void)
{
	unregister_kprobe(&kp);
}

module_init(closed_init);
module_exit(closed_exit);
MODULE_LICENSE("Proprietary");

/* console
 * $ insmod /root/closed.ko
 * closed: Unknown symbol unregister_kprobe (err -2)
 * closed: Unknown symbol register_kprobe (err -2)
 * insmod: can't insert '/root/closed.ko': Unknown symbol in module
 */
