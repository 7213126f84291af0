/*
 * /proc as modules make it: create a file with proc_ops (or, for text written before Linux 5.6, file_operations).
 */
#ifndef _LINUX_PROC_FS_H
#define _LINUX_PROC_FS_H

#include <linux/types.h>
#include <linux/fs.h>

struct proc_dir_entry;
struct seq_file;
struct seq_operations;

#define PROC_ENTRY_PERMANENT 1

struct proc_ops {
	unsigned int proc_flags;
	int (*proc_open)(struct inode *, struct file *);
	ssize_t (*proc_read)(struct file *, char __user *, size_t, loff_t *);
	ssize_t (*proc_read_iter)(struct kiocb *, struct iov_iter *);
	ssize_t (*proc_write)(struct file *, const char __user *, size_t, loff_t *);
	loff_t (*proc_lseek)(struct file *, loff_t, int);
	int (*proc_release)(struct inode *, struct file *);
	unsigned int (*proc_poll)(struct file *, struct poll_table_struct *);
	long (*proc_ioctl)(struct file *, unsigned int, unsigned long);
	int (*proc_mmap)(struct file *, struct vm_area_struct *);
};

struct proc_dir_entry *proc_create_data(const char *name, umode_t mode, struct proc_dir_entry *parent,
					const struct proc_ops *proc_ops, void *data);
struct proc_dir_entry *proc_create(const char *name, umode_t mode, struct proc_dir_entry *parent,
				   const struct proc_ops *proc_ops);
struct proc_dir_entry *proc_create_fops_data(const char *name, umode_t mode, struct proc_dir_entry *parent,
					     const struct file_operations *fops, void *data)
	__instead("since 5.6 proc_create_data takes a struct proc_ops (.proc_open, .proc_read, ...)");
struct proc_dir_entry *proc_create_fops(const char *name, umode_t mode, struct proc_dir_entry *parent,
					const struct file_operations *fops)
	__instead("since 5.6 proc_create takes a struct proc_ops (.proc_open, .proc_read, ...)");
struct proc_dir_entry *proc_create_seq_private(const char *name, umode_t mode, struct proc_dir_entry *parent,
					       const struct seq_operations *ops, unsigned int state_size, void *data);
struct proc_dir_entry *proc_create_single_data(const char *name, umode_t mode, struct proc_dir_entry *parent,
					       int (*show)(struct seq_file *, void *), void *data);
struct proc_dir_entry *proc_mkdir(const char *name, struct proc_dir_entry *parent);
struct proc_dir_entry *proc_mkdir_mode(const char *name, umode_t mode, struct proc_dir_entry *parent);
struct proc_dir_entry *proc_mkdir_data(const char *name, umode_t mode, struct proc_dir_entry *parent, void *data);
struct proc_dir_entry *proc_symlink(const char *name, struct proc_dir_entry *parent, const char *dest);
void proc_remove(struct proc_dir_entry *entry);
void remove_proc_entry(const char *name, struct proc_dir_entry *parent);
int remove_proc_subtree(const char *name, struct proc_dir_entry *parent);
void proc_set_size(struct proc_dir_entry *entry, loff_t size);
void proc_set_user(struct proc_dir_entry *entry, kuid_t uid, kgid_t gid);
void *pde_data(const struct inode *inode);
void *proc_get_parent_data(const struct inode *inode);

#define PDE_DATA(inode)	pde_data(inode)

#define proc_create_seq_data(name, mode, parent, ops, data) \
	proc_create_seq_private(name, mode, parent, ops, 0, data)
#define proc_create_seq(name, mode, parent, ops) proc_create_seq_private(name, mode, parent, ops, 0, NULL)
#define proc_create_single(name, mode, parent, show) proc_create_single_data(name, mode, parent, show, NULL)

/* Modules written for older kernels pass file_operations: the type of the argument decides which function is meant. */
#define proc_create(name, mode, parent, ops) _Generic((ops),				\
	struct file_operations *: proc_create_fops,					\
	const struct file_operations *: proc_create_fops,				\
	default: proc_create)(name, mode, parent, ops)
#define proc_create_data(name, mode, parent, ops, data) _Generic((ops),		\
	struct file_operations *: proc_create_fops_data,				\
	const struct file_operations *: proc_create_fops_data,				\
	default: proc_create_data)(name, mode, parent, ops, data)

#endif
