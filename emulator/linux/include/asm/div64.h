/* Division with remainder in place. */
#include <linux/math64.h>
