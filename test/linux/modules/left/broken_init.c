/* Oopses in its init function: the loading program dies, the module stays half loaded, the machine goes on. */
#include <linux/module.h>

static int __init broken_init(void)
{
	*(volatile int *)8 = 1;
	return 0;
}

static void __exit broken_exit(void)
{
}

module_init(broken_init);
module_exit(broken_exit);
MODULE_LICENSE("GPL");

/* console
 * $ insmod /root/broken_init.ko
 * BUG: kernel NULL pointer dereference, address: 0000000000000008
 * #PF: supervisor write access in kernel mode
 * #PF: error_code(0x0002) - not-present page
 * PGD …
 * Oops: 0002 [#1] SMP NOPTI
 * …
 * RIP: 0010:broken_init+0x…/0x… [broken_init]
 * …
 *  do_one_initcall…
 * …
 * ---[ end trace 0000000000000000 ]---
 * Killed
 * $ lsmod; rmmod broken_init
 * Module                      Size  Used by
 * broken_init … 1…
 * …
 * rmmod: can't unload module 'broken_init': Device or resource busy
 */
