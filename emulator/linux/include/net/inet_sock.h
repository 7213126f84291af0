/*
 * The Internet part of a sock: its own address and port.
 */
#ifndef _INET_SOCK_H
#define _INET_SOCK_H

#include <linux/types.h>
#include <net/sock.h>

struct inet_sock {
	struct sock sk;			/* first: an inet_sock is a sock */
#define inet_daddr	sk.__sk_common.skc_daddr
#define inet_rcv_saddr	sk.__sk_common.skc_rcv_saddr
#define inet_dport	sk.__sk_common.skc_dport
#define inet_num	sk.__sk_common.skc_num
	__be32 inet_saddr;
	__be16 inet_sport;
	__u16 inet_id;
	__s16 uc_ttl;
	__u8 tos;
};

static inline struct inet_sock *inet_sk(const struct sock *sk)
{
	return (struct inet_sock *)sk;
}

int inet_get_local_port(struct sock *sk);
void inet_hash(struct sock *sk);
void inet_unhash(struct sock *sk);
bool inet_port_taken(struct sock *sk, unsigned short port);
struct sock *inet_lookup(struct proto *prot, __be32 saddr, __be16 sport, __be32 daddr, __be16 dport);

#endif
