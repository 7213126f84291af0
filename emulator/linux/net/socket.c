/*
 * Sockets as files, and the system calls that make and connect them: from descriptors to struct socket, and on to the
 * protocol family's operations. Messages are sent and received in net/message.c.
 */
#include <linux/net.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/mount.h>
#include <linux/poll.h>
#include <linux/security.h>
#include <linux/slab.h>
#include <linux/statfs.h>
#include <linux/string.h>
#include <linux/uio.h>
#include <linux/uaccess.h>
#include <linux/export.h>
#include <linux/syscalls.h>
#include <net/sock.h>
#include "socket.h"

static const struct net_proto_family *net_families[AF_MAX];
static struct vfsmount *sock_mnt;
static const struct file_operations socket_file_ops;

/* A socket lives in its inode, as a file's data would. */
struct socket_alloc {
	struct socket socket;
	struct inode vfs_inode;
};

static struct socket *SOCKET_I(struct inode *inode)
{
	return &container_of(inode, struct socket_alloc, vfs_inode)->socket;
}

static struct inode *SOCK_INODE(struct socket *socket)
{
	return &container_of(socket, struct socket_alloc, socket)->vfs_inode;
}

int sock_register(const struct net_proto_family *fam)
{
	if (fam->family >= AF_MAX)
		return -ENOBUFS;
	if (net_families[fam->family])
		return -EEXIST;
	net_families[fam->family] = fam;
	return 0;
}
EXPORT_SYMBOL(sock_register);

void sock_unregister(int family)
{
	net_families[family] = NULL;
}
EXPORT_SYMBOL(sock_unregister);

static struct inode *sock_alloc_inode(struct super_block *sb)
{
	struct socket_alloc *ei = kzalloc(sizeof(*ei), GFP_KERNEL);

	return ei ? &ei->vfs_inode : NULL;
}

static void sock_free_inode(struct inode *inode)
{
	kfree(container_of(inode, struct socket_alloc, vfs_inode));
}

static const struct super_operations sockfs_ops = {
	.alloc_inode = sock_alloc_inode,
	.free_inode = sock_free_inode,
	.statfs = simple_statfs,
};

/* socket:[12], as ls -l /proc/PID/fd shows it. */
static char *sockfs_dname(struct dentry *dentry, char *buffer, int length)
{
	return dynamic_dname(buffer, length, "socket:[%lu]", d_inode(dentry)->i_ino);
}

static const struct dentry_operations sockfs_dentry_operations = {
	.d_dname = sockfs_dname,
};

noinline struct socket *sock_alloc(void)
{
	struct inode *inode = new_inode(sock_mnt->mnt_sb);

	if (!inode)
		return NULL;
	inode->i_ino = get_next_ino();
	inode->i_mode = S_IFSOCK | S_IRWXUGO;
	inode->i_uid = current_fsuid();
	inode->i_gid = current_fsgid();
	return SOCKET_I(inode);
}
EXPORT_SYMBOL(sock_alloc);

/* Ends a socket: the protocol first, then the inode, unless a file still has it. */
noinline void sock_release(struct socket *sock)
{
	if (sock->ops) {
		sock->ops->release(sock);
		sock->sk = NULL;
		sock->ops = NULL;
	}
	if (!sock->file)
		iput(SOCK_INODE(sock));
	sock->file = NULL;
}
EXPORT_SYMBOL(sock_release);

static struct file *sock_alloc_file(struct socket *sock, int flags)
{
	static const struct qstr name = QSTR_INIT("", 0);
	struct path path;
	struct file *file;

	path.dentry = d_alloc_pseudo(sock_mnt->mnt_sb, &name);
	if (!path.dentry) {
		sock_release(sock);
		return ERR_PTR(-ENOMEM);
	}
	path.mnt = mntget(sock_mnt);
	d_instantiate(path.dentry, SOCK_INODE(sock));
	file = alloc_file(&path, O_RDWR | (flags & O_NONBLOCK), &socket_file_ops);
	if (IS_ERR(file)) {
		ihold(SOCK_INODE(sock));
		path_put(&path);
		sock_release(sock);
		return file;
	}
	sock->file = file;
	file->private_data = sock;
	stream_open(SOCK_INODE(sock), file);
	return file;
}

