/* The exception table. */
#include <asm/extable.h>
