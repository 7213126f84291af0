/* Exports what the kernel exports already. */
#include <linux/module.h>

int register_module_notifier(void *nb)
{
	return 0;
}
EXPORT_SYMBOL(register_module_notifier);

MODULE_LICENSE("GPL");

/* console
 * $ insmod /root/twice.ko
 * twice: exports duplicate symbol register_module_notifier (owned by kernel)
 * insmod: can't insert '/root/twice.ko': Invalid module format
 */
