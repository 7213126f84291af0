/* Waiting. */
#include <linux/delay.h>
