/*
 * lo: the device whose wire ends where it begins. What is sent is received.
 */
#include <linux/netdevice.h>
#include <linux/init.h>
#include <linux/skbuff.h>

static noinline netdev_tx_t loopback_xmit(struct sk_buff *skb, struct net_device *dev)
{
	unsigned int len = skb->len;

	/* The sender's claim on the packet ends here; the receiver will make its own. */
	if (skb->destructor) {
		skb->destructor(skb);
		skb->destructor = NULL;
	}
	skb->sk = NULL;
	skb->protocol = htons(ETH_P_IP);
	skb->pkt_type = PACKET_HOST;
	skb->ip_summed = CHECKSUM_UNNECESSARY;
	dev->stats.tx_packets++;
	dev->stats.tx_bytes += len;
	if (netif_rx(skb) == NET_RX_SUCCESS) {
		dev->stats.rx_packets++;
		dev->stats.rx_bytes += len;
	} else {
		dev->stats.rx_dropped++;
	}
	return NETDEV_TX_OK;
}

static const struct net_device_ops loopback_ops = {
	.ndo_start_xmit = loopback_xmit,
};

static struct net_device loopback_dev = {
	.name = "lo",
	.flags = IFF_LOOPBACK,
	.mtu = 65536,
	.netdev_ops = &loopback_ops,
};

static int __init loopback_init(void)
{
	init_net.loopback_dev = &loopback_dev;
	return register_netdev(&loopback_dev);
}
fs_initcall(loopback_init);
