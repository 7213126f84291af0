/* struct rusage is in <linux/resource.h>. */
#include <linux/sched.h>
#include <asm/stacktrace.h>
