#include "check.h"

int common_variable;
int defined = 4;
extern int alias_of_defined __attribute__((alias("defined")));
static int hidden_target(int x) { return x + 1; }
int alias_function(int x) __attribute__((alias("hidden_target")));
__attribute__((weak)) int weak_function(void) { return 5; }
extern int absent(void) __attribute__((weak));
static int in_section __attribute__((section("numbers"), used)) = 11;
static int in_section_2 __attribute__((section("numbers"), used)) = 12;
extern int __start_numbers[], __stop_numbers[];
static int (*const table[])(int) = { hidden_target, alias_function };
char aligned_buffer[10] __attribute__((aligned(64)));
static const char *const same1 = "literal", *const same2 = "literal";
long address_sum = (long)&((char *)0)[12];
__attribute__((section(".text.special"))) int special(void) { return 8; }
static __attribute__((noinline)) int counter(void) { static int n = 10; return n++; }
const int constant_table[4] = { 1, 2, 3 };
struct ops { int (*call)(int); const char *name; };
static const struct ops ops = { .call = hidden_target, .name = "ops" };
int zeroed[1000] = { 0 };
_Alignas(32) int alignas_variable = 3;

static int over_aligned(int n)
{
	char before = n;
	int buffer[4] __attribute__((aligned(64))) = { n, 2 };
	int scalar __attribute__((aligned(128))) = 5;
	int *p = &scalar;

	return ((unsigned long)buffer % 64) + ((unsigned long)p % 128) + buffer[0] + buffer[1] + buffer[3] + *p + before;
}

static int constructed;
static __attribute__((constructor)) void construct(void) { constructed = 17; }

int main(void)
{
	int sum = 0;

	ASSERT(17, constructed);

	ASSERT(7 + 2 + 5 + 7, over_aligned(OPAQUE(7)));

	ASSERT(0, common_variable);
	ASSERT(4, alias_of_defined);
	defined = 9;
	ASSERT(9, alias_of_defined);
	ASSERT(6, alias_function(5));
	ASSERT(5, weak_function());
	ASSERT(1, !absent);
	for (int *p = __start_numbers; p < __stop_numbers; p++)
		sum += *p;
	ASSERT(23, sum);
	ASSERT(3, table[1](table[0](1)));
	ASSERT(0, (unsigned long)aligned_buffer % 64);
	ASSERT(1, same1 == same2);
	ASSERT(12, address_sum);
	ASSERT(8, special());
	counter();
	ASSERT(11, counter());
	ASSERT(6, constant_table[0] + constant_table[1] + constant_table[2] + constant_table[3]);
	ASSERT(8, ops.call(7));
	ASSERT('o', ops.name[0]);
	ASSERT(0, zeroed[999]);
	ASSERT(0, (unsigned long)&alignas_variable % 32);
	ASSERT('s', __func__[1] == 'a' ? 's' : 0);
	RESULT();
}
