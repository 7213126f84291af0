#include "check.h"

struct flags { unsigned a : 1, b : 3; int c : 5; unsigned d : 23; };
struct wide { unsigned long lo : 40, hi : 24; long s : 33; };
struct zero { char a : 3; int : 0; char b : 2; };
struct packed { unsigned a : 7; unsigned b : 31; unsigned long c : 50; } __attribute__((packed));
struct boolean { _Bool yes : 1; _Bool no : 1; unsigned char rest : 6; };

static struct flags global = { 1, 5, -3, 0x7fffff };

int main(void)
{
	struct flags f = { 0 };
	struct wide w = { 0 };
	struct zero z = { 0 };
	struct packed p = { 0 };
	struct boolean b = { 0 };

	ASSERT(4, sizeof f);
	ASSERT(16, sizeof w);
	ASSERT(5, sizeof z);
	ASSERT(11, sizeof p);
	ASSERT(1, global.a);
	ASSERT(5, global.b);
	ASSERT(-3, global.c);
	ASSERT(0x7fffff, global.d);
	f.a = 3;
	ASSERT(1, f.a);
	f.b = OPAQUE(13);
	ASSERT(5, f.b);
	f.c = OPAQUE(17);
	ASSERT(-15, f.c);
	ASSERT(-15, (f.c = 17));
	f.d = -1;
	ASSERT(0x7fffff, f.d);
	ASSERT(1, f.a);
	ASSERT(5, f.b);
	f.c += 1;
	ASSERT(-14, f.c);
	f.b++;
	ASSERT(6, f.b);
	ASSERT(6, f.b--);
	f.b -= 6;
	ASSERT(7, f.b);
	w.lo = 0x123456789abcUL;
	w.hi = 0xffabcdef;
	w.s = -5;
	ASSERT(0x3456789abcUL, w.lo);
	ASSERT(0xabcdef, w.hi);
	ASSERT(-5, w.s);
	z.a = 5;
	z.b = 1;
	ASSERT(-3, z.a);
	ASSERT(1, z.b);
	p.a = 0x55;
	p.b = 0x7abcdef0;
	p.c = 0x3ffffffffffffUL;
	ASSERT(0x55, p.a);
	ASSERT(0x7abcdef0, p.b);
	ASSERT(0x3ffffffffffffUL, p.c);
	p.b = 0;
	ASSERT(0x55, p.a);
	ASSERT(0x3ffffffffffffUL, p.c);
	b.yes = 8;
	b.rest = 63;
	ASSERT(1, b.yes);
	ASSERT(0, b.no);
	ASSERT(63, b.rest);
	ASSERT(0xfd, *(unsigned char *)&b);
	struct flags init = { .c = OPAQUE(2), .d = 4 };
	ASSERT(2, init.c);
	ASSERT(4, init.d);
	ASSERT(0, init.a);
	RESULT();
}
