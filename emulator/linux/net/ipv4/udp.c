/*
 * UDP: a datagram is one packet, sent at once and received whole, or not at all.
 */
#include <net/udp.h>
#include <net/tcp.h>
#include <linux/err.h>
#include <linux/errno.h>
#include <linux/in.h>
#include <linux/kernel.h>
#include <linux/socket.h>
#include <linux/string.h>
#include <linux/uio.h>

#define UDP_MAX_LEN	65507	/* an IP packet less its headers */

static noinline int udp_send_skb(struct sk_buff *skb, __be32 saddr, __be32 daddr, __be16 source, __be16 dest)
{
	struct udphdr *uh = skb_push(skb, sizeof(*uh));

	skb_reset_transport_header(skb);
	uh->source = source;
	uh->dest = dest;
	uh->len = htons((u16)skb->len);
	uh->check = 0;
	uh->check = csum_tcpudp(uh, skb->len, saddr, daddr, IPPROTO_UDP);
	if (!uh->check)
		uh->check = 0xffff;	/* 0 would mean: no checksum */
	return ip_build_and_send(skb, saddr, daddr, IPPROTO_UDP);
}

/* Sends len bytes to msg's address, or to the one the sock is connected to. Returns len or a negative errno. */
noinline int udp_sendmsg(struct sock *sk, struct msghdr *msg, size_t len)
{
	struct inet_sock *inet = inet_sk(sk);
	struct sockaddr_in *usin = msg->msg_name;
	__be32 daddr = inet->inet_daddr, saddr = inet->inet_saddr;
	__be16 dport = inet->inet_dport;
	struct net_device *dev;
	struct sk_buff *skb;
	int err;

	if (len > UDP_MAX_LEN)
		return -EMSGSIZE;
	if (sk->sk_shutdown & SEND_SHUTDOWN)
		return -EPIPE;
	if (usin) {
		if (msg->msg_namelen < (int)sizeof(*usin))
			return -EINVAL;
		if (usin->sin_family != AF_INET && usin->sin_family != AF_UNSPEC)
			return -EAFNOSUPPORT;
		daddr = usin->sin_addr.s_addr;
		dport = usin->sin_port;
		if (!dport)
			return -EINVAL;
	} else if (!dport) {
		return -EDESTADDRREQ;
	}
	err = sock_error(sk);
	if (err)
		return err;
	if (daddr == htonl(INADDR_ANY))
		daddr = htonl(INADDR_LOOPBACK);
	dev = ip_route_output_key(sock_net(sk), daddr, &saddr);
	if (IS_ERR(dev))
		return PTR_ERR(dev);
	skb = alloc_skb(MAX_HEADER + len, GFP_KERNEL);
	if (!skb)
		return -ENOBUFS;
	skb_reserve(skb, MAX_HEADER);
	if (copy_from_iter(skb_put(skb, len), len, &msg->msg_iter) != len) {
		kfree_skb(skb);
		return -EFAULT;
	}
	skb->sk = sk;
	err = udp_send_skb(skb, saddr, daddr, inet->inet_sport, dport);
	return err < 0 ? err : (int)len;
}

/* Receives one datagram; what does not fit into the reader's memory is lost. */
noinline int udp_recvmsg(struct sock *sk, struct msghdr *msg, size_t len, int flags, int *addr_len)
{
	struct sockaddr_in *sin = msg->msg_name;
	unsigned int ulen, copied;
	struct sk_buff *skb;
	int err;

	skb = skb_recv_datagram(sk, flags, &err);
	if (!skb)
		return err;
	ulen = skb->len;
	copied = len < ulen ? len : ulen;
	if (copied < ulen)
		msg->msg_flags |= MSG_TRUNC;
	err = skb_copy_datagram_msg(skb, 0, msg, copied);
	if (!err) {
		if (sin) {
			memset(sin, 0, sizeof(*sin));
			sin->sin_family = AF_INET;
			sin->sin_port = udp_hdr(skb)->source;
			sin->sin_addr.s_addr = ip_hdr(skb)->saddr;
			*addr_len = sizeof(*sin);
		}
		err = (flags & MSG_TRUNC) ? ulen : copied;
	}
	consume_skb(skb);
	return err;
}

