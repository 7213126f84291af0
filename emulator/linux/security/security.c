/*
 * Security hooks. There is no policy behind them except the capabilities: each says yes.
 */
#include <linux/cred.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/security.h>

int security_capable(const struct cred *cred, struct user_namespace *ns, int cap, unsigned int opts)
{
	return cap_raised(cred->cap_effective, cap) ? 0 : -EPERM;
}

noinline int security_file_open(struct file *file)
{
	return 0;
}

noinline int security_file_permission(struct file *file, int mask)
{
	return 0;
}

noinline int security_file_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	return 0;
}

noinline int security_file_mprotect(struct vm_area_struct *vma, unsigned long reqprot, unsigned long prot)
{
	return 0;
}

noinline int security_mmap_file(struct file *file, unsigned long prot, unsigned long flags)
{
	return 0;
}

noinline int security_inode_create(struct inode *dir, struct dentry *dentry, umode_t mode)
{
	return 0;
}

noinline int security_inode_link(struct dentry *old_dentry, struct inode *dir, struct dentry *new_dentry)
{
	return 0;
}

noinline int security_inode_unlink(struct inode *dir, struct dentry *dentry)
{
	return 0;
}

noinline int security_inode_symlink(struct inode *dir, struct dentry *dentry, const char *old_name)
{
	return 0;
}

noinline int security_inode_mkdir(struct inode *dir, struct dentry *dentry, umode_t mode)
{
	return 0;
}

noinline int security_inode_rmdir(struct inode *dir, struct dentry *dentry)
{
	return 0;
}

noinline int security_inode_mknod(struct inode *dir, struct dentry *dentry, umode_t mode, dev_t dev)
{
	return 0;
}

noinline int security_inode_rename(struct inode *old_dir, struct dentry *old_dentry, struct inode *new_dir,
				   struct dentry *new_dentry, unsigned int flags)
{
	return 0;
}

noinline int security_inode_permission(struct inode *inode, int mask)
{
	return 0;
}

noinline int security_inode_setattr(struct dentry *dentry, void *attr)
{
	return 0;
}

noinline int security_inode_getattr(const struct path *path)
{
	return 0;
}

noinline int security_path_unlink(const struct path *dir, struct dentry *dentry)
{
	return 0;
}

noinline int security_path_mkdir(const struct path *dir, struct dentry *dentry, umode_t mode)
{
	return 0;
}

noinline int security_bprm_check(struct linux_binprm *bprm)
{
	return 0;
}

noinline int security_bprm_creds_for_exec(struct linux_binprm *bprm)
{
	return 0;
}

noinline void security_bprm_committed_creds(struct linux_binprm *bprm)
{
}

noinline int security_task_alloc(struct task_struct *task, unsigned long clone_flags)
{
	return 0;
}

noinline void security_task_free(struct task_struct *task)
{
}

noinline int security_task_kill(struct task_struct *p, struct kernel_siginfo *info, int sig, const struct cred *cred)
{
	return 0;
}

noinline int security_task_fix_setuid(struct cred *new, const struct cred *old, int flags)
{
	return 0;
}

noinline int security_kernel_module_request(char *kmod_name)
{
	return 0;
}

noinline int security_sb_mount(const char *dev_name, const struct path *path, const char *type, unsigned long flags,
			       void *data)
{
	return 0;
}

noinline int security_sb_umount(void *mnt, int flags)
{
	return 0;
}

noinline int security_socket_create(int family, int type, int protocol, int kern)
{
	return 0;
}

noinline int security_socket_bind(struct socket *sock, struct sockaddr *address, int addrlen)
{
	return 0;
}

noinline int security_socket_connect(struct socket *sock, struct sockaddr *address, int addrlen)
{
	return 0;
}

noinline int security_socket_listen(struct socket *sock, int backlog)
{
	return 0;
}

noinline int security_socket_accept(struct socket *sock, struct socket *newsock)
{
	return 0;
}

noinline int security_socket_sendmsg(struct socket *sock, void *msg, int size)
{
	return 0;
}

noinline int security_socket_recvmsg(struct socket *sock, void *msg, int size, int flags)
{
	return 0;
}
