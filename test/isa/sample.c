/* Integer C of many shapes, for gcc to turn into many kinds of instructions. It is compiled, never run. */
typedef unsigned char u8;
typedef unsigned short u16;
typedef unsigned int u32;
typedef unsigned long u64;
typedef signed char s8;
typedef short s16;
typedef long s64;
struct node { struct node *next; u64 key; u32 flags : 5, count : 11, rest : 16; u8 name[32]; s16 small; };
extern struct node *table[64];
extern int external(int, ...);
static u32 crc[256];
u64 arith(u64 a, u64 b, u32 c, u8 d, s16 e) { return a * b + a / (b | 1) - c % 7 + (d << 3) - (e >> 2) + (a > b) + (s64)a / 13; }
__int128 wide(__int128 a, __int128 b) { return a * b - (a >> 5) + (b << 70); }
unsigned __int128 widediv(unsigned __int128 a, u64 b) { return a / b + a % b; }
u32 rotate(u32 a, int n) { return (a << n) | (a >> (32 - n)); }
u64 rotate64(u64 a) { return (a << 13) | (a >> 51); }
u16 swap16(u16 a) { return __builtin_bswap16(a); }
u64 swap64(u64 *a) { return __builtin_bswap64(*a); }
int bits(u64 a, u32 b) { return __builtin_ctzl(a | 1) + __builtin_clz(b | 1) + __builtin_popcountl(a) + __builtin_ffsl(a) + __builtin_parity(b); }
u64 bmi(u64 a, u64 b) { return (a & ~b) + (a & -a) + (a & (a - 1)) + (a ^ (a - 1)) + (b << (a & 63)) + (b >> (a & 31)); }
int bittest(u64 *p, long n) { p[n / 64] |= 1ul << (n & 63); return (p[0] >> n) & 1; }
void bitclear(u64 *p, long n) { *p &= ~(1ul << (n & 63)); *p ^= 1ul << 40; }
int atomic(int *p, u64 *q, u8 *r) {
	int old = __atomic_fetch_add(p, 5, __ATOMIC_SEQ_CST);
	__atomic_fetch_or(q, 0x100, __ATOMIC_SEQ_CST);
	__atomic_compare_exchange_n(q, &(u64){3}, 9, 0, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST);
	__atomic_exchange_n(r, 1, __ATOMIC_SEQ_CST);
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
	return old + __atomic_sub_fetch(p, 1, __ATOMIC_SEQ_CST);
}
int overflow(int a, int b, long *c) { int r; return __builtin_add_overflow(a, b, &r) + __builtin_mul_overflow((long)a, (long)b, c) + r; }
u64 carry(u64 *a, u64 *b) { u64 r0, r1; int c = __builtin_add_overflow(a[0], b[0], &r0); r1 = a[1] + b[1] + c; a[0] = r0; a[1] = r1; return r1; }
int jump(int n, int x) {
	switch (n) {
	case 0: return x + 1;
	case 1: return x * 3;
	case 2: return external(x);
	case 3: return x << 4;
	case 4: return ~x;
	case 5: return -x;
	case 6: return x ^ 0x55aa;
	case 7: return x / 10;
	case 8: return external(1, 2, 3, 4, 5, 6, 7, 8, x);
	}
	return 0;
}
int list(struct node *n, const char *name) {
	int sum = 0;
	for (; n; n = n->next) {
		n->flags = n->flags + 1;
		n->count ^= 3;
		sum += n->small + n->rest;
		for (int i = 0; i < 32 && name[i]; i++) if (n->name[i] != name[i]) { sum--; break; }
	}
	return sum;
}
u32 checksum(const u8 *p, u64 n) { u32 c = ~0u; while (n--) c = crc[(c ^ *p++) & 255] ^ (c >> 8); return ~c; }
void copy(char *a, const char *b, u64 n) { __builtin_memcpy(a, b, 200); __builtin_memset(a + 300, n, 64); __builtin_memcpy(a, b, n); }
void matrix(int *a, int *b, int *c) { for (int i = 0; i < 8; i++) for (int j = 0; j < 8; j++) { int s = 0; for (int k = 0; k < 8; k++) s += a[i * 8 + k] * b[k * 8 + j]; c[i * 8 + j] = s; } }
s64 select(s64 a, s64 b, int c, u8 d) { s64 m = a < b ? a : b; if (c == 3 && d > 7) m += 5; return c ? m : (s8)d; }
int (*handlers[4])(int);
int indirect(int i, int x) { return handlers[i & 3](x) + handlers[(i + 1) & 3](x + 1); }
int tail(int i) { return handlers[i](i); }
int tail2(int i) { return external(i); }
u64 fib(u64 n) { return n < 2 ? n : fib(n - 1) + fib(n - 2); }
int vla(int n) { int a[n]; for (int i = 0; i < n; i++) a[i] = external(i); return a[n - 1]; }
void *frame(void) { return __builtin_frame_address(0); }
void trap(int x) { if (x) __builtin_trap(); }
u8 flags(s8 a, u8 b, s16 c, u16 d) { return (a < b) | (c > d) << 1 | (a <= 3) << 2 | (d >= 9) << 3 | (b & 1); }
extern __thread int local; int tls(void) { return local++; }
u64 segment(void) { u64 v; __asm__ volatile("mov %%gs:0x10, %0" : "=r"(v)); return v; }
void strings(char *d, const char *s, u64 n) { __asm__ volatile("rep movsb" : "+D"(d), "+S"(s), "+c"(n) :: "memory"); __asm__ volatile("rep stosq" : "+D"(d), "+c"(n) : "a"(0ul) : "memory"); }
s64 sext(s8 a, s16 b, int c) { return (s64)a * b * c; }
u64 constant(void) { return 0x123456789abcdef0ul; }
u64 absolute(void) { return *(volatile u64 *)0xffffffff81000000ul + *(volatile u32 *)0x1234; }
int goto_table(int x) { static void *const t[] = { &&a, &&b, &&c }; goto *t[x]; a: return 1; b: return external(2); c: return x * x; }
