/* One memory node. */
#ifndef _LINUX_TOPOLOGY_H
#define _LINUX_TOPOLOGY_H

#include <linux/smp.h>

#define cpu_to_node(cpu) 0
#define numa_node_id() 0
#define NUMA_NO_NODE (-1)

#endif
