/* A program to be stopped at every call of probe(): two compilers' debug information must show the same values. */
struct point { int x, y; };
struct list { struct list *next; int value; };

static int sink;
__attribute__((noinline)) void probe(int n) { sink += n; }

static inline int square(int x)
{
	int result = x * x;

	probe(result);
	return result;
}

static inline int nested(int a, int b)
{
	int first = 0, second = 0;

	first = square(a);
	second = square(b) + first;
	probe(second);
	return second - first;
}

__attribute__((noinline)) static long many(int a, long b, short c, unsigned char d, int *e, struct point f, int g, long h)
{
	long total = a + b + c + d;

	probe(1);
	total += *e + f.x + f.y;
	for (int i = 0; i < 3; i++) {
		long step = g * i + h;

		total += step;
		probe(i);
	}
	probe(2);
	return total;
}

__attribute__((noinline)) static int loop(int n)
{
	int even = 0, odd = 0;

	while (n > 0) {
		int half = n / 2;

		if (n % 2)
			odd += half;
		else
			even += half;
		probe(half);
		n -= 3;
	}
	probe(even);
	return even * 100 + odd;
}

__attribute__((noinline)) static int walk(struct list *head)
{
	int length = 0, sum = 0;

	for (struct list *at = head; at; at = at->next) {
		length++;
		sum += at->value;
		probe(sum);
	}
	return sum / length;
}

__attribute__((noinline)) static int choose(int which, int value)
{
	int result = -1;

	switch (which) {
	case 0: {
		int doubled = value * 2;

		probe(doubled);
		result = doubled;
		break;
	}
	case 1:
		result = nested(value, value + 1);
		probe(result);
		break;
	default:
		probe(which);
	}
	return result;
}

__attribute__((noinline)) static int recurse(int depth, int a, int b)
{
	int here = a * 10 + b, below = 0;

	if (depth == 0) {
		probe(here);
		return here;
	}
	below = recurse(depth - 1, b, here & 7);

	probe(below);
	return below + here;
}

__attribute__((noinline)) static int addresses(int start)
{
	int value = start;
	int *alias = &value;
	struct point p = { start, -start };
	int array[4] = { 1, 2, 3, start };

	*alias += 5;
	probe(value);
	p.x += *alias;
	array[1] = p.x;
	probe(array[1]);
	return p.x + array[3];
}

int main(void)
{
	struct list c = { 0, 30 }, b = { &c, 20 }, a = { &b, 10 };
	int number = 7, answer = 0;
	static int counter = 3;

	answer = many(1, 2, 3, 4, &number, (struct point){ 5, 6 }, 7, 8);
	probe(answer);
	answer += loop(10);
	probe(answer);
	answer += walk(&a);
	answer += choose(0, 5) + choose(1, 3) + choose(2, 9);
	answer += recurse(3, 1, 2);
	answer += addresses(40);
	counter += answer;
	probe(counter);
	return 0;
}
