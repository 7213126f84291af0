/* Page tables. */
#include <asm/pgtable.h>
