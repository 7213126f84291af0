/* Sets of CPUs. This machine has at most 64, so a set is one word. */
#ifndef _LINUX_CPUMASK_H
#define _LINUX_CPUMASK_H

#include <linux/bitops.h>

typedef struct cpumask {
	unsigned long bits[1];
} cpumask_t;
typedef struct cpumask cpumask_var_t[1];

#define NR_CPUS CONFIG_NR_CPUS
extern unsigned int nr_cpu_ids;
extern struct cpumask __cpu_possible_mask, __cpu_online_mask;
#define cpu_possible_mask ((const struct cpumask *)&__cpu_possible_mask)
#define cpu_present_mask cpu_possible_mask
#define cpu_online_mask ((const struct cpumask *)&__cpu_online_mask)
#define cpumask_bits(maskp) ((maskp)->bits)
#define cpumask_of(cpu) (&(const struct cpumask) { { 1UL << (cpu) } })
#define CPU_MASK_ALL (struct cpumask) { { ~0UL } }

static inline void cpumask_set_cpu(unsigned int cpu, struct cpumask *mask)
{
	set_bit(cpu, mask->bits);
}

static inline void cpumask_clear_cpu(int cpu, struct cpumask *mask)
{
	clear_bit(cpu, mask->bits);
}

static inline bool cpumask_test_cpu(int cpu, const struct cpumask *mask)
{
	return test_bit(cpu, mask->bits);
}

static inline bool cpumask_empty(const struct cpumask *mask)
{
	return mask->bits[0] == 0;
}

static inline void cpumask_clear(struct cpumask *mask)
{
	mask->bits[0] = 0;
}

static inline void cpumask_copy(struct cpumask *dst, const struct cpumask *src)
{
	dst->bits[0] = src->bits[0];
}

static inline unsigned int cpumask_first(const struct cpumask *mask)
{
	return find_first_bit(mask->bits, nr_cpu_ids);
}

static inline unsigned int cpumask_next(int n, const struct cpumask *mask)
{
	return find_next_bit(mask->bits, nr_cpu_ids, n + 1);
}

static inline unsigned int cpumask_weight(const struct cpumask *mask)
{
	return (unsigned int)hweight64(mask->bits[0]);
}

#define for_each_cpu(cpu, mask) \
	for ((cpu) = cpumask_first(mask); (cpu) < nr_cpu_ids; (cpu) = cpumask_next((cpu), (mask)))
#define for_each_possible_cpu(cpu) for_each_cpu((cpu), cpu_possible_mask)
#define for_each_online_cpu(cpu) for_each_cpu((cpu), cpu_online_mask)
#define for_each_present_cpu(cpu) for_each_cpu((cpu), cpu_possible_mask)
#define num_online_cpus() cpumask_weight(cpu_online_mask)
#define num_possible_cpus() cpumask_weight(cpu_possible_mask)
#define num_present_cpus() num_possible_cpus()
#define cpu_online(cpu) cpumask_test_cpu((cpu), cpu_online_mask)
#define cpu_possible(cpu) cpumask_test_cpu((cpu), cpu_possible_mask)
#define set_cpu_online(cpu, online) cpumask_set_cpu(cpu, &__cpu_online_mask)

#endif