static int sock_map_fd(struct socket *sock, int flags)
{
	int fd = get_unused_fd_flags(flags);
	struct file *file;

	if (fd < 0) {
		sock_release(sock);
		return fd;
	}
	file = sock_alloc_file(sock, flags);
	if (IS_ERR(file)) {
		put_unused_fd(fd);
		return PTR_ERR(file);
	}
	fd_install(fd, file);
	return fd;
}

static struct socket *sock_from_file(struct file *file)
{
	return file->f_op == &socket_file_ops ? file->private_data : NULL;
}

/* The socket behind a descriptor; its file is counted: sockfd_put(). */
struct socket *sockfd_lookup(int fd, int *err)
{
	struct file *file = fget(fd);
	struct socket *sock;

	*err = -EBADF;
	if (!file)
		return NULL;
	sock = sock_from_file(file);
	if (!sock) {
		fput(file);
		*err = -ENOTSOCK;
	}
	return sock;
}
EXPORT_SYMBOL(sockfd_lookup);

noinline int sock_sendmsg(struct socket *sock, struct msghdr *msg)
{
	int err = security_socket_sendmsg(sock, msg, iov_iter_count(&msg->msg_iter));

	return err ? err : sock->ops->sendmsg(sock, msg, iov_iter_count(&msg->msg_iter));
}
EXPORT_SYMBOL(sock_sendmsg);

noinline int sock_recvmsg(struct socket *sock, struct msghdr *msg, int flags)
{
	int err = security_socket_recvmsg(sock, msg, iov_iter_count(&msg->msg_iter), flags);

	return err ? err : sock->ops->recvmsg(sock, msg, iov_iter_count(&msg->msg_iter), flags);
}
EXPORT_SYMBOL(sock_recvmsg);

static ssize_t sock_read_iter(struct kiocb *iocb, struct iov_iter *to)
{
	struct msghdr msg = { .msg_iter = *to };
	ssize_t ret;

	if (!iov_iter_count(to))
		return 0;
	ret = sock_recvmsg(iocb->ki_filp->private_data, &msg,
			   (iocb->ki_filp->f_flags & O_NONBLOCK) ? MSG_DONTWAIT : 0);
	*to = msg.msg_iter;
	return ret;
}

static ssize_t sock_write_iter(struct kiocb *iocb, struct iov_iter *from)
{
	struct msghdr msg = { .msg_iter = *from };
	ssize_t ret;

	if (iocb->ki_filp->f_flags & O_NONBLOCK)
		msg.msg_flags = MSG_DONTWAIT;
	ret = sock_sendmsg(iocb->ki_filp->private_data, &msg);
	*from = msg.msg_iter;
	return ret;
}

static unsigned int sock_poll(struct file *file, poll_table *wait)
{
	struct socket *sock = file->private_data;

	return sock->ops->poll(file, sock, wait);
}

static long sock_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	struct socket *sock = file->private_data;

	return sock->ops->ioctl ? sock->ops->ioctl(sock, cmd, arg) : -ENOTTY;
}

static int sock_close(struct inode *inode, struct file *filp)
{
	sock_release(SOCKET_I(inode));
	return 0;
}

static const struct file_operations socket_file_ops = {
	.llseek = no_llseek,
	.read_iter = sock_read_iter,
	.write_iter = sock_write_iter,
	.poll = sock_poll,
	.unlocked_ioctl = sock_ioctl,
	.release = sock_close,
};

static noinline int sock_create(int family, int type, int protocol, struct socket **res)
{
	struct socket *sock;
	int err;

	if (family < 0 || family >= AF_MAX)
		return -EAFNOSUPPORT;
	if (type < 0 || type > 10)
		return -EINVAL;
	err = security_socket_create(family, type, protocol, 0);
	if (err)
		return err;
	if (!net_families[family])
		return -EAFNOSUPPORT;
	sock = sock_alloc();
	if (!sock)
		return -ENFILE;
	sock->type = type;
	err = net_families[family]->create(&init_net, sock, protocol, 0);
	if (err) {
		sock_release(sock);
		return err;
	}
	*res = sock;
	return 0;
}

