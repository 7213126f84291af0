/*
 * Netlink: datagrams between programs and the kernel, each made of messages with a header of their own. A kernel side
 * opens a protocol with netlink_kernel_create() and gets what programs send in its input function.
 */
#ifndef _LINUX_NETLINK_H
#define _LINUX_NETLINK_H

#include <linux/capability.h>
#include <linux/netdevice.h>
#include <linux/skbuff.h>
#include <linux/socket.h>
#include <linux/types.h>
#include <net/sock.h>

#define NETLINK_ROUTE		0
#define NETLINK_UNUSED		1
#define NETLINK_USERSOCK	2
#define NETLINK_FIREWALL	3
#define NETLINK_NFLOG		5
#define NETLINK_AUDIT		9
#define NETLINK_CONNECTOR	11
#define NETLINK_NETFILTER	12
#define NETLINK_KOBJECT_UEVENT	15
#define NETLINK_GENERIC		16
#define MAX_LINKS		32

struct sockaddr_nl {
	sa_family_t nl_family;
	unsigned short nl_pad;
	__u32 nl_pid;		/* the port: 0 is the kernel's */
	__u32 nl_groups;	/* a bit for each multicast group */
};

struct nlmsghdr {
	__u32 nlmsg_len;	/* with this header */
	__u16 nlmsg_type;
	__u16 nlmsg_flags;
	__u32 nlmsg_seq;
	__u32 nlmsg_pid;	/* the sender's port */
};

#define NLM_F_REQUEST	0x01
#define NLM_F_MULTI	0x02
#define NLM_F_ACK	0x04
#define NLM_F_ECHO	0x08
#define NLM_F_DUMP	0x300

#define NLMSG_ALIGNTO	4U
#define NLMSG_ALIGN(len) (((len) + NLMSG_ALIGNTO - 1) & ~(NLMSG_ALIGNTO - 1))
#define NLMSG_HDRLEN	((int)NLMSG_ALIGN(sizeof(struct nlmsghdr)))
#define NLMSG_LENGTH(len) ((len) + NLMSG_HDRLEN)
#define NLMSG_SPACE(len) NLMSG_ALIGN(NLMSG_LENGTH(len))
#define NLMSG_DATA(nlh)	((void *)((char *)(nlh) + NLMSG_HDRLEN))
#define NLMSG_NEXT(nlh, len) ((len) -= NLMSG_ALIGN((nlh)->nlmsg_len), \
			      (struct nlmsghdr *)((char *)(nlh) + NLMSG_ALIGN((nlh)->nlmsg_len)))
#define NLMSG_OK(nlh, len) ((len) >= (int)sizeof(struct nlmsghdr) && (nlh)->nlmsg_len >= sizeof(struct nlmsghdr) && \
			    (nlh)->nlmsg_len <= (len))
#define NLMSG_PAYLOAD(nlh, len) ((nlh)->nlmsg_len - NLMSG_SPACE((len)))
#define NLMSG_NOOP	1
#define NLMSG_ERROR	2
#define NLMSG_DONE	3
#define NLMSG_MIN_TYPE	0x10
#define NLMSG_GOODSIZE	3776
#define NLMSG_DEFAULT_SIZE (NLMSG_GOODSIZE - NLMSG_HDRLEN)

struct nlmsgerr {
	int error;
	struct nlmsghdr msg;
};

/* What netlink keeps in skb->cb. */
struct scm_creds {
	u32 pid;
	kuid_t uid;
	kgid_t gid;
};

struct netlink_skb_parms {
	struct scm_creds creds;
	__u32 portid;		/* the sender's */
	__u32 dst_group;
	__u32 flags;
	struct sock *sk;	/* the sender */
};

#define NETLINK_CB(skb)		(*(struct netlink_skb_parms *)&((skb)->cb))
#define NETLINK_CREDS(skb)	(&NETLINK_CB((skb)).creds)

struct netlink_kernel_cfg {
	unsigned int groups;
	unsigned int flags;
	void (*input)(struct sk_buff *skb);
	struct mutex *cb_mutex;
	int (*bind)(struct net *net, int group);
	void (*unbind)(struct net *net, int group);
};

extern struct sock *__netlink_kernel_create(struct net *net, int unit, struct module *module,
					    struct netlink_kernel_cfg *cfg);
extern void netlink_kernel_release(struct sock *sk);
extern int netlink_unicast(struct sock *ssk, struct sk_buff *skb, __u32 portid, int nonblock);
extern int netlink_broadcast(struct sock *ssk, struct sk_buff *skb, __u32 portid, __u32 group, gfp_t allocation);
extern int netlink_has_listeners(struct sock *sk, unsigned int group);
extern bool netlink_capable(const struct sk_buff *skb, int cap);
extern void netlink_ack(struct sk_buff *in_skb, struct nlmsghdr *nlh, int err, const void *extack);
extern int netlink_rcv_skb(struct sk_buff *skb, int (*cb)(struct sk_buff *, struct nlmsghdr *, void *extack));
extern struct nlmsghdr *__nlmsg_put(struct sk_buff *skb, u32 portid, u32 seq, int type, int len, int flags);

#define netlink_kernel_create(net, unit, cfg) __netlink_kernel_create(net, unit, THIS_MODULE, cfg)

static inline struct nlmsghdr *nlmsg_hdr(const struct sk_buff *skb)
{
	return (struct nlmsghdr *)skb->data;
}

static inline int nlmsg_msg_size(int payload)
{
	return NLMSG_HDRLEN + payload;
}

static inline int nlmsg_total_size(int payload)
{
	return NLMSG_ALIGN(nlmsg_msg_size(payload));
}

static inline void *nlmsg_data(const struct nlmsghdr *nlh)
{
	return (unsigned char *)nlh + NLMSG_HDRLEN;
}

static inline int nlmsg_len(const struct nlmsghdr *nlh)
{
	return nlh->nlmsg_len - NLMSG_HDRLEN;
}

static inline int nlmsg_ok(const struct nlmsghdr *nlh, int remaining)
{
	return NLMSG_OK(nlh, remaining);
}

static inline struct sk_buff *nlmsg_new(size_t payload, gfp_t flags)
{
	return alloc_skb(nlmsg_total_size(payload), flags);
}

static inline struct nlmsghdr *nlmsg_put(struct sk_buff *skb, u32 portid, u32 seq, int type, int payload, int flags)
{
	if (skb_tailroom(skb) < nlmsg_total_size(payload))
		return NULL;
	return __nlmsg_put(skb, portid, seq, type, payload, flags);
}

static inline int nlmsg_end(struct sk_buff *skb, struct nlmsghdr *nlh)
{
	nlh->nlmsg_len = skb_tail_pointer(skb) - (unsigned char *)nlh;
	return skb->len;
}

static inline void nlmsg_free(struct sk_buff *skb)
{
	kfree_skb(skb);
}

/* Sends the message, which is used up. 0 or a negative errno. */
static inline int nlmsg_unicast(struct sock *sk, struct sk_buff *skb, u32 portid)
{
	int err = netlink_unicast(sk, skb, portid, MSG_DONTWAIT);

	return err > 0 ? 0 : err;
}

static inline int nlmsg_multicast(struct sock *sk, struct sk_buff *skb, u32 portid, unsigned int group, gfp_t flags)
{
	int err;

	NETLINK_CB(skb).dst_group = group;
	err = netlink_broadcast(sk, skb, portid, group, flags);
	return err > 0 ? 0 : err;
}

#endif