/* Nobody has the port. The sender is on this machine too: tell its sock what an ICMP message would. */
static void udp_port_unreachable(struct sk_buff *skb)
{
	const struct udphdr *uh = udp_hdr(skb);
	struct sock *sk = inet_lookup(&udp_prot, ip_hdr(skb)->daddr, uh->dest, ip_hdr(skb)->saddr, uh->source);

	if (!sk)
		return;
	if (sk->sk_state == TCP_ESTABLISHED) {
		sk->sk_err = ECONNREFUSED;
		sk->sk_state_change(sk);
	}
	sock_put(sk);
}

static noinline int udp_queue_rcv_skb(struct sock *sk, struct sk_buff *skb)
{
	__skb_pull(skb, sizeof(struct udphdr));
	if (sk->sk_shutdown & RCV_SHUTDOWN || sock_queue_rcv_skb(sk, skb) < 0) {
		kfree_skb_reason(skb, SKB_DROP_REASON_SOCKET_RCVBUFF);
		return -1;
	}
	return 0;
}

/* A datagram has arrived. */
noinline int udp_rcv(struct sk_buff *skb)
{
	const struct iphdr *iph = ip_hdr(skb);
	const struct udphdr *uh;
	unsigned int ulen;
	struct sock *sk;
	int ret;

	if (!pskb_may_pull(skb, sizeof(*uh)))
		goto short_packet;
	uh = udp_hdr(skb);
	ulen = ntohs(uh->len);
	if (ulen > skb->len || ulen < sizeof(*uh))
		goto short_packet;
	skb_trim(skb, ulen);
	if (uh->check && csum_tcpudp(uh, ulen, iph->saddr, iph->daddr, IPPROTO_UDP)) {
		kfree_skb_reason(skb, SKB_DROP_REASON_UDP_CSUM);
		return 0;
	}
	sk = inet_lookup(&udp_prot, iph->saddr, uh->source, iph->daddr, uh->dest);
	if (!sk) {
		udp_port_unreachable(skb);
		kfree_skb_reason(skb, SKB_DROP_REASON_NO_SOCKET);
		return 0;
	}
	ret = udp_queue_rcv_skb(sk, skb);
	sock_put(sk);
	return ret;
short_packet:
	kfree_skb_reason(skb, SKB_DROP_REASON_PKT_TOO_SMALL);
	return 0;
}

/* From now on: datagrams go there, and come from nowhere else. */
static noinline int ip4_datagram_connect(struct sock *sk, struct sockaddr *uaddr, int addr_len)
{
	struct sockaddr_in *usin = (struct sockaddr_in *)uaddr;
	struct inet_sock *inet = inet_sk(sk);
	__be32 saddr = inet->inet_saddr;
	struct net_device *dev;

	if (uaddr->sa_family == AF_UNSPEC) {
		inet->inet_daddr = 0;
		inet->inet_dport = 0;
		sk->sk_state = TCP_CLOSE;
		return 0;
	}
	if (addr_len < (int)sizeof(*usin))
		return -EINVAL;
	if (usin->sin_family != AF_INET)
		return -EAFNOSUPPORT;
	dev = ip_route_output_key(sock_net(sk), usin->sin_addr.s_addr, &saddr);
	if (IS_ERR(dev))
		return PTR_ERR(dev);
	inet->inet_saddr = inet->inet_rcv_saddr = saddr;
	inet->inet_daddr = usin->sin_addr.s_addr ? usin->sin_addr.s_addr : htonl(INADDR_LOOPBACK);
	inet->inet_dport = usin->sin_port;
	sk->sk_state = TCP_ESTABLISHED;
	return 0;
}

static void udp_close(struct sock *sk, long timeout)
{
	inet_unhash(sk);
	sk->sk_socket = NULL;
	skb_queue_purge(&sk->sk_receive_queue);
	sock_put(sk);
}

struct proto udp_prot = {
	.name = "UDP",
	.obj_size = sizeof(struct inet_sock),
	.close = udp_close,
	.connect = ip4_datagram_connect,
	.sendmsg = udp_sendmsg,
	.recvmsg = udp_recvmsg,
};
