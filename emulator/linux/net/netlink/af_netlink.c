/*
 * Netlink sockets: a table of ports for each protocol, delivery to one port or to the members of a group, and the
 * kernel's own sockets, whose input function runs in the sender's context. No memory-mapped rings, no dumps.
 */
#include <linux/cred.h>
#include <linux/err.h>
#include <linux/errno.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/net.h>
#include <linux/netlink.h>
#include <linux/poll.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/string.h>
#include <linux/uio.h>
#include <net/sock.h>

struct netlink_sock {
	struct sock sk;		/* must be first */
	u32 portid;		/* 0 until bound, and for the kernel's socket */
	u32 dst_portid;
	u32 dst_group;
	u32 groups;
	bool bound;
	void (*netlink_rcv)(struct sk_buff *skb);
	struct module *module;
	struct list_head node;	/* in its protocol's table */
};

struct netlink_table {
	struct list_head socks;
	struct sock *kernel;
};

static struct netlink_table nl_table[MAX_LINKS];
static DEFINE_SPINLOCK(nl_table_lock); /* senders may be probe handlers: nothing here sleeps */

static struct proto netlink_proto = {
	.name = "NETLINK",
	.obj_size = sizeof(struct netlink_sock),
};

static const struct proto_ops netlink_ops;

static inline struct netlink_sock *nlk_sk(struct sock *sk)
{
	return container_of(sk, struct netlink_sock, sk);
}

/* ---- sockets ---- */

static struct sock *__netlink_create(struct net *net, struct socket *sock, int protocol)
{
	struct sock *sk = sk_alloc(net, AF_NETLINK, GFP_KERNEL, &netlink_proto, 0);

	if (!sk)
		return NULL;
	sock_init_data(sock, sk);
	sk->sk_protocol = protocol;
	INIT_LIST_HEAD(&nlk_sk(sk)->node);
	return sk;
}

static int netlink_create(struct net *net, struct socket *sock, int protocol, int kern)
{
	struct sock *sk;

	if (sock->type != SOCK_RAW && sock->type != SOCK_DGRAM)
		return -ESOCKTNOSUPPORT;
	if (protocol < 0 || protocol >= MAX_LINKS)
		return -EPROTONOSUPPORT;
	if (!nl_table[protocol].kernel && protocol != NETLINK_USERSOCK)
		return -EPROTONOSUPPORT;
	sk = __netlink_create(net, sock, protocol);
	if (!sk)
		return -ENOMEM;
	sock->ops = &netlink_ops;
	return 0;
}

static int netlink_release(struct socket *sock)
{
	struct sock *sk = sock->sk;
	unsigned long flags;

	if (!sk)
		return 0;
	spin_lock_irqsave(&nl_table_lock, flags);
	list_del_init(&nlk_sk(sk)->node);
	spin_unlock_irqrestore(&nl_table_lock, flags);
	sock->sk = NULL;
	sk->sk_socket = NULL;
	sock_put(sk);
	return 0;
}

/* The socket at a port, counted. */
static struct sock *netlink_lookup(int protocol, u32 portid)
{
	struct netlink_sock *nlk;
	struct sock *found = NULL;
	unsigned long flags;

	spin_lock_irqsave(&nl_table_lock, flags);
	if (!portid)
		found = nl_table[protocol].kernel;
	list_for_each_entry(nlk, &nl_table[protocol].socks, node)
		if (portid && nlk->portid == portid)
			found = &nlk->sk;
	if (found)
		sock_hold(found);
	spin_unlock_irqrestore(&nl_table_lock, flags);
	return found;
}

static int netlink_insert(struct sock *sk, u32 portid)
{
	struct netlink_sock *nlk;
	unsigned long flags;
	int err = 0;

	spin_lock_irqsave(&nl_table_lock, flags);
	list_for_each_entry(nlk, &nl_table[sk->sk_protocol].socks, node)
		if (nlk->portid == portid)
			err = -EADDRINUSE;
	if (!err && nlk_sk(sk)->bound)
		err = nlk_sk(sk)->portid == portid ? 0 : -EINVAL;
	else if (!err) {
		nlk_sk(sk)->portid = portid;
		nlk_sk(sk)->bound = true;
		list_add_tail(&nlk_sk(sk)->node, &nl_table[sk->sk_protocol].socks);
	}
	spin_unlock_irqrestore(&nl_table_lock, flags);
	return err;
}

