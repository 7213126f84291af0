/*
 * Loading and unloading of modules. The system calls bring an object file; the host links it into memory that we
 * allocate (lab_module_begin, lab_module_link); parameters, states, reference counts and the calls to the module's own
 * functions are here.
 */
#include <linux/capability.h>
#include <linux/err.h>
#include <linux/fcntl.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/kernel.h>
#include <linux/kprobes.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/notifier.h>
#include <linux/rculist.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/syscalls.h>
#include <linux/uaccess.h>
#include <linux/vmalloc.h>
#include <lab/gates.h>

#define MODULE_FILE_MAX (16UL << 20)

DEFINE_MUTEX(module_mutex);
LIST_HEAD(modules);
static BLOCKING_NOTIFIER_HEAD(module_notify_list);

int register_module_notifier(struct notifier_block *nb)
{
	return blocking_notifier_chain_register(&module_notify_list, nb);
}
EXPORT_SYMBOL(register_module_notifier);

int unregister_module_notifier(struct notifier_block *nb)
{
	return blocking_notifier_chain_unregister(&module_notify_list, nb);
}
EXPORT_SYMBOL(unregister_module_notifier);

/* ---- looking up ---- */

struct module *find_module(const char *name)
{
	struct module *mod;

	list_for_each_entry_rcu(mod, &modules, list)
		if (mod->state != MODULE_STATE_UNFORMED && !strcmp(mod->name, name))
			return mod;
	return NULL;
}

struct module *__module_address(unsigned long addr)
{
	struct module *mod;

	if (addr < MODULES_VADDR || addr >= MODULES_END)
		return NULL;
	list_for_each_entry_rcu(mod, &modules, list)
		if (within_module(addr, mod))
			return mod;
	return NULL;
}
NOKPROBE_SYMBOL(__module_address);

bool is_module_address(unsigned long addr)
{
	return __module_address(addr) != NULL;
}

struct module *__module_text_address(unsigned long addr)
{
	struct module *mod = __module_address(addr);

	if (!mod)
		return NULL;
	if (addr - (unsigned long)mod->core_layout.base < mod->core_layout.text_size || within_module_init(addr, mod))
		return mod;
	return NULL;
}
NOKPROBE_SYMBOL(__module_text_address);

bool is_module_text_address(unsigned long addr)
{
	return __module_text_address(addr) != NULL;
}
NOKPROBE_SYMBOL(is_module_text_address);

/* The last line of an oops. */
void print_modules(void)
{
	static char line[512];
	struct module *mod;
	int len = 0;

	line[0] = '\0';
	list_for_each_entry_rcu(mod, &modules, list)
		if (mod->state != MODULE_STATE_UNFORMED)
			len += scnprintf(line + len, sizeof(line) - len, " %s%s", mod->name,
					 mod->taints & (1UL << TAINT_PROPRIETARY_MODULE) ? "(PO)" : mod->taints ? "(O)" : "");
	printk(KERN_DEFAULT "Modules linked in:%s\n", line);
}

/* ---- references ---- */

void __module_get(struct module *module)
{
	if (module)
		atomic_inc(&module->refcnt);
}
EXPORT_SYMBOL(__module_get);

bool try_module_get(struct module *module)
{
	if (!module)
		return true;
	return module_is_live(module) && atomic_inc_not_zero(&module->refcnt);
}
EXPORT_SYMBOL(try_module_get);

void module_put(struct module *module)
{
	if (module)
		WARN_ON(atomic_dec_if_positive(&module->refcnt) < 0);
}
EXPORT_SYMBOL(module_put);

int module_refcount(struct module *mod)
{
	return atomic_read(&mod->refcnt) - MODULE_REF_BASE;
}
EXPORT_SYMBOL(module_refcount);

static bool already_uses(struct module *a, struct module *b)
{
	struct module_use *use;

	list_for_each_entry(use, &b->source_list, source_list)
		if (use->source == a)
			return true;
	return false;
}

/* Module a uses a symbol of b. */
int ref_module(struct module *a, struct module *b)
{
	struct module_use *use;

	if (!b || already_uses(a, b))
		return 0;
	if (!try_module_get(b))
		return -ENODEV;
	use = kmalloc(sizeof(*use), GFP_KERNEL);
	if (!use) {
		module_put(b);
		return -ENOMEM;
	}
	use->source = a;
	use->target = b;
	list_add(&use->source_list, &b->source_list);
	list_add(&use->target_list, &a->target_list);
	return 0;
}

static void module_unload_free(struct module *mod)
{
	struct module_use *use, *tmp;

	list_for_each_entry_safe(use, tmp, &mod->target_list, target_list) {
		module_put(use->target);
		list_del(&use->source_list);
		list_del(&use->target_list);
		kfree(use);
	}
}

/* ---- unloading ---- */

