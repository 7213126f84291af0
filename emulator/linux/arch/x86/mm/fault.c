/*
 * Page faults: a page of a program that is not there yet (memory management brings it), a wild pointer of a program
 * (a signal), an access to user memory that was allowed to fault (the exception table), or a bug (an oops).
 */
#include <linux/kdebug.h>
#include <linux/kernel.h>
#include <linux/kprobes.h>
#include <linux/mm.h>
#include <linux/sched.h>
#include <linux/signal.h>
#include <linux/uaccess.h>
#include <lab/gates.h>
#include <asm/extable.h>
#include <asm/pgtable.h>
#include <asm/stacktrace.h>
#include <asm/trapnr.h>
#include <asm/traps.h>

#define X86_PF_PROT 0x01
#define X86_PF_WRITE 0x02
#define X86_PF_USER 0x04
#define X86_PF_RSVD 0x08
#define X86_PF_INSTR 0x10

/* The entries of the page tables on the way to the address. */
static void dump_pagetable(unsigned long address)
{
	pgd_t *pgd = (pgd_t *)__va(__read_cr3() & PTE_PFN_MASK) + pgd_index(address);
	char line[96];
	int len = scnprintf(line, sizeof(line), "PGD %lx P4D %lx ", pgd_val(*pgd), pgd_val(*pgd));
	pud_t *pud;
	pmd_t *pmd;

	if (pgd_none(*pgd))
		goto out;
	pud = pud_offset(p4d_offset(pgd, address), address);
	len += scnprintf(line + len, sizeof(line) - len, "PUD %lx ", pud_val(*pud));
	if (pud_none(*pud))
		goto out;
	pmd = pmd_offset(pud, address);
	len += scnprintf(line + len, sizeof(line) - len, "PMD %lx ", pmd_val(*pmd));
	if (pmd_none(*pmd) || pmd_large(*pmd))
		goto out;
	scnprintf(line + len, sizeof(line) - len, "PTE %lx", pte_val(*pte_offset_kernel(pmd, address)));
out:
	printk(KERN_DEFAULT "%s\n", line);
}
NOKPROBE_SYMBOL(dump_pagetable);

static void show_fault_oops(unsigned long error_code, unsigned long address)
{
	if (address < PAGE_SIZE && !(error_code & X86_PF_USER))
		pr_alert("BUG: kernel NULL pointer dereference, address: %px\n", (void *)address);
	else
		pr_alert("BUG: unable to handle page fault for address: %px\n", (void *)address);
	pr_alert("#PF: %s %s in %s mode\n", (error_code & X86_PF_USER) ? "user" : "supervisor",
		 (error_code & X86_PF_INSTR) ? "instruction fetch" :
		 (error_code & X86_PF_WRITE) ? "write access" : "read access",
		 (error_code & X86_PF_USER) ? "user" : "kernel");
	pr_alert("#PF: error_code(0x%04lx) - %s\n", error_code,
		 !(error_code & X86_PF_PROT) ? "not-present page" :
		 (error_code & X86_PF_RSVD) ? "reserved bit violation" : "permissions violation");
	dump_pagetable(address);
}
NOKPROBE_SYMBOL(show_fault_oops);

static void page_fault_oops(struct pt_regs *regs, unsigned long error_code, unsigned long address)
{
	unsigned long flags = oops_begin();
	int sig = SIGKILL;

	current->thread.cr2 = address;
	current->thread.trap_nr = X86_TRAP_PF;
	current->thread.error_code = error_code;
	if (address >= (unsigned long)task_stack_page(current) - PAGE_SIZE &&
	    address < (unsigned long)task_stack_page(current))
		pr_emerg("BUG: stack guard page was hit at %px (stack is %px..%px)\n", (void *)address,
			 task_stack_page(current), task_stack_page(current) + THREAD_SIZE - 1);
	show_fault_oops(error_code, address);
	if (__die("Oops", regs, error_code))
		sig = 0;
	printk(KERN_DEFAULT "CR2: %016lx\n", address);
	lab_oops(regs, address < PAGE_SIZE ? "kernel NULL pointer dereference" : "unable to handle page fault", error_code,
		 X86_TRAP_PF);
	oops_end(flags, regs, sig);
}
NOKPROBE_SYMBOL(page_fault_oops);

static void kernelmode_fixup_or_oops(struct pt_regs *regs, unsigned long error_code, unsigned long address)
{
	if (fixup_exception(regs, X86_TRAP_PF, error_code, address))
		return;
	page_fault_oops(regs, error_code, address);
}
NOKPROBE_SYMBOL(kernelmode_fixup_or_oops);

