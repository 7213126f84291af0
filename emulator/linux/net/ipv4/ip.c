/*
 * IPv4: the header put on and taken off, the route (there is one: loopback), and delivery to the transport protocols.
 */
#include <net/ip.h>
#include <linux/err.h>
#include <linux/errno.h>
#include <linux/inet.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/netdevice.h>
#include <linux/netfilter_ipv4.h>
#include <linux/export.h>

#define MAX_INET_PROTOS	256
#define IP_DEFTTL	64

static const struct net_protocol *inet_protos[MAX_INET_PROTOS];

int inet_add_protocol(const struct net_protocol *prot, unsigned char num)
{
	if (inet_protos[num])
		return -1;
	inet_protos[num] = prot;
	return 0;
}
EXPORT_SYMBOL(inet_add_protocol);

__be32 in_aton(const char *str)
{
	u32 value = 0;
	int part;

	for (part = 0; part < 4; part++) {
		u32 number = 0;

		while (*str >= '0' && *str <= '9')
			number = number * 10 + (*str++ - '0');
		value = value << 8 | number;
		if (*str == '.')
			str++;
	}
	return htonl(value);
}
EXPORT_SYMBOL(in_aton);

/* The one's complement sum of a block, unfolded. Bytes are in network order throughout. */
static u32 csum_add_block(u32 sum, const void *block, unsigned int len)
{
	const u8 *p = block;

	for (; len > 1; len -= 2, p += 2)
		sum += p[0] << 8 | p[1];
	if (len)
		sum += p[0] << 8;
	return sum;
}

static __sum16 csum_finish(u32 sum)
{
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return htons((u16)~sum);
}

/* The checksum of an IP header; 0 over a header whose checksum is right. */
__sum16 ip_fast_csum(const void *iph, unsigned int ihl)
{
	return csum_finish(csum_add_block(0, iph, ihl * 4));
}
EXPORT_SYMBOL(ip_fast_csum);

/* The checksum of a TCP or UDP segment, with the addresses it is sent between. */
__sum16 csum_tcpudp(const void *segment, unsigned int len, __be32 saddr, __be32 daddr, u8 protocol)
{
	u32 sum = protocol + len;

	sum = csum_add_block(sum, &saddr, 4);
	sum = csum_add_block(sum, &daddr, 4);
	return csum_finish(csum_add_block(sum, segment, len));
}

/* The device that leads to daddr, and in *saddr our address on it. Everything but 127/8 is unreachable: ERR_PTR(). */
noinline struct net_device *ip_route_output_key(struct net *net, __be32 daddr, __be32 *saddr)
{
	if (daddr != htonl(INADDR_ANY) && !ipv4_is_loopback(daddr))
		return ERR_PTR(-ENETUNREACH);
	if (*saddr == htonl(INADDR_ANY))
		*saddr = htonl(INADDR_LOOPBACK);
	return net->loopback_dev;
}

static noinline int ip_finish_output(struct net *net, struct sock *sk, struct sk_buff *skb)
{
	return dev_queue_xmit(skb);
}

noinline int ip_output(struct net *net, struct sock *sk, struct sk_buff *skb)
{
	skb->protocol = htons(ETH_P_IP);
	return NF_HOOK(NFPROTO_IPV4, NF_INET_POST_ROUTING, net, sk, skb, NULL, skb->dev, ip_finish_output);
}

/* A packet made by this machine: the header is completed, and out it goes. */
noinline int ip_local_out(struct net *net, struct sock *sk, struct sk_buff *skb)
{
	struct iphdr *iph = ip_hdr(skb);

	iph->tot_len = htons((u16)skb->len);
	iph->check = 0;
	iph->check = ip_fast_csum(iph, iph->ihl);
	return NF_HOOK(NFPROTO_IPV4, NF_INET_LOCAL_OUT, net, sk, skb, NULL, skb->dev, ip_output);
}

/* Puts a header in front of a transport segment and sends it. The packet is used up in any case. */
noinline int ip_build_and_send(struct sk_buff *skb, __be32 saddr, __be32 daddr, u8 protocol)
{
	static u16 last_id;
	struct net_device *dev = ip_route_output_key(&init_net, daddr, &saddr);
	struct iphdr *iph;

	if (IS_ERR(dev)) {
		kfree_skb(skb);
		return PTR_ERR(dev);
	}
	skb->dev = dev;
	iph = skb_push(skb, sizeof(*iph));
	skb_reset_network_header(skb);
	memset(iph, 0, sizeof(*iph));
	iph->version = 4;
	iph->ihl = sizeof(*iph) / 4;
	iph->ttl = IP_DEFTTL;
	last_id++;
	iph->id = htons(last_id);
	iph->frag_off = htons(0x4000);	/* don't fragment */
	iph->protocol = protocol;
	iph->saddr = saddr;
	iph->daddr = daddr;
	return ip_local_out(&init_net, skb->sk, skb);
}

/* A connected sock's segment: the addresses are known. */
noinline int ip_queue_xmit(struct sock *sk, struct sk_buff *skb)
{
	return ip_build_and_send(skb, inet_sk(sk)->inet_saddr, inet_sk(sk)->inet_daddr, sk->sk_protocol);
}

/* Off with its header, and on to its protocol. */
static noinline int ip_local_deliver_finish(struct net *net, struct sock *sk, struct sk_buff *skb)
{
	const struct net_protocol *ipprot = inet_protos[ip_hdr(skb)->protocol];

	__skb_pull(skb, ip_hdrlen(skb));
	skb_reset_transport_header(skb);
	if (!ipprot) {
		kfree_skb_reason(skb, SKB_DROP_REASON_IP_NOPROTO);
		return 0;
	}
	return ipprot->handler(skb);
}

/* The packet is for us. */
noinline int ip_local_deliver(struct sk_buff *skb)
{
	return NF_HOOK(NFPROTO_IPV4, NF_INET_LOCAL_IN, dev_net(skb->dev), NULL, skb, skb->dev, NULL, ip_local_deliver_finish);
}

static noinline int ip_rcv_finish(struct net *net, struct sock *sk, struct sk_buff *skb)
{
	/* There is one host here: whatever arrives has arrived. */
	return ip_local_deliver(skb);
}

/* An IP packet came from a device: is it one? */
noinline int ip_rcv(struct sk_buff *skb, struct net_device *dev, struct packet_type *pt, struct net_device *orig_dev)
{
	const struct iphdr *iph;
	unsigned int len;

	if (!pskb_may_pull(skb, sizeof(*iph)))
		goto drop;
	iph = ip_hdr(skb);
	if (iph->ihl < 5 || iph->version != 4 || !pskb_may_pull(skb, iph->ihl * 4))
		goto drop;
	if (ip_fast_csum(iph, iph->ihl)) {
		kfree_skb_reason(skb, SKB_DROP_REASON_IP_CSUM);
		return NET_RX_DROP;
	}
	len = ntohs(iph->tot_len);
	if (skb->len < len || len < iph->ihl * 4U)
		goto drop;
	skb_trim(skb, len);
	return NF_HOOK(NFPROTO_IPV4, NF_INET_PRE_ROUTING, dev_net(dev), NULL, skb, dev, NULL, ip_rcv_finish);
drop:
	kfree_skb_reason(skb, SKB_DROP_REASON_PKT_TOO_SMALL);
	return NET_RX_DROP;
}

static struct packet_type ip_packet_type = {
	.type = htons(ETH_P_IP),
	.func = ip_rcv,
};

static int __init ip_init(void)
{
	dev_add_pack(&ip_packet_type);
	return 0;
}
fs_initcall(ip_init);
