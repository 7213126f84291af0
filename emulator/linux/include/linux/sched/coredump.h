/* Part of <linux/sched.h> here. */
#include <linux/sched.h>
