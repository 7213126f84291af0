/*
 * Very many probes at once, one on each of the first `count` instructions of rows of equal ones. With batch=1
 * they are registered and removed by one call each, otherwise one by one; post=1 gives them a post handler, so that they
 * are stepped and never become jumps. Then the first and the last row run. The log tells each step, for whoever measures it.
 */
#include <linux/kprobes.h>
#include <linux/module.h>
#include <linux/vmalloc.h>

static int count = 10000;
module_param(count, int, 0444);
static int batch;
module_param(batch, int, 0444);
static int post;
module_param(post, int, 0444);

#define ROW 10000
#define INSTRUCTION_SIZE 5

static unsigned long hits;
static struct kprobe *probes, **pointers;

#define DEFINE_ROW(name) \
	static noinline void name(void) \
	{ \
		asm volatile(".rept 10000\n\tmovl $1, %%eax\n\t.endr" : : : "eax"); \
	}
DEFINE_ROW(row0)
DEFINE_ROW(row1)
DEFINE_ROW(row2)
DEFINE_ROW(row3)
DEFINE_ROW(row4)
DEFINE_ROW(row5)
DEFINE_ROW(row6)
DEFINE_ROW(row7)
DEFINE_ROW(row8)
DEFINE_ROW(row9)

static void (*const rows[])(void) = { row0, row1, row2, row3, row4, row5, row6, row7, row8, row9 };

static int count_pre(struct kprobe *p, struct pt_regs *regs)
{
	hits++;
	return 0;
}

static void count_post(struct kprobe *p, struct pt_regs *regs, unsigned long flags)
{
}

/* The address of the first instruction of a row: behind what the compiler puts before it. */
static kprobe_opcode_t *first(int row)
{
	kprobe_opcode_t *at = (kprobe_opcode_t *)rows[row];

	while (at[0] != 0xb8 || at[1] != 1 || at[INSTRUCTION_SIZE] != 0xb8)
		at++;
	return at;
}

static int register_all(void)
{
	int i, ret;

	if (batch)
		return register_kprobes(pointers, count);
	for (i = 0; i < count; i++) {
		ret = register_kprobe(&probes[i]);
		if (ret < 0)
			return ret;
	}
	return 0;
}

static void unregister_all(void)
{
	int i;

	if (batch) {
		unregister_kprobes(pointers, count);
		return;
	}
	for (i = 0; i < count; i++)
		unregister_kprobe(&probes[i]);
}

static int __init probe_crowd_init(void)
{
	kprobe_opcode_t *at = NULL;
	int i, ret;

	if (count < 1 || count > ROW * ARRAY_SIZE(rows))
		return -EINVAL;
	probes = vzalloc(count * sizeof(*probes));
	pointers = vzalloc(count * sizeof(*pointers));
	if (!probes || !pointers)
		return -ENOMEM;
	for (i = 0; i < count; i++) {
		at = i % ROW ? at + INSTRUCTION_SIZE : first(i / ROW);
		probes[i].addr = at;
		probes[i].pre_handler = count_pre;
		if (post)
			probes[i].post_handler = count_post;
		pointers[i] = &probes[i];
	}
	pr_info("registering\n");
	ret = register_all();
	pr_info("registered: %d\n", ret);
	return ret;
}

static void run_rows(void)
{
	rows[0]();
	if (count > ROW)
		rows[(count - 1) / ROW]();
}

static void __exit probe_crowd_exit(void)
{
	run_rows();
	pr_info("hits: %lu\n", hits);
	unregister_all();
	pr_info("unregistered\n");
	hits = 0;
	run_rows();
	pr_info("hits: %lu\n", hits);
	vfree(pointers);
	vfree(probes);
}

module_init(probe_crowd_init);
module_exit(probe_crowd_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Very many probes at once");
