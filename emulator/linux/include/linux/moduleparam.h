/* Parameters of modules (and of the kernel itself): a name, a type's set and get functions, and rights in /sys. */
#ifndef _LINUX_MODULEPARAM_H
#define _LINUX_MODULEPARAM_H

#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/stat.h>

#ifdef MODULE
#define MODULE_PARAM_PREFIX
#else
#define MODULE_PARAM_PREFIX KBUILD_MODNAME "."
#endif
#ifndef KBUILD_MODNAME
#define KBUILD_MODNAME "kernel"
#endif

#define __MODULE_INFO(tag, name, info) \
	static const char __UNIQUE_ID(name)[] __used __section(".modinfo") __aligned(1) = __stringify(tag) "=" info
#define __MODULE_PARM_TYPE(name, _type) __MODULE_INFO(parmtype, name##type, #name ":" _type)
#define MODULE_PARM_DESC(_parm, desc) __MODULE_INFO(parm, _parm, #_parm ":" desc)

struct kernel_param;

struct kernel_param_ops {
	unsigned int flags;
	int (*set)(const char *val, const struct kernel_param *kp);
	int (*get)(char *buffer, const struct kernel_param *kp);
	void (*free)(void *arg);
};
#define KERNEL_PARAM_OPS_FL_NOARG (1 << 0)

struct kparam_string {
	unsigned int maxlen;
	char *string;
};

struct kparam_array {
	unsigned int max;
	unsigned int elemsize;
	unsigned int *num;
	const struct kernel_param_ops *ops;
	void *elem;
};

struct kernel_param {
	const char *name;
	struct module *mod;
	const struct kernel_param_ops *ops;
	u16 perm;
	s8 level;
	u8 flags;
	union {
		void *arg;
		const struct kparam_string *str;
		const struct kparam_array *arr;
	};
};

#define __module_param_call(name, ops, arg, perm)					\
	static const char __param_str_##name[] = #name;					\
	static struct kernel_param __param_##name __used __section("__param") __aligned(8) =	\
		{ __param_str_##name, NULL, ops, perm, -1, 0, { arg } }
#define module_param_cb(name, ops, arg, perm) __module_param_call(name, ops, arg, perm)
#define module_param_named(name, value, type, perm)					\
	module_param_cb(name, &param_ops_##type, (void *)&value, perm);			\
	__MODULE_PARM_TYPE(name, #type)
#define module_param(name, type, perm) module_param_named(name, name, type, perm)
#define module_param_unsafe(name, type, perm) module_param(name, type, perm)
#define module_param_string(name, string, len, perm)					\
	static const struct kparam_string __param_string_##name = { len, string };	\
	module_param_cb(name, &param_ops_string, (void *)&__param_string_##name, perm);	\
	__MODULE_PARM_TYPE(name, "string")
#define module_param_array_named(name, array, type, nump, perm)				\
	static const struct kparam_array __param_arr_##name =				\
		{ ARRAY_SIZE(array), sizeof(array[0]), nump, &param_ops_##type, array };	\
	module_param_cb(name, &param_array_ops, (void *)&__param_arr_##name, perm);	\
	__MODULE_PARM_TYPE(name, "array of " #type)
#define module_param_array(name, type, nump, perm) module_param_array_named(name, name, type, nump, perm)
#define module_param_call(name, _set, _get, arg, perm)					\
	static const struct kernel_param_ops __param_ops_##name = { .flags = 0, .set = _set, .get = _get };	\
	module_param_cb(name, &__param_ops_##name, arg, perm)
#define core_param(name, var, type, perm) module_param_named(name, var, type, perm)

#define __DECLARE_PARAM(type, ctype)							\
	extern const struct kernel_param_ops param_ops_##type;				\
	extern int param_set_##type(const char *val, const struct kernel_param *kp);	\
	extern int param_get_##type(char *buffer, const struct kernel_param *kp)
__DECLARE_PARAM(byte, unsigned char);
__DECLARE_PARAM(short, short);
__DECLARE_PARAM(ushort, unsigned short);
__DECLARE_PARAM(int, int);
__DECLARE_PARAM(uint, unsigned int);
__DECLARE_PARAM(long, long);
__DECLARE_PARAM(ulong, unsigned long);
__DECLARE_PARAM(ullong, unsigned long long);
__DECLARE_PARAM(hexint, unsigned int);
__DECLARE_PARAM(charp, char *);
__DECLARE_PARAM(bool, bool);
__DECLARE_PARAM(invbool, bool);
extern const struct kernel_param_ops param_ops_string, param_array_ops;
extern int param_set_copystring(const char *val, const struct kernel_param *kp);
extern int param_get_string(char *buffer, const struct kernel_param *kp);

extern char *parse_args(const char *name, char *args, const struct kernel_param *params, unsigned int num);
extern int parse_one_param(const char *doing, char *param, char *val, const struct kernel_param *params, unsigned int num,
			   bool *found);

#endif
