#include "check.h"

static int constant(int x) { return __builtin_constant_p(x); }
static inline __attribute__((always_inline)) int folded(int x) { return __builtin_constant_p(x) ? 1 : 2; }

int main(void)
{
	unsigned x = OPAQUE(0x00f0u);
	unsigned long y = OPAQUE(0x00f0000000000000ul);
	int i;
	long l;
	unsigned u;
	unsigned char uc;
	short s;
	unsigned long ul;

	ASSERT(24, __builtin_clz(x));
	ASSERT(4, __builtin_ctz(x));
	ASSERT(8, __builtin_clzl(y));
	ASSERT(52, __builtin_ctzl(y));
	ASSERT(5, __builtin_ffs(x));
	ASSERT(53, __builtin_ffsl(y));
	ASSERT(0, __builtin_ffs(OPAQUE(0)));
	ASSERT(4, __builtin_popcount(x));
	ASSERT(64, __builtin_popcountl(OPAQUE(-1L)));
	ASSERT(1, __builtin_parity(OPAQUE(7u)));
	ASSERT(0x3412, __builtin_bswap16(OPAQUE((unsigned short)0x1234)));
	ASSERT(0x78563412, __builtin_bswap32(OPAQUE(0x12345678u)));
	ASSERT(0xf0debc9a78563412ul, __builtin_bswap64(OPAQUE(0x123456789abcdef0ul)));
	ASSERT(0x78563412, __builtin_bswap32(0x12345678u));
	ASSERT(0, __builtin_add_overflow(OPAQUE(1), 2, &i));
	ASSERT(3, i);
	ASSERT(1, __builtin_add_overflow(OPAQUE(0x7fffffff), 1, &i));
	ASSERT(-0x7fffffff - 1, i);
	ASSERT(1, __builtin_sub_overflow(OPAQUE(0u), 1u, &u));
	ASSERT(0xffffffff, u);
	ASSERT(1, __builtin_mul_overflow(OPAQUE(0x10000u), 0x10000u, &u));
	ASSERT(0, __builtin_mul_overflow(OPAQUE(0x10000L), 0x10000L, &l));
	ASSERT(0x100000000L, l);
	ASSERT(1, __builtin_mul_overflow(OPAQUE(-1ul), 2ul, &ul));
	ASSERT(1, __builtin_add_overflow(OPAQUE(200), 100, &uc));
	ASSERT(44, uc);
	ASSERT(0, __builtin_add_overflow(OPAQUE(200), 55, &uc));
	ASSERT(1, __builtin_add_overflow(OPAQUE(1L << 40), 0, &i));
	ASSERT(1, __builtin_add_overflow(OPAQUE(-5), 3u, &u));
	ASSERT(0, __builtin_add_overflow(OPAQUE(-3), 5u, &u));
	ASSERT(2, u);
	ASSERT(1, __builtin_mul_overflow(OPAQUE((short)300), 200, &s));
	ASSERT(0, __builtin_sub_overflow(OPAQUE(1UL), 2UL, &l));
	ASSERT(-1, l);
	ASSERT(1, __builtin_sub_overflow(OPAQUE(1UL), 2UL, &ul));
	ASSERT(1, __builtin_add_overflow(OPAQUE(-1UL), 1L, &l));
	ASSERT(0, __builtin_add_overflow(OPAQUE(-1UL), -1L, &ul));
	ASSERT(-2UL, ul);
	ASSERT(0, __builtin_mul_overflow(OPAQUE(-1L), 5UL, &l));
	ASSERT(-5, l);
	ASSERT(1, __builtin_mul_overflow(OPAQUE(-1L), 5UL, &ul));
	ASSERT(0, __builtin_mul_overflow(OPAQUE(-1L), 0UL, &ul));
	ASSERT(0, __builtin_mul_overflow(OPAQUE(-2L), 1UL << 62, &l));
	ASSERT(1UL << 63, l);
	ASSERT(1, __builtin_mul_overflow(OPAQUE(2L), 1UL << 62, &l));
	ASSERT(1, __builtin_sub_overflow(OPAQUE(5u), 6, &uc));
	ASSERT(0, __builtin_sub_overflow(OPAQUE(5u), 6, &s));
	ASSERT(-1, s);
	ASSERT(1, __builtin_constant_p(3));
	ASSERT(0, constant(OPAQUE(3)));
	ASSERT(1, folded(3));
	ASSERT(2, folded(OPAQUE(3)));
	ASSERT(5, __builtin_expect(OPAQUE(5), 0));
	ASSERT(1, __builtin_types_compatible_p(int, signed));
	ASSERT(0, __builtin_types_compatible_p(int, long));
	ASSERT(2, __builtin_choose_expr(0, 1, 2));
	ASSERT(5, __builtin_abs(OPAQUE(-5)));
	ASSERT(5, __builtin_strlen("hello"));
	char a[40], b[40];
	__builtin_memset(a, 'x', sizeof a);
	__builtin_memcpy(b, a, sizeof a);
	ASSERT(0, __builtin_memcmp(a, b, sizeof a));
	ASSERT('x', b[39]);
	__builtin_memset(a, 0, 17);
	ASSERT(0, a[16]);
	ASSERT('x', a[17]);
	char *p = __builtin_alloca(OPAQUE(100));
	__builtin_memset(p, 1, 100);
	ASSERT(0, (unsigned long)p % 16);
	ASSERT(1, p[99]);
	ASSERT(1, __builtin_frame_address(0) != 0);
	ASSERT(1, __builtin_return_address(0) != 0);
	ASSERT(1, __alignof__(char));
	ASSERT(1, _Generic(x, unsigned: 1, default: 2));
	ASSERT(3, ({ __auto_type t = x; t = 3; t; }));
	ASSERT(30, __builtin_clrsb(OPAQUE(1)));
	ASSERT(31, __builtin_clrsb(OPAQUE(-1)));
	if (OPAQUE(0))
		__builtin_unreachable();
	if (OPAQUE(0))
		__builtin_trap();
	RESULT();
}
