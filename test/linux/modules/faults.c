/*
 * Things that kernel code must not do, one for each value of the parameter.
 */
#include <linux/delay.h>
#include <linux/module.h>
#include <linux/spinlock.h>

static int what;
module_param(what, int, 0444);
static DEFINE_SPINLOCK(lock);

static noinline void store(int *where)
{
	*where = 1;
}

static noinline int recurse(int depth)
{
	volatile char space[512];

	space[0] = (char)depth;
	return depth > 0 ? recurse(depth - 1) + space[0] : 0;
}

static int __init faults_init(void)
{
	switch (what) {
	case 0:
		store(NULL);
		break;
	case 1:
		BUG();
	case 2:
		store((int *)0xdead000000000000);
		break;
	case 3:
		return recurse(100000);
	case 4:
		spin_lock(&lock);
		msleep(1);
		spin_unlock(&lock);
		break;
	case 5:
		WARN(what == 5, "warned of %d\n", what);
		break;
	case 6:
		return -EBUSY;
	case 7:
		panic("on purpose");
	}
	return 0;
}

static void __exit faults_exit(void)
{
}

module_init(faults_init);
module_exit(faults_exit);
MODULE_LICENSE("GPL");
