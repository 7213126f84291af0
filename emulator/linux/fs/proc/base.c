/*
 * /proc/PID: a directory for each process, and /proc/self.
 *
 * An inode here holds the process's struct pid. When the process is gone the pid leads to no task: the file's
 * operations answer ESRCH, and the name is no longer found.
 */
#include <linux/fs.h>
#include <linux/cred.h>
#include <linux/fs_struct.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/namei.h>
#include <linux/proc_fs.h>
#include <linux/sched.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/uaccess.h>
#include "internal.h"

/* One name in /proc/PID and what it does. */
struct pid_entry {
	const char *name;
	umode_t mode;
	int (*show)(struct seq_file *m, struct task_struct *task);
	int (*get_path)(struct task_struct *task, struct path *path);
	const struct inode_operations *iop;
	const struct file_operations *fop;
};

/* The process behind an inode, counted, or NULL. */
struct task_struct *get_proc_task(const struct inode *inode)
{
	return get_pid_task(PROC_I(inode)->pid, PIDTYPE_PID);
}

/* An inode about task, owned by whom the task runs as. */
struct inode *proc_pid_make_inode(struct super_block *sb, struct task_struct *task, umode_t mode)
{
	struct inode *inode = new_inode(sb);
	const struct cred *cred;

	if (!inode)
		return NULL;
	PROC_I(inode)->pid = get_task_pid(task, PIDTYPE_PID);
	inode->i_ino = get_next_ino();
	inode->i_mode = mode;
	cred = get_task_cred(task);
	inode->i_uid = cred->euid;
	inode->i_gid = cred->egid;
	put_cred(cred);
	inode->i_atime = inode->i_mtime = inode->i_ctime = current_time(inode);
	return inode;
}

static int pid_revalidate(struct dentry *dentry, unsigned int flags)
{
	struct task_struct *task;

	if (!dentry->d_inode)
		return 0;
	task = get_proc_task(dentry->d_inode);
	if (!task)
		return 0;
	put_task_struct(task);
	return 1;
}

const struct dentry_operations pid_dentry_operations = {
	.d_revalidate = pid_revalidate,
	.d_delete = always_delete_dentry,
};

/* The first MAX_TEXT bytes of a process's memory from start to end: its arguments, or its environment. */
#define MAX_TEXT 4096

static int show_user_range(struct seq_file *m, struct task_struct *task, bool environment)
{
	struct mm_struct *mm = get_task_mm(task);
	unsigned long start, end;
	int length = 0;
	char *text;

	if (!mm)	/* a kernel thread */
		return 0;
	text = kmalloc(MAX_TEXT, GFP_KERNEL);
	if (text) {
		start = environment ? mm->env_start : mm->arg_start;
		end = environment ? mm->env_end : mm->arg_end;
		length = end - start < MAX_TEXT ? (int)(end - start) : MAX_TEXT;
		length = access_remote_vm(mm, start, text, length, 0);
		if (length > 0)
			seq_write(m, text, length);
		kfree(text);
	}
	mmput(mm);
	return text ? 0 : -ENOMEM;
}

static int proc_pid_cmdline(struct seq_file *m, struct task_struct *task)
{
	return show_user_range(m, task, false);
}

static int proc_pid_environ(struct seq_file *m, struct task_struct *task)
{
	return show_user_range(m, task, true);
}

static int proc_pid_comm(struct seq_file *m, struct task_struct *task)
{
	char comm[TASK_COMM_LEN];

	get_task_comm(comm, task);
	seq_printf(m, "%s\n", comm);
	return 0;
}

static int proc_pid_mounts(struct seq_file *m, struct task_struct *task)
{
	return show_mounts(m);
}

static int proc_exe_path(struct task_struct *task, struct path *path)
{
	struct mm_struct *mm = get_task_mm(task);
	int error = -ENOENT;

	if (!mm)
		return error;
	if (mm->exe_file) {
		*path = mm->exe_file->f_path;
		path_get(path);
		error = 0;
	}
	mmput(mm);
	return error;
}

