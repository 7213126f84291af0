/* Per-CPU variables. */
#include <linux/percpu.h>
