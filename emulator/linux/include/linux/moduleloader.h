/* Where module code lives. */
#include <linux/vmalloc.h>