noinline int __sys_socket(int family, int type, int protocol)
{
	int flags = type & ~SOCK_TYPE_MASK;
	struct socket *sock;
	int ret;

	if (flags & ~(SOCK_CLOEXEC | SOCK_NONBLOCK))
		return -EINVAL;
	ret = sock_create(family, type & SOCK_TYPE_MASK, protocol, &sock);
	return ret < 0 ? ret : sock_map_fd(sock, flags & (O_CLOEXEC | O_NONBLOCK));
}

SYSCALL_DEFINE3(socket, int, family, int, type, int, protocol)
{
	return __sys_socket(family, type, protocol);
}

SYSCALL_DEFINE4(socketpair, int, family, int, type, int, protocol, int __user *, usockvec)
{
	int flags = type & ~SOCK_TYPE_MASK, err, i;
	struct socket *sock[2] = { NULL, NULL };
	int fd[2] = { -1, -1 };

	if (flags & ~(SOCK_CLOEXEC | SOCK_NONBLOCK))
		return -EINVAL;
	for (i = 0; i < 2; i++) {
		err = sock_create(family, type & SOCK_TYPE_MASK, protocol, &sock[i]);
		if (err < 0)
			break;
	}
	if (err >= 0)
		err = sock[0]->ops->socketpair ? sock[0]->ops->socketpair(sock[0], sock[1]) : -EOPNOTSUPP;
	if (err < 0) {
		for (i = 0; i < 2; i++)
			if (sock[i])
				sock_release(sock[i]);
		return err;
	}
	fd[0] = sock_map_fd(sock[0], flags);
	if (fd[0] < 0) {
		sock_release(sock[1]);
		return fd[0];
	}
	fd[1] = sock_map_fd(sock[1], flags);
	if (fd[1] >= 0 && !copy_to_user(usockvec, fd, sizeof(fd)))
		return 0;
	err = fd[1] < 0 ? fd[1] : -EFAULT;
	for (i = 0; i < 2; i++)
		if (fd[i] >= 0)
			close_fd(fd[i]);
	return err;
}

int move_addr_to_kernel(void __user *uaddr, int ulen, struct sockaddr_storage *kaddr)
{
	if (ulen < 0 || ulen > (int)sizeof(*kaddr))
		return -EINVAL;
	memset(kaddr, 0, sizeof(*kaddr));
	return copy_from_user(kaddr, uaddr, ulen) ? -EFAULT : 0;
}

/* Gives an address of klen bytes to user space, cut to the room that *ulen says; *ulen becomes the full length. */
int move_addr_to_user(struct sockaddr_storage *kaddr, int klen, void __user *uaddr, int __user *ulen)
{
	int len;

	if (get_user(len, ulen))
		return -EFAULT;
	if (len < 0)
		return -EINVAL;
	if (len > klen)
		len = klen;
	if (copy_to_user(uaddr, kaddr, len))
		return -EFAULT;
	return put_user(klen, ulen);
}

noinline int __sys_bind(int fd, struct sockaddr __user *umyaddr, int addrlen)
{
	struct sockaddr_storage address;
	int err;
	struct socket *sock = sockfd_lookup(fd, &err);

	if (!sock)
		return err;
	err = move_addr_to_kernel(umyaddr, addrlen, &address);
	if (!err)
		err = security_socket_bind(sock, (struct sockaddr *)&address, addrlen);
	if (!err)
		err = sock->ops->bind(sock, (struct sockaddr *)&address, addrlen);
	sockfd_put(sock);
	return err;
}

SYSCALL_DEFINE3(bind, int, fd, struct sockaddr __user *, umyaddr, int, addrlen)
{
	return __sys_bind(fd, umyaddr, addrlen);
}

noinline int __sys_listen(int fd, int backlog)
{
	int err;
	struct socket *sock = sockfd_lookup(fd, &err);

	if (!sock)
		return err;
	if ((unsigned int)backlog > SOMAXCONN)
		backlog = SOMAXCONN;
	err = security_socket_listen(sock, backlog);
	if (!err)
		err = sock->ops->listen(sock, backlog);
	sockfd_put(sock);
	return err;
}

SYSCALL_DEFINE2(listen, int, fd, int, backlog)
{
	return __sys_listen(fd, backlog);
}

