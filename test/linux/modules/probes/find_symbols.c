/* kallsyms_lookup_name is not exported: a probe tells where it is, and it tells where everything else is. */
#include <asm/insn.h>
#include <asm/special_insns.h>
#include <asm/syscall.h>
#include <linux/kallsyms.h>
#include <linux/kprobes.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/syscalls.h>
#include <linux/unistd.h>

typedef unsigned long (*lookup_fn)(const char *name);
static struct kprobe kp = { .symbol_name = "kallsyms_lookup_name" };
static lookup_fn lookup;
static unsigned long *table;
static asmlinkage long (*original)(const struct pt_regs *regs);
static int calls;

static asmlinkage long our_uname(const struct pt_regs *regs)
{
	calls++;
	return original(regs);
}

/* The write protection of pages is off while a pointer in the table changes. */
static void put_entry(int nr, unsigned long value)
{
	unsigned long cr0 = read_cr0();

	asm volatile("mov %0, %%cr0" : "+r"(cr0) : : "memory");
	cr0 &= ~(1UL << 16);
	asm volatile("mov %0, %%cr0" : : "r"(cr0) : "memory");
	table[nr] = value;
	cr0 |= 1UL << 16;
	asm volatile("mov %0, %%cr0" : : "r"(cr0) : "memory");
}

static int count_instructions(const char *name)
{
	unsigned long size = 0, offset, start = lookup(name), at;
	char text[KSYM_SYMBOL_LEN];
	int n = 0;

	sprint_symbol(text, start);
	if (sscanf(strchr(text, '/') + 1, "0x%lx", &size) != 1)
		return -1;
	for (at = start; at < start + size; n++) {
		struct insn insn;

		if (insn_decode(&insn, (void *)at, MAX_INSN_SIZE, INSN_MODE_64) < 0)
			return -2;
		at += insn.length;
	}
	offset = at - start - size;
	return offset ? -3 : n;
}

static int __init find_symbols_init(void)
{
	int err = register_kprobe(&kp);

	if (err < 0)
		return err;
	lookup = (lookup_fn)kp.addr;
	unregister_kprobe(&kp);
	table = (unsigned long *)lookup("sys_call_table");
	pr_info("vfs_read found %d, nothing %lx, table %d\n", lookup("vfs_read") != 0, lookup("vfs_reed"), table != NULL);
	pr_info("openat is %ps\n", (void *)table[__NR_openat]);
	original = (void *)table[__NR_uname];
	put_entry(__NR_uname, (unsigned long)our_uname);
	pr_info("instructions: vfs_read %d, do_sys_openat2 %d, __schedule %d\n", count_instructions("vfs_read") > 10,
		count_instructions("do_sys_openat2") > 10, count_instructions("__schedule") > 50);
	return 0;
}

static void __exit find_symbols_exit(void)
{
	put_entry(__NR_uname, (unsigned long)original);
	pr_info("uname was called %d\n", calls);
}

module_init(find_symbols_init);
module_exit(find_symbols_exit);
MODULE_LICENSE("GPL");

/* console
 * $ insmod /root/find_symbols.ko
 * vfs_read found 1, nothing 0, table 1
 * openat is __x64_sys_openat
 * instructions: vfs_read 1, do_sys_openat2 1, __schedule 1
 * $ uname; rmmod find_symbols; uname
 * Linux
 * uname was called 1
 * Linux
 */
