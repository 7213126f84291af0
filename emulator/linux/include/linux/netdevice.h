/*
 * Network devices, and the two doors of the stack: dev_queue_xmit() out, netif_rx() in.
 */
#ifndef _LINUX_NETDEVICE_H
#define _LINUX_NETDEVICE_H

#include <linux/types.h>
#include <linux/if_ether.h>
#include <linux/list.h>
#include <linux/skbuff.h>

struct net_device;
struct seq_file;

#define IFNAMSIZ	16
#define IFF_UP		0x1
#define IFF_LOOPBACK	0x8
#define IFF_RUNNING	0x40
#define NET_RX_SUCCESS	0
#define NET_RX_DROP	1
#define NET_XMIT_SUCCESS 0
#define NET_XMIT_DROP	1
#define MAX_HEADER	64	/* room for the headers of all layers below */

typedef int netdev_tx_t;
#define NETDEV_TX_OK	0
#define NETDEV_TX_BUSY	0x10

/* The network of a set of tasks: here there is one. */
struct net {
	struct list_head dev_base_head;
	struct net_device *loopback_dev;
	unsigned int ifindex;
};

extern struct net init_net;

struct net_device_stats {
	unsigned long rx_packets, tx_packets, rx_bytes, tx_bytes;
	unsigned long rx_errors, tx_errors, rx_dropped, tx_dropped;
};

struct net_device_ops {
	int (*ndo_open)(struct net_device *dev);
	int (*ndo_stop)(struct net_device *dev);
	netdev_tx_t (*ndo_start_xmit)(struct sk_buff *skb, struct net_device *dev);
};

struct net_device {
	char name[IFNAMSIZ];
	int ifindex;
	unsigned int flags;
	unsigned int mtu;
	unsigned short type;
	unsigned short hard_header_len;
	unsigned char dev_addr[ETH_ALEN];
	const struct net_device_ops *netdev_ops;
	struct net_device_stats stats;
	struct list_head dev_list;
	struct net *nd_net;
};

/* Who receives packets of a protocol from the devices. */
struct packet_type {
	__be16 type;
	struct net_device *dev;
	int (*func)(struct sk_buff *, struct net_device *, struct packet_type *, struct net_device *);
	struct list_head list;
};

int register_netdev(struct net_device *dev);
void unregister_netdev(struct net_device *dev);
struct net_device *dev_get_by_name(struct net *net, const char *name);
void dev_add_pack(struct packet_type *pt);
void dev_remove_pack(struct packet_type *pt);
int dev_queue_xmit(struct sk_buff *skb);
int netif_rx(struct sk_buff *skb);
int netif_receive_skb(struct sk_buff *skb);

static inline struct net *dev_net(const struct net_device *dev)
{
	return dev->nd_net;
}

static inline void dev_put(struct net_device *dev)
{
	/* Devices are not counted: the one there is stays. */
	(void)dev;
}

#define for_each_netdev(net, d) list_for_each_entry(d, &(net)->dev_base_head, dev_list)

#endif
