/* Addresses of devices. */
#ifndef _ASM_IO_H
#define _ASM_IO_H

#include <linux/io.h>

#endif
