/*
 * UDP.
 */
#ifndef _UDP_H
#define _UDP_H

#include <linux/udp.h>
#include <net/inet_sock.h>
#include <net/ip.h>

extern struct proto udp_prot;

int udp_sendmsg(struct sock *sk, struct msghdr *msg, size_t len);
int udp_recvmsg(struct sock *sk, struct msghdr *msg, size_t len, int flags, int *addr_len);
int udp_rcv(struct sk_buff *skb);

#endif
