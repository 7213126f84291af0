/* The same numbers under the old path. */
#include <linux/errno.h>
