/*
 * Sending and receiving: the system calls that move bytes through a connected or addressed socket, and its options.
 */
#include <linux/net.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/kernel.h>
#include <linux/slab.h>
#include <linux/socket.h>
#include <linux/uio.h>
#include <linux/uaccess.h>
#include <linux/syscalls.h>
#include <net/sock.h>
#include "socket.h"

noinline int __sys_sendto(int fd, void __user *buff, size_t len, unsigned int flags, struct sockaddr __user *addr,
			  int addr_len)
{
	struct sockaddr_storage address;
	struct msghdr msg = { .msg_flags = flags };
	int err;
	struct socket *sock = sockfd_lookup(fd, &err);

	if (!sock)
		return err;
	iov_iter_ubuf(&msg.msg_iter, ITER_SOURCE, buff, len);
	if (addr) {
		err = move_addr_to_kernel(addr, addr_len, &address);
		if (err < 0)
			goto out;
		msg.msg_name = &address;
		msg.msg_namelen = addr_len;
	}
	if (sock->file->f_flags & O_NONBLOCK)
		msg.msg_flags |= MSG_DONTWAIT;
	err = sock_sendmsg(sock, &msg);
out:
	sockfd_put(sock);
	return err;
}

SYSCALL_DEFINE6(sendto, int, fd, void __user *, buff, size_t, len, unsigned int, flags,
		struct sockaddr __user *, addr, int, addr_len)
{
	return __sys_sendto(fd, buff, len, flags, addr, addr_len);
}

noinline int __sys_recvfrom(int fd, void __user *ubuf, size_t size, unsigned int flags,
			    struct sockaddr __user *addr, int __user *addr_len)
{
	struct sockaddr_storage address;
	struct msghdr msg = { .msg_name = addr ? &address : NULL };
	int err, err2;
	struct socket *sock = sockfd_lookup(fd, &err);

	if (!sock)
		return err;
	iov_iter_ubuf(&msg.msg_iter, ITER_DEST, ubuf, size);
	if (sock->file->f_flags & O_NONBLOCK)
		flags |= MSG_DONTWAIT;
	err = sock_recvmsg(sock, &msg, flags);
	if (err >= 0 && addr) {
		err2 = move_addr_to_user(&address, msg.msg_namelen, addr, addr_len);
		if (err2 < 0)
			err = err2;
	}
	sockfd_put(sock);
	return err;
}

SYSCALL_DEFINE6(recvfrom, int, fd, void __user *, ubuf, size_t, size, unsigned int, flags,
		struct sockaddr __user *, addr, int __user *, addr_len)
{
	return __sys_recvfrom(fd, ubuf, size, flags, addr, addr_len);
}

/* sendmsg and recvmsg: several buffers, and the address in a structure. */
static int do_msg(int fd, struct user_msghdr __user *umsg, unsigned int flags, bool send)
{
	struct iovec fast[UIO_FASTIOV], *iov = fast;
	struct sockaddr_storage address;
	struct user_msghdr user;
	struct msghdr msg = { .msg_flags = flags };
	int err;
	struct socket *sock = sockfd_lookup(fd, &err);

	if (!sock)
		return err;
	err = -EFAULT;
	if (copy_from_user(&user, umsg, sizeof(user)))
		goto out;
	err = import_iovec(send ? ITER_SOURCE : ITER_DEST, user.msg_iov, user.msg_iovlen, UIO_FASTIOV, &iov,
			   &msg.msg_iter);
	if (err < 0)
		goto out;
	if (sock->file->f_flags & O_NONBLOCK)
		flags |= MSG_DONTWAIT;
	msg.msg_name = user.msg_name ? &address : NULL;
	msg.msg_control = user.msg_control;
	msg.msg_controllen = user.msg_control ? user.msg_controllen : 0;
	if (send) {
		err = user.msg_name ? move_addr_to_kernel(user.msg_name, user.msg_namelen, &address) : 0;
		msg.msg_namelen = user.msg_namelen;
		msg.msg_flags = flags;
		if (!err)
			err = sock_sendmsg(sock, &msg);
	} else {
		err = sock_recvmsg(sock, &msg, flags);
		if (err >= 0 && user.msg_name) {
			int err2 = move_addr_to_user(&address, msg.msg_namelen, user.msg_name, &umsg->msg_namelen);

			if (err2)
				err = err2;
		}
		if (err >= 0 && (put_user(msg.msg_flags & ~(flags | MSG_CMSG_CLOEXEC), &umsg->msg_flags) ||
				 put_user(user.msg_control ? user.msg_controllen - msg.msg_controllen : 0,
					  &umsg->msg_controllen)))
			err = -EFAULT;
	}
	kfree(iov);
out:
	sockfd_put(sock);
	return err;
}

SYSCALL_DEFINE3(sendmsg, int, fd, struct user_msghdr __user *, msg, unsigned int, flags)
{
	return do_msg(fd, msg, flags, true);
}

SYSCALL_DEFINE3(recvmsg, int, fd, struct user_msghdr __user *, msg, unsigned int, flags)
{
	return do_msg(fd, msg, flags, false);
}

SYSCALL_DEFINE2(shutdown, int, fd, int, how)
{
	int err;
	struct socket *sock = sockfd_lookup(fd, &err);

	if (!sock)
		return err;
	err = sock->ops->shutdown(sock, how);
	sockfd_put(sock);
	return err;
}

SYSCALL_DEFINE5(setsockopt, int, fd, int, level, int, optname, char __user *, optval, int, optlen)
{
	int err;
	struct socket *sock = sockfd_lookup(fd, &err);

	if (!sock)
		return err;
	/* Options of IP and TCP tune what this stack does not do: they are taken and have no effect. */
	err = level == SOL_SOCKET ? sock_setsockopt(sock, level, optname, optval, optlen) :
	      level == SOL_IP || level == SOL_TCP ? 0 : -ENOPROTOOPT;
	sockfd_put(sock);
	return err;
}

SYSCALL_DEFINE5(getsockopt, int, fd, int, level, int, optname, char __user *, optval, int __user *, optlen)
{
	int err;
	struct socket *sock = sockfd_lookup(fd, &err);

	if (!sock)
		return err;
	err = level == SOL_SOCKET ? sock_getsockopt(sock, level, optname, optval, optlen) : -ENOPROTOOPT;
	sockfd_put(sock);
	return err;
}
