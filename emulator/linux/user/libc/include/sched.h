/* Giving the CPU away, and clone(2)'s flags. */
#ifndef _SCHED_H
#define _SCHED_H

#include <sys/types.h>

#define CLONE_VM 0x100
#define CLONE_FS 0x200
#define CLONE_FILES 0x400
#define CLONE_SIGHAND 0x800
#define CLONE_VFORK 0x4000
#define CLONE_THREAD 0x10000

int sched_yield(void);
int clone(int (*function)(void *), void *stack, int flags, void *argument);

#endif
