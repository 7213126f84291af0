/* CPUs coming and going: here they do not go. */
#ifndef _LINUX_CPU_H
#define _LINUX_CPU_H

#include <linux/cpumask.h>
#include <linux/smp.h>

#define cpus_read_lock() ((void)0)
#define cpus_read_unlock() ((void)0)
#define get_online_cpus() cpus_read_lock()
#define put_online_cpus() cpus_read_unlock()

#endif
