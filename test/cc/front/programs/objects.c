/* Objects and calls: static data, pointers, structures by value, loops. Prints what gcc must print. */
int printf(const char *, ...);
struct s { int a; };
typedef struct s s_t, *s_p;
int f0(s_p p) { return p->a; }
int (*ret_fp(int (*g)(int)))(int) { return g; }
int id(int x) { return x; }
const int *const cpc = 0; int *volatile *vp; int (*const fparr[2])(int) = { id, id };
extern int ext_arr[]; int ext_arr[3] = { 1, 2, 3 };
static int rec(int n) { static int depth; depth++; return n ? rec(n - 1) + depth : depth; }
int bitop(unsigned a) { return (a & -a) | ~a >> 28 | (a ^ a >> 1) % 7; }
long mixed(int a, unsigned b, long c, char d, short e, unsigned long long f) { return a * b + c - d * e + f / 3 + (a < b) + (c > f); }
int many(int a, int b, int c, int d, int e, int f, int g, int h, int i, int j) { return a - b + c - d + e - f + g - h + i * j; }
struct pair { long x; int y; }; struct trio { int a, b, c; }; struct one { char c; }; struct big { int v[10]; };
struct pair mkp(int a) { struct pair p = { a, a + 1 }; return p; } struct trio mkt(int a) { return (struct trio){ a, a * 2, a * 3 };
	} struct one mko(char c) { struct one o = { c }; return o; } struct big mkb(int a) { struct big b = { { [3] = a } };
	return b; }
int use(struct pair p, struct trio t, struct one o, struct big b, int z) { return p.x + p.y * 2 + t.c * 3 + o.c + b.v[3] + z; }
int loops(int n) { int s = 0, i, j; for (i = 0, j = n; i < j; i++, j--) { if (i == 3) continue; if (j == 2) break;
	s += i * j; } do { s--; } while (s > 20); while (s-- > 15) if (s == 17) break; for (;;) { if (++s > 30) goto done;
	} done: return s; }
int strs(void) { const char *p = "abc" "def", *q = &p[2]; char buf[8] = "xy"; int n = 0; while (*p++) n++;
	buf[2] = *q; return n * 100 + buf[2] + (buf[3] == 0) + sizeof("a\x41" "b"); }
int ptrcmp(int *a, int *b) { return (a < b) + (a == b) * 2 + (a != 0) * 4 + (!b) * 8 + (b - a); }
int swtch(int x) { int r = 0; switch (x) { default: r += 1; case 1: r += 2; break; { case 2: r += 4; } case 3: { r += 8;
	if (x == 3) { case 4: r += 16; } else break; } r += 32; } return r; }
unsigned char ucarr[] = { 0xff, 'a', '\377', 1 + 2, sizeof(int) }; unsigned long ulv = -1; int neg = -5 % 3;
	int sh = 1 << 4 | 0x10 >> 1; char esc[] = "\t\\\"\'\?\a\101\0z";
int *addr = &ext_arr[2], *addr2 = ext_arr + 1; char *mid = "hello" + 2; long diff = &ext_arr[2] - &ext_arr[0];
	void *fn = id; int (*fnp)(int) = &id; unsigned long addrint = (unsigned long)&ext_arr[1]; struct { struct s *p;
	int *q; } cmp = { &(struct s){ 9 }, (int[]){ 4, 5, 6 } };
enum e { A, B = 5, C, D = B + C, N = -1 }; enum e ev = D;
_Bool bl = 5; _Bool bp = &ext_arr; unsigned short us = 70000; signed char sc = 200;
int main(void) {
	struct s v = { 7 }; s_t w = v, *pw = &w; int arr[4] = { 1, 2, 3, 4 }, *e = arr + 4; int z = 5;
	printf("%d %d %d %d %d\n", f0(&v), ret_fp(id)(3), fparr[1](4), rec(4), bitop(0x12345678));
	printf("%ld %d %d\n", mixed(-3, 7u, 100L, 'a', -2, 99ULL), many(1,2,3,4,5,6,7,8,9,10), use(mkp(3), mkt(4), mko('z'), mkb(6), 2));
	printf("%d %d %d %d %d %d %d %d\n", loops(10), strs(), ptrcmp(arr, e), swtch(1), swtch(2), swtch(3), swtch(4), swtch(9));
	for (unsigned i = 0; i < sizeof ucarr; i++) printf("%d ", ucarr[i]); printf("%lu %d %d %d\n", ulv, neg, sh, (int)sizeof esc);
	printf("%d %d %s %ld %d %d %d %d %d %d\n", *addr, *addr2, mid, diff, ((int (*)(int))fn)(8), fnp(9), *(int *)addrint, cmp.p->a, cmp.q[2], ev);
	printf("%d %d %d %d %d\n", bl, bp, us, sc, (int)sizeof(enum e));
	z -= -z; z *= z > 3 ? 2 : 3; z /= 2; z %= 7; z <<= 2; z |= 1; z ^= 3; z &= ~2; printf("%d %d\n", z, pw->a++ + ++w.a - (*pw).a--);
	{ int x = 3; { int x = 4; { extern int ext_arr[]; x += ext_arr[1]; } printf("%d ", x); } printf("%d\n", x);
		} { int i; for (int i = 0; i < 2; i++); i = 4; printf("%d\n", i); }
	return 0;
}
