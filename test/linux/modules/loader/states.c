/* A module that is refused, stays, or cannot go, as its parameters say; a notifier tells what the loader does with it. */
#include <linux/completion.h>
#include <linux/fs.h>
#include <linux/kthread.h>
#include <linux/miscdevice.h>
#include <linux/module.h>
#include <linux/notifier.h>
#include <linux/uaccess.h>

static int fail;
module_param(fail, int, 0);
static const char *const states[] = { "live", "coming", "going" };

static int told(struct notifier_block *nb, unsigned long state, void *data)
{
	struct module *mod = data;

	pr_info("%s is %s, %d references\n", mod->name, states[state], module_refcount(mod));
	return NOTIFY_OK;
}

static struct notifier_block nb = { .notifier_call = told };
static const struct file_operations fops = { .owner = THIS_MODULE };
static struct miscdevice device = { .minor = MISC_DYNAMIC_MINOR, .name = "states", .fops = &fops };

static int __init states_init(void)
{
	int err;

	if (fail)
		return -fail;
	err = misc_register(&device);
	if (!err)
		err = register_module_notifier(&nb);
	pr_info("init of %s: %d, text in init memory %d\n", THIS_MODULE->name, err,
		within_module_init((unsigned long)states_init, THIS_MODULE));
	return err;
}

static void __exit states_exit(void)
{
	unregister_module_notifier(&nb);
	misc_deregister(&device);
	pr_info("gone\n");
}

module_init(states_init);
module_exit(states_exit);
MODULE_LICENSE("Dual BSD/GPL");

/* console
 * $ insmod /root/states.ko fail=19; lsmod
 * insmod: can't insert '/root/states.ko': No such device
 * Module                      Size  Used by
 * $ insmod /root/states.ko; insmod /root/states.ko
 * init of states: 0, text in init memory 1
 * states is live, 1 references
 * insmod: can't insert '/root/states.ko': File exists
 * $ exec 5< /dev/states; cat /sys/module/states/refcnt /sys/module/states/initstate /sys/module/states/taint; rmmod states; exec 5<&-; rmmod states
 * 1
 * live
 * O
 * rmmod: can't unload module 'states': Resource temporarily unavailable
 * gone
 * $ rmmod states
 * rmmod: can't unload module 'states': no such module
 */
