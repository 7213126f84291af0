/* System call numbers. */
#include <asm/unistd.h>
