#include "check.h"

static inline int add(int a, int b)
{
	__asm__("addl %1, %0" : "+r"(a) : "r"(b) : "cc");
	return a;
}

static inline unsigned long long mul(unsigned long a, unsigned long b, unsigned long *high)
{
	unsigned long low, top;

	__asm__("mulq %3" : "=a"(low), "=d"(top) : "0"(a), "rm"(b) : "cc");
	*high = top;
	return low;
}

static inline int is_carry(unsigned a, unsigned b)
{
	int carry;

	__asm__("addl %2, %1" : "=@ccc"(carry), "+r"(a) : "r"(b));
	return carry;
}

static int jumps(int x)
{
	__asm__ goto("testl %0, %0; jz %l[zero]; js %l2" : : "r"(x) : "cc" : zero, negative);
	return 1;
zero:
	return 0;
negative:
	return -1;
}

static inline unsigned char low(unsigned x)
{
	unsigned char r;

	__asm__("movb %b1, %0" : "=q"(r) : "q"(x));
	return r;
}

static long raw_syscall(long number, long a, long b, long c)
{
	register long r10 __asm__("r10") = 0;
	long result;

	__asm__ volatile("syscall" : "=a"(result) : "a"(number), "D"(a), "S"(b), "d"(c), "r"(r10) : "rcx", "r11", "memory");
	return result;
}

struct pair { int a, b; };
static int table_entries[3];
int many_operands(int a, int b, int c, int d, int e)
{
	int out;

	__asm__("movl %1, %0; addl %2, %0; addl %3, %0; addl %4, %0; addl %5, %0"
		: "=&r"(out) : "r"(a), "r"(b), "r"(c), "r"(d), "r"(e));
	return out;
}

__asm__(".globl asm_function\nasm_function:\n\tleal (%rdi,%rsi,2), %eax\n\tret\n");
int asm_function(int a, int b);

__asm__(".pushsection marks, \"a\"\n .long 7\n .popsection");
extern const int __start_marks[], __stop_marks[];

static int marked(int x)
{
	__asm__ volatile("1: nop\n\t.pushsection places, \"a\"\n\t.quad 1b\n\t.popsection" : : : "memory");
	return x + 1;
}
extern const unsigned long __start_places[], __stop_places[];

int main(void)
{
	unsigned long high;
	int value = 5, old;
	struct pair pair = { 1, 2 };
	char text[8] = "abcdefg";

	ASSERT(7, add(OPAQUE(3), OPAQUE(4)));
	ASSERT(6, mul(OPAQUE(2UL), OPAQUE(3UL), &high));
	ASSERT(0, high);
	ASSERT(-2UL, mul(OPAQUE(-1UL), OPAQUE(2UL), &high));
	ASSERT(1, high);
	ASSERT(1, is_carry(OPAQUE(-1u), 1));
	ASSERT(0, is_carry(OPAQUE(1u), 1));
	ASSERT(1, jumps(5));
	ASSERT(0, jumps(0));
	ASSERT(-1, jumps(-5));
	ASSERT(0x34, low(OPAQUE(0x1234u)));
	ASSERT(1, raw_syscall(39, 0, 0, 0) > 0);
	ASSERT(15, many_operands(1, 2, 3, 4, 5));
	__asm__("incl %0" : "+m"(value));
	ASSERT(6, value);
	__asm__("lock; xaddl %0, %1" : "=r"(old), "+m"(value) : "0"(10) : "memory", "cc");
	ASSERT(6, old);
	ASSERT(16, value);
	__asm__("movl %1, %0" : "=m"(pair.b) : "i"(77));
	ASSERT(77, pair.b);
	__asm__("movl $%c1, %0" : "=r"(old) : "i"(sizeof(struct pair)));
	ASSERT(8, old);
	__asm__("movq $%P1, %q0" : "=r"(high) : "i"(&table_entries[1]));
	ASSERT((unsigned long)&table_entries[1], high);
	__asm__("movb %h1, %b0" : "=q"(old) : "Q"(OPAQUE(0x5678)) );
	ASSERT(0x56, old & 0xff);
	__asm__("movzbl %1, %0" : "=r"(old) : "m"(text[3]));
	ASSERT('d', old);
	void *dst = text, *src = "xyz";
	long count = 3;
	__asm__ volatile("rep movsb" : "+D"(dst), "+S"(src), "+c"(count) : : "memory");
	ASSERT('z', text[2]);
	ASSERT('d', text[3]);
	ASSERT(0, count);
	ASSERT(1 + 2 * 5, asm_function(1, 5));
	ASSERT(1, __stop_marks - __start_marks);
	ASSERT(7, __start_marks[0]);
	ASSERT(8, marked(7));
	ASSERT(1, __stop_places - __start_places >= 1);
	int unique = 0;
	for (int i = 0; i < 3; i++)
		__asm__ volatile("jmp .Lskip%=\n\tud2\n.Lskip%=: addl $1, %0" : "+r"(unique));
	ASSERT(3, unique);
	unsigned long flags;
	__asm__ volatile("pushfq; popq %0" : "=rm"(flags) : : "memory");
	ASSERT(2, flags & 2);
	RESULT();
}
