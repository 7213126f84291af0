/* The standard's name for <linux/stdarg.h>. */
#include <linux/stdarg.h>
