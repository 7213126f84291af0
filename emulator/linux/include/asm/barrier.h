/* Memory barriers. x86 keeps loads and stores in order among themselves; only store-then-load needs an instruction. */
#ifndef _ASM_BARRIER_H
#define _ASM_BARRIER_H

#include <linux/compiler.h>

#define mb() asm volatile("lock; addl $0, -4(%%rsp)" : : : "memory")
#define rmb() barrier()
#define wmb() barrier()
#define smp_mb() mb()
#define smp_rmb() barrier()
#define smp_wmb() barrier()
#define smp_mb__before_atomic() barrier()
#define smp_mb__after_atomic() barrier()
#define smp_store_mb(var, value) do { WRITE_ONCE(var, value); smp_mb(); } while (0)
#define smp_store_release(p, v) do { barrier(); WRITE_ONCE(*(p), v); } while (0)
#define smp_load_acquire(p) ({ typeof(*(p)) ___v = READ_ONCE(*(p)); barrier(); ___v; })

#endif