/* The module is on no list any more, or was never complete. */
static void free_module(struct module *mod)
{
	mutex_lock(&module_mutex);
	mod->state = MODULE_STATE_UNFORMED;
	if (mod->list.next)
		list_del_rcu(&mod->list);
	mutex_unlock(&module_mutex);
	module_remove_sysfs(mod);
	module_unload_free(mod);
	synchronize_rcu();
	lab_module_free(mod);
	free_percpu(mod->percpu);
	module_memfree(mod->core_layout.base);
	kfree(mod->args);
	module_memfree(mod);
}

SYSCALL_DEFINE2(delete_module, const char __user *, name_user, unsigned int, flags)
{
	char name[MODULE_NAME_LEN];
	struct module *mod;
	int ret = 0;

	if (!capable(CAP_SYS_MODULE))
		return -EPERM;
	if (strncpy_from_user(name, name_user, MODULE_NAME_LEN - 1) < 0)
		return -EFAULT;
	name[MODULE_NAME_LEN - 1] = '\0';
	mutex_lock(&module_mutex);
	mod = find_module(name);
	if (!mod)
		ret = -ENOENT;
	else if (!list_empty(&mod->source_list))
		ret = -EWOULDBLOCK;
	else if (mod->state != MODULE_STATE_LIVE)
		ret = -EBUSY;
	else if (mod->permanent)
		ret = -EBUSY; /* a module without an exit function stays */
	else if (atomic_cmpxchg(&mod->refcnt, MODULE_REF_BASE, 0) != MODULE_REF_BASE)
		ret = -EWOULDBLOCK;
	else
		mod->state = MODULE_STATE_GOING;
	mutex_unlock(&module_mutex);
	if (ret)
		return ret;
	if (mod->exit)
		mod->exit();
	blocking_notifier_call_chain(&module_notify_list, MODULE_STATE_GOING, mod);
	lab_module_going(mod);
	free_module(mod);
	return 0;
}

/* ---- loading ---- */

static void check_taint(struct module *mod)
{
	set_bit(TAINT_OOT_MODULE, &mod->taints);
	if (!test_taint(TAINT_OOT_MODULE))
		pr_warn("%s: loading out-of-tree module taints kernel.\n", mod->name);
	add_taint(TAINT_OOT_MODULE, LOCKDEP_STILL_OK);
	if (!mod->license_gplok) {
		if (!test_taint(TAINT_PROPRIETARY_MODULE))
			pr_warn("%s: module license '%s' taints kernel.\n", mod->name,
				mod->license ? mod->license : "unspecified");
		set_bit(TAINT_PROPRIETARY_MODULE, &mod->taints);
		add_taint(TAINT_PROPRIETARY_MODULE, LOCKDEP_NOW_UNRELIABLE);
	}
}

static noinline int do_one_initcall_module(struct module *mod)
{
	int count = preempt_count(), ret;

	ret = mod->init();
	if (preempt_count() != count) {
		pr_err("initcall %s returned with preemption imbalance\n", mod->name);
		preempt_count_set(count);
	}
	return ret;
}

/* Its init text is not needed any more: the pages are given back, and a call into them faults. */
static void free_module_init(struct module *mod)
{
	struct module_layout init = mod->init_layout;

	if (!init.size)
		return;
	mod->init_layout = (struct module_layout) { };
	mod->init = NULL;
	synchronize_rcu();
	vfree_part(mod->core_layout.base, init.base, init.size);
}

/* Run the module's init function. On failure the module is gone. */
static noinline int do_init_module(struct module *mod)
{
	int ret = 0;

	if (mod->init)
		ret = do_one_initcall_module(mod);
	if (ret < 0) {
		mod->state = MODULE_STATE_GOING;
		synchronize_rcu();
		blocking_notifier_call_chain(&module_notify_list, MODULE_STATE_GOING, mod);
		lab_module_going(mod);
		free_module(mod);
		return ret;
	}
	if (ret > 0) {
		pr_warn("%s: '%s'->init suspiciously returned %d, it should follow 0/-E convention\n", __func__, mod->name, ret);
		dump_stack();
	}
	mod->state = MODULE_STATE_LIVE;
	blocking_notifier_call_chain(&module_notify_list, MODULE_STATE_LIVE, mod);
	lab_module_live(mod);
	module_put(mod);
	free_module_init(mod);
	return 0;
}

/* The modules whose symbols it uses stay as long as it does. They must be complete. */
static int resolve_dependencies(struct module *mod)
{
	struct module *used;
	long i;

	for (i = 0; (used = lab_module_uses(mod, i)); i++) {
		int err = used->state == MODULE_STATE_LIVE ? ref_module(mod, used) : -EBUSY;

		if (err == -EBUSY)
			pr_warn("%s: gave up waiting for init of module %s.\n", mod->name, used->name);
		if (err)
			return err;
	}
	return 0;
}

