/*
 * struct sock: the end of a connection, as the protocols see it.
 *
 * Two kinds of callers share a sock: tasks in system calls, who own it between lock_sock() and release_sock() and may
 * sleep meanwhile; and packets, which arrive in softirqs and cannot wait. A packet that finds the sock owned goes to
 * the backlog, and the owner handles it when it lets go.
 */
#ifndef _SOCK_H
#define _SOCK_H

#include <linux/types.h>
#include <linux/list.h>
#include <linux/net.h>
#include <linux/netdevice.h>
#include <linux/refcount.h>
#include <linux/skbuff.h>
#include <linux/spinlock.h>
#include <linux/wait.h>

struct proto;

typedef __u32 __portpair;

/* The part by which a sock is found. */
struct sock_common {
	__be32 skc_daddr;
	__be32 skc_rcv_saddr;
	__be16 skc_dport;
	__u16 skc_num;			/* local port, host order */
	unsigned short skc_family;
	volatile unsigned char skc_state;
	unsigned char skc_reuse:4,
		      skc_reuseport:1;
	int skc_bound_dev_if;
	struct hlist_node skc_node;	/* in the protocol's table */
	struct proto *skc_prot;
	struct net *skc_net;
	refcount_t skc_refcnt;
};

typedef struct {
	spinlock_t slock;
	int owned;
	wait_queue_head_t wq;
} socket_lock_t;

struct sock {
	struct sock_common __sk_common;
#define sk_daddr	__sk_common.skc_daddr
#define sk_rcv_saddr	__sk_common.skc_rcv_saddr
#define sk_dport	__sk_common.skc_dport
#define sk_num		__sk_common.skc_num
#define sk_family	__sk_common.skc_family
#define sk_state	__sk_common.skc_state
#define sk_reuse	__sk_common.skc_reuse
#define sk_reuseport	__sk_common.skc_reuseport
#define sk_node		__sk_common.skc_node
#define sk_prot		__sk_common.skc_prot
#define sk_refcnt	__sk_common.skc_refcnt
	socket_lock_t sk_lock;
	struct sk_buff_head sk_receive_queue;
	struct sk_buff_head sk_write_queue;
	struct {
		struct sk_buff *head;
		struct sk_buff *tail;
		int len;
	} sk_backlog;
	atomic_t sk_rmem_alloc;		/* bytes waiting to be read */
	int sk_wmem_queued;		/* bytes waiting to be sent or acknowledged */
	int sk_rcvbuf;
	int sk_sndbuf;
	wait_queue_head_t sk_wait;
	struct socket *sk_socket;	/* NULL once the descriptor is closed */
	u8 sk_shutdown;
	u16 sk_type;
	u16 sk_protocol;
	int sk_err;
	u32 sk_ack_backlog;
	u32 sk_max_ack_backlog;
	long sk_rcvtimeo;
	long sk_sndtimeo;
	kuid_t sk_uid;
	unsigned long sk_flags;
	int sk_lingertime;		/* seconds */
	struct ucred sk_peer;		/* AF_UNIX: who made the other end */
	void *sk_user_data;
	void (*sk_state_change)(struct sock *sk);
	void (*sk_data_ready)(struct sock *sk);
	void (*sk_write_space)(struct sock *sk);
};

/* sk_flags */
#define SK_PASSCRED	1UL
#define SK_KEEPOPEN	2UL
#define SK_BROADCAST	4UL
#define SK_LINGER	8UL

#define RCV_SHUTDOWN	1
#define SEND_SHUTDOWN	2
#define SHUTDOWN_MASK	3

/* What a transport protocol does. */
struct proto {
	char name[32];
	unsigned int obj_size;
	struct module *owner;
	void (*close)(struct sock *sk, long timeout);
	int (*connect)(struct sock *sk, struct sockaddr *uaddr, int addr_len);
	struct sock *(*accept)(struct sock *sk, int flags, int *err, bool kern);
	int (*init)(struct sock *sk);
	void (*shutdown)(struct sock *sk, int how);
	int (*sendmsg)(struct sock *sk, struct msghdr *msg, size_t len);
	int (*recvmsg)(struct sock *sk, struct msghdr *msg, size_t len, int flags, int *addr_len);
	int (*backlog_rcv)(struct sock *sk, struct sk_buff *skb);
	int (*get_port)(struct sock *sk, unsigned short snum);
	unsigned int (*poll)(struct file *file, struct socket *sock, struct poll_table_struct *wait);
	struct hlist_head hash;		/* all its socks that have a port */
	spinlock_t lock;		/* guards hash */
};

struct sock *sk_alloc(struct net *net, int family, gfp_t priority, struct proto *prot, int kern);
void sk_free(struct sock *sk);
void sock_init_data(struct socket *sock, struct sock *sk);
void lock_sock(struct sock *sk);
void release_sock(struct sock *sk);
void sk_add_backlog(struct sock *sk, struct sk_buff *skb);
int sock_queue_rcv_skb(struct sock *sk, struct sk_buff *skb);
void skb_set_owner_r(struct sk_buff *skb, struct sock *sk);
int sk_wait_for(struct sock *sk, bool (*condition)(struct sock *sk), long timeout);
struct sk_buff *skb_recv_datagram(struct sock *sk, unsigned int flags, int *err);
unsigned int datagram_poll(struct file *file, struct socket *sock, struct poll_table_struct *wait);
int sock_setsockopt(struct socket *sock, int level, int optname, char __user *optval, unsigned int optlen);
int sock_getsockopt(struct socket *sock, int level, int optname, char __user *optval, int __user *optlen);

static inline wait_queue_head_t *sk_sleep(struct sock *sk)
{
	return &sk->sk_wait;
}

static inline struct net *sock_net(const struct sock *sk)
{
	return sk->__sk_common.skc_net;
}

static inline void sock_hold(struct sock *sk)
{
	refcount_inc(&sk->sk_refcnt);
}

static inline void sock_put(struct sock *sk)
{
	if (refcount_dec_and_test(&sk->sk_refcnt))
		sk_free(sk);
}

#define bh_lock_sock(__sk)	spin_lock(&((__sk)->sk_lock.slock))
#define bh_unlock_sock(__sk)	spin_unlock(&((__sk)->sk_lock.slock))
#define sock_owned_by_user(sk)	((sk)->sk_lock.owned)

static inline long sock_rcvtimeo(const struct sock *sk, bool noblock)
{
	return noblock ? 0 : sk->sk_rcvtimeo;
}

static inline long sock_sndtimeo(const struct sock *sk, bool noblock)
{
	return noblock ? 0 : sk->sk_sndtimeo;
}

/* The error that something asynchronous left behind; it is told once. */
static inline int sock_error(struct sock *sk)
{
	int err = sk->sk_err;

	sk->sk_err = 0;
	return -err;
}

#endif
