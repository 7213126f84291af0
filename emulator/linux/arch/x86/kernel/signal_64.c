/*
 * Signal handlers in user mode: a frame with the interrupted registers is pushed on the user's stack, the handler runs,
 * and its return leads to rt_sigreturn, which loads the registers back. The layout is that of the x86-64 ABI.
 */
#include <linux/kernel.h>
#include <linux/sched.h>
#include <linux/signal.h>
#include <linux/string.h>
#include <linux/syscalls.h>
#include <linux/uaccess.h>

struct sigcontext_64 {
	u64 r8, r9, r10, r11, r12, r13, r14, r15;
	u64 di, si, bp, bx, dx, ax, cx, sp, ip;
	u64 flags;
	u16 cs, gs, fs, ss;
	u64 err, trapno, oldmask, cr2;
	u64 fpstate;
	u64 reserved1[8];
};

struct ucontext {
	unsigned long uc_flags;
	struct ucontext *uc_link;
	stack_t uc_stack;
	struct sigcontext_64 uc_mcontext;
	sigset_t uc_sigmask;
};

struct rt_sigframe {
	void __user *pretcode; /* the handler's return address */
	struct ucontext uc;
	char info[128];
};

#define FIX_EFLAGS (X86_EFLAGS_AC | X86_EFLAGS_OF | X86_EFLAGS_DF | X86_EFLAGS_TF | X86_EFLAGS_SF | X86_EFLAGS_ZF | \
		    X86_EFLAGS_AF | X86_EFLAGS_PF | X86_EFLAGS_CF | X86_EFLAGS_RF)

static bool on_sig_stack(unsigned long sp)
{
	return sp > current->sas_ss_sp && sp - current->sas_ss_sp <= current->sas_ss_size;
}

static void __user *get_sigframe(struct ksignal *ksig, struct pt_regs *regs, size_t size)
{
	unsigned long sp = regs->sp - 128; /* below the red zone */

	if ((ksig->ka.sa.sa_flags & SA_ONSTACK) && current->sas_ss_size && !on_sig_stack(regs->sp))
		sp = current->sas_ss_sp + current->sas_ss_size;
	sp = ((sp - size) & ~15UL) - 8; /* as if a call had pushed the return address */
	return (void __user *)sp;
}

static int setup_rt_frame(struct ksignal *ksig, struct pt_regs *regs)
{
	struct rt_sigframe frame;
	struct rt_sigframe __user *uframe = get_sigframe(ksig, regs, sizeof(frame));

	if (!(ksig->ka.sa.sa_flags & SA_RESTORER))
		return -EFAULT;
	memset(&frame, 0, sizeof(frame));
	frame.pretcode = (void __user *)ksig->ka.sa.sa_restorer;
	frame.uc.uc_stack = (stack_t) { (void __user *)current->sas_ss_sp, (int)current->sas_ss_flags, current->sas_ss_size };
	frame.uc.uc_mcontext = (struct sigcontext_64) {
		.r8 = regs->r8, .r9 = regs->r9, .r10 = regs->r10, .r11 = regs->r11, .r12 = regs->r12, .r13 = regs->r13,
		.r14 = regs->r14, .r15 = regs->r15, .di = regs->di, .si = regs->si, .bp = regs->bp, .bx = regs->bx,
		.dx = regs->dx, .ax = regs->ax, .cx = regs->cx, .sp = regs->sp, .ip = regs->ip, .flags = regs->flags,
		.cs = (u16)regs->cs, .ss = (u16)regs->ss, .err = current->thread.error_code,
		.trapno = current->thread.trap_nr, .oldmask = current->blocked.sig[0], .cr2 = current->thread.cr2,
	};
	frame.uc.uc_sigmask = current->restore_sigmask ? current->saved_sigmask : current->blocked;
	memcpy(frame.info, &ksig->info, sizeof(ksig->info));
	if (copy_to_user(uframe, &frame, sizeof(frame)))
		return -EFAULT;
	regs->di = ksig->sig;
	regs->si = (unsigned long)&uframe->info;
	regs->dx = (unsigned long)&uframe->uc;
	regs->ax = 0;
	regs->ip = (unsigned long)ksig->ka.sa.sa_handler;
	regs->sp = (unsigned long)uframe;
	regs->cs = __USER_CS;
	regs->ss = __USER_DS;
	regs->flags &= ~(X86_EFLAGS_DF | X86_EFLAGS_RF | X86_EFLAGS_TF);
	return 0;
}

/* A system call that was interrupted: return -EINTR, or step back onto the syscall instruction to make it again. */
static void handle_restart(struct pt_regs *regs, struct ksignal *ksig)
{
	if ((long)regs->orig_ax < 0)
		return;
	switch ((long)regs->ax) {
	case -ERESTART_RESTARTBLOCK:
	case -ERESTARTNOHAND:
		regs->ax = -EINTR;
		break;
	case -ERESTARTSYS:
		if (!(ksig->ka.sa.sa_flags & SA_RESTART)) {
			regs->ax = -EINTR;
			break;
		}
		fallthrough;
	case -ERESTARTNOINTR:
		regs->ax = regs->orig_ax;
		regs->ip -= 2;
	}
}

void arch_do_signal_or_restart(struct pt_regs *regs)
{
	struct ksignal ksig;

	if (get_signal(&ksig)) {
		handle_restart(regs, &ksig);
		signal_setup_done(setup_rt_frame(&ksig, regs), &ksig, 0);
		return;
	}
	if ((long)regs->orig_ax >= 0) {
		switch ((long)regs->ax) {
		case -ERESTARTNOHAND:
		case -ERESTARTSYS:
		case -ERESTARTNOINTR:
			regs->ax = regs->orig_ax;
			regs->ip -= 2;
			break;
		case -ERESTART_RESTARTBLOCK:
			regs->ax = 219; /* restart_syscall */
			regs->ip -= 2;
		}
	}
	if (current->restore_sigmask) {
		current->restore_sigmask = false;
		set_current_blocked(&current->saved_sigmask);
	}
}

SYSCALL_DEFINE0(rt_sigreturn)
{
	struct pt_regs *regs = current_pt_regs();
	struct rt_sigframe __user *uframe = (struct rt_sigframe __user *)(regs->sp - sizeof(long));
	struct sigcontext_64 sc;
	sigset_t set;

	if (copy_from_user(&sc, &uframe->uc.uc_mcontext, sizeof(sc)) ||
	    copy_from_user(&set, &uframe->uc.uc_sigmask, sizeof(set))) {
		force_sig(SIGSEGV);
		return 0;
	}
	set_current_blocked(&set);
	current->restart_block.fn = NULL;
	regs->r8 = sc.r8;
	regs->r9 = sc.r9;
	regs->r10 = sc.r10;
	regs->r11 = sc.r11;
	regs->r12 = sc.r12;
	regs->r13 = sc.r13;
	regs->r14 = sc.r14;
	regs->r15 = sc.r15;
	regs->di = sc.di;
	regs->si = sc.si;
	regs->bp = sc.bp;
	regs->bx = sc.bx;
	regs->dx = sc.dx;
	regs->cx = sc.cx;
	regs->sp = sc.sp;
	regs->ip = sc.ip;
	regs->flags = (regs->flags & ~FIX_EFLAGS) | (sc.flags & FIX_EFLAGS);
	regs->orig_ax = -1UL; /* not to be restarted */
	return (long)sc.ax;
}