noinline int __sys_accept4(int fd, struct sockaddr __user *upeer_sockaddr, int __user *upeer_addrlen, int flags)
{
	struct sockaddr_storage address;
	struct socket *sock, *newsock;
	int err, len;

	if (flags & ~(SOCK_CLOEXEC | SOCK_NONBLOCK))
		return -EINVAL;
	sock = sockfd_lookup(fd, &err);
	if (!sock)
		return err;
	err = -ENFILE;
	newsock = sock_alloc();
	if (!newsock)
		goto out;
	newsock->type = sock->type;
	newsock->ops = sock->ops;
	err = security_socket_accept(sock, newsock);
	if (!err)
		err = sock->ops->accept(sock, newsock, sock->file->f_flags, false);
	if (!err && upeer_sockaddr) {
		len = newsock->ops->getname(newsock, (struct sockaddr *)&address, 1);
		err = len < 0 ? -ECONNABORTED : move_addr_to_user(&address, len, upeer_sockaddr, upeer_addrlen);
	}
	if (err)
		sock_release(newsock);
	else
		err = sock_map_fd(newsock, flags);
out:
	sockfd_put(sock);
	return err;
}

SYSCALL_DEFINE4(accept4, int, fd, struct sockaddr __user *, upeer_sockaddr, int __user *, upeer_addrlen, int, flags)
{
	return __sys_accept4(fd, upeer_sockaddr, upeer_addrlen, flags);
}

SYSCALL_DEFINE3(accept, int, fd, struct sockaddr __user *, upeer_sockaddr, int __user *, upeer_addrlen)
{
	return __sys_accept4(fd, upeer_sockaddr, upeer_addrlen, 0);
}

noinline int __sys_connect(int fd, struct sockaddr __user *uservaddr, int addrlen)
{
	struct sockaddr_storage address;
	int err;
	struct socket *sock = sockfd_lookup(fd, &err);

	if (!sock)
		return err;
	err = move_addr_to_kernel(uservaddr, addrlen, &address);
	if (!err)
		err = security_socket_connect(sock, (struct sockaddr *)&address, addrlen);
	if (!err)
		err = sock->ops->connect(sock, (struct sockaddr *)&address, addrlen, sock->file->f_flags);
	sockfd_put(sock);
	return err;
}

SYSCALL_DEFINE3(connect, int, fd, struct sockaddr __user *, uservaddr, int, addrlen)
{
	return __sys_connect(fd, uservaddr, addrlen);
}

static int do_getname(int fd, struct sockaddr __user *usockaddr, int __user *usockaddr_len, int peer)
{
	struct sockaddr_storage address;
	int err;
	struct socket *sock = sockfd_lookup(fd, &err);

	if (!sock)
		return err;
	err = sock->ops->getname(sock, (struct sockaddr *)&address, peer);
	if (err >= 0)
		err = move_addr_to_user(&address, err, usockaddr, usockaddr_len);
	sockfd_put(sock);
	return err;
}

SYSCALL_DEFINE3(getsockname, int, fd, struct sockaddr __user *, usockaddr, int __user *, usockaddr_len)
{
	return do_getname(fd, usockaddr, usockaddr_len, 0);
}

SYSCALL_DEFINE3(getpeername, int, fd, struct sockaddr __user *, usockaddr, int __user *, usockaddr_len)
{
	return do_getname(fd, usockaddr, usockaddr_len, 1);
}

static int sockfs_fill_super(struct super_block *sb, void *data, int silent)
{
	struct inode *root;

	sb->s_magic = SOCKFS_MAGIC;
	sb->s_op = &sockfs_ops;
	sb->s_d_op = &sockfs_dentry_operations;
	root = new_inode(sb);
	if (!root)
		return -ENOMEM;
	root->i_mode = S_IFDIR | 0600;
	sb->s_root = d_make_root(root);
	return sb->s_root ? 0 : -ENOMEM;
}

static struct dentry *sockfs_mount(struct file_system_type *type, int flags, const char *dev_name, void *data)
{
	return mount_nodev(type, flags, data, sockfs_fill_super);
}

static struct file_system_type sock_fs_type = {
	.name = "sockfs",
	.mount = sockfs_mount,
	.kill_sb = kill_anon_super,
};

static int __init sock_init(void)
{
	int err = register_filesystem(&sock_fs_type);

	if (err)
		return err;
	sock_mnt = kern_mount(&sock_fs_type);
	return PTR_ERR_OR_ZERO(sock_mnt);
}
core_initcall(sock_init);