static int proc_cwd_path(struct task_struct *task, struct path *path)
{
	int error = -ENOENT;

	task_lock(task);
	if (task->fs) {
		get_fs_pwd(task->fs, path);
		error = 0;
	}
	task_unlock(task);
	return error;
}

static int proc_root_path(struct task_struct *task, struct path *path)
{
	int error = -ENOENT;

	task_lock(task);
	if (task->fs) {
		get_fs_root(task->fs, path);
		error = 0;
	}
	task_unlock(task);
	return error;
}

static const struct pid_entry tgid_base_stuff[] = {
	{ "cmdline", S_IFREG | S_IRUGO, .show = proc_pid_cmdline },
	{ "comm", S_IFREG | S_IRUGO | S_IWUSR, .show = proc_pid_comm },
	{ "cwd", S_IFLNK | S_IRWXUGO, .get_path = proc_cwd_path },
	{ "environ", S_IFREG | S_IRUSR, .show = proc_pid_environ },
	{ "exe", S_IFLNK | S_IRWXUGO, .get_path = proc_exe_path },
	{ "fd", S_IFDIR | S_IRUSR | S_IXUSR, .iop = &proc_fd_inode_operations, .fop = &proc_fd_operations },
	{ "limits", S_IFREG | S_IRUGO, .show = proc_pid_limits },
	{ "maps", S_IFREG | S_IRUGO, .show = proc_pid_maps },
	{ "mounts", S_IFREG | S_IRUGO, .show = proc_pid_mounts },
	{ "root", S_IFLNK | S_IRWXUGO, .get_path = proc_root_path },
	{ "stack", S_IFREG | S_IRUSR, .show = proc_pid_stack },
	{ "stat", S_IFREG | S_IRUGO, .show = proc_tgid_stat },
	{ "statm", S_IFREG | S_IRUGO, .show = proc_pid_statm },
	{ "status", S_IFREG | S_IRUGO, .show = proc_pid_status },
	{ "syscall", S_IFREG | S_IRUSR, .show = proc_pid_syscall },
	{ "wchan", S_IFREG | S_IRUGO, .show = proc_pid_wchan },
};

/* The files that are one text: PROC_I()->entry says which. */
static int proc_single_show(struct seq_file *m, void *v)
{
	struct inode *inode = m->private;
	struct task_struct *task = get_proc_task(inode);
	int ret;

	if (!task)
		return -ESRCH;
	ret = PROC_I(inode)->entry->show(m, task);
	put_task_struct(task);
	return ret;
}

static int proc_single_open(struct inode *inode, struct file *filp)
{
	return single_open(filp, proc_single_show, inode);
}

/* Only comm can be written: a task may rename its own threads. */
static ssize_t proc_single_write(struct file *file, const char __user *buf, size_t count, loff_t *ppos)
{
	struct inode *inode = file_inode(file);
	struct task_struct *task;
	char comm[TASK_COMM_LEN];
	size_t size = count < sizeof(comm) - 1 ? count : sizeof(comm) - 1;
	ssize_t ret = -EINVAL;

	if (PROC_I(inode)->entry->show != proc_pid_comm)
		return -EINVAL;
	memset(comm, 0, sizeof(comm));
	if (copy_from_user(comm, buf, size))
		return -EFAULT;
	task = get_proc_task(inode);
	if (!task)
		return -ESRCH;
	if (same_thread_group(current, task)) {
		set_task_comm(task, strim(comm));
		ret = count;
	}
	put_task_struct(task);
	return ret;
}

static const struct file_operations proc_single_file_operations = {
	.open = proc_single_open,
	.read = seq_read,
	.write = proc_single_write,
	.llseek = seq_lseek,
	.release = single_release,
};

