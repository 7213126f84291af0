/* BUG and WARN. */
#include <linux/bug.h>
