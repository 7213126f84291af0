/*
 * The same conversions by the kernel's printk and, compiled natively, by the C library's printf: one line each. Only
 * what both promise is here; the kernel's own extensions of %p are in services.c.
 */
#ifdef __KERNEL__
#include <linux/kernel.h>
#include <linux/module.h>
#define PRINT(format, ...) printk(KERN_INFO format "\n", ##__VA_ARGS__)
#else
#include <stdio.h>
#define PRINT(format, ...) printf(format "\n", ##__VA_ARGS__)
#endif

static void print_all(void)
{
	static const int ints[] = { 0, 1, -1, 7, 42, -42, 123456789, 2147483647, -2147483647 - 1 };
	unsigned int i;

	for (i = 0; i < sizeof(ints) / sizeof(ints[0]); i++) {
		int v = ints[i];

		PRINT("d|%d|%5d|%-5d|%05d|%+d|% d|%.3d|%8.3d|%-8.3d|%+05d|", v, v, v, v, v, v, v, v, v, v);
		PRINT("u|%u|%12u|%-12u|%012u|%.0u|", v, v, v, v, v);
		PRINT("x|%x|%X|%#x|%#X|%08x|%#010x|%-10x|%.5x|", v, v, v ? v : 1, v ? v : 1, v, v ? v : 1, v, v);
		PRINT("o|%o|%#o|%08o|%-8o|", v, v, v, v);
		PRINT("h|%hd|%hu|%hhd|%hhu|%hx|", (short)v, (unsigned short)v, (signed char)v, (unsigned char)v, (unsigned short)v);
		PRINT("l|%ld|%lu|%lx|%lld|%llu|%llx|", (long)v, (unsigned long)v, (unsigned long)v, (long long)v * v,
		      (unsigned long long)v, (unsigned long long)v);
		PRINT("*|%*d|%-*d|%.*d|%*.*d|", 9, v, 9, v, 4, v, 12, 6, v);
	}
	PRINT("z|%zu|%zd|%zx|", sizeof(long), sizeof(int), sizeof(char));
	PRINT("c|%c|%5c|%-5c|", 'a', 'b', 'c');
	PRINT("s|%s|%10s|%-10s|%.2s|%10.2s|%-10.2s|%.0s|%*s|", "hello", "hello", "hello", "hello", "hello", "hello", "hello", 7, "abc");
	PRINT("%%|100%%|");
	PRINT("i|%i|%5i|", 12, -12);
	PRINT("max|%llu|%lld|%llx|", ~0ULL, (long long)(~0ULL >> 1), 0x8000000000000000ULL);
}

#ifdef __KERNEL__
static int __init formats_init(void)
{
	print_all();
	return 0;
}

static void __exit formats_exit(void)
{
}

module_init(formats_init);
module_exit(formats_exit);
MODULE_LICENSE("GPL");
#else
int main(void)
{
	print_all();
	return 0;
}
#endif
