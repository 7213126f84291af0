/*
 * Scripts: a file that starts with #! is run by the program named there, with the script's name as its argument.
 */
#include <linux/fs.h>
#include <linux/binfmts.h>
#include <linux/init.h>
#include <linux/module.h>
#include <linux/string.h>
#include <linux/err.h>

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

static noinline int load_script(struct linux_binprm *bprm)
{
	char *line = bprm->buf + 2, *end, *name, *arg = NULL;
	struct file *file;
	int retval;

	if (bprm->buf[0] != '#' || bprm->buf[1] != '!')
		return -ENOEXEC;
	end = strnchr(bprm->buf, BINPRM_BUF_SIZE, '\n');
	if (!end)
		end = bprm->buf + strnlen(bprm->buf, BINPRM_BUF_SIZE - 1);
	while (end > line && is_blank(end[-1]))
		end--;
	*end = '\0';
	while (is_blank(*line))
		line++;
	if (!*line)
		return -ENOEXEC;
	/* Everything behind the interpreter's name is one argument, blanks included. */
	name = line;
	while (*line && !is_blank(*line))
		line++;
	if (*line) {
		*line++ = '\0';
		while (is_blank(*line))
			line++;
		arg = line;
	}

	/* argv becomes: interpreter, [argument,] script, and the old arguments but the first. */
	retval = remove_arg_zero(bprm);
	if (retval)
		return retval;
	retval = copy_string_kernel(bprm->interp, bprm);
	if (retval < 0)
		return retval;
	bprm->argc++;
	if (arg) {
		retval = copy_string_kernel(arg, bprm);
		if (retval < 0)
			return retval;
		bprm->argc++;
	}
	retval = copy_string_kernel(name, bprm);
	if (retval)
		return retval;
	bprm->argc++;
	retval = bprm_change_interp(name, bprm);
	if (retval < 0)
		return retval;
	file = open_exec(name);
	if (IS_ERR(file))
		return PTR_ERR(file);
	bprm->interpreter = file;
	return 0;
}

static struct linux_binfmt script_format = {
	.module = THIS_MODULE,
	.load_binary = load_script,
};

static int __init init_script_binfmt(void)
{
	register_binfmt(&script_format);
	return 0;
}
core_initcall(init_script_binfmt);
