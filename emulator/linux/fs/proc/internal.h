/*
 * What the files of fs/proc share: the entries that the kernel and modules make, and the inodes of all of /proc.
 */
#ifndef _FS_PROC_INTERNAL_H
#define _FS_PROC_INTERNAL_H

#include <linux/fs.h>
#include <linux/proc_fs.h>
#include <linux/list.h>
#include <linux/atomic.h>
#include <linux/pid.h>

struct task_struct;

/* A file or directory made by proc_create() and its kin. */
struct proc_dir_entry {
	atomic_t in_use;		/* calls into the owner's functions; very negative: going away */
	atomic_t count;			/* its name, and each inode */
	struct list_head pde_openers;	/* open files whose release() is owed to the owner */
	spinlock_t pde_unload_lock;
	const struct inode_operations *proc_iops;
	const struct proc_ops *proc_ops;
	struct proc_ops *translated;	/* made from a file_operations: freed with the entry */
	const struct seq_operations *seq_ops;
	int (*single_show)(struct seq_file *, void *);
	unsigned int state_size;
	void *data;			/* for links, the target */
	unsigned int low_ino;
	unsigned int nlink;
	kuid_t uid;
	kgid_t gid;
	loff_t size;
	struct proc_dir_entry *parent;
	struct list_head subdir;	/* children */
	struct list_head subdir_node;	/* in parent->subdir */
	umode_t mode;
	u8 namelen;
	char *name;
};

struct pid_entry;

/* The inode of a /proc file, with what it stands for: an entry, or something about a process. */
struct proc_inode {
	struct pid *pid;
	unsigned int fd;
	const struct pid_entry *entry;
	struct proc_dir_entry *pde;
	struct inode vfs_inode;
};

static inline struct proc_inode *PROC_I(const struct inode *inode)
{
	return container_of(inode, struct proc_inode, vfs_inode);
}

static inline struct proc_dir_entry *PDE(const struct inode *inode)
{
	return PROC_I(inode)->pde;
}

extern struct proc_dir_entry proc_root;

/* generic.c */
void pde_put(struct proc_dir_entry *pde);
struct proc_dir_entry *proc_find_or_mkdir(const char *name);
struct dentry *proc_lookup_de(struct inode *dir, struct dentry *dentry, struct proc_dir_entry *de);
int proc_readdir_de(struct file *file, struct dir_context *ctx, struct proc_dir_entry *de);
extern const struct inode_operations proc_dir_inode_operations;
extern const struct file_operations proc_dir_operations;
extern const struct dentry_operations proc_misc_dentry_operations;

/* inode.c */
struct inode *proc_get_inode(struct super_block *sb, struct proc_dir_entry *de);
int proc_fill_super(struct super_block *sb, void *data, int silent);
void proc_entry_rundown(struct proc_dir_entry *de);

/* base.c: what is known about processes */
struct dentry *proc_pid_lookup(struct dentry *dentry, unsigned int flags);
int proc_pid_readdir(struct file *file, struct dir_context *ctx);
struct task_struct *get_proc_task(const struct inode *inode);
struct inode *proc_pid_make_inode(struct super_block *sb, struct task_struct *task, umode_t mode);
extern const struct dentry_operations pid_dentry_operations;

/* fd.c */
extern const struct inode_operations proc_fd_inode_operations;
extern const struct file_operations proc_fd_operations;

/* array.c, task_mmu.c: the text of some files */
int proc_tgid_stat(struct seq_file *m, struct task_struct *task);
int proc_pid_status(struct seq_file *m, struct task_struct *task);
int proc_pid_statm(struct seq_file *m, struct task_struct *task);
int proc_pid_maps(struct seq_file *m, struct task_struct *task);

/* state.c */
int proc_pid_stack(struct seq_file *m, struct task_struct *task);
int proc_pid_wchan(struct seq_file *m, struct task_struct *task);
int proc_pid_syscall(struct seq_file *m, struct task_struct *task);
int proc_pid_limits(struct seq_file *m, struct task_struct *task);

/* proc_namespace.c */
int show_mounts(struct seq_file *m);

#endif
