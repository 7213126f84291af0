/* Registers of an interrupted context. */
#include <asm/ptrace.h>
