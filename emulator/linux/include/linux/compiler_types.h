/* Part of <linux/compiler.h> here. */
#include <linux/compiler.h>
