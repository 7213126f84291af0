/* The C language: scopes, conversions, arrays, switches, structures. Prints what gcc must print. */
int printf(const char *, ...);
typedef int T;
typedef struct { int x, y; } P;
static int knr(a, b, c) int a; char b; short *c; { return a + b + *c; }
int tent[]; int tent[5]; int tent[] = {1,2,3,4,5};
extern int later; int getlater(void) { return later; } int later = 42;
static int scope(void) { int T = 5; { typedef char U; U u = 'c'; T += u; } struct P { int q; } p = { T };
	{ struct P { char z; }; p.q += sizeof(struct P); } return p.q; }
static int duff(int n) { int r = 0; switch (n & 3) { case 0: do { r++; case 3: r += 10; case 2: r += 100;
	case 1: r += 1000; } while ((n -= 4) > 0); } return r; }
static int arr2(int n, int a[n][n]) { int s = 0; for (int i = 0; i < n; i++) for (int j = 0; j < n; j++) s += a[i][j] * (i + 1);
	return s + sizeof(a[0]); }
static int stat(int a[static 3], const int b[const]) { return a[2] + b[0]; }
static int vla(int n) { typedef int row[n]; row r[3]; int (*pr)[n] = r; for (int i = 0; i < 3; i++) for (int j = 0; j < n; j++) pr[i][j] = i * n + j;
	n = 100; return sizeof(r) + sizeof(row) + (int)(&r[2] - &r[0]) + r[2][1] + sizeof(*pr) + (int)sizeof(int[n]);
	}
static int cgoto(int n) { static void *tab[] = { &&a, &&b, &&c }; static const int diff[] = { &&a - &&a, &&b - &&a, &&c - &&a };
	int r = 0; goto *tab[n]; a: r += 1; b: r += 10; c: r += 100; goto *(&&a + diff[2] + (n ? (char*)&&end - (char*)&&c : (char*)&&end - (char*)&&c));
	end: return r; }
static P mk(int x) { return (P){ x, x * 2 }; }
static int gen(void) { return _Generic((char)1, char: 1, int: 2, default: 3) * 10 + _Generic("x", char *: 4, default: 5) * 100 + _Generic(&gen, int (*)(void): 7, default: 8);
	}
struct bf { signed a : 3; unsigned b : 5; int c : 10; unsigned long d : 33; _Bool e : 1; unsigned char f : 4; };
static int bits(void) { struct bf s = { -1, 31, -512, 0x1ffffffffUL, 1, 9 }; s.a++; s.b++; s.c--; s.d += 2;
	s.e += 1; s.f *= 3; int r = s.a * 1000 + s.b * 100 + s.c; printf("%d %d %d %lu %d %d %d\n", s.a, s.b, s.c, (unsigned long)s.d, s.e, s.f, r);
	return (s.b - 1 < 0) + (s.a = 7) + (s.b = 33); }
static int stex(int x) { int y = ({ int z = x; for (;;) { if (z > 10) break; z += 3; } z; }); return y + ({ P p = mk(y); p; }).y; }
union u { int i; char c[4]; struct { short lo, hi; }; };
static int un(union u u) { return u.hi * 3 + u.c[0]; }
static unsigned char uc = 200; static signed char sc = -100; static short sh = -1; static unsigned short us = 65535;
static long prom(void) { return (uc + sc) * 1L + (sh < us) + (sh == us) * 10 + (uc << 4) + (sc >> 2) + (-1 < 0u) * 100 + (-1L < 0u) * 1000 + (~uc) + (char)300 + !uc + (uc += 100) + (sc -= 100) + (us <<= 1);
	}
