/* Signals: sets, actions, information, and who sends and takes them. */
#ifndef _LINUX_SIGNAL_H
#define _LINUX_SIGNAL_H

#include <linux/list.h>
#include <linux/types.h>
#include <linux/spinlock_types.h>

#define SIGHUP 1
#define SIGINT 2
#define SIGQUIT 3
#define SIGILL 4
#define SIGTRAP 5
#define SIGABRT 6
#define SIGIOT 6
#define SIGBUS 7
#define SIGFPE 8
#define SIGKILL 9
#define SIGUSR1 10
#define SIGSEGV 11
#define SIGUSR2 12
#define SIGPIPE 13
#define SIGALRM 14
#define SIGTERM 15
#define SIGSTKFLT 16
#define SIGCHLD 17
#define SIGCONT 18
#define SIGSTOP 19
#define SIGTSTP 20
#define SIGTTIN 21
#define SIGTTOU 22
#define SIGURG 23
#define SIGXCPU 24
#define SIGXFSZ 25
#define SIGVTALRM 26
#define SIGPROF 27
#define SIGWINCH 28
#define SIGIO 29
#define SIGPWR 30
#define SIGSYS 31
#define SIGRTMIN 32
#define _NSIG 64

#define SA_NOCLDSTOP 0x00000001u
#define SA_NOCLDWAIT 0x00000002u
#define SA_SIGINFO 0x00000004u
#define SA_RESTORER 0x04000000u
#define SA_ONSTACK 0x08000000u
#define SA_RESTART 0x10000000u
#define SA_NODEFER 0x40000000u
#define SA_RESETHAND 0x80000000u
#define SIG_BLOCK 0
#define SIG_UNBLOCK 1
#define SIG_SETMASK 2

typedef void (*__sighandler_t)(int);
#define SIG_DFL ((__sighandler_t)0)
#define SIG_IGN ((__sighandler_t)1)
#define SIG_ERR ((__sighandler_t)-1)

typedef struct {
	unsigned long sig[1];
} sigset_t;

/* As rt_sigaction(2) passes it. */
struct sigaction {
	__sighandler_t sa_handler;
	unsigned long sa_flags;
	void (*sa_restorer)(void);
	sigset_t sa_mask;
};

struct k_sigaction {
	struct sigaction sa;
};

typedef union sigval {
	int sival_int;
	void *sival_ptr;
} sigval_t;

/* siginfo_t of user space is 128 bytes; these are the fields that this kernel fills. */
typedef struct kernel_siginfo {
	int si_signo;
	int si_errno;
	int si_code;
	int _pad0;
	union {
		struct {
			pid_t si_pid;
			uid_t si_uid;
			union {
				int si_status;
				sigval_t si_value;
			};
		};
		void *si_addr;
		unsigned long _pad[14];
	};
} kernel_siginfo_t;
typedef kernel_siginfo_t siginfo_t;

#define SI_USER 0
#define SI_KERNEL 0x80
#define SI_QUEUE -1
#define SI_TIMER -2
#define SI_TKILL -6
#define SEGV_MAPERR 1
#define SEGV_ACCERR 2
#define BUS_ADRERR 2
#define ILL_ILLOPN 2
#define FPE_INTDIV 1
#define TRAP_BRKPT 1
#define TRAP_TRACE 2
#define CLD_EXITED 1
#define CLD_KILLED 2
#define CLD_DUMPED 3
#define CLD_STOPPED 5
#define CLD_CONTINUED 6
#define SEND_SIG_NOINFO ((struct kernel_siginfo *)0)
#define SEND_SIG_PRIV ((struct kernel_siginfo *)1)

struct sigqueue {
	struct list_head list;
	int flags;
	kernel_siginfo_t info;
};

struct sigpending {
	struct list_head list;
	sigset_t signal;
};

struct ksignal {
	struct k_sigaction ka;
	kernel_siginfo_t info;
	int sig;
};

typedef struct sigaltstack {
	void __user *ss_sp;
	int ss_flags;
	size_t ss_size;
} stack_t;
#define SS_ONSTACK 1
#define SS_DISABLE 2

#define sigmask(sig) (1UL << ((sig) - 1))

static inline void sigaddset(sigset_t *set, int sig)
{
	set->sig[0] |= sigmask(sig);
}

static inline void sigdelset(sigset_t *set, int sig)
{
	set->sig[0] &= ~sigmask(sig);
}

static inline int sigismember(sigset_t *set, int sig)
{
	return 1 & (set->sig[0] >> (sig - 1));
}

static inline void sigemptyset(sigset_t *set)
{
	set->sig[0] = 0;
}

static inline void sigfillset(sigset_t *set)
{
	set->sig[0] = ~0UL;
}

static inline void siginitset(sigset_t *set, unsigned long mask)
{
	set->sig[0] = mask;
}

static inline int valid_signal(unsigned long sig)
{
	return sig <= _NSIG;
}

#define SIG_KERNEL_ONLY_MASK (sigmask(SIGKILL) | sigmask(SIGSTOP))
#define SIG_KERNEL_STOP_MASK (sigmask(SIGSTOP) | sigmask(SIGTSTP) | sigmask(SIGTTIN) | sigmask(SIGTTOU))
#define SIG_KERNEL_COREDUMP_MASK (sigmask(SIGQUIT) | sigmask(SIGILL) | sigmask(SIGTRAP) | sigmask(SIGABRT) | \
	sigmask(SIGFPE) | sigmask(SIGSEGV) | sigmask(SIGBUS) | sigmask(SIGSYS) | sigmask(SIGXCPU) | sigmask(SIGXFSZ))
#define SIG_KERNEL_IGNORE_MASK (sigmask(SIGCONT) | sigmask(SIGCHLD) | sigmask(SIGWINCH) | sigmask(SIGURG))

struct task_struct;
struct pid;
struct pt_regs;
extern int send_sig(int sig, struct task_struct *p, int priv);
extern int send_sig_info(int sig, struct kernel_siginfo *info, struct task_struct *p);
extern int do_send_sig_info(int sig, struct kernel_siginfo *info, struct task_struct *p, int type);
extern int group_send_sig_info(int sig, struct kernel_siginfo *info, struct task_struct *p, int type);
extern int kill_pgrp(struct pid *pid, int sig, int priv);
extern int kill_pid(struct pid *pid, int sig, int priv);
extern int check_kill_permission(int sig, struct kernel_siginfo *info, struct task_struct *t);
extern int kill_something_info(int sig, struct kernel_siginfo *info, pid_t pid);
extern int kill_pid_info(int sig, struct kernel_siginfo *info, struct pid *pid);
extern void force_sig(int sig);
extern int force_sig_fault(int sig, int code, void __user *addr);
extern void force_sigsegv(int sig);
extern bool get_signal(struct ksignal *ksig);
extern int dequeue_signal(struct task_struct *tsk, sigset_t *mask, kernel_siginfo_t *info);
extern void flush_signal_handlers(struct task_struct *t, int force_default);
extern void flush_signals(struct task_struct *t);
extern void flush_sigqueue(struct sigpending *queue);
extern void recalc_sigpending(void);
extern void set_current_blocked(sigset_t *set);
extern int sigprocmask(int how, sigset_t *set, sigset_t *oldset);
extern void signal_setup_done(int failed, struct ksignal *ksig, int stepping);
extern bool do_notify_parent(struct task_struct *tsk, int sig);
extern void signals_init(void);
extern void zap_other_threads(struct task_struct *p);
extern void arch_do_signal_or_restart(struct pt_regs *regs);
extern void ignore_signals(struct task_struct *t);
#define disallow_signal(sig) ((void)(sig))

#endif
