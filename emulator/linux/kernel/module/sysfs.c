/*
 * /sys/module/NAME: what a module is (initstate, refcnt, coresize, taint, version), and a file for each of its
 * parameters that wants one.
 */
#include <linux/capability.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/kobject.h>
#include <linux/module.h>
#include <linux/moduleparam.h>
#include <linux/mutex.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/sysfs.h>

static DEFINE_MUTEX(param_lock);
static struct kobject *module_kset;

struct param_attribute {
	struct attribute attr;
	const struct kernel_param *param;
};

/* Hangs on mod->sysfs_dir. */
struct module_kobject {
	struct kobject kobj;
	struct module *mod;
	struct kobject parameters;
	struct param_attribute attrs[];
};

/* ---- parameters ---- */

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
	char *copy;
	int err;

	if (!kp->ops->set)
		return -EPERM;
	copy = kstrndup(text, len, GFP_KERNEL);
	if (!copy)
		return -ENOMEM;
	if (len && copy[len - 1] == '\n')
		copy[len - 1] = '\0';
	mutex_lock(&param_lock);
	err = kp->ops->set(copy, kp);
	mutex_unlock(&param_lock);
	kfree(copy);
	return err ? err : (ssize_t)len;
}

static ssize_t parameter_show(struct kobject *kobj, struct attribute *attr, char *buf)
{
	return param_attr_show(container_of(attr, struct param_attribute, attr)->param, buf);
}

static ssize_t parameter_store(struct kobject *kobj, struct attribute *attr, const char *buf, size_t len)
{
	return param_attr_store(container_of(attr, struct param_attribute, attr)->param, buf, len);
}

static const struct sysfs_ops parameter_ops = { .show = parameter_show, .store = parameter_store };
static const struct kobj_type parameter_ktype = { .sysfs_ops = &parameter_ops };

/* ---- the module itself ---- */

static struct attribute initstate_attr = { "initstate", 0444 };
static struct attribute refcnt_attr = { "refcnt", 0444 };
static struct attribute coresize_attr = { "coresize", 0444 };
static struct attribute taint_attr = { "taint", 0444 };
static struct attribute version_attr = { "version", 0444 };
static struct attribute srcversion_attr = { "srcversion", 0444 };

static const char *module_state_name(const struct module *mod)
{
	switch (mod->state) {
	case MODULE_STATE_LIVE:
		return "live";
	case MODULE_STATE_COMING:
		return "coming";
	default:
		return "going";
	}
}

static ssize_t module_attr_show(struct kobject *kobj, struct attribute *attr, char *buf)
{
	struct module *mod = container_of(kobj, struct module_kobject, kobj)->mod;

	if (attr == &initstate_attr)
		return sysfs_emit(buf, "%s\n", module_state_name(mod));
	if (attr == &refcnt_attr)
		return sysfs_emit(buf, "%i\n", module_refcount(mod));
	if (attr == &coresize_attr)
		return sysfs_emit(buf, "%u\n", mod->core_layout.size);
	if (attr == &taint_attr)
		return sysfs_emit(buf, "%s%s\n", mod->taints & (1UL << TAINT_PROPRIETARY_MODULE) ? "P" : "",
				  mod->taints & (1UL << TAINT_OOT_MODULE) ? "O" : "");
	if (attr == &version_attr)
		return sysfs_emit(buf, "%s\n", mod->version);
	return sysfs_emit(buf, "%s\n", mod->srcversion);
}

static const struct sysfs_ops module_sysfs_ops = { .show = module_attr_show };
static const struct kobj_type module_ktype = { .sysfs_ops = &module_sysfs_ops };

static int add_parameters(struct module_kobject *mk)
{
	struct module *mod = mk->mod;
	unsigned int i;
	int err = 0;

	for (i = 0; i < mod->num_kp && !err; i++) {
		if (!mod->kp[i].perm)
			continue; /* not to be seen */
		if (!mk->parameters.name) {
			err = kobject_init_and_add(&mk->parameters, &parameter_ktype, &mk->kobj, "parameters");
			if (err)
				return err;
		}
		mk->attrs[i].param = &mod->kp[i];
		mk->attrs[i].attr.name = mod->kp[i].name;
		mk->attrs[i].attr.mode = mod->kp[i].perm;
		err = sysfs_create_file(&mk->parameters, &mk->attrs[i].attr);
	}
	return err;
}

int module_add_sysfs(struct module *mod)
{
	struct module_kobject *mk = kzalloc(struct_size(mk, attrs, mod->num_kp), GFP_KERNEL);
	int err;

	if (!mk)
		return -ENOMEM;
	mk->mod = mod;
	err = kobject_init_and_add(&mk->kobj, &module_ktype, module_kset, "%s", mod->name);
	if (err) {
		kfree(mk);
		return err;
	}
	mod->sysfs_dir = mk;
	err = sysfs_create_file(&mk->kobj, &initstate_attr);
	if (!err)
		err = sysfs_create_file(&mk->kobj, &refcnt_attr);
	if (!err)
		err = sysfs_create_file(&mk->kobj, &coresize_attr);
	if (!err)
		err = sysfs_create_file(&mk->kobj, &taint_attr);
	if (!err && mod->version)
		err = sysfs_create_file(&mk->kobj, &version_attr);
	if (!err && mod->srcversion)
		err = sysfs_create_file(&mk->kobj, &srcversion_attr);
	return err ? err : add_parameters(mk);
}

void module_remove_sysfs(struct module *mod)
{
	struct module_kobject *mk = mod->sysfs_dir;

	if (!mk)
		return;
	mod->sysfs_dir = NULL;
	if (mk->parameters.name)
		kobject_del(&mk->parameters);
	kobject_del(&mk->kobj);
	kfree(mk);
}

static int __init module_sysfs_init(void)
{
	module_kset = kobject_create_and_add("module", NULL);
	return module_kset ? 0 : -ENOMEM;
}
subsys_initcall(module_sysfs_init);