static const char *fn(void) { return __func__; }
static int elvis(int x) { return (x ?: 7) + (x++ ?: 9) + x; }
static int wide(void) { return sizeof(L"abc") + L"xyz"[1] + sizeof("ab" "cd") + 'ab' + sizeof('a') + u8"é"[0] + sizeof(u"x"); }
struct flex { int n; int d[]; }; static struct flex fx = { 3, { 1, 2, 3 } };
static struct { struct { int a[3]; P p[2]; } in; int *ptr; } nest = { .in.a[1] = 5, 6, .in.p[1].y = 7, .ptr = &nest.in.a[2] };
static int (*fp[3])(int) = { duff, elvis, [2] = stex };
static int (*pick(int i))(int) { return fp[i]; }
enum big { BIG = 0x100000000, NEG = -1 }; enum { U = 0xffffffff };
#define DO(x) do { int r_ = (x); printf(#x " = %d\n", r_); } while (0)
int arrp(int (*p)[3]) { return (*p)[1] + p[1][2] + sizeof *p; }
static int comma(int a) { return (a++, a += 2, a * 2); }
static int lv(int a) { int x = 1, y = 2; *(a ? &x : &y) += 5; return x * 10 + y; }
static int castlv(void *p) { return *(int *)((char *)p + 4); }
static int logic(int a, int b) { return (a && b) + (a || b) * 2 + !(a && !b) * 4 + (a & b) * 8; }
static int sw(long long v) { switch (v) { case 0x100000000LL: return 1; case -1: return 2; case 5 ... 9: return 3; default: return 4; } }
static int label_ns(int a) { if (a) goto a; return 0; a: return a; }
static inline int inl(int); static inline int inl(int a) { extern int later; return a + later; }
int main(void) {
	short s3 = 3; int m[2][2] = { {1,2},{3,4} }; int v3[] = { 1,2,3 }; int a23[2][3] = { 1,2,3,4,5,6 };
	DO(knr(1, 2, &s3)); DO(sizeof(tent) + tent[4]); DO(getlater()); DO(scope()); DO(duff(7)); DO(duff(8));
		DO(arr2(2, m)); DO(stat(v3, v3)); DO(vla(4)); DO(cgoto(0)); DO(cgoto(1)); DO(cgoto(2));
	DO(mk(4).y); DO(gen()); DO(bits()); DO(stex(2)); DO(un((union u){ .lo = 5, .hi = 9 })); DO((int)prom());
		printf("%s %s\n", fn(), __func__); DO(elvis(0)); DO(elvis(3)); DO(wide());
	DO(fx.d[2] + (int)sizeof(fx)); DO(nest.in.a[2] * 10 + nest.in.p[1].y + *nest.ptr); DO(pick(1)(0)); DO((*pick(0))(5));
		DO((***fp)(5)); DO(sizeof(enum big) + sizeof(BIG) + sizeof(U) + (U > 0)); DO(arrp(a23)); DO(comma(3));
		DO(lv(0)); DO(lv(1)); DO(castlv(v3)); DO(logic(1,0)); DO(logic(3,5)); DO(sw(1LL<<32)); DO(sw(-1)); DO(sw(7));
		DO(sw(10)); DO(label_ns(3)); DO(inl(1));
	DO(sizeof(struct bf)); DO(__builtin_offsetof(struct flex, d) + __builtin_offsetof(P, y)); DO(__alignof__(long) + _Alignof(P));
		DO(1 ? -1 : 0u) ; DO((1 ? -1 : 0u) > 0); DO(sizeof(1 ? (char)1 : (short)1)); DO((int)sizeof(int *[3]));
		DO("abc"[1] + 1["abc"]); DO(*"x"); DO(sizeof(int(*)[5]));
	const char *str = "a\0b\x41\101\n" "c"; DO(str[2] + str[3] + str[4] + str[6]);
	{ int i = 0, a[3] = {0}; a[i++] = i; i = 5; i = i++ + 1; DO(a[0] + i); }
	{ unsigned x = 1u << 31; DO((int)(x >> 31)); int y = -8; DO(y >> 1); DO(y / 3); DO(y % 3); DO((unsigned)y / 3 > 5);
		DO(y & 7); long l = y; DO(l == y); unsigned long ul = y; DO(ul > 5); }
	{ char c = 127; c++; DO(c); _Bool b = 256; DO(b); b = b + b; DO(b); b--; DO(b); b--; DO(b); _Bool *pb = &b;
		*pb += 5; DO(b); }
	{ struct { char a; int b : 4; P p; } q = { 'x', -3, { 1, 2 } }, r = q; r.p = mk(5); DO(q.b + r.p.y + q.p.x);
		P *pp = &(P){ 3, 4 }; pp->x += 1; DO(pp->x * pp->y); P pa[2] = { mk(1), [1] = { .y = 8 } }; DO(pa[0].y + pa[1].y + pa[1].x);
		pa[1] = pa[0] = mk(9); DO(pa[1].y); DO((pa[0] = mk(2), pa[0]).y); DO((1 ? pa[0] : pa[1]).x); }
	return 0;
}
