/*
 * execve(2): a task goes on as another program.
 *
 * The strings of the new program are gathered in pages of their own while the old address space is still there to be
 * read; then a binary format recognises the file and calls begin_new_exec(), the point of no return, after which the
 * old address space is gone and every failure kills the task. setup_arg_pages() moves the strings to the new stack.
 */
#include <linux/fs.h>
#include <linux/file.h>
#include <linux/fdtable.h>
#include <linux/binfmts.h>
#include <linux/mm.h>
#include <linux/mman.h>
#include <linux/mount.h>
#include <linux/cred.h>
#include <linux/sched.h>
#include <linux/security.h>
#include <linux/signal.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/uaccess.h>
#include <linux/init.h>
#include <linux/export.h>
#include <linux/syscalls.h>
#include "internal.h"

static LIST_HEAD(formats);
static DEFINE_RWLOCK(binfmt_lock);

/* argv or envp, wherever it lies. */
struct arg_vector {
	bool in_kernel;
	const char __user *const __user *user;
	const char *const *kernel;
};

void register_binfmt(struct linux_binfmt *fmt)
{
	write_lock(&binfmt_lock);
	list_add_tail(&fmt->lh, &formats);
	write_unlock(&binfmt_lock);
}
EXPORT_SYMBOL(register_binfmt);

void unregister_binfmt(struct linux_binfmt *fmt)
{
	write_lock(&binfmt_lock);
	list_del(&fmt->lh);
	write_unlock(&binfmt_lock);
}
EXPORT_SYMBOL(unregister_binfmt);

/* The file that an address space runs. While it does, nobody may write to it. NULL: none any more. */
int set_mm_exe_file(struct mm_struct *mm, struct file *file)
{
	struct file *old = mm->exe_file;

	if (file) {
		if (deny_write_access(file))
			return -EACCES;
		get_file(file);
	}
	mm->exe_file = file;
	if (old) {
		allow_write_access(old);
		fput(old);
	}
	return 0;
}

static noinline struct file *do_open_execat(int fd, struct filename *name)
{
	static const struct open_flags open_exec_flags = {
		.open_flag = O_LARGEFILE | O_RDONLY,
		.acc_mode = MAY_EXEC,
		.intent = LOOKUP_OPEN,
		.lookup_flags = LOOKUP_FOLLOW,
	};
	struct file *file = do_filp_open(fd, name, &open_exec_flags);
	int error;

	if (IS_ERR(file))
		return file;
	error = -EACCES;
	if (!S_ISREG(file_inode(file)->i_mode) || (file->f_path.mnt->mnt_flags & MNT_NOEXEC))
		goto close;
	error = deny_write_access(file);
	if (error)
		goto close;
	return file;
close:
	fput(file);
	return ERR_PTR(error);
}

struct file *open_exec(const char *name)
{
	struct filename *filename = getname_kernel(name);
	struct file *file = ERR_CAST(filename);

	if (!IS_ERR(filename)) {
		file = do_open_execat(AT_FDCWD, filename);
		putname(filename);
	}
	return file;
}
EXPORT_SYMBOL(open_exec);

static void free_bprm(struct linux_binprm *bprm)
{
	int i;

	for (i = 0; i < MAX_ARG_PAGES; i++)
		if (bprm->page[i])
			put_page(bprm->page[i]);
	if (bprm->mm)
		mmput(bprm->mm);
	if (bprm->cred)
		abort_creds(bprm->cred);
	if (bprm->file) {
		allow_write_access(bprm->file);
		fput(bprm->file);
	}
	if (bprm->interp != bprm->filename)
		kfree(bprm->interp);
	kfree(bprm);
}

static struct linux_binprm *alloc_bprm(const char *filename)
{
	struct linux_binprm *bprm = kzalloc(sizeof(*bprm), GFP_KERNEL);

	if (!bprm)
		return ERR_PTR(-ENOMEM);
	bprm->filename = bprm->interp = filename;
	/* Strings are laid down from the top, below one word of zero that ends the stack. */
	bprm->p = MAX_ARG_PAGES * PAGE_SIZE - sizeof(void *);
	bprm->mm = mm_alloc();
	if (!bprm->mm) {
		free_bprm(bprm);
		return ERR_PTR(-ENOMEM);
	}
	return bprm;
}

