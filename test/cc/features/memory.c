#include "check.h"

struct huge { int a[50]; char tail[3]; };
struct medium { long a[5]; char c; };
struct nine { char c[9]; };
struct fn { int (*call)(struct huge); struct huge data; };

static struct huge make(int n)
{
	struct huge h = { { [3] = n, [49] = n + 1 }, "ab" };

	return h;
}
static int total(struct huge h)
{
	int t = 0;

	for (int i = 0; i < 50; i++)
		t += h.a[i];
	h.a[0] = 1000;
	return t + h.tail[1];
}
static struct huge pass(int a, int b, int c, int d, int e, int f, int g, struct huge h, struct nine n, int last)
{
	h.a[1] = a + b + c + d + e + f + g + last + n.c[8];
	return h;
}
static struct medium twice(struct medium m)
{
	for (int i = 0; i < 5; i++)
		m.a[i] *= 2;
	return m;
}
static int deep(int n, struct huge h)
{
	if (n == 0)
		return h.a[3];
	h.a[3] += n;
	return deep(n - 1, h);
}
static int loop_exits(int limit)
{
	int found = 0;

	for (int i = 0; i < 100; i++) {
		int r = ({
			int inner = 0;
			for (int j = 0; j < i; j++) {
				if (j == 7)
					break;
				if (j & 1)
					continue;
				inner += j;
			}
			if (i > limit)
				goto out;
			inner;
		});
		found += r;
	}
out:
	return found;
}
static int into_block(int which)
{
	int r = 0;

	if (which)
		goto inside;
	{
		int x;

		r += 100;
inside:
		x = 5;
		r += x;
	}
	return r;
}
static unsigned shifts(unsigned long long v, int by)
{
	return (unsigned)(v >> by) ^ (unsigned)(v << by) ^ (unsigned)((long long)v >> (by & 31));
}
static int shadow(int x)
{
	int y = x;

	{
		int x = 5, y = x * 2;

		x += y;
		if (x != 15)
			return -1;
	}
	for (int x = 0; x < 3; x++)
		y += x;
	return x + y;
}
static int divisions(int n)
{
	unsigned u = n;
	long l = n;
	unsigned long ul = (unsigned long)n * 0x100000001UL;

	return n / 10 + n % 10 + n / -3 + n % 16 + u / 7 + u % 1000 + l / 1000000007L + ul / 12345678901UL % 100 + n / 1 + n % 1 +
	       (n / -1) + (u >> 31);
}
static int pressure(int a, int b, int c, int d, int e, int f)
{
	int g = a * b, h = b * c, i = c * d, j = d * e, k = e * f, l = f * a, m = a + c, n = b + d, o = c + e, p = d + f, q = a ^ f;

	for (int z = 0; z < 3; z++) {
		g += h; h += i; i += j; j += k; k += l; l += m; m += n; n += o; o += p; p += q; q += g;
		a += q / (z + 1); b ^= p << z; c -= o >> z; d *= n; e |= m; f &= l;
	}
	return g + h + i + j + k + l + m + n + o + p + q + a + b + c + d + e + f;
}

int main(void)
{
	struct huge h = make(7), copy;
	struct medium m = { { 1, 2, 3, 4, 5 }, 'x' };
	struct fn f = { total, h };
	struct nine nine = { "12345678" };
	static struct huge zero;
	char big[1000] = "start";

	copy = h;
	ASSERT(7 + 8 + 'b', total(copy));
	ASSERT(0, copy.a[0]);
	ASSERT(7 + 8 + 'b', f.call(f.data));
	nine.c[8] = 9;
	copy = pass(1, 2, 3, 4, 5, 6, 7, h, nine, 8);
	ASSERT(36 + 9, copy.a[1]);
	ASSERT(7, copy.a[3]);
	ASSERT(8, copy.a[49]);
	m = twice(twice(m));
	ASSERT(20, m.a[4]);
	ASSERT('x', m.c);
	ASSERT(7 + 55, deep(10, h));
	copy = OPAQUE(0) ? h : zero;
	ASSERT(0, copy.a[3]);
	copy = *&h;
	ASSERT(7, copy.a[3]);
	ASSERT(0, big[999] + big[5]);
	ASSERT('t', big[4]);
	ASSERT(0 + 0 + 0 + 2 + 2 + 6, loop_exits(5));
	ASSERT(105, into_block(0));
	ASSERT(5, into_block(1));
	ASSERT(((unsigned)(0x123456789abcdefULL >> 13) ^ (unsigned)(0x123456789abcdefULL << 13) ^ (unsigned)(0x123456789abcdefLL >> 13)),
	       shifts(OPAQUE(0x123456789abcdefULL), OPAQUE(13)));
	ASSERT(2 * 4 + 3, shadow(OPAQUE(4)));
	ASSERT(divisions(12345), divisions(OPAQUE(12345)));
	ASSERT(-98765 / 10 + -98765 % 10 + -98765 / -3, OPAQUE(-98765) / 10 + OPAQUE(-98765) % 10 + OPAQUE(-98765) / -3);
	ASSERT(pressure(1, 2, 3, 4, 5, 6), pressure(OPAQUE(1), 2, 3, 4, 5, OPAQUE(6)));
	h = (struct huge){ .a = { 1, 2, 3 } };
	ASSERT(6, total(h));
	struct { struct huge a; struct medium b[2]; } nest = { h, { m, { { 9 } } } }, other = nest;
	ASSERT(9 + 20 + 3, other.b[1].a[0] + other.b[0].a[4] + other.a.a[2]);
	for (int i = 0; i < 3; i++) {
		struct medium fresh = { { i } };

		ASSERT(i, fresh.a[0] + fresh.a[1]);
		fresh.a[1] = 100;
	}
	RESULT();
}
