/*
 * Security hooks: the points where a policy could say no. This kernel carries no policy; the functions are called where
 * Linux calls them, so that they can be watched.
 */
#ifndef _LINUX_SECURITY_H
#define _LINUX_SECURITY_H

#include <linux/types.h>

struct cred;
struct user_namespace;
struct dentry;
struct file;
struct inode;
struct kernel_siginfo;
struct linux_binprm;
struct path;
struct qstr;
struct sockaddr;
struct socket;
struct super_block;
struct task_struct;
struct vm_area_struct;

extern int security_file_open(struct file *file);
extern int security_file_permission(struct file *file, int mask);
extern int security_file_ioctl(struct file *file, unsigned int cmd, unsigned long arg);
extern int security_file_mprotect(struct vm_area_struct *vma, unsigned long reqprot, unsigned long prot);
extern int security_mmap_file(struct file *file, unsigned long prot, unsigned long flags);
extern int security_inode_create(struct inode *dir, struct dentry *dentry, umode_t mode);
extern int security_inode_link(struct dentry *old_dentry, struct inode *dir, struct dentry *new_dentry);
extern int security_inode_unlink(struct inode *dir, struct dentry *dentry);
extern int security_inode_symlink(struct inode *dir, struct dentry *dentry, const char *old_name);
extern int security_inode_mkdir(struct inode *dir, struct dentry *dentry, umode_t mode);
extern int security_inode_rmdir(struct inode *dir, struct dentry *dentry);
extern int security_inode_mknod(struct inode *dir, struct dentry *dentry, umode_t mode, dev_t dev);
extern int security_inode_rename(struct inode *old_dir, struct dentry *old_dentry, struct inode *new_dir,
				 struct dentry *new_dentry, unsigned int flags);
extern int security_inode_permission(struct inode *inode, int mask);
extern int security_inode_setattr(struct dentry *dentry, void *attr);
extern int security_inode_getattr(const struct path *path);
extern int security_path_unlink(const struct path *dir, struct dentry *dentry);
extern int security_path_mkdir(const struct path *dir, struct dentry *dentry, umode_t mode);
extern int security_bprm_check(struct linux_binprm *bprm);
extern int security_bprm_creds_for_exec(struct linux_binprm *bprm);
extern void security_bprm_committed_creds(struct linux_binprm *bprm);
extern int security_task_alloc(struct task_struct *task, unsigned long clone_flags);
extern void security_task_free(struct task_struct *task);
extern int security_task_kill(struct task_struct *p, struct kernel_siginfo *info, int sig, const struct cred *cred);
extern int security_task_fix_setuid(struct cred *new, const struct cred *old, int flags);
extern int security_capable(const struct cred *cred, struct user_namespace *ns, int cap, unsigned int opts);
extern int security_kernel_module_request(char *kmod_name);
extern int security_sb_mount(const char *dev_name, const struct path *path, const char *type, unsigned long flags,
			     void *data);
extern int security_sb_umount(void *mnt, int flags);
extern int security_socket_create(int family, int type, int protocol, int kern);
extern int security_socket_bind(struct socket *sock, struct sockaddr *address, int addrlen);
extern int security_socket_connect(struct socket *sock, struct sockaddr *address, int addrlen);
extern int security_socket_listen(struct socket *sock, int backlog);
extern int security_socket_accept(struct socket *sock, struct socket *newsock);
extern int security_socket_sendmsg(struct socket *sock, void *msg, int size);
extern int security_socket_recvmsg(struct socket *sock, void *msg, int size, int flags);

#endif
