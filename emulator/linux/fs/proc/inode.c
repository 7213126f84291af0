/*
 * The inodes of /proc, and the calls from an open file into the owner of its entry.
 *
 * The owner may be a module that is about to go. Every call holds the entry in use; removing an entry forbids new
 * calls, waits for those under way, and then calls release() for whoever still has the file open.
 */
#include <linux/fs.h>
#include <linux/proc_fs.h>
#include <linux/init.h>
#include <linux/mm.h>
#include <linux/poll.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/statfs.h>
#include <linux/string.h>
#include "internal.h"

#define GOING	(-0x40000000)	/* added to in_use when the entry is removed */

static struct kmem_cache *proc_inode_cachep;

/* An open file that owes its entry a release(). */
struct pde_opener {
	struct list_head lh;
	struct file *file;
};

static bool use_pde(struct proc_dir_entry *pde)
{
	return atomic_inc_unless_negative(&pde->in_use);
}

static void unuse_pde(struct proc_dir_entry *pde)
{
	atomic_dec(&pde->in_use);
}

static void close_pdeo(struct proc_dir_entry *pde, struct pde_opener *opener)
{
	if (pde->proc_ops->proc_release)
		pde->proc_ops->proc_release(file_inode(opener->file), opener->file);
	kfree(opener);
}

void proc_entry_rundown(struct proc_dir_entry *de)
{
	atomic_add(GOING, &de->in_use);
	while (atomic_read(&de->in_use) != GOING)
		schedule_timeout_uninterruptible(1);
	for (;;) {
		struct pde_opener *opener = NULL;

		spin_lock(&de->pde_unload_lock);
		if (!list_empty(&de->pde_openers)) {
			opener = list_first_entry(&de->pde_openers, struct pde_opener, lh);
			list_del(&opener->lh);
		}
		spin_unlock(&de->pde_unload_lock);
		if (!opener)
			break;
		close_pdeo(de, opener);
	}
}

static noinline int proc_reg_open(struct inode *inode, struct file *file)
{
	struct proc_dir_entry *pde = PDE(inode);
	struct pde_opener *opener;
	int ret = 0;

	if (!use_pde(pde))
		return -ENOENT;
	if (!pde->proc_ops->proc_lseek)
		file->f_mode &= ~FMODE_LSEEK;
	opener = kmalloc(sizeof(*opener), GFP_KERNEL);
	if (!opener) {
		unuse_pde(pde);
		return -ENOMEM;
	}
	if (pde->proc_ops->proc_open)
		ret = pde->proc_ops->proc_open(inode, file);
	if (!ret) {
		opener->file = file;
		spin_lock(&pde->pde_unload_lock);
		list_add(&opener->lh, &pde->pde_openers);
		spin_unlock(&pde->pde_unload_lock);
	} else {
		kfree(opener);
	}
	unuse_pde(pde);
	return ret;
}

static noinline int proc_reg_release(struct inode *inode, struct file *file)
{
	struct proc_dir_entry *pde = PDE(inode);
	struct pde_opener *opener, *found = NULL;

	spin_lock(&pde->pde_unload_lock);
	list_for_each_entry(opener, &pde->pde_openers, lh)
		if (opener->file == file)
			found = opener;
	if (found)
		list_del(&found->lh);
	spin_unlock(&pde->pde_unload_lock);
	if (found)
		close_pdeo(pde, found);
	return 0;
}

static noinline ssize_t proc_reg_read(struct file *file, char __user *buf, size_t count, loff_t *ppos)
{
	struct proc_dir_entry *pde = PDE(file_inode(file));
	ssize_t ret = -EIO;

	if (!use_pde(pde))
		return ret;
	if (pde->proc_ops->proc_read)
		ret = pde->proc_ops->proc_read(file, buf, count, ppos);
	unuse_pde(pde);
	return ret;
}

static noinline ssize_t proc_reg_write(struct file *file, const char __user *buf, size_t count, loff_t *ppos)
{
	struct proc_dir_entry *pde = PDE(file_inode(file));
	ssize_t ret = -EIO;

	if (!use_pde(pde))
		return ret;
	if (pde->proc_ops->proc_write)
		ret = pde->proc_ops->proc_write(file, buf, count, ppos);
	unuse_pde(pde);
	return ret;
}

static loff_t proc_reg_llseek(struct file *file, loff_t offset, int whence)
{
	struct proc_dir_entry *pde = PDE(file_inode(file));
	loff_t ret = -EINVAL;

	if (!use_pde(pde))
		return ret;
	if (pde->proc_ops->proc_lseek)
		ret = pde->proc_ops->proc_lseek(file, offset, whence);
	unuse_pde(pde);
	return ret;
}

static unsigned int proc_reg_poll(struct file *file, struct poll_table_struct *wait)
{
	struct proc_dir_entry *pde = PDE(file_inode(file));
	unsigned int ret = DEFAULT_POLLMASK;

	if (!use_pde(pde))
		return ret;
	if (pde->proc_ops->proc_poll)
		ret = pde->proc_ops->proc_poll(file, wait);
	unuse_pde(pde);
	return ret;
}

static long proc_reg_unlocked_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	struct proc_dir_entry *pde = PDE(file_inode(file));
	long ret = -ENOTTY;

	if (!use_pde(pde))
		return ret;
	if (pde->proc_ops->proc_ioctl)
		ret = pde->proc_ops->proc_ioctl(file, cmd, arg);
	unuse_pde(pde);
	return ret;
}