/* The i-th pointer of a vector: a string's address, NULL at the end, or ERR_PTR(-EFAULT). */
static const char *get_arg(const struct arg_vector *argv, int i)
{
	const char __user *pointer;

	if (argv->in_kernel)
		return argv->kernel ? argv->kernel[i] : NULL;
	if (!argv->user)
		return NULL;
	if (get_user(pointer, argv->user + i))
		return ERR_PTR(-EFAULT);
	return pointer;
}

static int count(const struct arg_vector *argv)
{
	int i;

	for (i = 0;; i++) {
		const char *p = get_arg(argv, i);

		if (IS_ERR(p))
			return PTR_ERR(p);
		if (!p)
			return i;
		if (i >= MAX_ARG_PAGES * (int)(PAGE_SIZE / sizeof(void *)))
			return -E2BIG;
		if (fatal_signal_pending(current))
			return -EINTR;
	}
}

/* Lays length bytes down below bprm->p, page by page from their end. */
static noinline int copy_string(struct linux_binprm *bprm, const char *from, long length, bool in_kernel)
{
	if ((unsigned long)length > bprm->p)
		return -E2BIG;
	while (length > 0) {
		unsigned long end = bprm->p;
		unsigned long offset = end & (PAGE_SIZE - 1) ? end & (PAGE_SIZE - 1) : PAGE_SIZE;
		long bytes = length < (long)offset ? length : (long)offset;
		struct page **page = &bprm->page[(end - 1) >> PAGE_SHIFT];
		char *to;

		if (!*page)
			*page = alloc_page(GFP_HIGHUSER | __GFP_ZERO);
		if (!*page)
			return -ENOMEM;
		to = (char *)page_address(*page) + offset - bytes;
		length -= bytes;
		bprm->p -= bytes;
		if (in_kernel)
			memcpy(to, from + length, bytes);
		else if (copy_from_user(to, (const char __user *)from + length, bytes))
			return -EFAULT;
	}
	return 0;
}

static noinline int copy_strings(int argc, const struct arg_vector *argv, struct linux_binprm *bprm)
{
	while (argc-- > 0) {
		const char *string = get_arg(argv, argc);
		long length;
		int error;

		if (IS_ERR_OR_NULL(string))
			return -EFAULT;
		if (argv->in_kernel)
			length = strlen(string) + 1;
		else
			length = strnlen_user((const char __user *)string, MAX_ARG_STRLEN);
		if (!length)
			return -EFAULT;
		if (length > (long)MAX_ARG_STRLEN)
			return -E2BIG;
		error = copy_string(bprm, string, length, argv->in_kernel);
		if (error)
			return error;
		cond_resched();
	}
	return 0;
}

int copy_string_kernel(const char *arg, struct linux_binprm *bprm)
{
	return copy_string(bprm, arg, strlen(arg) + 1, true);
}
EXPORT_SYMBOL(copy_string_kernel);

/* Drops argv[0]: a script's interpreter gets its own name there. */
int remove_arg_zero(struct linux_binprm *bprm)
{
	char c;

	if (!bprm->argc)
		return 0;
	do {
		struct page *page = bprm->page[bprm->p >> PAGE_SHIFT];

		if (!page)
			return -EFAULT;
		c = ((char *)page_address(page))[bprm->p & (PAGE_SIZE - 1)];
		bprm->p++;
	} while (c);
	bprm->argc--;
	return 0;
}
EXPORT_SYMBOL(remove_arg_zero);

int bprm_change_interp(const char *interp, struct linux_binprm *bprm)
{
	char *copy = kstrdup(interp, GFP_KERNEL);

	if (!copy)
		return -ENOMEM;
	if (bprm->interp != bprm->filename)
		kfree(bprm->interp);
	bprm->interp = copy;
	return 0;
}
EXPORT_SYMBOL(bprm_change_interp);

/* Gives the task the new address space; the old one goes with its last user. */
static noinline int exec_mmap(struct mm_struct *mm)
{
	struct task_struct *tsk = current;
	struct mm_struct *old_mm = tsk->mm, *active_mm;

	exec_mm_release(tsk, old_mm);
	task_lock(tsk);
	active_mm = tsk->active_mm;
	tsk->mm = mm;
	tsk->active_mm = mm;
	activate_mm(active_mm, mm);
	task_unlock(tsk);
	if (old_mm)
		mmput(old_mm);
	else
		mmdrop(active_mm);
	return 0;
}

