/* Packets on their way up: headers found in the sk_buff, as it stands when it comes from the device and when IP gets it. */
#include <asm/ptrace.h>
#include <linux/ip.h>
#include <linux/kernel.h>
#include <linux/kprobes.h>
#include <linux/module.h>
#include <linux/netdevice.h>
#include <linux/skbuff.h>
#include <linux/udp.h>
#include <net/ip.h>
#include <net/udp.h>

static bool wanted(const struct iphdr *iph)
{
	return iph && iph->protocol == IPPROTO_UDP;
}

static int from_device(struct kprobe *p, struct pt_regs *regs)
{
	struct sk_buff *skb = (struct sk_buff *)regs->di;
	struct iphdr _iph, *iph = skb_header_pointer(skb, skb_network_offset(skb), sizeof(_iph), &_iph);

	if (wanted(iph))
		pr_info("%s: dev %s net %d proto %04x len %u headroom %d tailroom %d saddr %pI4 id %d\n", p->symbol_name,
			skb->dev->name, dev_net(skb->dev) == &init_net, ntohs(skb->protocol), skb->len,
			skb_headroom(skb) > 0, skb_tailroom(skb) >= 0, &iph->saddr, ntohs(iph->id) > 0);
	return 0;
}

static int at_ip(struct kprobe *p, struct pt_regs *regs)
{
	struct sk_buff *skb = (struct sk_buff *)regs->di;
	struct iphdr *iph = ip_hdr(skb);
	struct udphdr _uh, *uh;
	u32 hash;

	if (!wanted(iph))
		return 0;
	uh = skb_header_pointer(skb, skb_network_offset(skb) + iph->ihl * 4, sizeof(_uh), &_uh);
	hash = skb_get_hash(skb);
	pr_info("%s: %pI4:%u -> %pI4:%u, ttl %d, udp length %d, hash kept %d l4 %d sw %d, task %d\n", p->symbol_name, &iph->saddr,
		ntohs(uh->source) > 1023, &iph->daddr, ntohs(uh->dest), iph->ttl, ntohs(uh->len),
		hash == skb->hash && hash == skb_get_hash(skb), skb->l4_hash, skb->sw_hash, task_pid_nr(current) > 0);
	skb_set_hash(skb, hash, 4);
	return 0;
}

static int arrived(struct kretprobe_instance *ri, struct pt_regs *regs)
{
	pr_info("udp_recvmsg: %ld\n", (long)regs_return_value(regs));
	return 0;
}

static struct kprobe device = { .symbol_name = "__netif_receive_skb", .pre_handler = from_device };
static struct kprobe ip = { .symbol_name = "ip_rcv", .pre_handler = at_ip };
static struct kprobe *probes[] = { &device, &ip };
static struct kretprobe udp = { .kp.symbol_name = "udp_recvmsg", .handler = arrived };

static int __init packets_init(void)
{
	int err = register_kprobes(probes, 2);

	return err ? err : register_kretprobe(&udp);
}

static void __exit packets_exit(void)
{
	unregister_kretprobe(&udp);
	unregister_kprobes(probes, 2);
}

module_init(packets_init);
module_exit(packets_exit);
MODULE_LICENSE("GPL");

/* console
 * $ insmod /root/packets.ko; datagram; rmmod packets
 * __netif_receive_skb: dev lo net 1 proto 0800 len 34 headroom 1 tailroom 1 saddr 127.0.0.1 id 1
 * ip_rcv: 127.0.0.1:1 -> 127.0.0.1:9999, ttl 64, udp length 14, hash kept 1 l4 0 sw 1, task 1
 * udp_recvmsg: 6
 * sent 6, received 6
 */
