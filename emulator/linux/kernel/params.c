/*
 * Parameters: "name=value" words of a module's (or the kernel's) command line, and their types.
 */
#include <linux/ctype.h>
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/moduleparam.h>
#include <linux/slab.h>
#include <linux/string.h>

static char dash2underscore(char c)
{
	return c == '-' ? '_' : c;
}

/* Names are equal when they differ only in '-' and '_'. */
static bool parameq(const char *a, const char *b)
{
	for (; dash2underscore(*a) == dash2underscore(*b); a++, b++)
		if (!*a)
			return true;
	return false;
}

int parse_one_param(const char *doing, char *param, char *val, const struct kernel_param *params, unsigned int num,
		    bool *found)
{
	unsigned int i;

	*found = false;
	for (i = 0; i < num; i++) {
		if (!parameq(param, params[i].name))
			continue;
		*found = true;
		if (!val && !(params[i].ops->flags & KERNEL_PARAM_OPS_FL_NOARG))
			return -EINVAL;
		return params[i].ops->set(val, &params[i]);
	}
	return 0;
}

/* Cut off the next word; quotes keep spaces together. Sets *val to NULL when there is no '='. */
static char *next_arg(char *args, char **param, char **val)
{
	bool in_quote = false, quoted = *args == '"';
	char *equals = NULL, *p;

	if (quoted) {
		args++;
		in_quote = true;
	}
	for (p = args; *p; p++) {
		if (isspace(*p) && !in_quote)
			break;
		if (!equals && *p == '=')
			equals = p;
		if (*p == '"')
			in_quote = !in_quote;
	}
	*param = args;
	*val = NULL;
	if (*p)
		*p++ = '\0';
	if (equals) {
		*equals = '\0';
		*val = equals + 1;
		if (**val == '"') {
			++*val;
			if ((*val)[0] && (*val)[strlen(*val) - 1] == '"')
				(*val)[strlen(*val) - 1] = '\0';
		}
	}
	if (quoted && args[0] && args[strlen(args) - 1] == '"')
		args[strlen(args) - 1] = '\0';
	return skip_spaces(p);
}

/* NULL, or an ERR_PTR for the first word that is wrong. Writes into args. */
char *parse_args(const char *doing, char *args, const struct kernel_param *params, unsigned int num)
{
	char *param, *val;

	args = skip_spaces(args);
	while (*args) {
		bool found;
		int ret;

		args = next_arg(args, &param, &val);
		ret = parse_one_param(doing, param, val, params, num, &found);
		if (!found) {
			pr_warn("%s: unknown parameter '%s' ignored\n", doing, param);
			continue;
		}
		switch (ret) {
		case 0:
			continue;
		case -ENOSPC:
			pr_err("%s: `%s' too large for parameter `%s'\n", doing, val ? val : "", param);
			break;
		default:
			pr_err("%s: `%s' invalid for parameter `%s'\n", doing, val ? val : "", param);
		}
		return ERR_PTR(ret);
	}
	return NULL;
}

