/* Netfilter's order at the places of IPv4. */
#ifndef _LINUX_NETFILTER_IPV4_H
#define _LINUX_NETFILTER_IPV4_H

#include <linux/netfilter.h>

enum nf_ip_hook_priorities {
	NF_IP_PRI_FIRST = INT_MIN,
	NF_IP_PRI_RAW = -300,
	NF_IP_PRI_CONNTRACK = -200,
	NF_IP_PRI_MANGLE = -150,
	NF_IP_PRI_NAT_DST = -100,
	NF_IP_PRI_FILTER = 0,
	NF_IP_PRI_NAT_SRC = 100,
	NF_IP_PRI_LAST = INT_MAX,
};

#endif
