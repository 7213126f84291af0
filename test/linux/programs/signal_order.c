/* What waits while blocked: ordinary signals once, real-time ones all, in which order they come. */
#include <signal.h>
#include <time.h>
#include <unistd.h>

#include "check.h"

static int order[32], values[32], count;

static void handler(int sig, siginfo_t *info, void *context)
{
	order[count] = sig;
	values[count++] = info->si_code == SI_QUEUE ? info->si_value.sival_int : -1;
}

int main(void)
{
	struct sigaction action = { .sa_sigaction = handler, .sa_flags = SA_SIGINFO };
	struct timespec none = { 0, 0 }, soon = { 0, 3000000 };
	sigset_t set, pending;
	siginfo_t info;

	sigfillset(&action.sa_mask);
	for (int sig = 1; sig <= SIGRTMIN + 3; sig++)
		if (sig != SIGKILL && sig != SIGSTOP && (sig < 32 || sig >= SIGRTMIN))
			sigaction(sig, &action, NULL);
	sigfillset(&set);
	sigprocmask(SIG_SETMASK, &set, NULL);
	for (int i = 0; i < 3; i++) {
		union sigval value = { .sival_int = i };

		sigqueue(getpid(), SIGRTMIN + 1, value);
		sigqueue(getpid(), SIGRTMIN, value);
		kill(getpid(), SIGUSR2);
		kill(getpid(), SIGUSR1);
	}
	sigpending(&pending);
	printf("pending %d %d %d\n", sigismember(&pending, SIGUSR1), sigismember(&pending, SIGRTMIN),
	       sigismember(&pending, SIGHUP));
	sigemptyset(&set);
	sigprocmask(SIG_SETMASK, &set, NULL);
	printf("%d came, in the order in which they run last to first:\n", count);
	for (int i = 0; i < count; i++)
		printf(" %d:%d", order[i], values[i]);
	printf("\n");

	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	sigaddset(&set, SIGRTMIN);
	sigprocmask(SIG_BLOCK, &set, NULL);
	SHOW(sigtimedwait(&set, &info, &none));
	SHOW(sigtimedwait(&set, &info, &soon));
	kill(getpid(), SIGUSR1);
	SHOW(sigwaitinfo(&set, &info));
	printf("code %d, no handler ran: %d\n", info.si_code, count == 8);
	sigqueue(getpid(), SIGRTMIN, (union sigval) { .sival_int = 5 });
	kill(getpid(), SIGUSR1);
	SHOW(sigwaitinfo(&set, &info));
	SHOW(sigwaitinfo(&set, &info) == SIGRTMIN);
	printf("value %d\n", info.si_value.sival_int);
	return 0;
}
