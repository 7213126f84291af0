/* Netfilter functions at all places: one counts, one drops what goes to a port. */
#include <linux/ip.h>
#include <linux/module.h>
#include <linux/netfilter.h>
#include <linux/netfilter_ipv4.h>
#include <linux/skbuff.h>
#include <linux/udp.h>

static ushort port = 9999;
module_param(port, ushort, 0644);
static int seen[NF_INET_NUMHOOKS], dropped;

static unsigned int count(void *priv, struct sk_buff *skb, const struct nf_hook_state *state)
{
	if (ip_hdr(skb)->protocol == IPPROTO_UDP)
		seen[state->hook]++;
	if (state->hook == NF_INET_PRE_ROUTING && (!state->in || strcmp(state->in->name, "lo")))
		pr_err("not from lo\n");
	return NF_ACCEPT;
}

static unsigned int drop(void *priv, struct sk_buff *skb, const struct nf_hook_state *state)
{
	struct iphdr *iph = ip_hdr(skb);
	struct udphdr *uh;

	if (iph->protocol != IPPROTO_UDP)
		return NF_ACCEPT;
	uh = (struct udphdr *)((u8 *)iph + iph->ihl * 4);
	if (ntohs(uh->dest) != port)
		return NF_ACCEPT;
	pr_info("drop %pI4 -> %pI4:%u, %s\n", &iph->saddr, &iph->daddr, ntohs(uh->dest), (char *)priv);
	dropped++;
	return NF_DROP;
}

static const struct nf_hook_ops ops[] = {
	{ .hook = count, .pf = NFPROTO_IPV4, .hooknum = NF_INET_PRE_ROUTING, .priority = NF_IP_PRI_FIRST },
	{ .hook = count, .pf = NFPROTO_IPV4, .hooknum = NF_INET_LOCAL_OUT, .priority = NF_IP_PRI_FIRST },
	{ .hook = count, .pf = NFPROTO_IPV4, .hooknum = NF_INET_POST_ROUTING, .priority = NF_IP_PRI_FIRST },
	{ .hook = count, .pf = NFPROTO_IPV4, .hooknum = NF_INET_LOCAL_IN, .priority = NF_IP_PRI_LAST },
	{ .hook = drop, .pf = NFPROTO_IPV4, .hooknum = NF_INET_LOCAL_IN, .priority = NF_IP_PRI_FILTER, .priv = "by filter" },
};

static int __init filter_packets_init(void)
{
	return nf_register_net_hooks(&init_net, ops, ARRAY_SIZE(ops));
}

static void __exit filter_packets_exit(void)
{
	nf_unregister_net_hooks(&init_net, ops, ARRAY_SIZE(ops));
	pr_info("out %d post %d pre %d in %d dropped %d\n", seen[NF_INET_LOCAL_OUT], seen[NF_INET_POST_ROUTING],
		seen[NF_INET_PRE_ROUTING], seen[NF_INET_LOCAL_IN], dropped);
}

module_init(filter_packets_init);
module_exit(filter_packets_exit);
MODULE_LICENSE("GPL");

/* console
 * $ insmod /root/filter_packets.ko; datagram; echo 1 > /sys/module/filter_packets/parameters/port; datagram; rmmod filter_packets
 * drop 127.0.0.1 -> 127.0.0.1:9999, by filter
 * sent 6, received -1
 * sent 6, received 6
 * out 2 post 2 pre 2 in 1 dropped 1
 */
