/* GNU C: attributes, asm, builtins, cleanup, labels as values, statement expressions. Prints what gcc must print. */
int printf(const char *, ...);
void abort(void);
struct empty {}; struct z { int a; int b[0]; struct empty e; };
typedef int SI __attribute__((mode(SI))); typedef unsigned UDI __attribute__((mode(DI)));
int al(int x) { return x + 1; } extern int alias_(int) __attribute__((alias("al")));
static int lbl(int n) { __label__ a, b; int r = 0; a: r++; if (r < n) goto a; goto b; b: return r; }
static int add(int a, ...) { __builtin_va_list ap, aq; __builtin_va_start(ap, a); __builtin_va_copy(aq, ap);
	int s = 0; for (int i = 0; i < a; i++) s += __builtin_va_arg(ap, int); s += __builtin_va_arg(aq, int) * 100;
	__builtin_va_end(ap); return s; }
struct big { long a[4]; }; static struct big mkb(long x) { struct big b = {{ x, x + 1, x + 2, x + 3 }}; return b; }
static long vs(int n, ...) { __builtin_va_list ap; __builtin_va_start(ap, n); struct big b = __builtin_va_arg(ap, struct big);
	struct { int x, y; } s = __builtin_va_arg(ap, __typeof__(s)); long l = __builtin_va_arg(ap, long long);
	return b.a[3] + s.y + l; }
static int ov(void) { int r; unsigned char c; long l; return __builtin_add_overflow(0x7fffffff, 1, &r) * 1 + __builtin_mul_overflow(20, 20, &c) * 2 + __builtin_sub_overflow(1L, 2L, &l) * 4 + __builtin_add_overflow_p(1, 2, (char)0) * 8 + (c == 144) * 16 + (r < 0) * 32;
	}
static int at(void) { int x = 5; int o = __sync_fetch_and_add(&x, 3); o += __atomic_add_fetch(&x, 2, 5) * 10;
	int e = 10; o += __atomic_compare_exchange_n(&x, &e, 77, 0, 5, 5) * 1000; o += __sync_val_compare_and_swap(&x, 77, 1) + __atomic_exchange_n(&x, 9, 0) + __atomic_load_n(&x, 0);
	__atomic_store_n(&x, 4, 0); return o + x; }
static int cl;  static void cleanup_(int *p) { cl = cl * 10 + *p; }
static int clean(int n) { for (int i = 1; i < 4; i++) { __attribute__((cleanup(cleanup_))) int a = i;
	if (i == n) continue; int b __attribute__((cleanup(cleanup_))) = i + 4; if (i == 3) goto out; } out:;
	return cl; }
static int clret(void) { int x __attribute__((cleanup(cleanup_))) = 3; return x + (cl = 0); }
#define max(a, b) ({ __typeof__(a) _a = (a); __typeof__(b) _b = (b); _a > _b ? _a : _b; })
#define swap(a, b) do { __auto_type t = (a); (a) = (b); (b) = t; } while (0)
#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]) + sizeof(struct { int : (-!!(__builtin_types_compatible_p(__typeof__(a), __typeof__(&(a)[0])))); }))
#define is_const(x) (sizeof(int) == sizeof(*(8 ? ((void *)((long)(x) * 0l)) : (int *)8)))
static int asmt(int x) { int r; __asm__ volatile("lea 1(%q1), %0" : "=r"(r) : "r"(x) : "cc"); asm goto("jmp %l[out]" : : : : out);
	r = 0; out: asm("addl %1, %0" : "+r"(r) : "i"(5)); unsigned char c; asm("cmp $3, %1" : "=@cce"(c) : "r"(x));
	return r * 10 + c; }
static int ptrs(void) { int a[5] = {1,2,3,4,5}, *p = a + 1, (*q)[5] = &a; p += 2; p--; void *v = p; v += 4;
	return *(int *)v + p[-1] + (*q)[4] + (p - a) + (p > a) + *--p + *p++ + (*p)++ + a[2]; }
static int cvt(void) { unsigned char c = 255; signed char s = c; short h = 0x12345; unsigned u = -1; long l = u;
	long m = (int)u; int i = (int)0x123456789; return s + h + (l > 0) + (m < 0) + (i == 0x23456789) + (char)0x1ff + (unsigned char)-1 + (short)0x8000;
	}
static int deep(int x) { return x > 5 ? x > 10 ? 1 : 2 : x < 0 ? 3 : x == 3 ? 4 : 5; }
static int sh(int x, unsigned y) { x <<= 3; x >>= 1; y <<= 31; y >>= 30; x ^= y; x |= 0x100; x &= ~1; x %= 1000; return x; }
static const struct { const char *n; int (*f)(int); } tab[] = { { "deep", deep }, { .f = al, .n = "al" }, };
static int str(void) { char s[] = "hello", t[3] = "abc", u[10] = { 'x', [5] = 'y' }; const char *const w[] = { "a", "b", 0 };
	return sizeof s + t[2] + u[5] + u[9] + (w[1][0] == 'b') + sizeof w / sizeof *w; }
int main(void) {
	int a = 3, b = 9; swap(a, b);
	printf("%d %d %d %d\n", (int)sizeof(struct empty), (int)sizeof(struct z), (int)sizeof(SI), (int)sizeof(UDI));
	printf("%d %d %d %ld %d\n", alias_(4), lbl(4), add(3, 1, 2, 3), vs(1, mkb(5), (struct { int x, y; }){ 1, 2 }, 3LL), ov());
	printf("%d\n", at()); printf("%d\n", clean(2)); printf("%d\n", clret()); printf("%d\n", cl); printf("%d %d %d %d %d\n", max(a, b), a, (int)ARRAY_SIZE(tab), is_const(5), is_const(a));
	printf("%d %d %d %d %d %d\n", asmt(3), asmt(4), ptrs(), cvt(), deep(7) + deep(-1) * 10 + deep(3) * 100, sh(77, 3));
		printf("%d %d %s\n", str(), tab[1].f(2), tab[0].n);
	printf("%d %d %d %d %d\n", __builtin_popcount(255), __builtin_clz(1), __builtin_ctzl(8), __builtin_ffsll(0), __builtin_bswap32(0x01020304));
		printf("%lx %d %d\n", (unsigned long)__builtin_bswap64(1), __builtin_parity(7), __builtin_classify_type(tab));
	printf("%d%d%d\n", __builtin_constant_p(3), __builtin_choose_expr(1, 2, "x"), (int)__builtin_object_size(tab, 0));
	{ enum { X, Y } e = Y; switch (e) { case X: abort(); case Y: break; } struct { unsigned long a : 40; int b : 3;
		} s = { 1UL << 39, -1 }; printf("%lx %d %d\n", (unsigned long)s.a, s.b, (int)sizeof(s)); int i = 3; i = i++ * 2 + --i;
		goto in; { int k; in: k = 5; printf("%d\n", k); } }
	return 0;
}