static int proc_reg_mmap(struct file *file, struct vm_area_struct *vma)
{
	struct proc_dir_entry *pde = PDE(file_inode(file));
	int ret = -EIO;

	if (!use_pde(pde))
		return ret;
	if (pde->proc_ops->proc_mmap)
		ret = pde->proc_ops->proc_mmap(file, vma);
	unuse_pde(pde);
	return ret;
}

static const struct file_operations proc_reg_file_ops = {
	.open = proc_reg_open,
	.release = proc_reg_release,
	.read = proc_reg_read,
	.write = proc_reg_write,
	.llseek = proc_reg_llseek,
	.poll = proc_reg_poll,
	.unlocked_ioctl = proc_reg_unlocked_ioctl,
	.mmap = proc_reg_mmap,
};

static const struct inode_operations proc_file_inode_operations;

static struct inode *proc_alloc_inode(struct super_block *sb)
{
	struct proc_inode *ei = kmem_cache_alloc(proc_inode_cachep, GFP_KERNEL);

	if (!ei)
		return NULL;
	ei->pid = NULL;
	ei->fd = 0;
	ei->entry = NULL;
	ei->pde = NULL;
	return &ei->vfs_inode;
}

static void proc_free_inode(struct inode *inode)
{
	kmem_cache_free(proc_inode_cachep, PROC_I(inode));
}

static void proc_evict_inode(struct inode *inode)
{
	struct proc_inode *ei = PROC_I(inode);

	if (ei->pid)
		put_pid(ei->pid);
	if (ei->pde && ei->pde != &proc_root)
		pde_put(ei->pde);
}

/* The inode of an entry; it takes over the caller's count of the entry. */
struct inode *proc_get_inode(struct super_block *sb, struct proc_dir_entry *de)
{
	struct inode *inode = new_inode(sb);

	if (!inode) {
		pde_put(de);
		return NULL;
	}
	PROC_I(inode)->pde = de;
	inode->i_private = de->data;
	inode->i_ino = de->low_ino;
	inode->i_mode = de->mode;
	inode->i_uid = de->uid;
	inode->i_gid = de->gid;
	inode->i_size = de->size;
	set_nlink(inode, de->nlink);
	inode->i_atime = inode->i_mtime = inode->i_ctime = current_time(inode);
	inode->i_op = de->proc_iops ? de->proc_iops : &proc_file_inode_operations;
	if (S_ISREG(de->mode))
		inode->i_fop = &proc_reg_file_ops;
	else if (S_ISDIR(de->mode))
		inode->i_fop = &proc_dir_operations;
	return inode;
}

static const struct super_operations proc_sops = {
	.alloc_inode = proc_alloc_inode,
	.free_inode = proc_free_inode,
	.evict_inode = proc_evict_inode,
	.statfs = simple_statfs,
};

/* /proc itself: the entries, and behind them the processes. */
static struct dentry *proc_root_lookup(struct inode *dir, struct dentry *dentry, unsigned int flags)
{
	struct dentry *found = proc_lookup_de(dir, dentry, &proc_root);

	if (found != ERR_PTR(-ENOENT))
		return found;
	return proc_pid_lookup(dentry, flags);
}

#define FIRST_PROCESS_ENTRY 512		/* entries have positions below it */

static int proc_root_readdir(struct file *file, struct dir_context *ctx)
{
	if (ctx->pos < FIRST_PROCESS_ENTRY) {
		int more = proc_readdir_de(file, ctx, &proc_root);

		if (more <= 0)
			return more;
		ctx->pos = FIRST_PROCESS_ENTRY;
	}
	return proc_pid_readdir(file, ctx);
}

static const struct file_operations proc_root_operations = {
	.read = generic_read_dir,
	.iterate_shared = proc_root_readdir,
	.llseek = generic_file_llseek,
};

static const struct inode_operations proc_root_inode_operations = {
	.lookup = proc_root_lookup,
};

int proc_fill_super(struct super_block *sb, void *data, int silent)
{
	struct inode *root;

	sb->s_magic = PROC_SUPER_MAGIC;
	sb->s_op = &proc_sops;
	sb->s_d_op = &proc_misc_dentry_operations;
	root = proc_get_inode(sb, &proc_root);
	if (!root)
		return -ENOMEM;
	root->i_op = &proc_root_inode_operations;
	root->i_fop = &proc_root_operations;
	sb->s_root = d_make_root(root);
	return sb->s_root ? 0 : -ENOMEM;
}

static struct dentry *proc_mount(struct file_system_type *type, int flags, const char *dev_name, void *data)
{
	return mount_single(type, flags, data, proc_fill_super);
}

static struct file_system_type proc_fs_type = {
	.name = "proc",
	.mount = proc_mount,
	.kill_sb = kill_anon_super,
	.fs_flags = FS_USERNS_MOUNT,
};

static int __init proc_root_init(void)
{
	proc_inode_cachep = kmem_cache_create("proc_inode_cache", sizeof(struct proc_inode), 0, SLAB_PANIC, NULL);
	proc_symlink("mounts", NULL, "self/mounts");
	proc_mkdir("sys", NULL);
	proc_mkdir("fs", NULL);
	proc_mkdir("driver", NULL);
	return register_filesystem(&proc_fs_type);
}
core_initcall(proc_root_init);
