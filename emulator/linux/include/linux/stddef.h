/* NULL, offsetof and the bool constants live in <linux/types.h>. */
#include <linux/types.h>
