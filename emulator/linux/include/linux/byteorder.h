/* Byte order. */
#include <asm/byteorder.h>