/* A port of its own: the process's number, or when that is taken one that no process has. */
static int netlink_autobind(struct sock *sk)
{
	u32 portid = current->tgid;

	while (netlink_insert(sk, portid) == -EADDRINUSE)
		portid = portid == (u32)current->tgid ? -4097 : portid - 1;
	return 0;
}

static noinline int netlink_bind(struct socket *sock, struct sockaddr *addr, int addr_len)
{
	struct sockaddr_nl *nladdr = (struct sockaddr_nl *)addr;
	struct netlink_sock *nlk = nlk_sk(sock->sk);
	int err = 0;

	if (addr_len < (int)sizeof(*nladdr))
		return -EINVAL;
	if (nladdr->nl_family != AF_NETLINK)
		return -EINVAL;
	if (!nlk->bound || nladdr->nl_pid)
		err = nladdr->nl_pid ? netlink_insert(&nlk->sk, nladdr->nl_pid) : netlink_autobind(&nlk->sk);
	if (!err)
		nlk->groups = nladdr->nl_groups;
	return err;
}

static int netlink_connect(struct socket *sock, struct sockaddr *addr, int addr_len, int flags)
{
	struct sockaddr_nl *nladdr = (struct sockaddr_nl *)addr;
	struct netlink_sock *nlk = nlk_sk(sock->sk);

	if (addr_len < (int)sizeof(*nladdr) || nladdr->nl_family != AF_NETLINK)
		return -EINVAL;
	if (!nlk->bound)
		netlink_autobind(&nlk->sk);
	nlk->dst_portid = nladdr->nl_pid;
	nlk->dst_group = nladdr->nl_groups ? __ffs(nladdr->nl_groups) + 1 : 0;
	return 0;
}

static int netlink_getname(struct socket *sock, struct sockaddr *addr, int peer)
{
	struct netlink_sock *nlk = nlk_sk(sock->sk);

	*(struct sockaddr_nl *)addr = (struct sockaddr_nl) {
		.nl_family = AF_NETLINK,
		.nl_pid = peer ? nlk->dst_portid : nlk->portid,
		.nl_groups = peer ? 0 : nlk->groups,
	};
	return sizeof(struct sockaddr_nl);
}

/* ---- delivery ---- */

/* The kernel's socket: its input function handles the message now, and the message is gone afterwards. */
static noinline int netlink_unicast_kernel(struct sock *sk, struct sk_buff *skb, struct sock *ssk)
{
	int ret = -ECONNREFUSED;

	if (nlk_sk(sk)->netlink_rcv) {
		ret = skb->len;
		NETLINK_CB(skb).sk = ssk;
		nlk_sk(sk)->netlink_rcv(skb);
		consume_skb(skb);
	} else {
		kfree_skb(skb);
	}
	return ret;
}

static int netlink_deliver(struct sock *sk, struct sk_buff *skb)
{
	int len = skb->len, err = sock_queue_rcv_skb(sk, skb);

	if (!err)
		return len;
	kfree_skb(skb);
	return err == -ENOMEM ? -EAGAIN : err;
}

/* Gives the packet, which is used up, to one port. Its length or a negative errno. */
int netlink_unicast(struct sock *ssk, struct sk_buff *skb, u32 portid, int nonblock)
{
	struct sock *sk = netlink_lookup(ssk->sk_protocol, portid);
	int err;

	if (!sk) {
		kfree_skb(skb);
		return -ECONNREFUSED;
	}
	err = portid ? netlink_deliver(sk, skb) : netlink_unicast_kernel(sk, skb, ssk);
	sock_put(sk);
	return err;
}
EXPORT_SYMBOL(netlink_unicast);

/* Gives copies to all members of a group but the sender's port. -ESRCH: nobody is there. */
int netlink_broadcast(struct sock *ssk, struct sk_buff *skb, u32 portid, u32 group, gfp_t allocation)
{
	struct netlink_sock *nlk;
	bool delivered = false;
	unsigned long flags;

	spin_lock_irqsave(&nl_table_lock, flags);
	list_for_each_entry(nlk, &nl_table[ssk->sk_protocol].socks, node) {
		struct sk_buff *copy;

		if (nlk->portid == portid || !group || !(nlk->groups & (1U << (group - 1))))
			continue;
		copy = skb_copy(skb, GFP_ATOMIC);
		if (copy && netlink_deliver(&nlk->sk, copy) >= 0)
			delivered = true;
	}
	spin_unlock_irqrestore(&nl_table_lock, flags);
	consume_skb(skb);
	return delivered ? 0 : -ESRCH;
}
EXPORT_SYMBOL(netlink_broadcast);

