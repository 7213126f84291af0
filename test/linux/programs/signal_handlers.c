/* Handlers: what they are told, what is blocked meanwhile, nesting, one-shot handlers, SA_NODEFER. */
#include <signal.h>
#include <unistd.h>

#include "check.h"

static volatile int depth, deepest, count;

static void told(int sig, siginfo_t *info, void *context)
{
	printf("signal %d code %d from me %d value %d\n", sig, info->si_code, info->si_pid == getpid(),
	       info->si_code == SI_QUEUE ? info->si_value.sival_int : 0);
}

static void nested(int sig)
{
	depth++;
	if (depth > deepest)
		deepest = depth;
	if (depth < 4 && count < 3)
		raise(sig);
	depth--;
	count++;
}

static void masks(int sig)
{
	sigset_t now;

	sigprocmask(SIG_BLOCK, NULL, &now);
	printf("in the handler: own %d, USR2 %d, HUP %d\n", sigismember(&now, SIGUSR1), sigismember(&now, SIGUSR2),
	       sigismember(&now, SIGHUP));
}

int main(void)
{
	struct sigaction action = { 0 }, old;
	union sigval value = { .sival_int = 99 };
	sigset_t set;

	action.sa_sigaction = told;
	action.sa_flags = SA_SIGINFO;
	SHOW(sigaction(SIGUSR1, &action, NULL));
	kill(getpid(), SIGUSR1);
	raise(SIGUSR1);
	sigqueue(getpid(), SIGUSR1, value);

	action.sa_flags = 0;
	action.sa_handler = masks;
	sigemptyset(&action.sa_mask);
	sigaddset(&action.sa_mask, SIGUSR2);
	sigaction(SIGUSR1, &action, &old);
	printf("the old one had SA_SIGINFO %d\n", (old.sa_flags & SA_SIGINFO) != 0);
	raise(SIGUSR1);

	sigemptyset(&action.sa_mask);
	action.sa_handler = nested;
	sigaction(SIGUSR1, &action, NULL);
	raise(SIGUSR1);
	printf("deferred: deepest %d, %d calls\n", deepest, count);
	deepest = count = 0;
	action.sa_flags = SA_NODEFER;
	sigaction(SIGUSR1, &action, NULL);
	raise(SIGUSR1);
	printf("SA_NODEFER: deepest %d, %d calls\n", deepest, count);

	action.sa_handler = masks;
	action.sa_flags = SA_RESETHAND;
	sigaction(SIGHUP, &action, NULL);
	raise(SIGHUP);
	sigaction(SIGHUP, NULL, &old);
	printf("one shot: default again %d\n", old.sa_handler == SIG_DFL);

	SHOW(sigaction(SIGKILL, &action, NULL));
	SHOW(sigaction(SIGSTOP, NULL, &old));
	SHOW(sigaction(0, NULL, &old));
	SHOW(sigaction(65, NULL, &old));
	SHOW(kill(getpid(), 65));
	SHOW(kill(getpid(), -1));
	SHOW(sigprocmask(77, &set, NULL));
	sigfillset(&set);
	sigprocmask(SIG_SETMASK, &set, NULL);
	sigprocmask(SIG_SETMASK, NULL, &set);
	printf("KILL and STOP cannot be blocked: %d %d, others %d\n", sigismember(&set, SIGKILL), sigismember(&set, SIGSTOP),
	       sigismember(&set, SIGTERM));
	return 0;
}