static void show_signal_msg(struct pt_regs *regs, unsigned long error_code, unsigned long address)
{
	static DEFINE_RATELIMIT_STATE(segv_rs, DEFAULT_RATELIMIT_INTERVAL, DEFAULT_RATELIMIT_BURST);

	if (current->sighand->action[SIGSEGV - 1].sa.sa_handler != SIG_DFL || !__ratelimit(&segv_rs))
		return;
	printk(KERN_INFO "%s[%d]: segfault at %lx ip %016lx sp %016lx error %lx\n", current->comm, task_pid_nr(current),
	       address, regs->ip, regs->sp, error_code);
}

static void bad_area_nosemaphore(struct pt_regs *regs, unsigned long error_code, unsigned long address, int si_code)
{
	if (!user_mode(regs)) {
		kernelmode_fixup_or_oops(regs, error_code, address);
		return;
	}
	local_irq_enable();
	show_signal_msg(regs, error_code, address);
	current->thread.cr2 = address;
	current->thread.trap_nr = X86_TRAP_PF;
	current->thread.error_code = error_code | X86_PF_USER;
	force_sig_fault(SIGSEGV, si_code, (void __user *)address);
}
NOKPROBE_SYMBOL(bad_area_nosemaphore);

static bool access_error(unsigned long error_code, struct vm_area_struct *vma)
{
	if (error_code & X86_PF_WRITE)
		return !(vma->vm_flags & VM_WRITE);
	if (error_code & X86_PF_INSTR)
		return !(vma->vm_flags & VM_EXEC);
	return !(vma->vm_flags & (VM_READ | VM_EXEC | VM_WRITE));
}

/* No page is left. There is nothing to swap out: the process that needs one has to go, as the largest would on Linux. */
static void out_of_memory(void)
{
	pr_err("Out of memory: Killed process %d (%s) total-vm:%lukB\n", task_pid_nr(current), current->comm,
	       current->mm->total_vm << (PAGE_SHIFT - 10));
	force_sig(SIGKILL);
}

static void do_user_addr_fault(struct pt_regs *regs, unsigned long error_code, unsigned long address)
{
	struct mm_struct *mm = current->mm;
	struct vm_area_struct *vma;
	unsigned int flags = FAULT_FLAG_ALLOW_RETRY | FAULT_FLAG_KILLABLE;
	vm_fault_t fault;

	if (unlikely(faulthandler_disabled() || !mm)) {
		bad_area_nosemaphore(regs, error_code, address, SEGV_MAPERR);
		return;
	}
	if (user_mode(regs)) {
		local_irq_enable();
		flags |= FAULT_FLAG_USER;
	} else if (regs->flags & X86_EFLAGS_IF) {
		local_irq_enable();
	}
	if (error_code & X86_PF_WRITE)
		flags |= FAULT_FLAG_WRITE;
	if (error_code & X86_PF_INSTR)
		flags |= FAULT_FLAG_INSTRUCTION;

	/* A kernel fault with no fixup may come from code that holds the lock: do not wait for ourselves. */
	if (unlikely(!mmap_read_trylock(mm))) {
		if (!user_mode(regs) && !search_exception_tables(regs->ip)) {
			bad_area_nosemaphore(regs, error_code, address, SEGV_MAPERR);
			return;
		}
		mmap_read_lock(mm);
	}

	vma = find_vma(mm, address);
	if (!vma || (vma->vm_start > address && (!(vma->vm_flags & VM_GROWSDOWN) || expand_stack(vma, address)))) {
		mmap_read_unlock(mm);
		bad_area_nosemaphore(regs, error_code, address, SEGV_MAPERR);
		return;
	}
	if (access_error(error_code, vma)) {
		mmap_read_unlock(mm);
		bad_area_nosemaphore(regs, error_code, address, SEGV_ACCERR);
		return;
	}

	fault = handle_mm_fault(vma, address, flags, regs);
	mmap_read_unlock(mm);
	if (likely(!(fault & VM_FAULT_ERROR)))
		return;
	if (!user_mode(regs)) {
		kernelmode_fixup_or_oops(regs, error_code, address);
		return;
	}
	if (fault & VM_FAULT_OOM)
		out_of_memory();
	else if (fault & VM_FAULT_SIGBUS)
		force_sig_fault(SIGBUS, BUS_ADRERR, (void __user *)address);
	else
		bad_area_nosemaphore(regs, error_code, address, SEGV_MAPERR);
}
NOKPROBE_SYMBOL(do_user_addr_fault);

void exc_page_fault(struct pt_regs *regs, unsigned long error_code)
{
	unsigned long address = read_cr2();

	if (!user_mode(regs) && kprobe_fault_handler(regs, X86_TRAP_PF))
		return;
	if (unlikely(address >= TASK_SIZE_MAX))
		bad_area_nosemaphore(regs, error_code, address, SEGV_MAPERR);
	else
		do_user_addr_fault(regs, error_code, address);
	local_irq_disable();
}
NOKPROBE_SYMBOL(exc_page_fault);
