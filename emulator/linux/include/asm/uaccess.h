/* The old path. */
#include <linux/uaccess.h>