#define STANDARD_PARAM_DEF(name, type, format, strtolfn)				\
	int param_set_##name(const char *val, const struct kernel_param *kp)		\
	{										\
		return strtolfn(val, 0, (type *)kp->arg);				\
	}										\
	EXPORT_SYMBOL(param_set_##name);						\
	int param_get_##name(char *buffer, const struct kernel_param *kp)		\
	{										\
		return scnprintf(buffer, PAGE_SIZE, format "\n", *(type *)kp->arg);	\
	}										\
	EXPORT_SYMBOL(param_get_##name);						\
	const struct kernel_param_ops param_ops_##name = {				\
		.set = param_set_##name,						\
		.get = param_get_##name,						\
	};										\
	EXPORT_SYMBOL(param_ops_##name)

STANDARD_PARAM_DEF(byte, unsigned char, "%hhu", kstrtou8);
STANDARD_PARAM_DEF(short, short, "%hi", kstrtos16);
STANDARD_PARAM_DEF(ushort, unsigned short, "%hu", kstrtou16);
STANDARD_PARAM_DEF(int, int, "%i", kstrtoint);
STANDARD_PARAM_DEF(uint, unsigned int, "%u", kstrtouint);
STANDARD_PARAM_DEF(long, long, "%li", kstrtol);
STANDARD_PARAM_DEF(ulong, unsigned long, "%lu", kstrtoul);
STANDARD_PARAM_DEF(ullong, unsigned long long, "%llu", kstrtoull);
STANDARD_PARAM_DEF(hexint, unsigned int, "%#08x", kstrtouint);

int param_set_charp(const char *val, const struct kernel_param *kp)
{
	char *copy;

	if (strlen(val) > 1024)
		return -ENOSPC;
	copy = kstrdup(val, GFP_KERNEL);
	if (!copy)
		return -ENOMEM;
	*(char **)kp->arg = copy;
	return 0;
}
EXPORT_SYMBOL(param_set_charp);

int param_get_charp(char *buffer, const struct kernel_param *kp)
{
	return scnprintf(buffer, PAGE_SIZE, "%s\n", *((char **)kp->arg));
}
EXPORT_SYMBOL(param_get_charp);

const struct kernel_param_ops param_ops_charp = { .set = param_set_charp, .get = param_get_charp };
EXPORT_SYMBOL(param_ops_charp);

int param_set_bool(const char *val, const struct kernel_param *kp)
{
	return kstrtobool(val ? val : "1", kp->arg);
}
EXPORT_SYMBOL(param_set_bool);

int param_get_bool(char *buffer, const struct kernel_param *kp)
{
	return scnprintf(buffer, PAGE_SIZE, "%c\n", *(bool *)kp->arg ? 'Y' : 'N');
}
EXPORT_SYMBOL(param_get_bool);

const struct kernel_param_ops param_ops_bool = {
	.flags = KERNEL_PARAM_OPS_FL_NOARG, .set = param_set_bool, .get = param_get_bool,
};
EXPORT_SYMBOL(param_ops_bool);

int param_set_invbool(const char *val, const struct kernel_param *kp)
{
	bool boolval;
	int ret = kstrtobool(val, &boolval);

	if (!ret)
		*(bool *)kp->arg = !boolval;
	return ret;
}
EXPORT_SYMBOL(param_set_invbool);

int param_get_invbool(char *buffer, const struct kernel_param *kp)
{
	return scnprintf(buffer, PAGE_SIZE, "%c\n", *(bool *)kp->arg ? 'N' : 'Y');
}
EXPORT_SYMBOL(param_get_invbool);

const struct kernel_param_ops param_ops_invbool = { .set = param_set_invbool, .get = param_get_invbool };
EXPORT_SYMBOL(param_ops_invbool);

int param_set_copystring(const char *val, const struct kernel_param *kp)
{
	const struct kparam_string *kps = kp->str;

	if (strnlen(val, kps->maxlen) == kps->maxlen) {
		pr_err("%s: string doesn't fit in %u chars.\n", kp->name, kps->maxlen - 1);
		return -ENOSPC;
	}
	strcpy(kps->string, val);
	return 0;
}
EXPORT_SYMBOL(param_set_copystring);

int param_get_string(char *buffer, const struct kernel_param *kp)
{
	return scnprintf(buffer, PAGE_SIZE, "%s\n", kp->str->string);
}
EXPORT_SYMBOL(param_get_string);

const struct kernel_param_ops param_ops_string = { .set = param_set_copystring, .get = param_get_string };
EXPORT_SYMBOL(param_ops_string);

/* Elements separated by commas. */
static int param_array_set(const char *val, const struct kernel_param *kp)
{
	const struct kparam_array *arr = kp->arr;
	char *copy = kstrdup(val, GFP_KERNEL), *rest = copy, *word;
	unsigned int count = 0;
	int ret = 0;

	if (!copy)
		return -ENOMEM;
	while ((word = strsep(&rest, ",")) && !ret) {
		struct kernel_param element = { .name = kp->name, .ops = arr->ops, .level = kp->level };

		if (count == arr->max) {
			pr_err("%s: can only take %i arguments\n", kp->name, arr->max);
			ret = -EINVAL;
			break;
		}
		element.arg = arr->elem + arr->elemsize * count++;
		ret = arr->ops->set(word, &element);
	}
	if (arr->num)
		*arr->num = count;
	kfree(copy);
	return ret;
}

static int param_array_get(char *buffer, const struct kernel_param *kp)
{
	const struct kparam_array *arr = kp->arr;
	unsigned int i, count = arr->num ? *arr->num : arr->max;
	int off = 0;

	for (i = 0; i < count; i++) {
		struct kernel_param element = { .name = kp->name, .ops = arr->ops, .arg = arr->elem + arr->elemsize * i };

		if (i)
			buffer[off - 1] = ',';
		off += arr->ops->get(buffer + off, &element);
	}
	buffer[off] = '\0';
	return off;
}

const struct kernel_param_ops param_array_ops = { .set = param_array_set, .get = param_array_get };
EXPORT_SYMBOL(param_array_ops);
