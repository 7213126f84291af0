/* Callers and callees for the ABI test: compiled in two halves by two compilers. */
typedef __builtin_va_list va_list;

struct c1 { char a; };
struct c3 { char a[3]; };
struct c5 { char a[5]; };
struct s6 { short a[3]; };
struct i12 { int a, b, c; };
struct l16 { long a, b; };
struct l24 { long a, b, c; };
struct mix { char a; long b; };
struct bits { unsigned a : 3; unsigned long b : 40; int c : 17; };
struct pack { char a; int b; } __attribute__((packed));
struct deep { struct c3 x; union { int i; char c; } u; struct { short s; } t[2]; };
struct align16 { long a; } __attribute__((aligned(16)));
union word { long l; char c[8]; };
enum color { RED = 1, BLUE = 0x7fffffff };

#define LIST(F)                                                                                                  \
	F(1, long, narrow, (signed char a, unsigned char b, short c, unsigned short d, _Bool e, int f),           \
	  a * 3 + b * 5 + c * 7 + d * 11 + e * 13 + f, (-5, 200, -3000, 60000, 1, -7))                              \
	F(2, long, eight, (int a, long b, char *c, unsigned d, short e, char f, int g, long h),                    \
	  a + b + (long)c + d + e + f + g * 3 + h * 5, (1, 2, (char *)3, 4, 5, 6, -7, -8))                         \
	F(3, long, records, (struct c1 a, struct c3 b, struct c5 c, struct s6 d, struct i12 e),                    \
	  a.a + b.a[2] + c.a[4] + d.a[1] + e.a + e.b + e.c,                                                        \
	  ((struct c1){ 1 }, (struct c3){ { 1, 2, 3 } }, (struct c5){ { 1, 2, 3, 4, 50 } },                        \
	   (struct s6){ { 7, -300, 8 } }, (struct i12){ 1000, -2000, 30000 }))                                     \
	F(4, long, spill, (int a, int b, int c, int d, int e, struct l16 f, int g, struct l24 h, struct c1 i),      \
	  a + b + c + d + e + f.a + f.b * 2 + g * 3 + h.a + h.b + h.c + i.a,                                       \
	  (1, 2, 3, 4, 5, (struct l16){ 6, 7 }, 8, (struct l24){ 9, 10, 11 }, (struct c1){ 12 }))                  \
	F(5, long, odd, (struct mix a, struct bits b, struct pack c, struct deep d, union word e, enum color f),    \
	  a.a + a.b + b.a + b.b + b.c + c.a + c.b + d.x.a[1] + d.u.i + d.t[1].s + e.c[1] + f,                      \
	  ((struct mix){ 1, 2 }, (struct bits){ 3, 1L << 33, -4 }, (struct pack){ 5, 6 },                          \
	   (struct deep){ { { 1, 2, 3 } }, { 70000 }, { { 4 }, { -5 } } }, (union word){ 0x1234 }, BLUE))          \
	F(6, long, aligned, (int a, struct align16 b, int c, struct align16 d, struct align16 e, long f),           \
	  a + b.a * 2 + c * 3 + d.a * 4 + e.a * 5 + f * 6,                                                         \
	  (1, (struct align16){ 2 }, 3, (struct align16){ 4 }, (struct align16){ 5 }, 6))

struct l24 make24(long a, struct c3 b);
struct l16 make16(int a, long b);
struct c5 make5(int a);
struct pack makepack(int a);
union word makeword(long a);
signed char narrow8(int x);
unsigned short narrow16(int x);
_Bool truth(long x);
long sum(const char *kinds, ...);
long vsum(const char *kinds, va_list list);
extern int layout[];

#define DECLARE(n, type, name, parameters, body, arguments) type name parameters;
LIST(DECLARE)

#define LAYOUT                                                                                                    \
	{ sizeof(struct bits), _Alignof(struct bits), sizeof(struct pack), sizeof(struct deep),                      \
	  __builtin_offsetof(struct deep, u), __builtin_offsetof(struct deep, t), sizeof(struct align16),            \
	  sizeof(enum color), __builtin_offsetof(struct mix, b), sizeof(struct i12) }

#ifdef CALLEES
#define DEFINE(n, type, name, parameters, body, arguments) type name parameters { return body; }
LIST(DEFINE)
struct l24 make24(long a, struct c3 b) { return (struct l24){ a, a * 2, b.a[1] }; }
struct l16 make16(int a, long b) { return (struct l16){ a, b }; }
struct c5 make5(int a) { struct c5 r = { { a, a + 1, a + 2, a + 3, a + 4 } }; return r; }
struct pack makepack(int a) { return (struct pack){ a, a * 1000 }; }
union word makeword(long a) { return (union word){ a }; }
signed char narrow8(int x) { return x; }
unsigned short narrow16(int x) { return x; }
_Bool truth(long x) { return x; }
long vsum(const char *kinds, va_list list)
{
	long total = 0;

	for (; *kinds; kinds++)
		switch (*kinds) {
		case 'i': total += __builtin_va_arg(list, int); break;
		case 'l': total += __builtin_va_arg(list, long); break;
		case '1': { struct l16 s = __builtin_va_arg(list, struct l16); total += s.a * 2 + s.b; break; }
		case '2': { struct l24 s = __builtin_va_arg(list, struct l24); total += s.a * 3 + s.c; break; }
		case '5': total += __builtin_va_arg(list, struct c5).a[4]; break;
		}
	return total;
}
int layout[] = LAYOUT;
#endif

#ifdef CALLERS
int printf(const char *format, ...);
static int here[] = LAYOUT;
long sum(const char *kinds, ...)
{
	va_list list;
	long r;

	__builtin_va_start(list, kinds);
	r = vsum(kinds, list);
	__builtin_va_end(list);
	return r;
}
static int failures;
static void check(const char *what, long expected, long actual)
{
	if (expected != actual) {
		printf("%s: expected %ld, got %ld\n", what, expected, actual);
		failures++;
	}
}
#define LOCAL(n, type, name, parameters, body, arguments) static type local_##name parameters { return body; }
LIST(LOCAL)
#define CALL(n, type, name, parameters, body, arguments) check(#name, local_##name arguments, name arguments);

int main(void)
{
	LIST(CALL)
	struct l24 a = make24(5, (struct c3){ { 1, 9, 3 } });
	check("make24", 5 + 10 + 9, a.a + a.b + a.c);
	check("make16", 7 - 8, make16(7, -8).a + make16(7, -8).b);
	check("make5", 'c' + 4, make5('c').a[4]);
	check("makepack", 3000, makepack(3).b);
	check("makeword", 0x12, makeword(0x1234).c[1]);
	check("narrow8", -1, narrow8(0x1ff));
	check("narrow16", 0xffff, narrow16(-1));
	check("truth", 1, truth(1L << 40));
	check("sum", 1 + 2 + 3 + 4 + 5 + 6 + 7, sum("ilililil", 1, 2L, 3, 4L, 5, 6L, 7, 0L));
	struct l16 s = { 10, 1 };
	struct l24 t = { 20, 0, 2 };
	struct c5 u = { { 0, 0, 0, 0, 9 } };
	check("records", 21 + 62 + 9 + 5 + 21 + 21 + 9, sum("125i1l15", s, t, u, 5, s, 0L, s, u));
	for (unsigned i = 0; i < sizeof here / sizeof here[0]; i++)
		check("layout", layout[i], here[i]);
	return failures;
}
#endif
