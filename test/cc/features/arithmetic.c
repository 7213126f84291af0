#include "check.h"

static int divide(int a, int b) { return a / b; }
static unsigned udivide(unsigned a, unsigned b) { return a / b; }
static long lrem(long a, long b) { return a % b; }
static unsigned long ulrem(unsigned long a, unsigned long b) { return a % b; }

int main(void)
{
	int one = OPAQUE(1), minus = OPAQUE(-1), big = OPAQUE(0x7fffffff);
	unsigned u = OPAQUE(0xffffffffu);
	long l = OPAQUE(0x123456789abcdefL);
	signed char c = OPAQUE((signed char)-128);
	unsigned char uc = OPAQUE((unsigned char)255);
	short s = OPAQUE((short)-32768);
	unsigned short us = OPAQUE((unsigned short)65535);
	_Bool b = OPAQUE(7) != 0;

	ASSERT(2, one + 1);
	ASSERT(-2, minus - one);
	ASSERT(-7 / 2, divide(-7, 2));
	ASSERT(-7 / 4, OPAQUE(-7) / 4);
	ASSERT(-7 % 4, OPAQUE(-7) % 4);
	ASSERT(-8 / 8, OPAQUE(-8) / 8);
	ASSERT(0, OPAQUE(-8) % 8);
	ASSERT(0x7fffffff, udivide(u, 2));
	ASSERT(0xffffffffu / 16, u / 16);
	ASSERT(15, u % 16);
	ASSERT(-3, lrem(-13, 5));
	ASSERT(3, ulrem(13, 5));
	ASSERT(0xfffffffffffffff0ul % 7, ulrem(-16ul, 7));
	ASSERT(-128, c);
	ASSERT(255, uc);
	ASSERT(-32768, s);
	ASSERT(65535, us);
	ASSERT(1, b);
	ASSERT(128, -c);
	ASSERT(-256, ~uc);
	ASSERT(0, (unsigned char)(uc + 1));
	ASSERT(-128, (signed char)(c + 256));
	ASSERT(1, minus < one);
	ASSERT(0, u < (unsigned)one);
	ASSERT(1, (unsigned)minus > 5u);
	ASSERT(1, minus < uc);
	ASSERT(0x123456789abcdefL * 3, l * 3);
	ASSERT(0x123456789abcdefL << 4, l << 4);
	ASSERT(0x123456789abcdefL >> 12, l >> (one + 11));
	ASSERT(-1, minus >> 5);
	ASSERT(0x07ffffff, (unsigned)minus >> 5);
	ASSERT(0x80000000u, (unsigned)one << 31);
	ASSERT(big, (long)big);
	ASSERT(-1L, (long)minus);
	ASSERT(0xffffffffL, (long)u);
	ASSERT(0xef, (unsigned char)l);
	ASSERT(-17, (signed char)l);
	ASSERT(0xcdef, (unsigned short)l);
	ASSERT(!0, !(one - 1));
	ASSERT(0, !l);
	ASSERT(1, !!l);
	ASSERT(-0x123456789abcdefL, -l);
	ASSERT(~0x123456789abcdefL, ~l);

	int x = 5;
	x += 3; ASSERT(8, x);
	x -= 10; ASSERT(-2, x);
	x *= 7; ASSERT(-14, x);
	x /= 4; ASSERT(-3, x);
	x %= 2; ASSERT(-1, x);
	x <<= 4; ASSERT(-16, x);
	x >>= 2; ASSERT(-4, x);
	x |= 1; ASSERT(-3, x);
	x &= 0xff; ASSERT(253, x);
	x ^= 0x55; ASSERT(168, x);
	uc += 3; ASSERT(2, uc);
	c -= 1; ASSERT(127, c);
	us++; ASSERT(0, us);
	ASSERT(0, us++);
	ASSERT(2, ++us);
	ASSERT(2, us--);
	ASSERT(0, --us);
	c = 10; c *= 30; ASSERT(44, c);
	uc = 200; uc >>= 1; ASSERT(100, uc);
	uc = 200; uc /= 3; ASSERT(66, uc);
	b = 0; b++; b++; ASSERT(1, b);
	b--; ASSERT(0, b);
	b += 256; ASSERT(1, b);
	l >>= 60; ASSERT(0, l);
	l = -1; l <<= OPAQUE(63); ASSERT(1UL << 63, l);
	ASSERT(3, (one, 3));
	ASSERT(6, OPAQUE(1) ? 6 : 7);
	ASSERT(7, OPAQUE(0) ? 6 : 7);
	ASSERT(1, OPAQUE(5) && OPAQUE(6));
	ASSERT(0, OPAQUE(5) && OPAQUE(0));
	ASSERT(1, OPAQUE(0) || OPAQUE(6));
	ASSERT(0, OPAQUE(0) || OPAQUE(0));
	ASSERT(9, OPAQUE(0) ?: 9);
	ASSERT(4, OPAQUE(4) ?: 9);
	RESULT();
}