/* The place that the link stands for. */
static int proc_pid_get_jump(struct dentry *dentry, struct path *path)
{
	struct inode *inode = d_inode(dentry);
	struct task_struct *task = get_proc_task(inode);
	int error;

	if (!task)
		return -ENOENT;
	error = PROC_I(inode)->entry->get_path(task, path);
	put_task_struct(task);
	return error;
}

/* The place's name, for readlink(2). */
static const char *proc_pid_get_link(struct dentry *dentry, struct inode *inode, struct delayed_call *done)
{
	struct path path;
	char *page, *name;
	int error = proc_pid_get_jump(dentry, &path);

	if (error)
		return ERR_PTR(error);
	page = kmalloc(PATH_MAX, GFP_KERNEL);
	name = page ? d_path(&path, page, PATH_MAX) : ERR_PTR(-ENOMEM);
	path_put(&path);
	if (IS_ERR(name)) {
		kfree(page);
		return name;
	}
	set_delayed_call(done, (void (*)(void *))kfree, page);
	return name;
}

static const struct inode_operations proc_pid_link_inode_operations = {
	.get_link = proc_pid_get_link,
	.get_jump = proc_pid_get_jump,
};

static const struct inode_operations proc_pid_file_inode_operations = {
	.setattr = simple_setattr,
};

static noinline struct dentry *proc_pident_instantiate(struct dentry *dentry, struct task_struct *task,
						       const struct pid_entry *entry)
{
	struct inode *inode = proc_pid_make_inode(dentry->d_sb, task, entry->mode);

	if (!inode)
		return ERR_PTR(-ENOENT);
	PROC_I(inode)->entry = entry;
	if (S_ISDIR(inode->i_mode))
		set_nlink(inode, 2);
	if (entry->get_path)
		inode->i_op = &proc_pid_link_inode_operations;
	else
		inode->i_op = entry->iop ? entry->iop : &proc_pid_file_inode_operations;
	inode->i_fop = entry->fop ? entry->fop : &proc_single_file_operations;
	dentry->d_op = &pid_dentry_operations;
	d_add(dentry, inode);
	return NULL;
}

static struct dentry *proc_tgid_base_lookup(struct inode *dir, struct dentry *dentry, unsigned int flags)
{
	struct task_struct *task = get_proc_task(dir);
	struct dentry *result = ERR_PTR(-ENOENT);
	unsigned int i;

	if (!task)
		return result;
	for (i = 0; i < ARRAY_SIZE(tgid_base_stuff); i++) {
		const struct pid_entry *entry = &tgid_base_stuff[i];

		if (strlen(entry->name) == dentry->d_name.len &&
		    !memcmp(entry->name, dentry->d_name.name, dentry->d_name.len)) {
			result = proc_pident_instantiate(dentry, task, entry);
			break;
		}
	}
	put_task_struct(task);
	return result;
}

static int proc_tgid_base_readdir(struct file *file, struct dir_context *ctx)
{
	struct inode *inode = file_inode(file);
	struct task_struct *task = get_proc_task(inode);

	if (!task)
		return -ENOENT;
	put_task_struct(task);
	if (ctx->pos == 0) {
		if (!dir_emit(ctx, ".", 1, inode->i_ino, DT_DIR))
			return 0;
		ctx->pos = 1;
	}
	if (ctx->pos == 1) {
		if (!dir_emit(ctx, "..", 2, proc_root.low_ino, DT_DIR))
			return 0;
		ctx->pos = 2;
	}
	for (; ctx->pos - 2 < (loff_t)ARRAY_SIZE(tgid_base_stuff); ctx->pos++) {
		const struct pid_entry *entry = &tgid_base_stuff[ctx->pos - 2];

		if (!dir_emit(ctx, entry->name, strlen(entry->name), inode->i_ino + ctx->pos,
			      fs_umode_to_dtype(entry->mode)))
			break;
	}
	return 0;
}

static const struct file_operations proc_tgid_base_operations = {
	.read = generic_read_dir,
	.iterate_shared = proc_tgid_base_readdir,
	.llseek = generic_file_llseek,
};

