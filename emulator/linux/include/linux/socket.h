/*
 * Address families, socket options and messages: the vocabulary of the socket system calls.
 */
#ifndef _LINUX_SOCKET_H
#define _LINUX_SOCKET_H

#include <linux/types.h>
#include <linux/uio.h>

typedef unsigned short sa_family_t;
typedef sa_family_t __kernel_sa_family_t;

#define AF_UNSPEC	0
#define AF_UNIX		1
#define AF_INET		2
#define AF_INET6	10
#define AF_NETLINK	16
#define AF_MAX		46
#define PF_UNIX		AF_UNIX
#define PF_INET		AF_INET

#define SOL_IP		0
#define SOL_SOCKET	1
#define SOL_TCP		6
#define SO_REUSEADDR	2
#define SO_TYPE		3
#define SO_ERROR	4
#define SO_BROADCAST	6
#define SO_SNDBUF	7
#define SO_RCVBUF	8
#define SO_KEEPALIVE	9
#define SO_LINGER	13
#define SO_REUSEPORT	15
#define SO_PASSCRED	16
#define SO_PEERCRED	17
#define SO_RCVTIMEO	20
#define SO_SNDTIMEO	21
#define SO_ACCEPTCONN	30
#define SO_PROTOCOL	38
#define SO_DOMAIN	39
#define SOMAXCONN	4096

#define MSG_OOB		0x1
#define MSG_PEEK	0x2
#define MSG_CTRUNC	0x8
#define MSG_TRUNC	0x20
#define MSG_DONTWAIT	0x40
#define MSG_WAITALL	0x100
#define MSG_NOSIGNAL	0x4000
#define MSG_MORE	0x8000

#define MSG_CMSG_CLOEXEC 0x40000000
#define SCM_RIGHTS	1
#define SCM_CREDENTIALS	2

/* Who is at the other end. */
struct ucred {
	__u32 pid;
	__u32 uid;
	__u32 gid;
};

/* What comes beside the bytes of a message: cmsg(3). The data follow. */
struct cmsghdr {
	size_t cmsg_len;		/* with this header */
	int cmsg_level;
	int cmsg_type;
};

struct sockaddr {
	sa_family_t sa_family;
	char sa_data[14];
};

struct sockaddr_storage {
	sa_family_t ss_family;
	char __data[126];
} __aligned(8);

/* A message on its way through the kernel. */
struct msghdr {
	void *msg_name;			/* an address: where to, or from whom */
	int msg_namelen;
	unsigned int msg_flags;
	struct iov_iter msg_iter;	/* the bytes */
	void *msg_control;
	size_t msg_controllen;
};

/* A message as sendmsg(2) and recvmsg(2) pass it. */
struct user_msghdr {
	void __user *msg_name;
	int msg_namelen;
	struct iovec __user *msg_iov;
	size_t msg_iovlen;
	void __user *msg_control;
	size_t msg_controllen;
	unsigned int msg_flags;
};

int __sys_socket(int family, int type, int protocol);
int __sys_bind(int fd, struct sockaddr __user *umyaddr, int addrlen);
int __sys_listen(int fd, int backlog);
int __sys_accept4(int fd, struct sockaddr __user *upeer_sockaddr, int __user *upeer_addrlen, int flags);
int __sys_connect(int fd, struct sockaddr __user *uservaddr, int addrlen);
int __sys_sendto(int fd, void __user *buff, size_t len, unsigned int flags, struct sockaddr __user *addr,
		 int addr_len);
int __sys_recvfrom(int fd, void __user *ubuf, size_t size, unsigned int flags, struct sockaddr __user *addr,
		   int __user *addr_len);

#endif
