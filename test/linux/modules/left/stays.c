/* Has no exit function: it can never be unloaded. */
#include <linux/module.h>

static int __init stays_init(void)
{
	pr_info("here to stay\n");
	return 0;
}

module_init(stays_init);
MODULE_LICENSE("GPL");

/* console
 * $ insmod /root/stays.ko; rmmod stays; cat /proc/modules
 * here to stay
 * rmmod: can't unload module 'stays': Device or resource busy
 * stays … 0 [permanent], Live 0xffffffff…(O)
 * broken_init … 1 - Loading 0xffffffff…(O)
 */
