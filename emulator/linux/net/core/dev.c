/*
 * Devices and the way of a packet through them: out by dev_queue_xmit(), in by netif_rx(), which queues the packet
 * for this CPU's softirq; the softirq hands it to the protocols.
 */
#include <linux/netdevice.h>
#include <linux/init.h>
#include <linux/interrupt.h>
#include <linux/kernel.h>
#include <linux/list.h>
#include <linux/percpu.h>
#include <linux/proc_fs.h>
#include <linux/seq_file.h>
#include <linux/rwlock.h>
#include <linux/spinlock.h>
#include <linux/string.h>
#include <linux/errno.h>
#include <linux/export.h>

#define NETDEV_MAX_BACKLOG	1000
#define NETDEV_BUDGET		64	/* packets that one run of the softirq handles */

struct net init_net = {
	.dev_base_head = LIST_HEAD_INIT(init_net.dev_base_head),
};
EXPORT_SYMBOL(init_net);

static LIST_HEAD(ptype_all);
static DEFINE_RWLOCK(ptype_lock);
static DEFINE_RWLOCK(dev_base_lock);

/* What has arrived on a CPU and waits for the softirq. */
struct softnet_data {
	struct sk_buff_head input_pkt_queue;
	unsigned int processed;
	unsigned int dropped;
};

static DEFINE_PER_CPU(struct softnet_data, softnet_data);

void dev_add_pack(struct packet_type *pt)
{
	write_lock_bh(&ptype_lock);
	list_add_tail(&pt->list, &ptype_all);
	write_unlock_bh(&ptype_lock);
}
EXPORT_SYMBOL(dev_add_pack);

void dev_remove_pack(struct packet_type *pt)
{
	write_lock_bh(&ptype_lock);
	list_del(&pt->list);
	write_unlock_bh(&ptype_lock);
}
EXPORT_SYMBOL(dev_remove_pack);

/* Gives a packet to the protocol that its type names. Called in the softirq. */
static noinline int __netif_receive_skb_core(struct sk_buff *skb)
{
	struct packet_type *pt;
	int (*func)(struct sk_buff *, struct net_device *, struct packet_type *, struct net_device *) = NULL;
	struct packet_type *found = NULL;

	skb_reset_network_header(skb);
	skb_reset_transport_header(skb);
	skb->mac_len = skb->network_header - skb->mac_header;
	read_lock(&ptype_lock);
	list_for_each_entry(pt, &ptype_all, list) {
		if (pt->type == skb->protocol && (!pt->dev || pt->dev == skb->dev)) {
			found = pt;
			func = pt->func;
			break;
		}
	}
	read_unlock(&ptype_lock);
	if (!func) {
		kfree_skb(skb);
		return NET_RX_DROP;
	}
	return func(skb, skb->dev, found, skb->dev);
}

noinline int __netif_receive_skb(struct sk_buff *skb)
{
	return __netif_receive_skb_core(skb);
}

int netif_receive_skb(struct sk_buff *skb)
{
	return __netif_receive_skb(skb);
}
EXPORT_SYMBOL(netif_receive_skb);

/* Takes packets off this CPU's queue, at most quota of them. */
static noinline int process_backlog(struct softnet_data *sd, int quota)
{
	struct sk_buff *skb;
	int work = 0;

	while (work < quota && (skb = skb_dequeue(&sd->input_pkt_queue)) != NULL) {
		__netif_receive_skb(skb);
		work++;
	}
	sd->processed += work;
	return work;
}

static noinline void net_rx_action(struct softirq_action *h)
{
	struct softnet_data *sd = this_cpu_ptr(&softnet_data);

	process_backlog(sd, NETDEV_BUDGET);
	if (!skb_queue_empty(&sd->input_pkt_queue))
		raise_softirq(NET_RX_SOFTIRQ);
}

