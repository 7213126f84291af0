/* The release string. */
#include <linux/version.h>
