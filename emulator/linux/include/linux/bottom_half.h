/* Read-write spin locks. */
#include <linux/spinlock.h>