/* A driver has a packet for the stack. It is only queued here: drivers call this in places that must be quick. */
noinline int netif_rx(struct sk_buff *skb)
{
	struct softnet_data *sd;
	int ret = NET_RX_SUCCESS;

	local_bh_disable();
	sd = this_cpu_ptr(&softnet_data);
	if (skb_queue_len(&sd->input_pkt_queue) < NETDEV_MAX_BACKLOG) {
		skb_queue_tail(&sd->input_pkt_queue, skb);
		raise_softirq(NET_RX_SOFTIRQ);
	} else {
		sd->dropped++;
		kfree_skb(skb);
		ret = NET_RX_DROP;
	}
	local_bh_enable();
	return ret;
}
EXPORT_SYMBOL(netif_rx);

static noinline int dev_hard_start_xmit(struct sk_buff *skb, struct net_device *dev)
{
	return dev->netdev_ops->ndo_start_xmit(skb, dev);
}

/* Sends a packet out of its device. The packet is the device's from now on. */
noinline int dev_queue_xmit(struct sk_buff *skb)
{
	struct net_device *dev = skb->dev;
	int ret;

	if (!(dev->flags & IFF_UP)) {
		kfree_skb(skb);
		return -ENETDOWN;
	}
	skb_reset_mac_header(skb);
	local_bh_disable();
	ret = dev_hard_start_xmit(skb, dev);
	local_bh_enable();
	return ret == NETDEV_TX_OK ? NET_XMIT_SUCCESS : NET_XMIT_DROP;
}
EXPORT_SYMBOL(dev_queue_xmit);

struct net_device *dev_get_by_name(struct net *net, const char *name)
{
	struct net_device *dev, *found = NULL;

	read_lock(&dev_base_lock);
	for_each_netdev(net, dev)
		if (!strcmp(dev->name, name))
			found = dev;
	read_unlock(&dev_base_lock);
	return found;
}
EXPORT_SYMBOL(dev_get_by_name);

int register_netdev(struct net_device *dev)
{
	if (dev_get_by_name(&init_net, dev->name))
		return -EEXIST;
	dev->nd_net = &init_net;
	dev->ifindex = ++init_net.ifindex;
	write_lock(&dev_base_lock);
	list_add_tail(&dev->dev_list, &init_net.dev_base_head);
	write_unlock(&dev_base_lock);
	if (dev->netdev_ops->ndo_open)
		dev->netdev_ops->ndo_open(dev);
	dev->flags |= IFF_UP | IFF_RUNNING;
	return 0;
}
EXPORT_SYMBOL(register_netdev);

void unregister_netdev(struct net_device *dev)
{
	dev->flags &= ~(IFF_UP | IFF_RUNNING);
	if (dev->netdev_ops->ndo_stop)
		dev->netdev_ops->ndo_stop(dev);
	write_lock(&dev_base_lock);
	list_del(&dev->dev_list);
	write_unlock(&dev_base_lock);
}
EXPORT_SYMBOL(unregister_netdev);

/* /proc/net/dev */
static int dev_seq_show(struct seq_file *m, void *v)
{
	struct net_device *dev;

	seq_puts(m, "Inter-|   Receive                                                |  Transmit\n"
		 " face |bytes    packets errs drop fifo frame compressed multicast|"
		 "bytes    packets errs drop fifo colls carrier compressed\n");
	read_lock(&dev_base_lock);
	for_each_netdev(&init_net, dev)
		seq_printf(m, "%6s: %7lu %7lu %4lu %4lu %4d %5d %10d %9d %8lu %7lu %4lu %4lu %4d %5d %7d %10d\n",
			   dev->name, dev->stats.rx_bytes, dev->stats.rx_packets, dev->stats.rx_errors,
			   dev->stats.rx_dropped, 0, 0, 0, 0, dev->stats.tx_bytes, dev->stats.tx_packets,
			   dev->stats.tx_errors, dev->stats.tx_dropped, 0, 0, 0, 0);
	read_unlock(&dev_base_lock);
	return 0;
}

static int __init net_dev_init(void)
{
	int cpu;

	for_each_possible_cpu(cpu)
		skb_queue_head_init(&per_cpu_ptr(&softnet_data, cpu)->input_pkt_queue);
	open_softirq(NET_RX_SOFTIRQ, net_rx_action);
	proc_mkdir("net", NULL);
	proc_create_single("net/dev", 0, NULL, dev_seq_show);
	return 0;
}
subsys_initcall(net_dev_init);
