#include "check.h"

struct list { struct list *next, *prev; };
struct node { int value; struct list link; };

#define container_of(ptr, type, member) ((type *)((char *)(ptr) - __builtin_offsetof(type, member)))

static inline void init(struct list *l) { l->next = l->prev = l; }
static inline void insert(struct list *n, struct list *before, struct list *after)
{
	after->prev = n;
	n->next = after;
	n->prev = before;
	before->next = n;
}
static inline void add_tail(struct list *n, struct list *head) { insert(n, head->prev, head); }
static inline int max(int a, int b) { return a > b ? a : b; }
static inline int early(int x)
{
	if (x < 0)
		return -1;
	if (x == 0)
		return 0;
	return x * 2;
}
static inline __attribute__((always_inline)) int loop(int n)
{
	int sum = 0;

	while (n > 0)
		sum += n--;
	return sum;
}
static inline int modify(int x) { x += 1; x *= 2; return x; }
static inline void out(int *p, int v) { *p = v; }
static inline long nine(long a, long b, long c, long d, long e, long f, long g, long h, long i) { return a + b + c + d + e + f + g * h - i; }
static inline int recursive(int n) { return n ? n + recursive(n - 1) : 0; }
static inline int uses_static(void) { static int counter; return ++counter; }

extern void not_defined(void) __attribute__((error("must disappear")));
static inline __attribute__((always_inline)) void check(unsigned long size)
{
	if (size > 8)
		not_defined();
}

static int sum_list(struct list *head)
{
	int sum = 0;

	for (struct list *l = head->next; l != head; l = l->next)
		sum = sum * 10 + container_of(l, struct node, link)->value;
	return sum;
}

int main(void)
{
	struct list head;
	struct node a = { 1 }, b = { 2 }, c = { 3 };
	int r, x = OPAQUE(10);

	init(&head);
	add_tail(&a.link, &head);
	add_tail(&b.link, &head);
	add_tail(&c.link, &head);
	ASSERT(123, sum_list(&head));
	ASSERT(7, max(max(3, OPAQUE(7)), 5));
	ASSERT(-1, early(-5));
	ASSERT(0, early(OPAQUE(0)));
	ASSERT(20, early(x));
	ASSERT(55, loop(x));
	ASSERT(10, x);
	ASSERT(22, modify(x));
	ASSERT(10, x);
	out(&r, 42);
	ASSERT(42, r);
	ASSERT(21 + 56 - 9, nine(1, 2, 3, 4, 5, 6, 7, 8, OPAQUE(9)));
	ASSERT(55, recursive(10));
	uses_static();
	uses_static();
	ASSERT(3, uses_static());
	check(sizeof(long));
	RESULT();
}
