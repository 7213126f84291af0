#include "check.h"

typedef unsigned char u8;

struct point { int x, y; };
struct wide { long a, b, c; };
struct odd { char c[5]; };
struct seven { char c[7]; };
struct mixed { char a; short b; int c; long d; };
struct nested { struct point p[2]; union { int i; char bytes[4]; }; };
struct packed { char a; int b; short c; } __attribute__((packed));
struct flexible { int count; int items[]; };
struct empty {};

static struct point make(int x, int y) { return (struct point){ x, y }; }
static struct wide widen(long x) { struct wide w = { x, x + 1, x + 2 }; return w; }
static struct odd oddly(char c) { struct odd o; for (int i = 0; i < 5; i++) o.c[i] = c + i; return o; }
static struct seven sevenly(char c) { struct seven o; for (int i = 0; i < 7; i++) o.c[i] = c + i; return o; }
static int sum(struct point a, struct wide w, struct odd o, int tail) { return a.x + a.y + w.a + w.b + w.c + o.c[0] + o.c[4] + tail; }
static long many(int a, int b, int c, int d, int e, struct mixed m, int f, struct point p, struct wide w)
{
	return a + b + c + d + e + m.a + m.b + m.c + m.d + f + p.x * p.y + w.c;
}
static int packed_sum(struct packed p) { return p.a + p.b + p.c; }
static struct point swap(struct point p) { return (struct point){ p.y, p.x }; }

static struct flexible flex = { 3, { 1, 2, 3 } };
static struct nested global = { { { 1, 2 }, { .y = 4 } }, { 0x01020304 } };
static int table[] = { [3] = 7, [1] = 5, 6, [8 ... 9] = 1 };
static const char *names[] = { "zero", [2] = "two" };
static int *pointer = &table[3];
static struct point *chain[] = { &global.p[1], (struct point *)&table[1] };

int main(void)
{
	struct point p = make(3, 4), q;
	struct wide w = widen(10);
	struct mixed m = { 1, -2, 3, -4 };
	struct packed k = { 1, 1000000, -5 };
	struct nested n = global;
	struct empty e = {};

	ASSERT(8, sizeof(struct point));
	ASSERT(16, sizeof(struct mixed));
	ASSERT(7, sizeof(struct packed));
	ASSERT(4, sizeof(struct flexible));
	ASSERT(0, sizeof e);
	ASSERT(7, p.x + p.y);
	ASSERT(33, w.a + w.b + w.c);
	ASSERT(7 + 33 + 2 * 'a' + 4 + 9, sum(p, w, oddly('a'), 9));
	ASSERT('f' + 6, sevenly('f').c[6]);
	ASSERT(1 + 2 + 3 + 4 + 5 - 2 + 6 + 12 + 12, many(1, 2, 3, 4, 5, m, 6, p, w));
	ASSERT(999996, packed_sum(k));
	p = swap(p);
	ASSERT(4, p.x);
	ASSERT(3, p.y);
	q = p;
	q.x++;
	ASSERT(4, p.x);
	ASSERT(5, q.x);
	ASSERT(5, (p = q).x);
	ASSERT(3, swap(swap(p)).y);
	ASSERT(1, n.p[0].x);
	ASSERT(0, n.p[1].x);
	ASSERT(4, n.p[1].y);
	ASSERT(2, n.bytes[2]);
	ASSERT(6, flex.items[0] + flex.items[1] + flex.items[2]);
	ASSERT(5, table[1]);
	ASSERT(6, table[2]);
	ASSERT(7, *pointer);
	ASSERT(2, table[8] + table[9]);
	ASSERT(0, names[1] != 0);
	ASSERT('w', names[2][1]);
	ASSERT(4, chain[0]->y);
	ASSERT(6, chain[1]->y);
	ASSERT(8, __builtin_offsetof(struct mixed, d));
	q = OPAQUE(1) ? (struct point){ .y = 9 } : p;
	ASSERT(0, q.x);
	ASSERT(9, q.y);
	q = ({ struct point t = { 7, 8 }; t.x++; t; });
	ASSERT(8, q.x);
	struct point line[3] = { { 1, 2 }, { 3, 4 } };
	ASSERT(10, line[0].x + line[0].y + line[1].x + line[1].y + line[2].x);
	int local[5] = { 1, [3] = 4 };
	ASSERT(5, local[0] + local[1] + local[2] + local[3] + local[4]);
	char text[] = "hello", padded[10] = "hi";
	ASSERT(6, sizeof text);
	ASSERT('o', text[4]);
	ASSERT(0, padded[9]);
	int *lit = (int[]){ 1, 2, 3 };
	ASSERT(6, lit[0] + lit[1] + lit[2]);
	lit[OPAQUE(1)] = 40;
	ASSERT(40, lit[1]);
	struct wide *pw = &w;
	pw->b = 99;
	ASSERT(99, w.b);
	struct { int a; struct { int b; union { int c; u8 d; }; }; } anon = { 1, { 2, { 3 } } };
	ASSERT(6, anon.a + anon.b + anon.c);
	ASSERT(3, anon.d);
	RESULT();
}
