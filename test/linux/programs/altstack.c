/* sigaltstack: a handler on a stack of its own, which a stack overflow needs. */
#include <setjmp.h>
#include <signal.h>
#include <stdint.h>
#include <sys/resource.h>
#include <unistd.h>

#include "check.h"

static char stack[32768];
static jmp_buf back;
static volatile int on_it;

static void handler(int sig)
{
	char here;

	on_it = &here >= stack && &here < stack + sizeof(stack);
	if (sig == SIGSEGV) {
		sigset_t set;

		sigemptyset(&set);
		sigaddset(&set, SIGSEGV);
		sigprocmask(SIG_UNBLOCK, &set, NULL);
		longjmp(back, 1);
	}
}

static int deep(int n)
{
	volatile char room[4096];

	room[0] = (char)n;
	return deep(n + 1) + room[0];
}

int main(void)
{
	stack_t ss = { .ss_sp = stack, .ss_size = sizeof(stack) }, old, off = { .ss_flags = SS_DISABLE };
	struct sigaction action = { .sa_handler = handler, .sa_flags = SA_ONSTACK };
	struct rlimit limit = { 1 << 20, 1 << 20 };

	setbuf(stdout, NULL);
	setrlimit(RLIMIT_STACK, &limit);
	SHOW(sigaltstack(NULL, &old));
	printf("disabled at first %d\n", old.ss_flags == SS_DISABLE);
	SHOW(sigaltstack(&ss, NULL));
	sigaction(SIGUSR1, &action, NULL);
	raise(SIGUSR1);
	printf("on it %d\n", on_it);
	action.sa_flags = 0;
	sigaction(SIGUSR1, &action, NULL);
	raise(SIGUSR1);
	printf("without SA_ONSTACK %d\n", on_it);
	action.sa_flags = SA_ONSTACK;
	sigaction(SIGSEGV, &action, NULL);
	if (setjmp(back) == 0)
		deep(0);
	printf("stack overflow handled on it %d\n", on_it);
	SHOW(sigaltstack(NULL, &old));
	printf("as set %d\n", old.ss_sp == stack && old.ss_size == sizeof(stack));
	ss.ss_size = 100;
	SHOW(sigaltstack(&ss, NULL));
	SHOW(sigaltstack(&off, NULL));
	raise(SIGUSR1);
	printf("switched off %d\n", on_it);
	return 0;
}
