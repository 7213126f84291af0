/*
 * Words for the compiler: attributes under the kernel's names, branch hints, and accesses that it must not merge.
 */
#ifndef _LINUX_COMPILER_H
#define _LINUX_COMPILER_H

#include <linux/kconfig.h>

/* Address-space marks. They document; only checkers give them meaning. */
#define __user
#define __kernel
#define __iomem
#define __rcu
#define __percpu
#define __force
#define __nocast
#define __bitwise
#define __acquires(x)
#define __releases(x)
#define __must_hold(x)
#define __acquire(x) ((void)0)
#define __release(x) ((void)0)
#define __private
#define __chk_user_ptr(x) ((void)0)

#define noinline __attribute__((__noinline__))
#define __always_inline inline __attribute__((__always_inline__))
#define notrace __attribute__((__no_instrument_function__))
#define __used __attribute__((__used__))
#define __maybe_unused __attribute__((__unused__))
#define __always_unused __attribute__((__unused__))
#define __must_check __attribute__((__warn_unused_result__))
#define __packed __attribute__((__packed__))
#define __aligned(x) __attribute__((__aligned__(x)))
#define __printf(a, b) __attribute__((__format__(printf, a, b)))
#define __scanf(a, b) __attribute__((__format__(scanf, a, b)))
#define __section(s) __attribute__((__section__(s)))
#define __cold __attribute__((__cold__))
#define __pure __attribute__((__pure__))
#define __attribute_const__ __attribute__((__const__))
#define __weak __attribute__((__weak__))
#define __alias(symbol) __attribute__((__alias__(#symbol)))
#define __noreturn __attribute__((__noreturn__))
#define __malloc __attribute__((__malloc__))
#define __deprecated
/* What texts for older kernels call something: it works, and the compiler says what to write today. */
#define __instead(advice) __attribute__((__deprecated__(advice)))
#define __former_name(name) __attribute__((__former_name__(name)))
#define __visible
#define __randomize_layout
#define __no_randomize_layout
#define ____cacheline_aligned __aligned(64)
#define ____cacheline_aligned_in_smp __aligned(64)
#define __cacheline_aligned __aligned(64)
#define fallthrough __attribute__((__fallthrough__))
#define asmlinkage
#define __inline inline
#define __inline__ inline

/* Code that may run while nothing is set up to be traced: kept out of every probe's reach. */
#define noinstr noinline notrace __section(".noinstr.text")
#define __noinstr_section(section) noinline notrace __section(section)
#define noinline_for_stack noinline

#define likely(x) __builtin_expect(!!(x), 1)
#define unlikely(x) __builtin_expect(!!(x), 0)
#define unreachable() __builtin_unreachable()

#define barrier() __asm__ __volatile__("" : : : "memory")
#define barrier_data(ptr) __asm__ __volatile__("" : : "r"(ptr) : "memory")

#define READ_ONCE(x) (*(const volatile typeof(x) *)&(x))
#define WRITE_ONCE(x, val) do { *(volatile typeof(x) *)&(x) = (val); } while (0)
#define ACCESS_ONCE(x) (*(volatile typeof(x) *)&(x)) /* the name before 3.19 */
#define data_race(expr) (expr)

#define __same_type(a, b) __builtin_types_compatible_p(typeof(a), typeof(b))
#define __must_be_array(a) 0
#define __stringify_1(x...) #x
#define __stringify(x...) __stringify_1(x)
#define ___PASTE(a, b) a##b
#define __PASTE(a, b) ___PASTE(a, b)
#define __UNIQUE_ID(prefix) __PASTE(__PASTE(__UNIQUE_ID_, prefix), __COUNTER__)
#define OPTIMIZER_HIDE_VAR(var) __asm__("" : "+r"(var))
#define RELOC_HIDE(ptr, off) ((typeof(ptr))((unsigned long)(ptr) + (off)))

#define compiletime_assert(condition, msg) _Static_assert(condition, msg)
#define _THIS_IP_ ({ unsigned long __here; __asm__("leaq 0(%%rip), %0" : "=r"(__here)); __here; })
#define _RET_IP_ ((unsigned long)__builtin_return_address(0))

#endif