static const struct inode_operations proc_tgid_base_inode_operations = {
	.lookup = proc_tgid_base_lookup,
};

/* A name of digits without leading zeroes, as a number; ~0 for anything else. */
static unsigned int name_to_int(const struct qstr *name)
{
	unsigned int n = 0, i;

	if (!name->len || name->len > 9 || (name->len > 1 && name->name[0] == '0'))
		return ~0U;
	for (i = 0; i < name->len; i++) {
		if (name->name[i] < '0' || name->name[i] > '9')
			return ~0U;
		n = n * 10 + (name->name[i] - '0');
	}
	return n;
}

/* /proc/self: a link to the directory of whoever looks. */
static const char *proc_self_get_link(struct dentry *dentry, struct inode *inode, struct delayed_call *done)
{
	char *name = kmalloc(12, GFP_KERNEL);

	if (!name)
		return ERR_PTR(-ENOMEM);
	sprintf(name, "%u", task_tgid_nr(current));
	set_delayed_call(done, (void (*)(void *))kfree, name);
	return name;
}

static const struct inode_operations proc_self_inode_operations = {
	.get_link = proc_self_get_link,
};

static struct dentry *lookup_self(struct dentry *dentry)
{
	struct inode *inode = new_inode(dentry->d_sb);

	if (!inode)
		return ERR_PTR(-ENOMEM);
	inode->i_ino = 2;
	inode->i_mode = S_IFLNK | S_IRWXUGO;
	inode->i_uid = GLOBAL_ROOT_UID;
	inode->i_gid = GLOBAL_ROOT_GID;
	inode->i_atime = inode->i_mtime = inode->i_ctime = current_time(inode);
	inode->i_op = &proc_self_inode_operations;
	d_add(dentry, inode);
	return NULL;
}

noinline struct dentry *proc_pid_lookup(struct dentry *dentry, unsigned int flags)
{
	unsigned int tgid = name_to_int(&dentry->d_name);
	struct task_struct *task;
	struct inode *inode;

	if (dentry->d_name.len == 4 && !memcmp(dentry->d_name.name, "self", 4))
		return lookup_self(dentry);
	task = tgid == ~0U ? NULL : find_get_task_by_vpid(tgid);
	if (!task) {
		d_add(dentry, NULL);
		return NULL;
	}
	inode = proc_pid_make_inode(dentry->d_sb, task, S_IFDIR | S_IRUGO | S_IXUGO);
	put_task_struct(task);
	if (!inode)
		return ERR_PTR(-ENOMEM);
	inode->i_op = &proc_tgid_base_inode_operations;
	inode->i_fop = &proc_tgid_base_operations;
	set_nlink(inode, 3);
	dentry->d_op = &pid_dentry_operations;
	d_add(dentry, inode);
	return NULL;
}

/* The first process whose number is tgid or above: its number, or 0. */
static pid_t next_tgid(pid_t tgid)
{
	struct task_struct *p;
	pid_t best = 0;

	read_lock(&tasklist_lock);
	for_each_process(p)
		if (p->tgid >= tgid && (!best || p->tgid < best))
			best = p->tgid;
	read_unlock(&tasklist_lock);
	return best;
}

#define SELF_POSITION	512	/* then come the processes, at SELF_POSITION + 1 + pid */

noinline int proc_pid_readdir(struct file *file, struct dir_context *ctx)
{
	pid_t tgid;

	if (ctx->pos == SELF_POSITION) {
		if (!dir_emit(ctx, "self", 4, 2, DT_LNK))
			return 0;
		ctx->pos++;
	}
	while ((tgid = next_tgid(ctx->pos - SELF_POSITION - 1)) != 0) {
		char name[12];
		int length = snprintf(name, sizeof(name), "%u", tgid);

		ctx->pos = tgid + SELF_POSITION + 1;
		if (!dir_emit(ctx, name, length, 0x10000 + tgid, DT_DIR))
			return 0;
		ctx->pos++;
	}
	return 0;
}
