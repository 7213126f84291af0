/*
 * Sockets of one machine: struct unix_sock, and what travels with their messages.
 */
#ifndef _NET_AF_UNIX_H
#define _NET_AF_UNIX_H

#include <linux/fs.h>
#include <linux/skbuff.h>
#include <net/sock.h>

#define UNIX_PATH_MAX	108
#define SCM_MAX_FD	253

struct sockaddr_un {
	sa_family_t sun_family;
	char sun_path[UNIX_PATH_MAX];
};

struct unix_sock {
	struct sock sk;
	struct list_head link;		/* in the table of all that have a name */
	struct sockaddr_un name;
	int name_len;			/* 0: no name */
	struct path path;		/* of a name in the file system */
	struct unix_sock *peer;		/* counted; for datagrams, where they go by default */
	struct list_head pending;	/* of a listener: connections that nobody has accepted */
	struct list_head queued;	/* in a listener's pending */
};

/* Descriptors on their way to another process. */
struct scm_fp_list {
	int count;
	struct file *fp[SCM_MAX_FD];
};

/* In a packet's cb. */
struct unix_skb_parms {
	struct scm_fp_list *fp;
	struct unix_sock *from;		/* counted: whose name recvfrom() tells */
	struct ucred creds;
};

#define UNIXCB(skb)	(*(struct unix_skb_parms *)(skb)->cb)

static inline struct unix_sock *unix_sk(struct sock *sk)
{
	return container_of(sk, struct unix_sock, sk);
}

/* net/unix/scm.c */
void unix_destruct_scm(struct sk_buff *skb);
int scm_send(struct sk_buff *skb, const struct msghdr *msg);
void scm_recv(struct socket *sock, struct msghdr *msg, struct sk_buff *skb, int flags);

/* net/unix/name.c */
int unix_bind(struct socket *sock, struct sockaddr *uaddr, int addr_len);
int unix_autobind(struct unix_sock *u);
struct unix_sock *unix_find_other(const struct sockaddr *uaddr, int addr_len, int type, int *err);
int unix_getname(struct socket *sock, struct sockaddr *uaddr, int peer);
void unix_unbind(struct unix_sock *u);

/* net/unix/message.c */
int unix_stream_sendmsg(struct socket *sock, struct msghdr *msg, size_t len);
int unix_stream_recvmsg(struct socket *sock, struct msghdr *msg, size_t size, int flags);
int unix_dgram_sendmsg(struct socket *sock, struct msghdr *msg, size_t len);
int unix_dgram_recvmsg(struct socket *sock, struct msghdr *msg, size_t size, int flags);

/* net/unix/af_unix.c: guards all peers and names */
extern spinlock_t unix_lock;
struct unix_sock *unix_peer_get(struct unix_sock *u);

#endif
