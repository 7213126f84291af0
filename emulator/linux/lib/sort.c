/*
 * Heap sort: no memory, no recursion, and no input that makes it slow.
 */
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/sort.h>

static void swap_bytes(void *a, void *b, int size)
{
	char *p = a, *q = b;

	while (size--)
		swap(p[size], q[size]);
}

/* Let the element at `root` sink until both its children are smaller. */
static void sift_down(void *base, size_t root, size_t num, size_t size, int (*cmp)(const void *, const void *),
		      void (*swap_func)(void *, void *, int size))
{
	size_t child;

	for (; (child = 2 * root + 1) < num; root = child) {
		if (child + 1 < num && cmp(base + child * size, base + (child + 1) * size) < 0)
			child++;
		if (cmp(base + root * size, base + child * size) >= 0)
			return;
		swap_func(base + root * size, base + child * size, (int)size);
	}
}

void sort(void *base, size_t num, size_t size, int (*cmp)(const void *, const void *),
	  void (*swap_func)(void *, void *, int size))
{
	size_t i;

	if (!swap_func)
		swap_func = swap_bytes;
	for (i = num / 2; i-- > 0;)
		sift_down(base, i, num, size, cmp, swap_func);
	for (i = num; i-- > 1;) {
		swap_func(base, base + i * size, (int)size);
		sift_down(base, 0, i, size, cmp, swap_func);
	}
}
EXPORT_SYMBOL(sort);