/* The point of no return: from here on the task is the new program. */
noinline int begin_new_exec(struct linux_binprm *bprm)
{
	struct task_struct *me = current;
	const char *name = strrchr(bprm->filename, '/');
	int error = de_thread(me);

	if (error)
		return error;
	error = set_mm_exe_file(bprm->mm, bprm->file);
	if (error)
		return error;
	error = exec_mmap(bprm->mm);
	if (error)
		return error;
	bprm->mm = NULL;
	bprm->point_of_no_return = true;
	me->flags &= ~(PF_RANDOMIZE | PF_FORKNOEXEC | PF_KTHREAD);
	do_close_on_exec(me->files);
	__set_task_comm(me, name ? name + 1 : bprm->filename, true);
	commit_creds(bprm->cred);
	bprm->cred = NULL;
	security_bprm_committed_creds(bprm);
	flush_signal_handlers(me, 0);
	return 0;
}
EXPORT_SYMBOL(begin_new_exec);

void setup_new_exec(struct linux_binprm *bprm)
{
	current->mm->task_size = TASK_SIZE;
	current->sas_ss_sp = current->sas_ss_size = 0;
}
EXPORT_SYMBOL(setup_new_exec);

/* Maps the stack and moves the gathered strings to its top. bprm->p becomes a user address. */
noinline int setup_arg_pages(struct linux_binprm *bprm, unsigned long stack_top, int executable_stack)
{
	unsigned long base = stack_top - MAX_ARG_PAGES * PAGE_SIZE;
	unsigned long mapped;
	unsigned long i;

	mapped = vm_mmap(NULL, base, stack_top - base, PROT_READ | PROT_WRITE | (executable_stack ? PROT_EXEC : 0),
			 MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED | MAP_GROWSDOWN | MAP_STACK, 0);
	if (IS_ERR_VALUE(mapped))
		return (int)mapped;
	for (i = bprm->p >> PAGE_SHIFT; i < MAX_ARG_PAGES; i++) {
		if (!bprm->page[i])
			continue;
		if (copy_to_user((void __user *)(base + i * PAGE_SIZE), page_address(bprm->page[i]), PAGE_SIZE))
			return -EFAULT;
	}
	bprm->p += base;
	current->mm->start_stack = bprm->p;
	return 0;
}
EXPORT_SYMBOL(setup_arg_pages);

void finalize_exec(struct linux_binprm *bprm)
{
	security_file_permission(bprm->file, MAY_EXEC);
}

/* Set-user-ID and set-group-ID files change who runs them. */
static void bprm_fill_uid(struct linux_binprm *bprm)
{
	struct inode *inode = file_inode(bprm->file);

	if ((bprm->file->f_path.mnt->mnt_flags & MNT_NOSUID) || current->no_new_privs)
		return;
	if (inode->i_mode & S_ISUID)
		bprm->cred->euid = inode->i_uid;
	if ((inode->i_mode & (S_ISGID | S_IXGRP)) == (S_ISGID | S_IXGRP))
		bprm->cred->egid = inode->i_gid;
	bprm->cred->suid = bprm->cred->fsuid = bprm->cred->euid;
	bprm->cred->sgid = bprm->cred->fsgid = bprm->cred->egid;
	bprm->secureexec = !uid_eq(bprm->cred->euid, bprm->cred->uid) || !gid_eq(bprm->cred->egid, bprm->cred->gid);
}

/* Reads the first bytes of the file, by which the formats know it. */
static noinline int prepare_binprm(struct linux_binprm *bprm)
{
	loff_t pos = 0;
	ssize_t size;

	memset(bprm->buf, 0, BINPRM_BUF_SIZE);
	size = kernel_read(bprm->file, bprm->buf, BINPRM_BUF_SIZE, &pos);
	return size < 0 ? size : 0;
}

/* Tries every format. A script's format sets bprm->interpreter and the round starts again with that. */
static noinline int search_binary_handler(struct linux_binprm *bprm)
{
	struct linux_binfmt *fmt;
	int retval = prepare_binprm(bprm);

	if (retval < 0)
		return retval;
	retval = security_bprm_check(bprm);
	if (retval)
		return retval;
	retval = -ENOEXEC;
	list_for_each_entry(fmt, &formats, lh) {
		retval = fmt->load_binary(bprm);
		if (bprm->point_of_no_return || retval != -ENOEXEC)
			return retval;
	}
	return retval;
}