int netlink_has_listeners(struct sock *sk, unsigned int group)
{
	struct netlink_sock *nlk;
	unsigned long flags;
	int found = 0;

	spin_lock_irqsave(&nl_table_lock, flags);
	list_for_each_entry(nlk, &nl_table[sk->sk_protocol].socks, node)
		if (group && (nlk->groups & (1U << (group - 1))))
			found = 1;
	spin_unlock_irqrestore(&nl_table_lock, flags);
	return found;
}
EXPORT_SYMBOL_GPL(netlink_has_listeners);

static noinline int netlink_sendmsg(struct socket *sock, struct msghdr *msg, size_t len)
{
	struct netlink_sock *nlk = nlk_sk(sock->sk);
	struct sockaddr_nl *addr = msg->msg_name;
	u32 dst_portid = nlk->dst_portid, dst_group = nlk->dst_group;
	struct sk_buff *skb;

	if (msg->msg_flags & MSG_OOB)
		return -EOPNOTSUPP;
	if (addr) {
		if (msg->msg_namelen < (int)sizeof(*addr) || addr->nl_family != AF_NETLINK)
			return -EINVAL;
		dst_portid = addr->nl_pid;
		dst_group = addr->nl_groups ? __ffs(addr->nl_groups) + 1 : 0;
	}
	if (!nlk->bound)
		netlink_autobind(&nlk->sk);
	if (len > (size_t)nlk->sk.sk_sndbuf - 32)
		return -EMSGSIZE;
	skb = alloc_skb(len, GFP_KERNEL);
	if (!skb)
		return -ENOBUFS;
	NETLINK_CB(skb).portid = nlk->portid;
	NETLINK_CB(skb).dst_group = dst_group;
	NETLINK_CB(skb).creds = (struct scm_creds) { current->tgid, current_uid(), current_gid() };
	if (copy_from_iter(skb_put(skb, len), len, &msg->msg_iter) != len) {
		kfree_skb(skb);
		return -EFAULT;
	}
	if (dst_group) {
		struct sk_buff *copy = skb_copy(skb, GFP_KERNEL);

		if (copy)
			netlink_broadcast(&nlk->sk, copy, dst_portid, dst_group, GFP_KERNEL);
	}
	return netlink_unicast(&nlk->sk, skb, dst_portid, msg->msg_flags & MSG_DONTWAIT);
}

static noinline int netlink_recvmsg(struct socket *sock, struct msghdr *msg, size_t len, int flags)
{
	struct sockaddr_nl *addr = msg->msg_name;
	struct sk_buff *skb;
	size_t copied;
	int err;

	skb = skb_recv_datagram(sock->sk, flags, &err);
	if (!skb)
		return err;
	copied = min_t(size_t, len, skb->len);
	if (copied < skb->len)
		msg->msg_flags |= MSG_TRUNC;
	err = skb_copy_datagram_msg(skb, 0, msg, copied);
	if (addr) {
		*addr = (struct sockaddr_nl) { .nl_family = AF_NETLINK, .nl_pid = NETLINK_CB(skb).portid };
		if (NETLINK_CB(skb).dst_group)
			addr->nl_groups = 1U << (NETLINK_CB(skb).dst_group - 1);
		msg->msg_namelen = sizeof(*addr);
	}
	if (!err)
		err = (flags & MSG_TRUNC) ? skb->len : copied;
	consume_skb(skb);
	return err;
}

static int netlink_shutdown(struct socket *sock, int how)
{
	return -EOPNOTSUPP;
}

static int netlink_listen(struct socket *sock, int len)
{
	return -EOPNOTSUPP;
}

static int netlink_accept(struct socket *sock, struct socket *newsock, int flags, bool kern)
{
	return -EOPNOTSUPP;
}

static const struct proto_ops netlink_ops = {
	.family = AF_NETLINK,
	.release = netlink_release,
	.bind = netlink_bind,
	.connect = netlink_connect,
	.accept = netlink_accept,
	.listen = netlink_listen,
	.getname = netlink_getname,
	.poll = datagram_poll,
	.shutdown = netlink_shutdown,
	.sendmsg = netlink_sendmsg,
	.recvmsg = netlink_recvmsg,
};

/* ---- the kernel's side ---- */

struct sock *__netlink_kernel_create(struct net *net, int unit, struct module *module, struct netlink_kernel_cfg *cfg)
{
	struct sock *sk;
	unsigned long flags;

