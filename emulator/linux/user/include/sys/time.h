#ifndef _SYS_TIME_H
#define _SYS_TIME_H
#include <time.h>
int gettimeofday(struct timeval *to, void *zone);
#endif