static noinline int exec_binprm(struct linux_binprm *bprm)
{
	int depth;

	for (depth = 0;; depth++) {
		struct file *script;
		int retval;

		if (depth > 5)
			return -ELOOP;
		retval = search_binary_handler(bprm);
		if (retval < 0)
			return retval;
		if (!bprm->interpreter)
			return 0;
		script = bprm->file;
		bprm->file = bprm->interpreter;
		bprm->interpreter = NULL;
		allow_write_access(script);
		fput(script);
	}
}

/*
 * Runs the program. bprm holds its strings; fd and filename say where the file is.
 * Returns 0 when the task is the new program, a negative errno when it is still the old one.
 */
noinline int bprm_execve(struct linux_binprm *bprm, int fd, struct filename *filename, int flags)
{
	struct file *file;
	int retval;

	bprm->cred = prepare_exec_creds();
	if (!bprm->cred)
		return -ENOMEM;
	current->in_execve = 1;
	file = do_open_execat(fd, filename);
	retval = PTR_ERR(file);
	if (!IS_ERR(file)) {
		bprm->file = file;
		bprm_fill_uid(bprm);
		retval = security_bprm_creds_for_exec(bprm);
		if (!retval)
			retval = exec_binprm(bprm);
	}
	current->in_execve = 0;
	/* There is no old program to return an error to. */
	if (retval < 0 && bprm->point_of_no_return && !fatal_signal_pending(current))
		force_sigsegv(SIGSEGV);
	return retval;
}

static noinline int do_execveat_common(int fd, struct filename *filename, const struct arg_vector *argv,
				       const struct arg_vector *envp, int flags)
{
	struct linux_binprm *bprm;
	int retval;

	if (IS_ERR(filename))
		return PTR_ERR(filename);
	bprm = alloc_bprm(filename->name);
	if (IS_ERR(bprm)) {
		putname(filename);
		return PTR_ERR(bprm);
	}
	retval = count(argv);
	if (retval < 0)
		goto out;
	bprm->argc = retval;
	retval = count(envp);
	if (retval < 0)
		goto out;
	bprm->envc = retval;
	retval = copy_string_kernel(bprm->filename, bprm);
	if (retval < 0)
		goto out;
	bprm->exec = bprm->p;
	retval = copy_strings(bprm->envc, envp, bprm);
	if (retval < 0)
		goto out;
	retval = copy_strings(bprm->argc, argv, bprm);
	if (retval < 0)
		goto out;
	/* A program may rely on argv[0]: give it an empty one. */
	if (bprm->argc == 0) {
		retval = copy_string_kernel("", bprm);
		if (retval < 0)
			goto out;
		bprm->argc = 1;
	}
	retval = bprm_execve(bprm, fd, filename, flags);
out:
	free_bprm(bprm);
	putname(filename);
	return retval;
}

static noinline int do_execve(struct filename *filename, const char __user *const __user *user_argv,
			      const char __user *const __user *user_envp)
{
	struct arg_vector argv = { .user = user_argv };
	struct arg_vector envp = { .user = user_envp };

	return do_execveat_common(AT_FDCWD, filename, &argv, &envp, 0);
}

SYSCALL_DEFINE3(execve, const char __user *, filename, const char __user *const __user *, argv,
		const char __user *const __user *, envp)
{
	return do_execve(getname(filename), argv, envp);
}

SYSCALL_DEFINE5(execveat, int, fd, const char __user *, filename, const char __user *const __user *, argv,
		const char __user *const __user *, envp, int, flags)
{
	struct arg_vector args = { .user = argv };
	struct arg_vector env = { .user = envp };

	if (flags & ~(AT_EMPTY_PATH | AT_SYMLINK_NOFOLLOW))
		return -EINVAL;
	return do_execveat_common(fd, getname_flags(filename, (flags & AT_EMPTY_PATH) ? LOOKUP_EMPTY : 0, NULL),
				  &args, &env, flags);
}

/* execve for a kernel thread that becomes a user process: init. */
noinline int kernel_execve(const char *filename, const char *const *argv, const char *const *envp)
{
	struct arg_vector args = { .in_kernel = true, .kernel = argv };
	struct arg_vector env = { .in_kernel = true, .kernel = envp };

	return do_execveat_common(AT_FDCWD, getname_kernel(filename), &args, &env, 0);
}
