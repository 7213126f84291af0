/* There is one namespace of each kind: a task has no proxy for them. */
#ifndef _LINUX_NSPROXY_H
#define _LINUX_NSPROXY_H

#include <linux/sched.h>

struct nsproxy {
	int count;
};

#endif
