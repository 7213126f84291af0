/* Interrupts. */
#include <linux/interrupt.h>
