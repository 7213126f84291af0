/*
 * /sys/module/NAME/parameters: a file for each parameter that wants one. The files are kept by whoever serves sysfs
 * (fs/sysfs); here are only the hooks and the reading and writing of one parameter.
 */
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/moduleparam.h>
#include <linux/mutex.h>

static DEFINE_MUTEX(param_lock);

int __weak module_add_sysfs(struct module *mod)
{
	return 0;
}

void __weak module_remove_sysfs(struct module *mod)
{
}

/* The text of a parameter into a page; returns its length. */
ssize_t param_attr_show(const struct kernel_param *kp, char *page)
{
	ssize_t len;

	if (!kp->ops->get)
		return -EPERM;
	mutex_lock(&param_lock);
	len = kp->ops->get(page, kp);
	mutex_unlock(&param_lock);
	return len;
}

ssize_t param_attr_store(const struct kernel_param *kp, const char *text, size_t len)
{
	int err;

	if (!kp->ops->set)
		return -EPERM;
	mutex_lock(&param_lock);
	err = kp->ops->set(text, kp);
	mutex_unlock(&param_lock);
	return err ? err : (ssize_t)len;
}
