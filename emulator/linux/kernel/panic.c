/*
 * Panic: the machine stops, with its last words on the console. And taint: what has happened that makes later reports
 * less trustworthy.
 */
#include <linux/bug.h>
#include <linux/interrupt.h>
#include <linux/kernel.h>
#include <linux/kprobes.h>
#include <linux/module.h>
#include <linux/notifier.h>
#include <linux/sched.h>
#include <linux/smp.h>
#include <lab/gates.h>
#include <asm/stacktrace.h>

int panic_timeout, panic_on_oops, panic_on_warn, oops_in_progress;
unsigned long panic_on_taint;
static unsigned long tainted_mask;
static atomic_t panic_cpu = ATOMIC_INIT(-1);

struct taint_flag {
	char c_true;
	char c_false;
};

static const struct taint_flag taint_flags[TAINT_FLAGS_COUNT] = {
	{ 'P', 'G' }, { 'F', ' ' }, { 'S', ' ' }, { 'R', ' ' }, { 'M', ' ' }, { 'B', ' ' }, { 'U', ' ' }, { 'D', ' ' },
	{ 'A', ' ' }, { 'W', ' ' }, { 'C', ' ' }, { 'I', ' ' }, { 'O', ' ' }, { 'E', ' ' }, { 'L', ' ' }, { 'K', ' ' },
};

const char *print_tainted(void)
{
	static char buf[TAINT_FLAGS_COUNT + sizeof("Tainted: ")];
	char *s = buf;
	int i;

	if (!tainted_mask)
		return "Not tainted";
	s += sprintf(s, "Tainted: ");
	for (i = 0; i < TAINT_FLAGS_COUNT; i++)
		*s++ = test_bit(i, &tainted_mask) ? taint_flags[i].c_true : taint_flags[i].c_false;
	*s = '\0';
	return buf;
}

int test_taint(unsigned int flag)
{
	return test_bit(flag, &tainted_mask);
}
EXPORT_SYMBOL(test_taint);

unsigned long get_taint(void)
{
	return tainted_mask;
}

void add_taint(unsigned int flag, enum lockdep_ok lockdep_ok)
{
	set_bit(flag, &tainted_mask);
}
EXPORT_SYMBOL(add_taint);

void oops_enter(void)
{
	oops_in_progress++;
}

void oops_exit(void)
{
	oops_in_progress--;
}

static void stop_this_cpu(void *dummy)
{
	local_irq_disable();
	for (;;)
		native_halt();
}

void __noreturn panic(const char *fmt, ...)
{
	static char buf[1024];
	va_list args;
	int len, this_cpu = raw_smp_processor_id();

	local_irq_disable();
	if (atomic_cmpxchg(&panic_cpu, -1, this_cpu) != -1)
		stop_this_cpu(NULL);
	oops_in_progress++;
	va_start(args, fmt);
	len = vscnprintf(buf, sizeof(buf), fmt, args);
	va_end(args);
	if (len && buf[len - 1] == '\n')
		buf[len - 1] = '\0';
	pr_emerg("Kernel panic - not syncing: %s\n", buf);
	dump_stack();
	atomic_notifier_call_chain(&panic_notifier_list, 0, buf);
	pr_emerg("---[ end Kernel panic - not syncing: %s ]---\n", buf);
	lab_panic(buf);
	system_state = SYSTEM_HALT;
	smp_call_function(stop_this_cpu, NULL, 0);
	stop_this_cpu(NULL);
	unreachable();
}
EXPORT_SYMBOL(panic);

/* The text of a WARN(condition, format...), printed before its trap. */
void __warn_printk(const char *fmt, ...)
{
	va_list args;

	printk(KERN_WARNING "------------[ cut here ]------------\n");
	va_start(args, fmt);
	vprintk(fmt, args);
	va_end(args);
}
EXPORT_SYMBOL(__warn_printk);

void print_modules(void);

void __warn(const char *file, int line, void *caller, unsigned int taint, struct pt_regs *regs)
{
	if (file)
		pr_warn("WARNING: CPU: %d PID: %d at %s:%d %pS\n", raw_smp_processor_id(), current->pid, file, line, caller);
	else
		pr_warn("WARNING: CPU: %d PID: %d at %pS\n", raw_smp_processor_id(), current->pid, caller);
	print_modules();
	if (regs)
		show_regs(regs);
	printk(KERN_WARNING "---[ end trace 0000000000000000 ]---\n");
	lab_warn(regs, file, line);
	if (panic_on_warn)
		panic("kernel: panic_on_warn set ...\n");
	add_taint(taint, LOCKDEP_STILL_OK);
}

void refcount_warn_saturate(refcount_t *r, const char *what)
{
	atomic_set(&r->refs, REFCOUNT_SATURATED);
	WARN(1, "refcount_t: %s.\n", what);
}
EXPORT_SYMBOL(refcount_warn_saturate);

EXPORT_SYMBOL(oops_in_progress);
