/*
 * The IPv4 layer.
 */
#ifndef _IP_H
#define _IP_H

#include <linux/types.h>
#include <linux/in.h>
#include <linux/ip.h>
#include <linux/skbuff.h>
#include <net/inet_sock.h>

/* A transport protocol as IP delivers to it. */
struct net_protocol {
	int (*handler)(struct sk_buff *skb);
};

int inet_add_protocol(const struct net_protocol *prot, unsigned char num);
int ip_rcv(struct sk_buff *skb, struct net_device *dev, struct packet_type *pt, struct net_device *orig_dev);
int ip_local_deliver(struct sk_buff *skb);
int ip_queue_xmit(struct sock *sk, struct sk_buff *skb);
int ip_build_and_send(struct sk_buff *skb, __be32 saddr, __be32 daddr, u8 protocol);
int ip_local_out(struct net *net, struct sock *sk, struct sk_buff *skb);
struct net_device *ip_route_output_key(struct net *net, __be32 daddr, __be32 *saddr);
__sum16 ip_fast_csum(const void *iph, unsigned int ihl);
__sum16 csum_tcpudp(const void *segment, unsigned int len, __be32 saddr, __be32 daddr, u8 protocol);

#endif
