/* Atomic integers. */
#include <asm/atomic.h>
