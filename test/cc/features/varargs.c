#include "check.h"

typedef __builtin_va_list va_list;
struct two { long a, b; };
struct three { long a, b, c; };
struct small { char c[3]; };

static long total(int count, ...)
{
	va_list ap;
	long sum = 0;

	__builtin_va_start(ap, count);
	while (count--)
		sum += __builtin_va_arg(ap, long);
	__builtin_va_end(ap);
	return sum;
}

static long forward(int count, va_list ap)
{
	va_list again;
	long sum = 0;

	__builtin_va_copy(again, ap);
	for (int i = 0; i < count; i++)
		sum += __builtin_va_arg(again, int);
	for (int i = 0; i < count; i++)
		sum += 100 * __builtin_va_arg(ap, int);
	__builtin_va_end(again);
	return sum;
}

static long twice(int a, int b, int count, ...)
{
	va_list ap;

	__builtin_va_start(ap, count);
	long r = forward(count, ap);
	__builtin_va_end(ap);
	return r + a + b;
}

static long records(const char *kinds, ...)
{
	va_list ap;
	long sum = 0;

	__builtin_va_start(ap, kinds);
	for (; *kinds; kinds++) {
		if (*kinds == '2') {
			struct two t = __builtin_va_arg(ap, struct two);
			sum += t.a * t.b;
		} else if (*kinds == '3') {
			struct three t = __builtin_va_arg(ap, struct three);
			sum += t.a * t.b * t.c;
		} else if (*kinds == 's') {
			sum += __builtin_va_arg(ap, struct small).c[2];
		} else if (*kinds == 'p') {
			sum += *__builtin_va_arg(ap, int *);
		} else {
			sum += __builtin_va_arg(ap, int);
		}
	}
	__builtin_va_end(ap);
	return sum;
}

int main(void)
{
	int x = 1000;
	struct two t = { 2, 3 };
	struct three h = { 2, 3, 4 };
	struct small s = { { 1, 2, 3 } };

	ASSERT(0, total(0));
	ASSERT(6, total(3, 1L, 2L, 3L));
	ASSERT(55, total(10, 1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L, 9L, 10L));
	ASSERT(606 + 3, twice(1, 2, 3, 1, 2, 3));
	ASSERT(36 * 101 + 3, twice(1, 2, 8, 1, 2, 3, 4, 5, 6, 7, 8));
	ASSERT(5, records("i", 5));
	ASSERT(6 + 24 + 3 + 1000 + 7, records("23spi", t, h, s, &x, 7));
	ASSERT(6 * 4 + 24 * 2, records("232232", t, h, t, t, h, t));
	ASSERT(1 + 2 + 3 + 4 + 6, records("iiii2", 1, 2, 3, 4, t));
	RESULT();
}
