#include "check.h"

static int apply(int (*f)(int, int), int a, int b) { return f(a, b); }
static int plus(int a, int b) { return a + b; }
static int (*choose(int which))(int, int);
static int minus(int a, int b) { return a - b; }
static int (*choose(int which))(int, int) { return which ? plus : minus; }
struct big { char c[24]; int v; };

static void swap(int *a, int *b) { int t = *a; *a = *b; *b = t; }
static long length(const char *s) { const char *e = s; while (*e) e++; return e - s; }
static char *copy(char *d, const char *s) { char *r = d; while ((*d++ = *s++)) ; return r; }
static int oldstyle(a, b) int a; char b; { return a + b; }

volatile int vol;

int main(void)
{
	int a = 1, b = 2, array[10], *p = array, **pp = &p;
	char text[20];
	struct big bigs[3] = { { .v = 1 }, { .v = 2 }, { .v = 3 } }, *bp = bigs;
	unsigned long bits = (unsigned long)&array[4] - (unsigned long)array;

	swap(&a, &b);
	ASSERT(2, a);
	ASSERT(1, b);
	ASSERT(5, apply(plus, 2, 3));
	ASSERT(5, apply(*plus, 2, 3));
	ASSERT(-1, choose(0)(2, 3));
	ASSERT(5, (*choose(1))(2, 3));
	for (int i = 0; i < 10; i++)
		*p++ = i;
	ASSERT(10, p - array);
	ASSERT(9, p[-1]);
	ASSERT(9, *--*pp);
	ASSERT(9, p - array);
	ASSERT(16, bits);
	ASSERT(3, 3[array]);
	ASSERT(5, length("hello"));
	ASSERT('w', copy(text, "world")[0]);
	ASSERT(5, length(text));
	bp++;
	ASSERT(2, bp->v);
	ASSERT(3, bp[1].v);
	ASSERT(-1, bigs - bp);
	ASSERT(2, &bigs[2] - bigs);
	bp += 1;
	bp -= 2;
	ASSERT(1, bp->v);
	ASSERT(1, bp == bigs);
	ASSERT(1, bp < bigs + 1);
	ASSERT(1, (void *)bp + 28 == (void *)(bigs + 1));
	ASSERT(100 + 3, oldstyle(100, 3));
	int matrix[3][4][5];
	for (int i = 0; i < 60; i++)
		((int *)matrix)[i] = i;
	ASSERT(2 * 20 + 3 * 5 + 4, matrix[2][3][4]);
	int (*row)[5] = matrix[1];
	ASSERT(20 + 2 * 5 + 1, row[2][1]);
	ASSERT(80, sizeof matrix[0]);
	vol = 3;
	vol += vol;
	ASSERT(6, vol);
	ASSERT(6, vol++);
	ASSERT(7, vol);
	short small[4] = { 1, 2, 3, 4 };
	short *sp = small + OPAQUE(1);
	ASSERT(2, *sp++);
	ASSERT(3, *sp);
	ASSERT(4, sp[OPAQUE(1)]);
	ASSERT(1, sp[OPAQUE(-2)]);
	long index = OPAQUE(2L);
	array[index] += 100;
	ASSERT(102, array[index]);
	array[index + 1] = array[index] ^ array[index - 1];
	ASSERT(103, array[3]);
	RESULT();
}
