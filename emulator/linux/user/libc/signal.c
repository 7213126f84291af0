/*
 * Signals: the kernel's structures differ from POSIX's in order and in the restorer, which every handler needs.
 */
#include <errno.h>
#include <signal.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include "internal.h"

struct kernel_sigaction {
	void (*handler)(int);
	unsigned long flags;
	void (*restorer)(void);
	unsigned long mask;
};

int kill(pid_t pid, int sig)
{
	return (int)CALL2(kill, pid, sig);
}

int raise(int sig)
{
	return (int)CALL3(tgkill, getpid(), gettid(), sig);
}

int sigaction(int sig, const struct sigaction *restrict action, struct sigaction *restrict old)
{
	struct kernel_sigaction new_action, old_action;
	long ret;

	if (action) {
		new_action.handler = action->sa_handler;
		new_action.flags = (unsigned int)action->sa_flags | SA_RESTORER;
		new_action.restorer = __restore_rt;
		new_action.mask = action->sa_mask.bits;
	}
	ret = CALL4(rt_sigaction, sig, action ? &new_action : NULL, old ? &old_action : NULL, sizeof(unsigned long));
	if (ret == 0 && old) {
		old->sa_handler = old_action.handler;
		old->sa_flags = (int)(old_action.flags & ~(unsigned long)SA_RESTORER);
		old->sa_mask.bits = old_action.mask;
	}
	return (int)ret;
}

sighandler_t signal(int sig, sighandler_t handler)
{
	struct sigaction action, old;

	action.sa_handler = handler;
	action.sa_flags = SA_RESTART;
	sigemptyset(&action.sa_mask);
	return sigaction(sig, &action, &old) < 0 ? SIG_ERR : old.sa_handler;
}

int sigprocmask(int how, const sigset_t *restrict set, sigset_t *restrict old)
{
	return (int)CALL4(rt_sigprocmask, how, set, old, sizeof(unsigned long));
}

int sigpending(sigset_t *set)
{
	return (int)CALL2(rt_sigpending, set, sizeof(unsigned long));
}

int sigsuspend(const sigset_t *set)
{
	return (int)CALL2(rt_sigsuspend, set, sizeof(unsigned long));
}

int sigemptyset(sigset_t *set)
{
	set->bits = 0;
	return 0;
}

int sigfillset(sigset_t *set)
{
	set->bits = ~0UL;
	return 0;
}

int sigaddset(sigset_t *set, int sig)
{
	set->bits |= 1UL << (sig - 1);
	return 0;
}

int sigdelset(sigset_t *set, int sig)
{
	set->bits &= ~(1UL << (sig - 1));
	return 0;
}

int sigismember(const sigset_t *set, int sig)
{
	return (set->bits >> (sig - 1)) & 1;
}

int pause(void)
{
	return (int)CALL0(pause);
}

unsigned int alarm(unsigned int seconds)
{
	return (unsigned int)CALL1(alarm, seconds);
}

int sigqueue(pid_t pid, int sig, const union sigval value)
{
	siginfo_t info;

	memset(&info, 0, sizeof(info));
	info.si_signo = sig;
	info.si_code = SI_QUEUE;
	info.si_pid = getpid();
	info.si_uid = getuid();
	info.si_value = value;
	return (int)CALL3(rt_sigqueueinfo, pid, sig, &info);
}

int sigtimedwait(const sigset_t *restrict set, siginfo_t *restrict info, const struct timespec *restrict timeout)
{
	return (int)CALL4(rt_sigtimedwait, set, info, timeout, sizeof(unsigned long));
}

int sigwaitinfo(const sigset_t *restrict set, siginfo_t *restrict info)
{
	return sigtimedwait(set, info, NULL);
}

/* Answers an errno instead of setting it, and is never interrupted. */
int sigwait(const sigset_t *restrict set, int *restrict sig)
{
	int got;

	do {
		got = sigtimedwait(set, NULL, NULL);
	} while (got < 0 && errno == EINTR);
	if (got < 0)
		return errno;
	*sig = got;
	return 0;
}

int sigaltstack(const stack_t *restrict stack, stack_t *restrict old)
{
	return (int)CALL2(sigaltstack, stack, old);
}

int killpg(pid_t group, int sig)
{
	return kill(-group, sig);
}

int tgkill(pid_t process, pid_t thread, int sig)
{
	return (int)CALL3(tgkill, process, thread, sig);
}