	if (unit < 0 || unit >= MAX_LINKS)
		return NULL;
	sk = __netlink_create(net, NULL, unit);
	if (!sk)
		return NULL;
	if (cfg)
		nlk_sk(sk)->netlink_rcv = cfg->input;
	nlk_sk(sk)->module = module;
	spin_lock_irqsave(&nl_table_lock, flags);
	if (nl_table[unit].kernel) {
		spin_unlock_irqrestore(&nl_table_lock, flags);
		sock_put(sk);
		return NULL;
	}
	nl_table[unit].kernel = sk;
	spin_unlock_irqrestore(&nl_table_lock, flags);
	return sk;
}
EXPORT_SYMBOL(__netlink_kernel_create);

void netlink_kernel_release(struct sock *sk)
{
	unsigned long flags;

	if (!sk)
		return;
	spin_lock_irqsave(&nl_table_lock, flags);
	nl_table[sk->sk_protocol].kernel = NULL;
	spin_unlock_irqrestore(&nl_table_lock, flags);
	sock_put(sk);
}
EXPORT_SYMBOL(netlink_kernel_release);

bool netlink_capable(const struct sk_buff *skb, int cap)
{
	return capable(cap);
}
EXPORT_SYMBOL(netlink_capable);

/* ---- messages ---- */

struct nlmsghdr *__nlmsg_put(struct sk_buff *skb, u32 portid, u32 seq, int type, int len, int flags)
{
	int size = nlmsg_msg_size(len);
	struct nlmsghdr *nlh = skb_put(skb, NLMSG_ALIGN(size));

	*nlh = (struct nlmsghdr) {
		.nlmsg_len = size, .nlmsg_type = type, .nlmsg_flags = flags, .nlmsg_seq = seq, .nlmsg_pid = portid,
	};
	memset(nlmsg_data(nlh) + len, 0, NLMSG_ALIGN(size) - size);
	return nlh;
}
EXPORT_SYMBOL(__nlmsg_put);

/* Tells the sender how its message went: NLMSG_ERROR, with 0 for success. */
void netlink_ack(struct sk_buff *in_skb, struct nlmsghdr *nlh, int err, const void *extack)
{
	struct sk_buff *skb = nlmsg_new(sizeof(struct nlmsgerr), GFP_KERNEL);
	struct nlmsghdr *rep;
	struct nlmsgerr *errmsg;

	if (!skb)
		return;
	rep = __nlmsg_put(skb, NETLINK_CB(in_skb).portid, nlh->nlmsg_seq, NLMSG_ERROR, sizeof(*errmsg), 0);
	errmsg = nlmsg_data(rep);
	errmsg->error = err;
	errmsg->msg = *nlh;
	nlmsg_unicast(NETLINK_CB(in_skb).sk, skb, NETLINK_CB(in_skb).portid);
}
EXPORT_SYMBOL(netlink_ack);

/* Calls cb for each request in the packet, and acknowledges what wants it or failed. */
int netlink_rcv_skb(struct sk_buff *skb, int (*cb)(struct sk_buff *, struct nlmsghdr *, void *extack))
{
	while (skb->len >= (unsigned int)nlmsg_total_size(0)) {
		struct nlmsghdr *nlh = nlmsg_hdr(skb);
		unsigned int msglen;
		int err = 0;

		if (nlh->nlmsg_len < NLMSG_HDRLEN || skb->len < nlh->nlmsg_len)
			return 0;
		if ((nlh->nlmsg_flags & NLM_F_REQUEST) && nlh->nlmsg_type >= NLMSG_MIN_TYPE)
			err = cb(skb, nlh, NULL);
		if (err != -EINTR && ((nlh->nlmsg_flags & NLM_F_ACK) || err))
			netlink_ack(skb, nlh, err, NULL);
		msglen = min_t(unsigned int, NLMSG_ALIGN(nlh->nlmsg_len), skb->len);
		skb_pull(skb, msglen);
	}
	return 0;
}
EXPORT_SYMBOL(netlink_rcv_skb);

static const struct net_proto_family netlink_family_ops = {
	.family = AF_NETLINK,
	.create = netlink_create,
};

static int __init netlink_proto_init(void)
{
	int i;

	for (i = 0; i < MAX_LINKS; i++)
		INIT_LIST_HEAD(&nl_table[i].socks);
	return sock_register(&netlink_family_ops);
}
subsys_initcall(netlink_proto_init);
