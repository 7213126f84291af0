/* The same workload as an ordinary program: prints "checksum nanoseconds-of-CPU". */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
unsigned long work(unsigned long iterations);
int main(int argc, char **argv) {
  struct timespec from, to;
  unsigned long iterations = argc > 1 ? strtoul(argv[1], 0, 10) : 1;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &from);
  unsigned long sum = work(iterations);
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &to);
  printf("%lu %ld\n", sum, (to.tv_sec - from.tv_sec) * 1000000000 + to.tv_nsec - from.tv_nsec);
  return 0;
}
