#include "check.h"

static int classify(int x)
{
	switch (x) {
	case -5: return 1;
	case 0: return 2;
	case 1 ... 9: return 3;
	case 10: case 20: case 30: return 4;
	case 1000000: return 5;
	case 0x7fffffff: return 6;
	default: return 7;
	}
}

static int wide(unsigned long x)
{
	switch (x) {
	case 0xffffffffffffffffUL: return 1;
	case 0x8000000000000000UL: return 2;
	case 5: return 3;
	case 0x100000005UL: return 4;
	}
	return 0;
}

static int fall(int x)
{
	int r = 0;

	switch (x) {
	case 1: r += 1;
	case 2: r += 2; break;
	default: r += 100;
	case 3: r += 4;
	}
	return r;
}

static int duff(int n)
{
	int count = 0, loops = (n + 3) / 4;

	switch (n % 4) {
	case 0: do { count++;
	case 3: count++;
	case 2: count++;
	case 1: count++;
		} while (--loops > 0);
	}
	return count;
}

static int collatz(int n)
{
	int steps = 0;

	while (n != 1) {
		if (n % 2)
			n = 3 * n + 1;
		else
			n /= 2;
		steps++;
	}
	return steps;
}

static int search(int a[][4], int want)
{
	int i, j;

	for (i = 0; i < 4; i++)
		for (j = 0; j < 4; j++)
			if (a[i][j] == want)
				goto found;
	return -1;
found:
	return i * 10 + j;
}

static int interpret(const char *code)
{
	static void *const table[] = { &&add, &&sub, &&halt };
	int acc = 0;

#define NEXT goto *table[*code++ - '0']
	NEXT;
add:
	acc += 5;
	NEXT;
sub:
	acc -= 2;
	NEXT;
halt:
	return acc;
}

static int relative(int which)
{
	static const int offsets[] = { &&a - &&a, &&b - &&a, &&c - &&a };
	goto *(&&a + offsets[which]);
a:
	return 1;
b:
	return 2;
c:
	return 3;
}

static int cleanup_log;
static void note(int *value) { cleanup_log = cleanup_log * 10 + *value; }

static int scoped(int early)
{
	int a __attribute__((cleanup(note))) = 1;
	{
		int b __attribute__((cleanup(note))) = 2;
		if (early)
			return cleanup_log + 7;
	}
	for (int i = 0; i < 2; i++) {
		int c __attribute__((cleanup(note))) = 3 + i;
		if (i == 0)
			continue;
		break;
	}
	return 0;
}

int main(void)
{
	int grid[4][4], n = 0;

	ASSERT(1, classify(-5));
	ASSERT(2, classify(0));
	ASSERT(3, classify(1));
	ASSERT(3, classify(9));
	ASSERT(4, classify(20));
	ASSERT(4, classify(30));
	ASSERT(5, classify(1000000));
	ASSERT(6, classify(0x7fffffff));
	ASSERT(7, classify(11));
	ASSERT(7, classify(-1));
	ASSERT(1, wide(-1UL));
	ASSERT(2, wide(1UL << 63));
	ASSERT(3, wide(5));
	ASSERT(4, wide(0x100000005UL));
	ASSERT(0, wide(6));
	ASSERT(3, fall(1));
	ASSERT(2, fall(2));
	ASSERT(4, fall(3));
	ASSERT(104, fall(9));
	ASSERT(13, duff(13));
	ASSERT(16, duff(16));
	ASSERT(111, collatz(27));
	for (int i = 0; i < 4; i++)
		for (int j = 0; j < 4; j++)
			grid[i][j] = n++;
	ASSERT(21, search(grid, 9));
	ASSERT(-1, search(grid, 99));
	ASSERT(11, interpret("000112"));
	ASSERT(1, relative(0));
	ASSERT(2, relative(1));
	ASSERT(3, relative(2));
	ASSERT(7, scoped(1));
	ASSERT(21, cleanup_log);
	cleanup_log = 0;
	ASSERT(0, scoped(0));
	ASSERT(2341, cleanup_log);
	n = 0;
	do {
		n++;
		if (n == 3)
			continue;
		if (n > 5)
			break;
	} while (n < 100);
	ASSERT(6, n);
	for (n = 0;; n++)
		if (n == 17)
			break;
	ASSERT(17, n);
	RESULT();
}
