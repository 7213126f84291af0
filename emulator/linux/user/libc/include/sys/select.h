/* select(2): sets of descriptors. */
#ifndef _SYS_SELECT_H
#define _SYS_SELECT_H

#include <signal.h>
#include <sys/time.h>
#include <time.h>

#define FD_SETSIZE 1024

typedef struct { unsigned long fds_bits[FD_SETSIZE / 64]; } fd_set;

#define FD_ZERO(set) ((void)(*(set) = (fd_set) { { 0 } }))
#define FD_SET(fd, set) ((void)((set)->fds_bits[(fd) / 64] |= 1UL << ((fd) % 64)))
#define FD_CLR(fd, set) ((void)((set)->fds_bits[(fd) / 64] &= ~(1UL << ((fd) % 64))))
#define FD_ISSET(fd, set) (((set)->fds_bits[(fd) / 64] >> ((fd) % 64)) & 1)

int select(int count, fd_set *in, fd_set *out, fd_set *except, struct timeval *timeout);
int pselect(int count, fd_set *in, fd_set *out, fd_set *except, const struct timespec *timeout, const sigset_t *mask);

#endif
