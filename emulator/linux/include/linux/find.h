/* Bit operations. */
#include <linux/bitops.h>
