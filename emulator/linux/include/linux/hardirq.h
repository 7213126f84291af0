/* Interrupts in progress are counted in the preemption count. */
#include <linux/preempt.h>
