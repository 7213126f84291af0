/*
 * Netfilter: functions that look at every IPv4 packet at five places on its way, and say what becomes of it.
 */
#ifndef _LINUX_NETFILTER_H
#define _LINUX_NETFILTER_H

#include <linux/if_ether.h>
#include <linux/in.h>
#include <linux/list.h>
#include <linux/netdevice.h>
#include <linux/skbuff.h>
#include <linux/types.h>

#define NF_DROP		0
#define NF_ACCEPT	1
#define NF_STOLEN	2
#define NF_QUEUE	3
#define NF_REPEAT	4

enum nf_inet_hooks {
	NF_INET_PRE_ROUTING,
	NF_INET_LOCAL_IN,
	NF_INET_FORWARD,
	NF_INET_LOCAL_OUT,
	NF_INET_POST_ROUTING,
	NF_INET_NUMHOOKS,
};

enum {
	NFPROTO_UNSPEC = 0,
	NFPROTO_INET = 1,
	NFPROTO_IPV4 = 2,
	NFPROTO_IPV6 = 10,
	NFPROTO_NUMPROTO,
};

struct nf_hook_state {
	u8 hook;
	u8 pf;
	struct net_device *in;
	struct net_device *out;
	struct sock *sk;
	struct net *net;
	int (*okfn)(struct net *, struct sock *, struct sk_buff *);
};

typedef unsigned int nf_hookfn(void *priv, struct sk_buff *skb, const struct nf_hook_state *state);

struct nf_hook_ops {
	struct list_head list;
	nf_hookfn *hook;
	struct net_device *dev;
	void *priv;
	u8 pf;
	unsigned int hooknum;
	int priority;		/* the smaller goes first */
};

extern int nf_register_net_hook(struct net *net, const struct nf_hook_ops *ops);
extern void nf_unregister_net_hook(struct net *net, const struct nf_hook_ops *ops);
extern int nf_register_net_hooks(struct net *net, const struct nf_hook_ops *reg, unsigned int n);
extern void nf_unregister_net_hooks(struct net *net, const struct nf_hook_ops *reg, unsigned int n);
extern int nf_hook_slow(struct sk_buff *skb, struct nf_hook_state *state);

/* Asks the functions of a place; okfn goes on with a packet that they accept. */
extern int NF_HOOK(u8 pf, unsigned int hook, struct net *net, struct sock *sk, struct sk_buff *skb, struct net_device *in,
		   struct net_device *out, int (*okfn)(struct net *, struct sock *, struct sk_buff *));

#endif