/* Every CPU's copy of its per-CPU variables starts as the object file has them. */
static void percpu_modcopy(struct module *mod)
{
	int cpu;

	for_each_possible_cpu(cpu)
		memcpy(per_cpu_ptr(mod->percpu, cpu), mod->percpu_init, mod->percpu_size);
}

/* Name it, find it a place, link it there. */
static int layout_and_link(struct module *mod, const void *elf, unsigned long len)
{
	long size = lab_module_begin(mod, elf, len);
	void *base;
	long err;

	if (size < 0)
		return (int)size;
	mutex_lock(&module_mutex);
	err = find_module(mod->name) ? -EEXIST : 0;
	mutex_unlock(&module_mutex);
	if (err)
		return (int)err;
	if (mod->percpu_size) {
		mod->percpu = __alloc_percpu(mod->percpu_size, PERCPU_ALIGN_MAX);
		if (!mod->percpu)
			return -ENOMEM;
	}
	base = module_alloc(size);
	err = base ? lab_module_link(mod, base, mod->args) : -ENOMEM;
	if (!err) {
		mod->core_layout.base = base;
		mod->permanent = mod->init && !mod->exit;
		percpu_modcopy(mod);
		err = resolve_dependencies(mod);
	}
	if (err) {
		lab_module_free(mod);
		module_unload_free(mod);
		module_memfree(base);
		free_percpu(mod->percpu);
	}
	return (int)err;
}

static noinline int load_module(const void *elf, unsigned long len, const char __user *uargs)
{
	/* In module memory: the module's code reaches its own THIS_MODULE with 32-bit addresses. */
	struct module *mod = module_alloc(sizeof(*mod));
	char *after;
	int err;

	if (!mod)
		return -ENOMEM;
	memset(mod, 0, sizeof(*mod));
	mod->state = MODULE_STATE_UNFORMED;
	atomic_set(&mod->refcnt, MODULE_REF_BASE + 1); /* one reference while it is being initialised */
	INIT_LIST_HEAD(&mod->source_list);
	INIT_LIST_HEAD(&mod->target_list);
	mod->args = strndup_user(uargs, PATH_MAX);
	if (IS_ERR(mod->args)) {
		err = PTR_ERR(mod->args);
		module_memfree(mod);
		return err;
	}
	err = layout_and_link(mod, elf, len);
	if (err) {
		kfree(mod->args);
		module_memfree(mod);
		return err;
	}
	check_taint(mod);
	mutex_lock(&module_mutex);
	mod->state = MODULE_STATE_COMING;
	list_add_rcu(&mod->list, &modules);
	mutex_unlock(&module_mutex);
	lab_module_coming(mod);
	blocking_notifier_call_chain(&module_notify_list, MODULE_STATE_COMING, mod);
	after = parse_args(mod->name, mod->args, mod->kp, mod->num_kp);
	err = IS_ERR(after) ? PTR_ERR(after) : module_add_sysfs(mod);
	if (err) {
		mod->state = MODULE_STATE_GOING;
		blocking_notifier_call_chain(&module_notify_list, MODULE_STATE_GOING, mod);
		lab_module_going(mod);
		free_module(mod);
		return err;
	}
	return do_init_module(mod);
}

SYSCALL_DEFINE3(init_module, void __user *, umod, unsigned long, len, const char __user *, uargs)
{
	void *elf;
	int err;

	if (!capable(CAP_SYS_MODULE))
		return -EPERM;
	if (len < 64 || len > MODULE_FILE_MAX)
		return -ENOEXEC;
	elf = vmalloc(len);
	if (!elf)
		return -ENOMEM;
	err = copy_from_user(elf, umod, len) ? -EFAULT : load_module(elf, len, uargs);
	vfree(elf);
	return err;
}

SYSCALL_DEFINE3(finit_module, int, fd, const char __user *, uargs, int, flags)
{
	struct file *file;
	loff_t size, pos = 0;
	void *elf;
	ssize_t got;
	int err;

	if (!capable(CAP_SYS_MODULE))
		return -EPERM;
	file = fget(fd);
	if (!file)
		return -EBADF;
	size = i_size_read(file_inode(file));
	err = -ENOEXEC;
	if (size < 64 || size > (loff_t)MODULE_FILE_MAX)
		goto out;
	elf = vmalloc(size);
	err = -ENOMEM;
	if (!elf)
		goto out;
	got = kernel_read(file, elf, size, &pos);
	err = got < 0 ? (int)got : got < size ? -EIO : load_module(elf, size, uargs);
	vfree(elf);
out:
	fput(file);
	return err;
}

/* There is no helper program to load modules on demand. */
int __request_module(bool wait, const char *fmt, ...)
{
	return -ENOENT;
}
EXPORT_SYMBOL(__request_module);
